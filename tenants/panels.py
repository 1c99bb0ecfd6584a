"""Lines of the menus of hosts that are no school's, and the log's words of the post."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import audit
from kernel.tenancy import Kind
from tenants import permissions
from ui import registry

registry.menu(
    section="platform",
    label=_("Tenants"),
    url_name="ops:home",
    permission=permissions.SEE_TENANTS,
    icon="building",
    order=10,
    kinds={Kind.VENDOR},
    tab=True,
)
registry.menu(
    section="study",
    label=_("My schools"),
    url_name="my:home",
    permission=None,
    icon="school",
    order=10,
    kinds={Kind.FAMILY},
    tab=True,
)
audit.words(
    actions={
        "tenants.letter.sent": _("Sealed letter sent to another school"),
        "tenants.letter.refused": _("Letter refused: unreadable, altered or sent twice"),
        "tenants.keys.renewed": _("Keys of the school's letters renewed"),
        "tenants.key.turned": _("Key of closed data turned: everything is closed anew"),
        "tenants.key.retired": _("Old key of closed data destroyed"),
    },
    objects={
        "letter": pgettext_lazy("of the security log", "letter"),
        "keys": pgettext_lazy("of the security log", "keys of letters"),
        "data_key": pgettext_lazy("of the security log", "key of closed data"),
    },
)
