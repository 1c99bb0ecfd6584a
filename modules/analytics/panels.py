"""Lines of the menu and cards of the day."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, Scope
from kernel.tenancy import Kind
from modules.analytics import permissions
from modules.analytics.queries import school
from ui import registry
from ui.registry import TodayCard

WEAK_BELOW = 40.0

registry.menu(
    section="reports",
    label=_("Figures"),
    url_name="analytics:dashboard",
    permission=permissions.VIEW_SCHOOL,
    icon="chart-bar",
    order=20,
)
registry.menu(
    section="reports",
    label=_("Figures"),
    url_name="authority:home",
    permission=permissions.VIEW_DISTRICT,
    icon="chart-bar",
    order=10,
    kinds={Kind.AUTHORITY},
    tab=True,
)


def weak_classes(*, actor: Actor) -> Iterable[TodayCard]:
    """Classes whose quality in this quarter is low."""
    if Scope.SCHOOL not in actor.scopes(permissions.VIEW_SCHOOL):
        return
    period, labels = school.weak_classes(actor=actor, below=WEAK_BELOW)
    if labels:
        title = ngettext(
            "Quality is below 40 %% in %(n)d class", "Quality is below 40 %% in %(n)d classes", len(labels)
        ) % {"n": len(labels)}
        text = gettext("This quarter: %(classes)s") % {"classes": ", ".join(labels[:8])}
        yield TodayCard(
            title, text, reverse("analytics:dashboard") + f"?period={period}", "chart-bar", "soon"
        )


registry.today(weak_classes, permission=permissions.VIEW_SCHOOL, order=40)
audit.words(
    actions={"analytics.recount.mismatch": _("Figures recounted and mended")},
    objects={"figures": _("figures")},
)
