"""The deputy's pages: the day board, absences, and what becomes of a lesson."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.schedule import permissions
from modules.schedule.forms import day_of
from modules.schedule.substitutions import forms, queries, services
from modules.schedule.substitutions.models import Substitution
from modules.staff import api as staff
from ui import render
from ui.components import Tab


@require_GET
@requires(permissions.ARRANGE)
def board(request: Request) -> HttpResponse:
    """The opened lessons of a day; without one asked for, of today or the next day with lessons."""
    day = _day(request)
    found = queries.board(actor=request.actor, day=day)
    address = reverse("schedule:board")
    today = clock.today()
    near = queries.next_day(day=today)
    after = queries.next_day(day=near + timedelta(days=1))
    context: dict[str, Any] = {
        "board": found,
        "address": address,
        "days": [
            Tab(_day_word(one, today), f"{address}?day={one.isoformat()}", active=one == day)
            for one in dict.fromkeys((near, after))
        ],
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat(),
        "refreshed": clock.now(),
    }
    template = "schedule/_board.html" if render.htmx_partial(request) else "schedule/board.html"
    return render.page(request, template, context, help="schedule/substitutions")


def _day(request: Request) -> date:
    return day_of(request.GET.get("day", "")) or queries.next_day(day=clock.today())


def _in_words(day: date, weekday: str) -> str:
    """The day of the week and the date; months are written small in both languages."""
    return f"{formats.date_format(day, weekday)}, {formats.date_format(day, 'j E').lower()}"


def _day_word(day: date, today: date) -> str:
    if day == today:
        return _("Today")
    return _("Tomorrow") if day == today + timedelta(days=1) else _in_words(day, "D")


# --- absences


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE)
def note_absence(request: Request) -> HttpResponse:
    """Who is absent: the reason and the days above, one press on a name below."""
    actor = request.actor
    day = day_of(request.GET.get("day", "")) or clock.today()
    initial = {"since": day, "until": day, "reason": "sick"}
    chosen = request.GET.get("teacher", "")
    form = forms.AbsentTeacher(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        teacher_id = values.pop("teacher")
        try:
            row = services.note_absence(actor=actor, teacher_id=teacher_id, **values)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(
                request, _to_board(max(row.since, clock.today())), _opened_words(request, row.pk)
            )
    teachers = queries.teachers_of_day(actor=actor, day=day)
    if chosen:
        teachers = [one for one in teachers if str(one.id) == chosen]
    context = {
        "form": form,
        "teach": [one for one in teachers if one.lessons],
        "others": [one for one in teachers if not one.lessons],
        "day": day,
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/note_absence.html", context, help="schedule/substitutions")


def _opened_words(request: Request, absence_id: UUID) -> str:
    row = queries.get_absence(actor=request.actor, absence_id=absence_id)
    count = len(queries.lessons_of_absence(actor=request.actor, absence=row))
    return ngettext("{n} lesson is open.", "{n} lessons are open.", count).format(n=count)


def _to_board(day: date) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('schedule:board')}?day={day.isoformat()}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE)
def absence(request: Request, absence_id: UUID) -> HttpResponse:
    """An absence: its days may change, and the lessons follow."""
    actor = request.actor
    row = queries.get_absence(actor=actor, absence_id=absence_id)
    form = forms.AbsenceTerm(request.POST or None, initial=forms.AbsenceTerm.values_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_absence(actor=actor, absence_id=absence_id, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            answer = HttpResponseRedirect(reverse("schedule:absence", args=[absence_id]))
            return render.toast(request, answer, _opened_words(request, absence_id))
    context = {
        "absence": row,
        "teacher": staff.teacher(actor=actor, employee_id=row.teacher_id),
        "form": form,
        "lessons": queries.lessons_of_absence(actor=actor, absence=row),
    }
    show = render.refused if form.is_bound else render.page
    return show(request, "schedule/absence.html", context, help="schedule/substitutions")


@require_POST
@requires(permissions.ARRANGE)
def cancel_absence(request: Request, absence_id: UUID) -> HttpResponse:
    back = HttpResponseRedirect(reverse("schedule:absence", args=[absence_id]))
    try:
        row = services.cancel_absence(actor=request.actor, absence_id=absence_id)
    except services.FromStaffCard as refusal:
        return render.toast(request, back, str(refusal), kind="warning")
    return render.toast(request, _to_board(max(row.since, clock.today())), _("The absence is cancelled."))


# --- a lesson


@require_GET
@requires(permissions.ARRANGE)
def substitution(request: Request, substitution_id: UUID) -> HttpResponse:
    """An opened lesson: who could take it and why, and the other ways."""
    return _page(request, substitution_id)


def _page(request: Request, substitution_id: UUID, refusal: str = "") -> HttpResponse:
    actor = request.actor
    shown, row = queries.opened(actor=actor, substitution_id=substitution_id)
    context: dict[str, Any] = {"one": shown, "refusal": refusal}
    if shown.is_open:
        places = queries.free_places(row, actor=request.actor)
        lessons = queries.joinable(row, actor=actor)
        context |= {
            "move": forms.MoveTo(places=[(one.code, _place_words(one)) for one in places])
            if places
            else None,
            "join": forms.JoinWith(lessons=[(str(x.teacher_id), f"{x.title} · {x.teacher}") for x in lessons])
            if lessons
            else None,
            "cancel": forms.CancelWhy(),
        }
    answer = render.refused if refusal else render.page
    return answer(request, "schedule/substitution.html", context, help="schedule/substitutions")


def _place_words(place: Any) -> str:
    return _("{day}, lesson {number}").format(day=_in_words(place.day, "l"), number=place.number)


def _decide(
    request: Request,
    substitution_id: UUID,
    act: Callable[[], Substitution],
    done: str,
    *,
    may_undo: bool = True,
) -> HttpResponse:
    """Do it and go back to the board; a refusal stands on the lesson's page, with what is true now."""
    try:
        row = act()
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(request, substitution_id, str(refusal))
    undo = reverse("schedule:substitution_reopen", args=[substitution_id]) if may_undo else None
    return render.toast(request, _to_board(row.date), done, undo_url=undo)


@require_POST
@requires(permissions.ARRANGE)
def assign(request: Request, substitution_id: UUID) -> HttpResponse:
    """Give the lesson to somebody."""
    who = _ids(request, "give")[:1]
    if not who:
        return _page(request, substitution_id, str(services.NobodyAsked()))
    return _decide(
        request,
        substitution_id,
        lambda: services.assign(actor=request.actor, substitution_id=substitution_id, substitute_id=who[0]),
        _("The lesson is given."),
    )


@require_POST
@requires(permissions.ARRANGE)
def ask(request: Request, substitution_id: UUID) -> HttpResponse:
    """Ask one or several; the first yes wins."""
    who = _ids(request, "teacher")
    text = ngettext("{n} teacher is asked.", "{n} teachers are asked: the first yes wins.", len(who))
    return _decide(
        request,
        substitution_id,
        lambda: services.ask(actor=request.actor, substitution_id=substitution_id, teacher_ids=who),
        text.format(n=len(who)),
        may_undo=False,
    )


def _ids(request: Request, name: str) -> list[UUID]:
    found = []
    for text in request.POST.getlist(name):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_POST
@requires(permissions.ARRANGE)
def join(request: Request, substitution_id: UUID) -> HttpResponse:
    """Let the class sit with another."""
    who = _ids(request, "teacher")[:1]
    if not who:
        return _page(request, substitution_id, str(services.NobodyAsked()))
    return _decide(
        request,
        substitution_id,
        lambda: services.join(actor=request.actor, substitution_id=substitution_id, substitute_id=who[0]),
        _("The classes sit together."),
    )


@require_POST
@requires(permissions.ARRANGE)
def move(request: Request, substitution_id: UUID) -> HttpResponse:
    """Move the lesson to a free place."""
    day, __, number = request.POST.get("place", "").partition("/")
    to = day_of(day)
    if to is None or not number.isdecimal() or len(number) > 2:
        return _page(request, substitution_id, str(services.NoSuchPlace()))
    return _decide(
        request,
        substitution_id,
        lambda: services.move(
            actor=request.actor, substitution_id=substitution_id, day=to, number=int(number)
        ),
        _("The lesson is moved."),
    )


@require_POST
@requires(permissions.ARRANGE)
def cancel(request: Request, substitution_id: UUID) -> HttpResponse:
    """The lesson is not held."""
    reason = request.POST.get("reason", "")
    return _decide(
        request,
        substitution_id,
        lambda: services.cancel(actor=request.actor, substitution_id=substitution_id, reason=reason),
        _("The lesson is cancelled."),
    )


@require_POST
@requires(permissions.ARRANGE)
def leave(request: Request, substitution_id: UUID) -> HttpResponse:
    """The teacher holds it herself."""
    row = services.leave_to_teacher(actor=request.actor, substitution_id=substitution_id)
    return render.toast(request, _to_board(row.date), _("The teacher holds the lesson herself."))


@require_POST
@requires(permissions.ARRANGE)
def reopen(request: Request, substitution_id: UUID) -> HttpResponse:
    """Take back what was decided."""
    back = HttpResponseRedirect(reverse("schedule:substitution", args=[substitution_id]))
    try:
        services.reopen(actor=request.actor, substitution_id=substitution_id)
    except services.PlaceTaken as refusal:
        return render.toast(request, back, str(refusal), kind="warning")
    return render.toast(request, back, _("The lesson is open again."))
