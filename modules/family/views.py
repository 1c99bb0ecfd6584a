"""The family's pages: thin, phone-wide, one child at a time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access import requires
from kernel.http import Request, also_sounds, sound
from modules.contingent import api as contingent
from modules.family import permissions, queries
from modules.family.data import ChildPage
from modules.journal import api as journal
from modules.journal.data import ChildSubject
from modules.schedule import api as schedule
from ui import render
from ui.charts import Chart, Series
from ui.components import Tab


@requires(permissions.VIEW_CHILD)
def home(request: Request) -> HttpResponse:
    """The first child, or the one of the class that a message names; the others stand beside as tabs."""
    mine = queries.children(actor=request.actor)
    if not mine:
        return render.page(request, "family/nobody.html", help="family/child")
    of_class = [one for one in mine if str(one.class_id) == request.GET.get("room")]
    return _child(request, (of_class or mine)[0].id)


@requires(permissions.VIEW_CHILD)
def child(request: Request, pupil_id: UUID) -> HttpResponse:
    """One child: today, new marks, where each subject is heading, absences."""
    return _child(request, pupil_id)


def _child(request: Request, pupil_id: UUID) -> HttpResponse:
    page = queries.page_of(
        actor=request.actor,
        pupil_id=pupil_id,
        year=render.school_year(request),
        period=request.GET.get("period", ""),
        day=_day(request),
    )
    template = (
        "family/_day.html" if render.htmx_partial(request) and "day" in request.GET else "family/child.html"
    )
    context = {
        "page": page,
        "tabs": _tabs(page),
        "opens_card": request.actor.may(contingent.permissions.CARD),
    }
    return also_sounds(render.page(request, template, context, help="family/child"))


@requires(permissions.VIEW_CHILD)
def subject(request: Request, pupil_id: UUID, course_id: UUID) -> HttpResponse:
    """All marks of a subject in the period, as a list and as a line."""
    page, found = queries.subject_of(
        actor=request.actor,
        pupil_id=pupil_id,
        course_id=course_id,
        year=render.school_year(request),
        period=request.GET.get("period", ""),
    )
    context = {"page": page, "subject": found, "line": _line(found)}
    return also_sounds(render.page(request, "family/subject.html", context, help="family/subject"))


@requires(permissions.VIEW_CHILD)
def voice(request: Request, pupil_id: UUID, voice_id: UUID) -> HttpResponse:
    """What a teacher said of the child."""
    file_id, purpose = journal.child_voice(actor=request.actor, pupil_id=pupil_id, voice_id=voice_id)
    return sound(request, file_id, purpose=purpose)


@requires(permissions.VIEW_CHILD)
def year(request: Request, pupil_id: UUID) -> HttpResponse:
    """The year's marks by quarters."""
    found, periods, lines = queries.year_of(
        actor=request.actor, pupil_id=pupil_id, year=render.school_year(request)
    )
    context = {"child": found, "periods": periods, "lines": lines, "year": render.school_year(request)}
    return render.page(request, "family/year.html", context, help="family/year")


@requires(permissions.VIEW_CHILD)
def week(request: Request, pupil_id: UUID) -> HttpResponse:
    """The child's week of lessons."""
    found, chosen, days = queries.week_of(actor=request.actor, pupil_id=pupil_id, day=_day(request))
    context = {**schedule.week_context(days, chosen), "child": found}
    return render.page(request, "family/week.html", context, help="family/week")


@requires(permissions.VIEW_CHILD)
def works(request: Request, pupil_id: UUID) -> HttpResponse:
    """When the child writes СОР and СОЧ: those to come first, those written below."""
    found, period, known, lines = queries.works_of(
        actor=request.actor,
        pupil_id=pupil_id,
        year=render.school_year(request),
        period=request.GET.get("period", ""),
    )
    today = clock.today()
    context = {
        "child": found,
        "period": period,
        "periods": [
            Tab(one.label, f"?period={one.code}", active=period is not None and one.id == period.id)
            for one in known
        ],
        "ahead": [one for one in lines if one.day >= today],
        "written": [one for one in lines if one.day < today][::-1],
    }
    return render.page(request, "family/works.html", context, help="family/works")


@requires(permissions.VIEW_CHILD)
def lookers(request: Request, pupil_id: UUID) -> HttpResponse:
    """Who looked at the child's record."""
    found, people = queries.lookers(actor=request.actor, pupil_id=pupil_id)
    return render.page(
        request, "family/lookers.html", {"child": found, "people": people}, help="family/lookers"
    )


def _tabs(page: ChildPage) -> list[Tab]:
    if len(page.children) < 2:
        return []
    return [
        Tab(
            f"{one.name}, {one.class_label}" if one.class_label else one.name,
            reverse("family:child", args=[one.id]),
            active=one.id == page.child.id,
        )
        for one in page.children
    ]


def _line(found: ChildSubject) -> Chart | None:
    """Each mark as a percent of its maximum; no line of a single point."""
    if len(found.marks) < 2:
        return None
    return Chart(
        "line",
        _("Marks as a percent of the maximum"),
        [f"{mark.day:%d.%m}" for mark in found.marks],
        [Series(found.subject, [round(100 * mark.points / mark.maximum) for mark in found.marks])],
        unit="%",
        head=_("Day"),
    )


def _day(request: Request) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
