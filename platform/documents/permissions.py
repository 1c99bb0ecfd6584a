from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, Role, permission

VIEW_ISSUED = permission(
    "documents.view_issued",
    _("See the archive of issued documents"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.SECRETARY},
    ceiling=LEADERS | {Role.SECRETARY},
    sensitive=True,
    reading=True,
)
