"""Lines of the menus of hosts that are no school's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

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
