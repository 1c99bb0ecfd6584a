"""A line of load: who takes it, from which day, and its places in the week."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.schedule import forms as base_forms
from modules.schedule import permissions
from modules.schedule import queries as base
from modules.schedule import services as base_services
from modules.schedule.load import forms, queries, services
from modules.schedule.load.views.parts import teacher_choices
from ui import render

# The list begins with who fits; the rest is one press away.
_SHORT_LIST = 8


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_LOAD)
def assign(request: Request, course_id: UUID) -> HttpResponse:
    """Candidates for a line, the fittest first; one press gives it from the day."""
    actor = request.actor
    form = forms.Assigning(
        request.POST or None, initial={"since": queries.first_free_day(course_id=course_id)}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = services.assign(
                actor=actor,
                course_id=course_id,
                teacher_id=given["teacher"],
                since=given["since"],
                agreed=given["agreed"],
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            text = (
                _("{subject} is given to {teacher}.").format(
                    subject=done.title,
                    teacher=base.short_names(actor=actor, teacher_ids=[given["teacher"]])[given["teacher"]],
                )
                if given["teacher"]
                else _("{subject} is vacant.").format(subject=done.title)
            )
            return render.toast(request, HttpResponseRedirect(_next(request, done.school_class_id)), text)
    line, found = queries.candidates(actor=actor, course_id=course_id)
    every = request.GET.get("all") == "1"
    short = [one for one in found if one.knows] or found
    context = {
        "line": line,
        "found": found if every else short[:_SHORT_LIST],
        "more": 0 if every else len(found) - len(short[:_SHORT_LIST]),
        "form": form,
        "terms": queries.terms_of_teachers(actor=actor, course_id=course_id),
        "teacher": base.short_names(actor=actor, teacher_ids=[line.teacher_id]).get(line.teacher_id, "")
        if line.teacher_id
        else "",
        "back": _next(request, line.school_class_id),
        "next": request.GET.get("next", request.POST.get("next", "")),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/assign.html", context, help="schedule/load-sheet")


def _next(request: Request, class_id: UUID) -> str:
    """Back to where the line was seen: the vacancies, or its class."""
    where = request.POST.get("next", request.GET.get("next", ""))
    if where == "vacancies":
        return reverse("schedule:load_vacancies")
    return reverse("schedule:load_class", args=[class_id])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_LOAD)
def course(request: Request, course_id: UUID) -> HttpResponse:
    """A course: teacher, hours and places in the week."""
    actor = request.actor
    found = base.get_course(actor=actor, course_id=course_id)
    slots = base.slots_of(course_id=course_id, on=clock.today())
    initial: dict[str, Any] = {
        "teacher": str(found.teacher_id or ""),
        "hours": found.hours,
        "reason": queries.line_of(actor=actor, course_id=course_id).reason,
        "since": clock.today(),
        "room": slots[0].room if slots else "",
        "half": next((one.weeks for one in slots if one.weeks != one.Weeks.EVERY), "odd"),
    }
    for one in slots:
        day = f"day{one.weekday}"
        initial[day] = f"{initial[day]}, {one.number}" if day in initial else str(one.number)
    form = base_forms.CourseWeek(request.POST or None, teachers=teacher_choices(request), initial=initial)
    back = reverse("schedule:load_class", args=[found.school_class_id])
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            base_services.change_course_week(
                actor=actor,
                course_id=course_id,
                teacher_id=UUID(values["teacher"]) if values["teacher"] else None,
                hours=values["hours"],
                reason=values["reason"],
                since=values["since"],
                places=form.places(),
                room=values["room"],
                weeks=form.weeks(),
                agreed=values["agreed"],
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, HttpResponseRedirect(back), _("Saved."))
    context = {
        "course": found,
        "form": form,
        "terms": queries.terms_of_teachers(actor=actor, course_id=course_id),
    }
    answer = render.refused if form.is_bound else render.page
    return answer(request, "schedule/course.html", context, help="schedule/load")


@require_POST
@requires(permissions.SET_LOAD)
def lay(request: Request, class_id: UUID) -> HttpResponse:
    """Lay the lessons of the class over a period."""
    back = HttpResponseRedirect(reverse("schedule:load_class", args=[class_id]))
    try:
        period_id = UUID(request.POST.get("period", ""))
    except ValueError:
        return back
    done = base_services.generate_lessons(actor=request.actor, period_id=period_id, school_class_id=class_id)
    text = ngettext("{count} lesson is laid.", "{count} lessons are laid.", done.made).format(count=done.made)
    if done.clashes:
        left = len(done.clashes)
        text += " " + ngettext(
            "{count} has no place: the class or the teacher is busy.",
            "{count} have no place: the class or the teacher is busy.",
            left,
        ).format(count=left)
    return render.toast(request, back, text, kind="warning" if done.clashes else "success")
