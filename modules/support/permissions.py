"""Who asks a school to be let in, and who lets in: at the vendor and in the school, never the same person."""

from django.utils.translation import gettext_lazy as _

from kernel.access import Role, permission

ASK = permission(
    "support.ask",
    _("Ask a school to be let in, and see what became of it"),
    roles={Role.OPERATOR, Role.SUPPORT},
)
GRANT = permission(
    "support.grant",
    _("Let the vendor’s support in, watch it and end its visit"),
    roles={Role.DIRECTOR},
    ceiling={Role.DIRECTOR},
)
