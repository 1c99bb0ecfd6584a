"""Pages of the schedule."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import api as identity
from imports import api as imports
from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.contingent import api as contingent
from modules.schedule import forms, permissions, queries, services
from modules.schedule.data import WeekDay
from modules.staff import api as staff
from tenants import reference
from ui import render


def _asked(request: Request, lessons_from: Callable[[date], WeekDay]) -> date:
    """The asked day; when none is asked, today or the next day with lessons."""
    return forms.day_of(request.GET.get("day", "")) or lessons_from(clock.today()).day


def _context(week: list[WeekDay], chosen: date) -> dict[str, Any]:
    today = clock.today()
    return {
        "week": [one for one in week if one.lines or one.day.isoweekday() < 6 or one.note],
        "span": _span(week[0].day, week[-1].day),
        "before": (week[0].day - timedelta(days=7)).isoformat(),
        "after": (week[0].day + timedelta(days=7)).isoformat(),
        "today": today,
        "chosen": chosen,
        "this_week": f"?day={today.isoformat()}",
        "is_this_week": week[0].day <= today <= week[-1].day,
        "has_lessons": any(one.lines for one in week),
    }


def _span(first: date, last: date) -> str:
    """The days of a week as people say them: 23–28 November."""
    if first.month == last.month:
        return f"{first.day}–{formats.date_format(last, 'j E').lower()}"
    return f"{formats.date_format(first, 'j E').lower()} – {formats.date_format(last, 'j E').lower()}"


@require_safe
@requires(permissions.VIEW)
def mine(request: Request) -> HttpResponse:
    """My week."""
    actor = request.actor
    if actor.person_id is None:
        return HttpResponseRedirect(reverse("schedule:classes"))
    who = actor.person_id
    day = _asked(request, lambda today: queries.next_day_of_teacher(actor=actor, teacher_id=who, day=today))
    week = queries.week_of_teacher(actor=actor, teacher_id=who, day=day)
    return render.page(request, "schedule/mine.html", _context(week, day), help="schedule/mine")


@require_safe
@requires(permissions.VIEW)
def classes(request: Request) -> HttpResponse:
    """Classes, each leading to its week."""
    found = contingent.classes(actor=request.actor, year=render.school_year(request))
    return render.page(request, "schedule/classes.html", {"classes": found}, help="schedule/class_week")


@require_safe
@requires(permissions.VIEW)
def class_week(request: Request, class_id: UUID) -> HttpResponse:
    """The week of a class."""
    actor = request.actor
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    day = _asked(request, lambda today: queries.next_day_of_class(actor=actor, class_id=class_id, day=today))
    week = queries.week_of_class(actor=actor, class_id=class_id, day=day)
    context = {**_context(week, day), "school_class": school_class}
    return render.page(request, "schedule/class_week.html", context, help="schedule/class_week")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
def lesson(request: Request, lesson_id: UUID) -> HttpResponse:
    """A lesson: its topic and homework, written in place by its teacher."""
    row = queries.get_lesson(actor=request.actor, lesson_id=lesson_id)
    course = queries.get_course(actor=request.actor, course_id=row.course_id)
    may_fill = services.may_fill(actor=request.actor, lesson=row)
    form = forms.LessonText(request.POST or None, initial={"topic": row.topic, "homework": row.homework})
    if request.method == "POST" and form.is_valid():
        services.fill_lesson(actor=request.actor, lesson_id=lesson_id, **form.cleaned_data)
        return render.toast(request, HttpResponseRedirect(request.path), _("Saved."))
    before, after = queries.neighbours(lesson=row)
    context = {
        "lesson": row,
        "course": course,
        "form": form,
        "may_fill": may_fill,
        "before": before,
        "after": after,
        "is_cancelled": row.state == row.State.CANCELLED,
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/lesson.html", context, help="schedule/lesson")


# --- the load


def _teachers(request: Request) -> list[tuple[str, str]]:
    return [(str(one.id), one.full_name) for one in staff.employees(actor=request.actor)]


@require_safe
@requires(permissions.SET_LOAD)
def load(request: Request) -> HttpResponse:
    """Classes with how much of their load is given."""
    year = render.school_year(request)
    found = contingent.classes(actor=request.actor, year=year)
    hours = queries.hours_by_class(year=year)
    rows = [(one, *hours.get(one.id, (0, 0, 0))) for one in found]
    context = {"rows": rows, "may_load": "load" in imports.loadable(actor=request.actor)}
    return render.page(request, "schedule/load.html", context, help="schedule/load")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_LOAD)
def load_class(request: Request, class_id: UUID) -> HttpResponse:
    """Subjects of a class: who teaches each, how many hours, when in the week."""
    actor = request.actor
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    plan = reference.plan(school_class.grade, school_class.language)
    subjects = [
        (code, one.name) for code, one in reference.subjects().items() if school_class.grade in one.grades
    ]
    form = forms.Load(request.POST or None, subjects=subjects, teachers=_teachers(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.add_course(
                actor=actor,
                school_class_id=class_id,
                subject_code=values["subject"],
                hours=values["hours"],
                teacher_id=UUID(values["teacher"]) if values["teacher"] else None,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, HttpResponseRedirect(request.path), _("The subject is added."))
    found = queries.courses(actor=actor, year=school_class.year, school_class_id=class_id)
    places = queries.places_of_class(school_class_id=class_id)
    periods = queries.periods(year=school_class.year, kind="quarter")
    have = {c.subject_code for c in found}
    context = {
        "school_class": school_class,
        "rows": [(c, places.get(c.id, ""), plan.get(c.subject_code)) for c in found],
        "hours": sum(c.hours for c in found),
        "missing": [
            (reference.subject(code).name, hours)
            for code, hours in plan.items()
            if code not in have and code in reference.subjects()
        ],
        "form": form,
        "laying": forms.Laying(periods=[(str(p.id), p.label) for p in periods]) if periods else None,
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/class_load.html", context, help="schedule/load")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_LOAD)
def load_course(request: Request, course_id: UUID) -> HttpResponse:
    """A course: teacher, hours and places in the week."""
    actor = request.actor
    found = queries.get_course(actor=actor, course_id=course_id)
    slots = queries.slots_of(course_id=course_id, on=clock.today())
    initial: dict[str, Any] = {
        "teacher": str(found.teacher_id or ""),
        "hours": found.hours,
        "since": clock.today(),
        "room": slots[0].room if slots else "",
    }
    for one in slots:
        day = f"day{one.weekday}"
        initial[day] = f"{initial[day]}, {one.number}" if day in initial else str(one.number)
    form = forms.CourseWeek(request.POST or None, teachers=_teachers(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.change_course_week(
                actor=actor,
                course_id=course_id,
                teacher_id=UUID(values["teacher"]) if values["teacher"] else None,
                hours=values["hours"],
                since=values["since"],
                places=form.places(),
                room=values["room"],
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            back = reverse("schedule:load_class", args=[found.school_class_id])
            return render.toast(request, HttpResponseRedirect(back), _("Saved."))
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/course.html", {"course": found, "form": form}, help="schedule/load")


@require_POST
@requires(permissions.SET_LOAD)
def drop(request: Request, course_id: UUID) -> HttpResponse:
    """Take a subject without lessons out of the load."""
    found = queries.get_course(actor=request.actor, course_id=course_id)
    back = HttpResponseRedirect(reverse("schedule:load_class", args=[found.school_class_id]))
    try:
        services.drop_course(actor=request.actor, course_id=course_id)
    except services.CourseHasLessons as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The subject is taken out."))


@require_POST
@requires(permissions.SET_LOAD)
def lay(request: Request, class_id: UUID) -> HttpResponse:
    """Lay the lessons of the class over a period."""
    back = HttpResponseRedirect(reverse("schedule:load_class", args=[class_id]))
    try:
        period_id = UUID(request.POST.get("period", ""))
    except ValueError:
        return back
    done = services.generate_lessons(actor=request.actor, period_id=period_id, school_class_id=class_id)
    text = ngettext("{count} lesson is laid.", "{count} lessons are laid.", done.made).format(count=done.made)
    if done.clashes:
        left = len(done.clashes)
        text += " " + ngettext(
            "{count} has no place: the class or the teacher is busy.",
            "{count} have no place: the class or the teacher is busy.",
            left,
        ).format(count=left)
    return render.toast(request, back, text, kind="warning" if done.clashes else "success")


# --- periods


@require_safe
@requires(permissions.SET_PERIODS)
def periods(request: Request) -> HttpResponse:
    """Quarters and half-years of the year."""
    year = render.school_year(request)
    context = {"periods": queries.periods(year=year), "year": year, "today": clock.today()}
    return render.page(request, "schedule/periods.html", context, help="schedule/periods")


@require_POST
@requires(permissions.SET_PERIODS)
def open_year(request: Request) -> HttpResponse:
    """Take the ministry's calendar for the year."""
    back = HttpResponseRedirect(reverse("schedule:periods"))
    try:
        services.open_year(actor=request.actor, year=render.school_year(request))
    except services.UnknownYear as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The quarters are set."))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_PERIODS)
def period(request: Request, period_id: UUID) -> HttpResponse:
    """Dates of a period."""
    found = queries.get_period(period_id=period_id)
    form = forms.PeriodDates(request.POST or None, initial={"start": found.start, "end": found.end})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_period_dates(actor=request.actor, period_id=period_id, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, HttpResponseRedirect(reverse("schedule:periods")), _("Saved."))
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/period.html", {"period": found, "form": form}, help="schedule/periods")


@require_POST
@requires(permissions.SET_PERIODS)
@identity.proved
def close(request: Request, period_id: UUID) -> HttpResponse:
    services.close_period(actor=request.actor, period_id=period_id)
    back = HttpResponseRedirect(reverse("schedule:periods"))
    return render.toast(
        request, back, _("The period is closed."), undo_url=reverse("schedule:reopen", args=[period_id])
    )


@require_POST
@requires(permissions.SET_PERIODS)
@identity.proved
def reopen(request: Request, period_id: UUID) -> HttpResponse:
    services.reopen_period(actor=request.actor, period_id=period_id)
    return render.toast(
        request, HttpResponseRedirect(reverse("schedule:periods")), _("The period is open again.")
    )
