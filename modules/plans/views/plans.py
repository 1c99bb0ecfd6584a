"""Plans: the list, a new one, its lines and dates, what is done with the whole of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import api as identity
from kernel.access import Actor, requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.plans import forms, permissions, queries, services
from modules.plans.data import KIND_LABELS, LENGTHS, QUARTERS, STATE_LABELS
from modules.plans.models import Line, Plan
from modules.plans.registers import PLANS, subject_name, this_year, title_of
from modules.plans.views.parts import frame, refused, to_plan, uuid_of
from modules.schedule import api as schedule
from registers import api as registers
from ui import render


@require_GET
@requires(permissions.VIEW)
def index(request: Request) -> HttpResponse:
    """All plans open to the reader."""
    context = {
        "writes": request.actor.may(permissions.WRITE),
        "keeps_teams": request.actor.may(permissions.TEAMS),
    }
    return registers.show(request, PLANS, "plans/index.html", context, help="plans/plans")


@require_GET
@requires(permissions.VIEW)
@identity.proved(file=True)
def excel_list(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, PLANS)


# --- a new one


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.WRITE)
def new(request: Request) -> HttpResponse:
    """What the teacher teaches and has no plan for, one press each; or any subject and grade."""
    wanted = _wanted(request)
    form = forms.NewPlan(request.POST or None, initial=wanted)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        source = uuid_of(request.POST.get("source", ""))
        common = {
            "year": this_year(),
            "language": given["language"],
            "hours": given["hours"],
            "name": given["name"],
        }
        try:
            if source is not None:
                plan = services.copy_plan(actor=request.actor, source_id=source, **common)
            else:
                plan = services.make_plan(
                    actor=request.actor, subject_code=given["subject"], grade=given["grade"], **common
                )
            _follow_own(request, plan)
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            pastes = request.POST.get("begin") == "paste"
            return to_plan(plan, "paste" if pastes else "plan")
    subject, grade = _chosen(form, wanted)
    context = {
        "form": form,
        "lacking": _lacking(request),
        "sources": [
            {"plan": one, "title": title_of(one), "state": STATE_LABELS[one.state], "lines": count}
            for one, count in queries.sources(actor=request.actor, subject_code=subject, grade=grade)
        ]
        if subject
        else [],
        "chosen": subject_name(subject) if subject else "",
        "grade": grade,
    }
    return render.page(
        request, "plans/new.html", context, help="plans/plans", status=422 if form.errors else 200
    )


def _follow_own(request: Request, plan: Plan) -> None:
    """The author's own classes that have no plan yet are taught by the new one; dates can be changed afterwards."""
    if request.actor.person_id is None:
        return
    free = [
        course.id
        for course, follows in queries.courses_for(actor=request.actor, plan=plan)
        if follows is None and course.teacher_id == request.actor.person_id
    ]
    if free:
        services.follow(actor=request.actor, plan_id=plan.pk, course_ids=free)


def _wanted(request: Request) -> dict[str, Any]:
    """What the address asks for: the subject and the grade of a card that was pressed."""
    grade, given = request.GET.get("grade", ""), request.GET
    return {
        "subject": given.get("subject", ""),
        "grade": int(grade) if grade.isdecimal() else "",
        "hours": given.get("hours", ""),
        "language": given.get("language") or render.language()[:2],
    }


def _chosen(form: forms.NewPlan, wanted: dict[str, Any]) -> tuple[str, int]:
    subject = form.data.get("subject", "") if form.is_bound else wanted["subject"]
    grade = str(form.data.get("grade", "") if form.is_bound else wanted["grade"])
    return (subject, int(grade)) if subject and grade.isdecimal() else ("", 0)


def _lacking(request: Request) -> list[dict[str, Any]]:
    """Subjects and grades that the person teaches this year and has no plan for."""
    actor = request.actor
    if actor.person_id is None:
        return []
    year = this_year()
    have = {
        (one.subject_code, one.grade)
        for one in queries.plans(actor=actor).filter(author_id=actor.person_id, year=year)
    }
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for course in schedule.courses(actor=actor, year=year, teacher_id=actor.person_id):
        key = (course.subject_code, course.grade)
        if key in have:
            continue
        line = found.setdefault(
            key,
            {"subject": course.subject_code, "name": subject_name(course.subject_code), "grade": course.grade,
             "hours": f"{course.hours:g}", "classes": []},
        )  # fmt: skip
        if course.class_label not in line["classes"]:
            line["classes"].append(course.class_label)
    return list(found.values())


# --- one plan


def line_rows(plan: Plan, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines by quarters, each with its number in the year."""
    numbers = {line.pk: n for n, line in enumerate(lines, 1)}
    return [
        {
            "quarter": quarter,
            "lines": [(numbers[line.pk], line) for line in lines if line.quarter == quarter],
        }
        for quarter in QUARTERS
    ]


def table_context(plan: Plan, *, edits: bool, here: object = "") -> dict[str, Any]:
    """What the table of lines is drawn from."""
    lines = queries.lines_of(plan.pk)
    undo, redo = queries.undoable(plan.pk) if edits else (False, False)
    return {
        "plan": plan,
        "edits": edits,
        "quarters": line_rows(plan, lines),
        "kinds": [(code, str(label)) for code, label in KIND_LABELS.items()],
        "lengths": LENGTHS,
        "may_undo": undo,
        "may_redo": redo,
        "here": str(here or (lines[0].pk if lines else "")),
        "has_lines": bool(lines),
    }


@require_GET
@requires(permissions.VIEW, permissions.WRITE)
def show(request: Request, plan_id: UUID) -> HttpResponse:
    """The lines of a plan; its author writes in them like in a table."""
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    context = frame(request, plan, "plan")
    context |= table_context(plan, edits=context["edits"], here=uuid_of(request.GET.get("line", "")) or "")
    context["versions"] = queries.versions(plan) if plan.version > 1 or plan.is_frozen else []
    context["words"] = _words()
    return render.page(request, "plans/plan.html", context, help="plans/plan")


def _words() -> dict[str, str]:
    """What the script says."""
    return {
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "unsent": _("No connection: what you typed is kept here and will be sent."),
        "conflict": _("Somebody changed this meanwhile. Now it is: {theirs}. You typed: {yours}."),
        "mine": _("Put mine"),
        "gone": _("The plan cannot be changed any more. Load the page anew."),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.WRITE)
def head(request: Request, plan_id: UUID) -> HttpResponse:
    """Hours a week, language, what tells the plan from others."""
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    if not queries.may_write(request.actor, plan):
        raise NotFound
    initial = {"hours": plan.hours_per_week, "language": plan.language, "name": plan.name}
    form = forms.PlanHead(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_plan(actor=request.actor, plan_id=plan.pk, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, to_plan(plan), _("Saved."))
    context = {"form": form, "plan": plan, "title": title_of(plan)}
    return render.page(
        request, "plans/head.html", context, help="plans/plan", status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW, permissions.WRITE)
def dates(request: Request, plan_id: UUID) -> HttpResponse:
    """The plan over the lessons of each class: what stands on which day, what moved, what found no place."""
    actor = request.actor
    plan = queries.get_plan(actor=actor, plan_id=plan_id)
    if request.method == "POST":
        chosen = [one for text in request.POST.getlist("course")[:60] if (one := uuid_of(text))]
        try:
            count = services.follow(actor=actor, plan_id=plan.pk, course_ids=chosen)
        except NotFound:
            raise
        except DomainError as refusal:
            return refused(request, plan, refusal, "dates")
        text = ngettext("{n} class is taught by the plan.", "{n} classes are taught by the plan.", count)
        return render.toast(request, to_plan(plan, "dates"), text.format(n=count))
    context = frame(request, plan, "dates")
    lines = queries.lines_of(plan.pk)
    courses = queries.courses_for(actor=actor, plan=plan) if context["writes"] else []
    titles = _other_plans(actor, [one for __, one in courses if one is not None and one != plan.pk])
    context |= {
        "courses": [
            {"course": one, "follows": follows == plan.pk, "other": titles.get(follows, "")}
            for one, follows in courses
        ],
        "dated": [
            {"course": one, "quarters": _by_quarters(one.dated), "without": one.without, "empty": one.empty,
             "moved": one.moved}
            for one in queries.dates_of(actor=actor, plan=plan, lines=lines)
        ],
        "labels": KIND_LABELS,
        "may_plan_lessons": actor.may(permissions.WRITE),
    }  # fmt: skip
    return render.page(request, "plans/dates.html", context, help="plans/dates")


def _other_plans(actor: Actor, ids: list[UUID]) -> dict[UUID | None, str]:
    if not ids:
        return {}
    return {one.pk: title_of(one) for one in queries.plans(actor=actor).filter(pk__in=ids)}


def _by_quarters(dated: Sequence[Any]) -> list[tuple[int, list[Any]]]:
    return [
        (quarter, found)
        for quarter in QUARTERS
        if (found := [one for one in dated if one.quarter == quarter])
    ]


@require_POST
@requires(permissions.WRITE)
def note_moves(request: Request, plan_id: UUID, course_id: UUID) -> HttpResponse:
    """The teacher has seen what moved."""
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    services.note_moves(actor=request.actor, plan_id=plan.pk, course_id=course_id)
    return to_plan(plan, "dates")


@require_POST
@requires(permissions.WRITE)
def share(request: Request, plan_id: UUID) -> HttpResponse:
    """Open a draft to colleagues, or close it."""
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    shared = request.POST.get("shared") == "1"
    services.share_plan(actor=request.actor, plan_id=plan.pk, shared=shared)
    said = (
        _("Colleagues can see the plan and begin theirs from it.")
        if shared
        else _("The plan is closed to colleagues.")
    )
    return render.toast(request, to_plan(plan), said)


@require_POST
@requires(permissions.WRITE)
def delete(request: Request, plan_id: UUID) -> HttpResponse:
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    try:
        services.delete_plan(actor=request.actor, plan_id=plan.pk)
    except NotFound:
        raise
    except DomainError as refusal:
        return refused(request, plan, refusal)
    return render.toast(request, HttpResponseRedirect(reverse("plans:index")), _("The plan is deleted."))
