from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, STAFF, Role, permission

VIEW_PROFILE = permission("school.view_profile", _("See the school's details"), roles=STAFF, reading=True)
EDIT_PROFILE = permission(
    "school.edit_profile",
    _("Change the school's name and details"),
    roles={Role.DIRECTOR, Role.SECRETARY},
    ceiling=LEADERS | {Role.SECRETARY},
)
EDIT_SETTINGS = permission(
    "school.edit_settings",
    _("Change the school's rules and settings"),
    roles={Role.DIRECTOR},
    ceiling=LEADERS,
)
