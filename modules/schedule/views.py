"""Pages of the load. Those of the year and of lessons stand in their own rooms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imports import api as imports
from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.contingent import api as contingent
from modules.schedule import forms, permissions, queries, services
from modules.staff import api as staff
from tenants import reference
from ui import render

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
        "half": next((one.weeks for one in slots if one.weeks != one.Weeks.EVERY), "odd"),
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
                weeks=form.weeks(),
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
