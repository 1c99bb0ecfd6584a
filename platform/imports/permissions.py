"""Who may open the wizard; each importer asks for its own right besides."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, Role, permission

IMPORT = permission(
    "imports.run",
    _("Load spreadsheets"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.SECRETARY},
    ceiling=LEADERS | {Role.SECRETARY},
)
