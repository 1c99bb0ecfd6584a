"""Lesson plans: the list, begun from a line, written on a computer or a phone, copied, opened, deleted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import api as identity
from kernel import clock
from kernel.access import Scope, requires
from kernel.errors import Conflict, NotFound
from kernel.http import Request
from modules.plans import forms, permissions, queries, services
from modules.plans.data import KIND_LABELS, Part
from modules.plans.models import LessonPlan
from modules.plans.registers import LESSON_PLANS, title_of
from modules.plans.views.parts import uuid_of
from modules.schedule import api as schedule
from registers import api as registers
from ui import render

MOST_STAGES = 20


@require_GET
@requires(permissions.VIEW)
def index(request: Request) -> HttpResponse:
    """Lesson plans open to the reader."""
    return registers.show(request, LESSON_PLANS, "plans/lesson_plans.html", {}, help="plans/lesson_plan")


@require_GET
@requires(permissions.VIEW)
@identity.proved(file=True)
def excel_list(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, LESSON_PLANS)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.WRITE)
def start(request: Request, line_id: UUID) -> HttpResponse:
    """From which lesson plan it begins: an empty one, one's own of the same topic, or a colleague's."""
    actor = request.actor
    line = queries.get_line(actor=actor, line_id=line_id)
    course_id, lesson_id = _id(request, "course"), _id(request, "lesson")
    if request.method == "POST":
        row = services.start_lesson_plan(
            actor=actor,
            line=line,
            source_id=_id(request, "source"),
            course_id=course_id,
            lesson_id=lesson_id,
        )
        return redirect("plans:lesson_plan", row.pk)
    plan = line.plan
    like = queries.like_it(
        actor=actor,
        subject_code=plan.subject_code,
        grade=plan.grade,
        topic=line.topic,
        line_origin_id=line.origin_id,
    )
    for_line = [
        one for one in like if one.line_origin_id == line.origin_id and one.author_id == actor.person_id
    ]
    context = {
        "line": line,
        "kind": KIND_LABELS[line.kind],
        "plan": plan,
        "title": title_of(plan),
        "course": course_id or "",
        "lesson": lesson_id or "",
        "mine": for_line,
        "like": [one for one in like if one not in for_line],
    }
    return render.page(request, "plans/start_lesson_plan.html", context, help="plans/lesson_plan")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW, permissions.WRITE)
def edit(request: Request, lesson_plan_id: UUID) -> HttpResponse:
    """The lesson plan: a form for its author, a sheet to read for colleagues."""
    actor = request.actor
    row = queries.get_lesson_plan(actor=actor, lesson_plan_id=lesson_plan_id)
    if not queries.may_edit_lesson_plan(actor, row):
        if request.method == "POST":
            raise NotFound
        return render.page(
            request, "plans/lesson_plan_read.html", _frame(request, row), help="plans/lesson_plan"
        )
    if request.method == "POST":
        return _save(request, row)
    initial = {name: getattr(row, name) for name in forms.LessonPlanForm.base_fields}
    stages = [
        forms.StageForm(
            prefix=f"s{n}", initial={name: getattr(one, name) for name in forms.StageForm.base_fields}
        )
        for n, one in enumerate(queries.stages(row.pk))
    ]
    return _form(request, row, forms.LessonPlanForm(initial=initial), stages, seen=str(row.revision))


def _save(request: Request, row: LessonPlan) -> HttpResponse:
    """Save the form; with “add a stage” or “remove” the form comes back with one stage more or less, typed words kept."""
    form = forms.LessonPlanForm(request.POST)
    numbers = [n for n in range(MOST_STAGES) if f"s{n}-part" in request.POST]
    do, __, place = request.POST.get("do", "save").partition("-")
    if do == "drop" and place.isdecimal():
        numbers = [n for n in numbers if n != int(place)]
    stages = [forms.StageForm(request.POST, prefix=f"s{n}") for n in numbers]
    seen = request.POST.get("seen_revision", "")
    if do == "save" and form.is_valid() and all(one.is_valid() for one in stages):
        try:
            services.save_lesson_plan(
                actor=request.actor,
                lesson_plan_id=row.pk,
                values=forms.values_of(form, stages),
                seen=int(seen) if seen.isdecimal() else -1,
            )
        except Conflict as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, redirect("plans:lesson_plan", row.pk), _("Saved."))
    if do in ("add", "drop"):
        # Typed but not saved yet: shown as it is, without faults.
        form = forms.LessonPlanForm(initial=request.POST.dict())
        stages = [
            forms.StageForm(
                prefix=f"s{n}",
                initial={
                    name: request.POST.get(f"s{old}-{name}", "") for name in forms.StageForm.base_fields
                },
            )
            for n, old in enumerate(numbers)
        ]
        if do == "add" and len(stages) < MOST_STAGES:
            stages.append(forms.StageForm(prefix=f"s{len(stages)}", initial={"part": Part.MIDDLE}))
        return _form(request, row, form, stages, seen=seen, unsaved=True)
    return _form(request, row, form, stages, seen=seen, status=422)


def _form(
    request: Request,
    row: LessonPlan,
    form: forms.LessonPlanForm,
    stages: list[forms.StageForm],
    *,
    seen: str,
    unsaved: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = _frame(request, row) | {
        "form": form,
        "stage_forms": list(enumerate(stages)),
        "seen": seen,
        "unsaved": unsaved,
        "may_add": len(stages) < MOST_STAGES,
        "minutes": sum(
            int(one["minutes"].value() or 0) for one in stages if str(one["minutes"].value() or 0).isdecimal()
        ),
    }
    return render.page(request, "plans/lesson_plan.html", context, help="plans/lesson_plan", status=status)


def _frame(request: Request, row: LessonPlan) -> dict[str, Any]:
    course = schedule.course(actor=request.actor, course_id=row.course_id) if row.course_id else None
    return {
        "row": row,
        "title": title_of(row),
        "course": course,
        "stages": queries.stages(row.pk),
        "writes": request.actor.may(permissions.WRITE),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.WRITE)
def copy(request: Request, lesson_plan_id: UUID) -> HttpResponse:
    """For which of one's lessons the copy is: those of the weeks ahead in the same subject and grade, or none yet."""
    actor = request.actor
    row = queries.get_lesson_plan(actor=actor, lesson_plan_id=lesson_plan_id)
    if request.method == "POST":
        course_id, __, lesson_id = request.POST.get("lesson", "").partition("/")
        made = services.copy_lesson_plan(
            actor=actor,
            lesson_plan_id=row.pk,
            course_id=uuid_of(course_id),
            lesson_id=uuid_of(lesson_id),
        )
        return render.toast(request, redirect("plans:lesson_plan", made.pk), _("This is your copy."))
    context = {"row": row, "title": title_of(row), "choices": _lessons_ahead(request, row)}
    return render.page(request, "plans/copy_lesson_plan.html", context, help="plans/lesson_plan")


def _lessons_ahead(request: Request, row: LessonPlan) -> list[tuple[str, Any, Any]]:
    """Lessons from today to the end of the year, a few of each course."""
    actor, today = request.actor, clock.today()
    if Scope.SCHOOL in actor.scopes(permissions.WRITE):
        teacher_id = row.author_id or actor.person_id
    else:
        teacher_id = actor.person_id
    if teacher_id is None:
        return []
    year = clock.school_year_of(today)
    found = []
    for course in schedule.courses(actor=actor, year=year, teacher_id=teacher_id):
        if course.subject_code != row.subject_code or course.grade != row.grade:
            continue
        ahead = schedule.lessons_of_course(course_id=course.id, start=today, end=date(today.year + 1, 6, 30))
        found += [
            (f"{course.id}/{one.id}", course, one)
            for one in ahead[:6]
            if not one.is_cancelled and one.id != row.lesson_id
        ]
    return found


@require_POST
@requires(permissions.WRITE)
def share(request: Request, lesson_plan_id: UUID) -> HttpResponse:
    shared = request.POST.get("shared") == "1"
    row = services.share_lesson_plan(actor=request.actor, lesson_plan_id=lesson_plan_id, shared=shared)
    said = (
        _("Colleagues can read the lesson plan and copy it.")
        if shared
        else _("The lesson plan is yours alone again.")
    )
    return render.toast(request, redirect("plans:lesson_plan", row.pk), said)


@require_POST
@requires(permissions.WRITE)
def delete(request: Request, lesson_plan_id: UUID) -> HttpResponse:
    services.delete_lesson_plan(actor=request.actor, lesson_plan_id=lesson_plan_id)
    return render.toast(
        request, HttpResponseRedirect(reverse("plans:lesson_plans")), _("The lesson plan is deleted.")
    )


def _id(request: Request, name: str) -> UUID | None:
    """An id of the form, else of the address; what is none is not there."""
    text = request.POST.get(name) or request.GET.get(name, "")
    found = uuid_of(text)
    if text and found is None:
        raise NotFound
    return found
