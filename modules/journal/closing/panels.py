"""What a teacher is told before a period closes by itself, and when it does."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor, Scope
from modules.journal import permissions
from modules.journal.closing import queries as closing
from modules.school import api as school
from ui import registry


def closing_soon(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """For who keeps journals: periods that close by themselves in the next days."""
    if Scope.OWN_LESSONS not in actor.scopes(permissions.SET_MARKS) or actor.person_id is None:
        return
    for period, day in closing.closes_soon():
        yield registry.TodayCard(
            title=gettext("{period} closes").format(period=period.label),
            text=gettext("From {day} on its marks stand.").format(day=f"{day:%d.%m.%Y}"),
            url=reverse("journal:index"),
            icon="lock",
            urgency="soon",
        )


registry.today(closing_soon, permission=permissions.SET_MARKS)
school.declare_setting(
    closing.DAYS,
    _("A period closes by itself after its end in"),
    default=0,
    minimum=0,
    maximum=60,
    unit=pgettext_lazy("after a number", "days"),
    section=_("Closed periods"),
    hint=_("0: only by hand. Teachers are told three days before; one that you reopen stays open."),
    source=_("No order names a day. Marks of a period are summed up by its end, order 125."),
    order=41,
)
