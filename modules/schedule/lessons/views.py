"""Pages of lessons: weeks of a class, a teacher and a room, months, one lesson and its changes, personal calendars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import api as documents
from documents import excel
from kernel import clock
from kernel.access import public_view, requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.contingent import api as contingent
from modules.schedule import permissions, queries, services
from modules.schedule.data import WeekDay
from modules.schedule.forms import day_of
from modules.schedule.lessons import calendars, forms, showing
from modules.schedule.lessons import queries as days
from modules.schedule.lessons import services as changes
from modules.schedule.papers import Board
from modules.schedule.ports import signs_of
from modules.schedule.substitutions import queries as substitutions
from modules.schedule.year import queries as year_queries
from ui import render


def _asked(request: Request, lessons_from: Callable[[date], WeekDay]) -> date:
    """The asked day; when none is asked, today or the next day with lessons."""
    return day_of(request.GET.get("day", "")) or lessons_from(clock.today()).day


def _answer(
    request: Request,
    template: str,
    context: dict[str, Any],
    week: Sequence[WeekDay],
    *,
    title: str,
    show: str,
    article: str,
) -> HttpResponse:
    """The page of a week, or by `?as=pdf` and `?as=excel` its paper and its workbook."""
    match request.GET.get("as"):
        case "pdf":
            return _paper(request, showing.week_board(week, title=title, show=show))
        case "excel":
            return _workbook(title, week)
    return render.page(request, template, context, help=article)


def _paper(request: Request, board: Board) -> HttpResponse:
    printed = documents.render("schedule.board", board, language=render.language(), actor=request.actor)
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{board.title}.pdf", inline=True)
    return response


def _workbook(title: str, shown: Sequence[WeekDay]) -> HttpResponse:
    ids = [line.lesson_id for one in shown for line in one.lines]
    return excel.response(f"{title}.xlsx", [showing.sheet(title, shown, signs_of(ids))])


# --- weeks


@require_safe
@requires(permissions.VIEW)
def mine(request: Request) -> HttpResponse:
    """My week."""
    actor = request.actor
    if actor.person_id is None:
        return HttpResponseRedirect(reverse("schedule:classes"))
    who = actor.person_id
    day = _asked(request, lambda today: days.next_day_of_teacher(actor=actor, teacher_id=who, day=today))
    week = days.week_of_teacher(actor=actor, teacher_id=who, day=day)
    context = {**showing.week_context(week, day), "has_feed": actor.may(permissions.FEED)}
    return _answer(
        request, "schedule/mine.html", context, week, title=actor.name, show="class", article="schedule/mine"
    )


@require_safe
@requires(permissions.VIEW)
def classes(request: Request) -> HttpResponse:
    """Classes and rooms, each leading to its week."""
    year = render.school_year(request)
    context = {
        "classes": contingent.classes(actor=request.actor, year=year),
        "rooms": days.rooms(actor=request.actor, year=year),
    }
    return render.page(request, "schedule/classes.html", context, help="schedule/class_week")


@require_safe
@requires(permissions.VIEW)
def class_week(request: Request, class_id: UUID) -> HttpResponse:
    """The week of a class."""
    actor = request.actor
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    day = _asked(request, lambda today: _day_of_class(actor, school_class, today))
    week = days.week_of_class(actor=actor, class_id=class_id, day=day)
    context = {
        **showing.week_context(week, day),
        "school_class": school_class,
        "may_change": actor.may(permissions.CHANGE_LESSON),
    }
    return _answer(
        request,
        "schedule/class_week.html",
        context,
        week,
        title=school_class.label,
        show="teacher",
        article="schedule/class_week",
    )


def _day_of_class(actor: Any, school_class: contingent.ClassInfo, today: date) -> WeekDay:
    """Where a class's week opens: at the next lessons; of an earlier year at its last ones."""
    if school_class.year == clock.school_year_of(today):
        return days.next_day_of_class(actor=actor, class_id=school_class.id, day=today)
    last = days.last_day_of_class(class_id=school_class.id)
    return WeekDay(last or today, ())


@require_safe
@requires(permissions.VIEW)
def room_week(request: Request, room: str) -> HttpResponse:
    """The week of a room."""
    actor = request.actor
    day = day_of(request.GET.get("day", "")) or clock.today()
    week = days.week_of_room(actor=actor, room=room, day=day)
    context = {**showing.week_context(week, day), "room": room}
    title = _("room {room}").format(room=room)
    return _answer(
        request,
        "schedule/room_week.html",
        context,
        week,
        title=title,
        show="room",
        article="schedule/class_week",
    )


# --- months


@require_safe
@requires(permissions.VIEW)
def class_month(request: Request, class_id: UUID) -> HttpResponse:
    """The lessons of a class by days of a month."""
    actor = request.actor
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    first = showing.month_of(request.GET.get("month", ""))
    found = days.days_of_class(actor=actor, class_id=class_id, start=first, end=showing.end_of_month(first))
    context = {
        "school_class": school_class,
        "courses": queries.courses(actor=actor, year=school_class.year, school_class_id=class_id),
    }
    return _month(request, first, found, school_class.label, context)


@require_safe
@requires(permissions.VIEW)
def course_month(request: Request, course_id: UUID) -> HttpResponse:
    """The lessons of a course by days of a month."""
    actor = request.actor
    course = queries.get_course(actor=actor, course_id=course_id)
    first = showing.month_of(request.GET.get("month", ""))
    found = days.days_of_course(actor=actor, course=course, start=first, end=showing.end_of_month(first))
    return _month(request, first, found, course.title, {"course": course})


def _month(
    request: Request, first: date, found: Sequence[WeekDay], title: str, context: dict[str, Any]
) -> HttpResponse:
    signs = signs_of([line.lesson_id for one in found for line in one.lines])
    page = showing.month_page(first, found, signs)
    match request.GET.get("as"):
        case "pdf":
            return _paper(request, showing.month_board(page, title=title))
        case "excel":
            return _workbook(title, found)
    context |= {"month": page, "heading": title, "heads": showing.weekday_heads(page)}
    return render.page(request, "schedule/month.html", context, help="schedule/month")


# --- one lesson


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
def lesson(request: Request, lesson_id: UUID) -> HttpResponse:
    """A lesson: its topic and homework, written in place by its teacher, and what became of it."""
    row = queries.get_lesson(actor=request.actor, lesson_id=lesson_id)
    course = queries.get_course(actor=request.actor, course_id=row.course_id)
    may_fill = services.may_fill(actor=request.actor, lesson=row)
    closed = services.closes(actor=request.actor, lesson=row) if may_fill else None
    form = forms.LessonText(request.POST or None, initial={"topic": row.topic, "homework": row.homework})
    if request.method == "POST" and form.is_valid():
        try:
            services.fill_lesson(actor=request.actor, lesson_id=lesson_id, **form.cleaned_data)
        except services.LessonIsClosed as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, HttpResponseRedirect(request.path), _("Saved."))
    before, after = queries.neighbours(lesson=row)
    history = year_queries.history_of(lesson_id=lesson_id)
    context = {
        "lesson": row,
        "course": course,
        "form": form,
        "may_fill": may_fill and (closed is None or form.is_bound),
        "closed": closed,
        "may_change": request.actor.may(permissions.CHANGE_LESSON),
        "before": before,
        "after": after,
        "is_cancelled": row.state == row.State.CANCELLED,
        "history": [(one, year_queries.reason_of(one)) for one in history],
        "sign": signs_of([row.pk]).get(row.pk, ""),
        "stood_in": substitutions.stood_in(actor=request.actor, lesson_id=lesson_id),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/lesson.html", context, help="schedule/lesson")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.CHANGE_LESSON)
def cancel(request: Request, lesson_id: UUID) -> HttpResponse:
    """Cancel a lesson, with the reason."""
    form = forms.Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changes.cancel(actor=request.actor, lesson_id=lesson_id, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            back = redirect("schedule:lesson", lesson_id)
            undo = reverse("schedule:lesson_restore", args=[lesson_id])
            return render.toast(request, back, _("The lesson is cancelled."), undo_url=undo)
    return _change(request, lesson_id, form, _("Cancel the lesson"))


@require_POST
@requires(permissions.CHANGE_LESSON)
def restore(request: Request, lesson_id: UUID) -> HttpResponse:
    """Have a cancelled lesson after all."""
    back = redirect("schedule:lesson", lesson_id)
    try:
        changes.restore(actor=request.actor, lesson_id=lesson_id)
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The lesson is put back."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.CHANGE_LESSON)
def move(request: Request, lesson_id: UUID) -> HttpResponse:
    """Have a lesson at another time."""
    row = queries.get_lesson(actor=request.actor, lesson_id=lesson_id)
    initial = {"day": row.date, "number": row.number, "room": row.room}
    form = forms.Place(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changes.move(actor=request.actor, lesson_id=lesson_id, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, redirect("schedule:lesson", lesson_id), _("The lesson is moved."))
    return _change(request, lesson_id, form, _("Move the lesson"))


def _change(request: Request, lesson_id: UUID, form: Any, title: str) -> HttpResponse:
    row = queries.get_lesson(actor=request.actor, lesson_id=lesson_id)
    course = queries.get_course(actor=request.actor, course_id=row.course_id)
    context = {"lesson": row, "course": course, "form": form, "act": title}
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/lesson_change.html", context, help="schedule/lesson")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.CHANGE_LESSON)
def add(request: Request, class_id: UUID) -> HttpResponse:
    """An extra lesson of a class."""
    actor = request.actor
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    found = queries.courses(actor=actor, year=school_class.year, school_class_id=class_id)
    form = forms.Extra(
        request.POST or None,
        courses=[
            (str(one.id), f"{one.title} — {one.teacher}" if one.teacher else one.title) for one in found
        ],
        initial={"day": day_of(request.GET.get("day", "")) or clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = changes.add(actor=actor, course_id=UUID(given.pop("course")), **given)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, redirect("schedule:lesson", made.pk), _("The lesson is added."))
    context = {"school_class": school_class, "form": form}
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/lesson_add.html", context, help="schedule/lesson")


# --- personal calendars


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.FEED)
def feed(request: Request) -> HttpResponse:
    """The address of one's own calendar; what is made is shown once."""
    return _feed(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.FEED)
def feed_of_child(request: Request, pupil_id: UUID) -> HttpResponse:
    """The address of a child's calendar."""
    return _feed(request, pupil_id)


def _feed(request: Request, pupil_id: UUID | None) -> HttpResponse:
    actor, address = request.actor, ""
    if request.method == "POST" and "revoke" in request.POST:
        changes.revoke_feed(actor=actor, pupil_id=pupil_id)
        return render.toast(request, HttpResponseRedirect(request.path), _("The address no longer works."))
    if request.method == "POST":
        token = changes.make_feed(actor=actor, pupil_id=pupil_id)
        address = request.build_absolute_uri(reverse("schedule:feed_read", args=[token]))
    context = {
        "feed": changes.feed_of(actor=actor, pupil_id=pupil_id),
        "address": address,
        "webcal": "webcal" + address[address.find(":") :] if address else "",
    }
    return render.page(request, "schedule/feed.html", context, help="schedule/feed")


@require_safe
@public_view
def feed_read(request: Request, token: str) -> HttpResponse:
    """What a phone's calendar reads by the secret address."""
    language, is_teachers, found = changes.read_feed(token=token)
    with translation.override(language):
        content = calendars.ical(found, host=request.get_host().partition(":")[0], is_teachers=is_teachers)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["Content-Disposition"] = 'inline; filename="lessons.ics"'
    return response
