"""Rights over the lists themselves; what stands in a list is guarded by its module."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, STAFF, Role, permission

SHARE = permission(
    "registers.share",
    _("Share views of lists with everybody who opens the list"),
    roles=LEADERS | {Role.SECRETARY, Role.AUTHORITY_HEAD, Role.OPERATOR},
    ceiling=STAFF | {Role.AUTHORITY_HEAD, Role.AUTHORITY_ANALYST, Role.OPERATOR, Role.SUPPORT},
)
