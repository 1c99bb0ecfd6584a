"""Pages of the planner: the calendar, one work and where it may go, and the deputy's list of broken days."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.journal import permissions
from modules.journal import services as journals
from modules.journal.data import KIND_LABELS
from modules.journal.planner import forms, queries, services, showing
from modules.journal.planner.registers import WATCH
from modules.journal.planner.telling import words
from registers import api as registers
from tenants import reference
from ui import render


@require_safe
@requires(permissions.PLAN_WORKS)
def board(request: Request) -> HttpResponse:
    """The quarter as a calendar of classes × days, with what is proposed."""
    year = render.school_year(request)
    period, known = queries.quarter(year=year, code=request.GET.get("period", ""))
    if period is None:
        return render.page(request, "journal/planner/none.html", help="journal/planner")
    desk = queries.desk(actor=request.actor, period=period, of=request.GET.get("of", ""))
    context = showing.board(desk, known, watches=request.actor.may(permissions.WATCH_WORKS))
    return render.page(request, "journal/planner/board.html", context, help="journal/planner")


@require_POST
@requires(permissions.PLAN_WORKS)
def accept(request: Request) -> HttpResponse:
    """Put everything that the calendar proposed and that was seen there."""
    period, __ = queries.quarter(year=render.school_year(request), code=request.POST.get("period", ""))
    if period is None:
        raise NotFound
    of = request.POST.get("of", "")
    answer = _back(of, period.code)
    try:
        count = services.accept(
            actor=request.actor, period_id=period.id, of=of, seen=request.POST.get("seen", "")
        )
    except DomainError as refusal:
        return render.toast(request, answer, str(refusal), kind="warning")
    text = ngettext("{count} work is in the schedule.", "{count} works are in the schedule.", count)
    return render.toast(request, answer, text.format(count=count))


def _back(of: str, period: str) -> HttpResponseRedirect:
    said = {key: value for key, value in (("of", of), ("period", period)) if value}
    return HttpResponseRedirect(f"{reverse('journal:planner')}?{urlencode(said)}")


def _of(request: Request) -> str:
    """Whose works the page to which one comes back shows."""
    return request.POST.get("of", "") or request.GET.get("of", "")


# --- one work


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.PLAN_WORKS)
def work(request: Request, work_id: UUID) -> HttpResponse:
    """Where the work stands, where it may go; a press moves it."""
    found = queries.choice(actor=request.actor, work_id=work_id)
    if request.method != "POST":
        return _page(request, found, _details(found))
    answer = _back(_of(request), found.period.code)
    lesson = _lesson(request, found.course.id)
    try:
        left = services.move(actor=request.actor, work_id=work_id, lesson_id=lesson)
    except NotFound:
        raise
    except DomainError as refusal:
        return render.toast(request, answer, str(refusal), kind="danger")
    now = queries.choice(actor=request.actor, work_id=work_id)
    back = urlencode({"lesson": left, "of": _of(request)})
    undo = f"{reverse('journal:planner_work', args=[work_id])}?{back}"
    said = words(now.breaks)
    text = _("The work is moved to {day}.").format(day=showing.day_words(_day(now)))
    return render.toast(
        request, answer, " ".join([text, *said]), kind="warning" if said else "success", undo_url=undo
    )


def _day(found: queries.Choice) -> date:
    return found.work.day if found.work else found.period.start


def _lesson(request: Request, course_id: UUID) -> UUID:
    """The lesson that is pressed, or the course's lesson of the day on which the work was dropped."""
    given = {**request.GET.dict(), **request.POST.dict()}
    try:
        if given.get("day"):
            return queries.free_lesson(course_id=course_id, day=date.fromisoformat(given["day"]))
        return UUID(given.get("lesson", ""))
    except ValueError:
        raise NotFound from None


def _details(found: queries.Choice, data: Any = None) -> forms.Details | None:
    if found.work is None or found.work.has_marks:
        return None
    return forms.Details(data, initial={"maximum": found.work.maximum, "title": found.work.title})


def _page(
    request: Request, found: queries.Choice, form: forms.Details | None, *, status: int = 200
) -> HttpResponse:
    context = {
        **showing.choice(found, _subjects()),
        "form": form,
        "of": _of(request),
    }
    return render.page(request, "journal/planner/work.html", context, help="journal/planner", status=status)


def _subjects() -> dict[str, str]:
    return {code: one.short for code, one in reference.subjects().items()}


@require_POST
@requires(permissions.PLAN_WORKS)
def change(request: Request, work_id: UUID) -> HttpResponse:
    """Another maximum or name of the work."""
    found = queries.choice(actor=request.actor, work_id=work_id)
    form = forms.Details(request.POST)
    if form.is_valid():
        try:
            services.change(actor=request.actor, work_id=work_id, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, _back(_of(request), found.period.code), _("Saved."))
    return _page(request, found, form, status=422)


@require_POST
@requires(permissions.PLAN_WORKS)
def remove(request: Request, work_id: UUID) -> HttpResponse:
    """Take a work without marks out of the schedule."""
    found = queries.choice(actor=request.actor, work_id=work_id)
    answer = _back(_of(request), found.period.code)
    try:
        journals.remove_work(actor=request.actor, course_id=found.course.id, work_id=work_id)
    except journals.WorkHasMarks as refusal:
        return render.toast(request, answer, str(refusal), kind="danger")
    return render.toast(request, answer, _("The work is removed."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.PLAN_WORKS)
def new(request: Request, course_id: UUID, kind: str) -> HttpResponse:
    """Where a work that the course lacks may stand; a press puts it there."""
    year = render.school_year(request)
    period, __ = queries.quarter(
        year=year, code=request.GET.get("period", "") or request.POST.get("period", "")
    )
    if period is None:
        raise NotFound
    found = queries.new_choice(actor=request.actor, course_id=course_id, kind=kind, period=period)
    if request.method != "POST":
        return _page(request, found, None)
    answer = _back(_of(request), period.code)
    lesson = _lesson(request, course_id)
    try:
        services.place(actor=request.actor, course_id=course_id, kind=kind, lesson_id=lesson)
    except NotFound:
        raise
    except DomainError as refusal:
        return render.toast(request, answer, str(refusal), kind="danger")
    text = _("{work} is in the schedule.").format(work=KIND_LABELS[kind])
    return render.toast(request, answer, text)


# --- the deputy's list


@require_safe
@requires(permissions.WATCH_WORKS)
def watch(request: Request) -> HttpResponse:
    """Days on which works break the order."""
    return registers.show(request, WATCH, help="journal/planner-watch")


@require_safe
@requires(permissions.WATCH_WORKS)
@identity.proved(file=True)
def watch_excel(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, WATCH)
