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
        "tenants.log.opened": _("Log of the vendor's acts opened"),
        "tenants.tenant.created": _("Organisation created by the vendor"),
        "tenants.role.approved": _("Role approved by the vendor on a letter of the authority"),
        "tenants.keys.renewed_by_vendor": _("Keys of letters renewed by the vendor"),
        "tenants.schemas.migrated": _("Tables brought up to date by the vendor"),
        "tenants.file.imported": _("File loaded by the vendor"),
        "tenants.demo.filled": _("Demonstration filled"),
    },
    objects={
        "tenant": pgettext_lazy("of the security log", "organisation"),
        "letter": pgettext_lazy("of the security log", "letter"),
        "keys": pgettext_lazy("of the security log", "keys of letters"),
    },
)
