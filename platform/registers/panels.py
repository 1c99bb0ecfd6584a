"""Words of what is done with the lists themselves, for the security log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import audit

audit.words(
    actions={
        "registers.view.saved": _("View of a list saved"),
        "registers.view.changed": _("View of a list changed"),
        "registers.view.removed": _("View of a list removed"),
        "registers.view.restored": _("View of a list brought back"),
        "registers.act.undone": _("Act on many rows of a list taken back"),
    },
    purposes={"registers.list": _("saw in a list")},
    objects={
        "list_view": pgettext_lazy("of the security log", "view of a list"),
        "list_act": pgettext_lazy("of the security log", "act on many rows"),
    },
)
