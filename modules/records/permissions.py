"""Rights over the school's books and over certificates of study."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, Role, Scope, permission

OFFICE = frozenset({Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.SECRETARY})

BOOKS = permission(
    "records.books",
    _("See the alphabetical book and the book of arrivals and departures"),
    roles=OFFICE | {Role.DEPUTY_UPBRINGING, Role.SOCIAL_PEDAGOGUE},
    ceiling=LEADERS | OFFICE | {Role.SOCIAL_PEDAGOGUE},
    sensitive=True,
    reading=True,
)
KEEP = permission(
    "records.keep",
    _("Write newcomers into the alphabetical book"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE,
)
PERSONAL_FILE = permission(
    "records.personal_file",
    _("Print a pupil's personal file"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE | {Role.SOCIAL_PEDAGOGUE},
    sensitive=True,
)
ISSUE = permission(
    "records.issue",
    _("Issue and withdraw certificates of study"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE,
    sensitive=True,
)
ORDER = permission(
    "records.order",
    _("Order a certificate of study for one's child"),
    roles={Role.PARENT: Scope.OWN_CHILD},
    ceiling={Role.PARENT, Role.PUPIL},
)
