"""The schedule of СОР and СОЧ, and the year's twos, in the frame: their menu, the deputy's card, what a school may set."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from kernel.access import Actor
from modules.journal import permissions, rules
from modules.journal.planner import queries as planner
from modules.school import api as school
from ui import registry


def works_to_move(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """Days ahead on which a class would write more than the order allows."""
    count = planner.ahead(actor=actor)
    if count:
        yield registry.TodayCard(
            title=_("SOR and SOCH break the order"),
            text=ngettext("{count} day ahead", "{count} days ahead", count).format(count=count),
            url=reverse("journal:planner_watch"),
            icon="alert-triangle",
            urgency="soon",
            count=count,
        )


registry.menu(
    section="journals",
    label=_("Schedule of SOR and SOCH"),
    url_name="journal:planner",
    permission=permissions.PLAN_WORKS,
    icon="calendar-stats",
    order=30,
    match="journal:planner",
)
registry.menu(
    section="journals",
    label=_("Pupils with a 2 for the year"),
    url_name="journal:year_failing",
    permission=permissions.YEAR_RESULTS,
    icon="alert-circle",
    order=70,
    match="journal:year_failing",
)
registry.today(works_to_move, permission=permissions.WATCH_WORKS)
_WORKS = _("Schedule of SOR and SOCH")
school.declare_setting(
    planner.USUAL_SOR,
    _("SOR of a subject in a quarter"),
    default=2,
    minimum=0,
    maximum=rules.quarterly_sor_limit(),
    section=_WORKS,
    hint=_("So many are proposed to a subject whose plan has no SOR and SOCH in the quarter."),
    source=_("Order 125 allows at most three in a quarter and leaves the number to the school."),
    order=40,
)
school.declare_setting(
    planner.USUAL_SOR_POINTS,
    _("Usual maximum of a SOR"),
    default=10,
    minimum=7,
    maximum=100,
    unit=pgettext_lazy("after a number", "points"),
    section=_WORKS,
    hint=_("A proposed SOR gets it; its teacher may set another."),
    source=_("Order 125 gives 7 to 15 points for grades 1-4 and leaves the rest to the school."),
    order=41,
)
