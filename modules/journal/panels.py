"""What the journal brings to the frame: its menu entry, and the lessons that wait for their topic or marks."""

from __future__ import annotations

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import clock
from kernel.access import Actor, Scope
from modules.journal import api, permissions, queries
from ui import registry


def waiting(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """A teacher's held lessons of two weeks that are not filled."""
    own = Scope.OWN_LESSONS in actor.scopes(permissions.SET_MARKS)
    if not own or actor.person_id is None:
        return
    found = api.unfilled_lessons(actor=actor, teacher_id=actor.person_id)
    if not found:
        return
    oldest = (clock.today() - found[0].day).days
    yield registry.TodayCard(
        title=_("Unfilled lessons"),
        text=ngettext(
            "{count} lesson has no topic or no marks",
            "{count} lessons have no topic or no marks",
            len(found),
        ).format(count=len(found)),
        url=reverse("journal:index") + "?unfilled=1",
        icon="notebook",
        urgency="now" if oldest > 7 else "soon" if oldest > 2 else "normal",
        count=len(found),
    )


def lessons_of_the_day(*, actor: Actor, **_more: object) -> str:
    """On a teacher's first page: the lessons of the day, each one press from its journal."""
    day = queries.teaching_day(actor=actor)
    return render_to_string("journal/_day.html", {"day": day}) if day else ""


registry.menu(
    section="study",
    label=gettext_lazy("Journals"),
    url_name="journal:index",
    permission=permissions.VIEW,
    icon="notebook",
    order=30,
    tab=True,
    match="journal:",
)
registry.today(waiting)
registry.panel("school.home", lessons_of_the_day, permission=permissions.SET_MARKS, order=10)
