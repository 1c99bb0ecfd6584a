"""Rights over employees' records."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, STAFF, Role, Scope, permission

OFFICE = frozenset({Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.SECRETARY})

VIEW = permission(
    "staff.view",
    _("See the list of employees"),
    roles={**dict.fromkeys(STAFF, Scope.SCHOOL), Role.PARENT: Scope.SCHOOL, Role.PUPIL: Scope.SCHOOL},
    reading=True,
)
LISTS = permission("staff.lists", _("Open the list of employees"), roles=STAFF, reading=True)
CARD = permission(
    "staff.card",
    _("See an employee's card"),
    roles={**dict.fromkeys(STAFF, Scope.SELF), **dict.fromkeys(OFFICE, Scope.SCHOOL)},
    ceiling=STAFF,
    sensitive=True,
    reading=True,
)
EDIT = permission(
    "staff.edit", _("Add employees and change their cards"), roles=OFFICE, ceiling=LEADERS | OFFICE
)
OVERVIEW = permission(
    "staff.overview",
    _("See service, terms, birthdays and vacancies of the whole staff"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE,
    sensitive=True,
    reading=True,
)
STAFFING = permission(
    "staff.staffing",
    _("Change the staffing table"),
    roles={Role.DIRECTOR, Role.SECRETARY},
    ceiling=LEADERS | OFFICE,
)
IMPORT = permission(
    "staff.import", _("Load employees from a spreadsheet"), roles=OFFICE, ceiling=LEADERS | OFFICE
)
EXPORT = permission(
    "staff.export", _("Save the list of employees as a spreadsheet"), roles=OFFICE, ceiling=LEADERS | OFFICE
)
