from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, Role, Scope, permission

VIEW_SCHOOL = permission(
    "analytics.view_school",
    _("See the school's figures"),
    roles={**dict.fromkeys(LEADERS, Scope.SCHOOL), Role.CLASS_TEACHER: Scope.OWN_CLASS},
    ceiling=LEADERS | {Role.CLASS_TEACHER, Role.OBSERVER, Role.SECRETARY},
    reading=True,
)
VIEW_DISTRICT = permission(
    "analytics.view_district",
    _("See the figures of the schools"),
    roles={Role.AUTHORITY_HEAD, Role.AUTHORITY_ANALYST},
)
