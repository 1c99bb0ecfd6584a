"""Plans and lesson plans on paper, in Word and in Excel."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import api as documents
from documents import excel, word
from documents.registry import letterhead_on
from kernel import audit, clock
from kernel.access import requires
from kernel.http import Request
from modules.plans import permissions, printing, queries
from modules.plans.data import KIND_LABELS
from modules.plans.models import LessonPlan, Plan
from modules.plans.papers import LessonPaper, PlanPaper
from modules.plans.registers import title_of
from modules.plans.views.parts import file, language_of, uuid_of


def _plan_taken(request: Request, row: Plan, shape: str) -> None:
    audit.record(
        actor=request.actor,
        action="plans.paper.taken",
        object_type="plan",
        object_id=row.pk,
        details={"shape": shape},
    )


def _lesson_taken(request: Request, row: LessonPlan, shape: str) -> None:
    audit.record(
        actor=request.actor,
        action="plans.paper.taken",
        object_type="lesson_plan",
        object_id=row.pk,
        details={"shape": shape},
    )


def _plan(request: Request, plan_id: UUID) -> tuple[Plan, PlanPaper, str]:
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    language = language_of(request, plan.language)
    course_id = uuid_of(request.GET.get("course", ""))
    return (
        plan,
        printing.plan_paper(plan, actor=request.actor, language=language, course_id=course_id),
        language,
    )


@require_GET
@requires(permissions.VIEW, permissions.WRITE)
def plan_pdf(request: Request, plan_id: UUID) -> HttpResponse:
    """The plan in the columns of the order (`?lang=`, `?course=` for the days of one class)."""
    plan, paper, language = _plan(request, plan_id)
    _plan_taken(request, plan, "pdf")
    printed = documents.render("plans.plan", paper, language=language, actor=request.actor)
    return file(printed.content, f"{title_of(plan)}.pdf", "application/pdf", inline=True)


@require_GET
@requires(permissions.VIEW, permissions.WRITE)
def plan_word(request: Request, plan_id: UUID) -> HttpResponse:
    """The same as a Word document."""
    plan, paper, language = _plan(request, plan_id)
    _plan_taken(request, plan, "docx")
    blocks = printing.plan_blocks(paper, language=language, school=_school(language))
    return file(word.write(blocks, landscape=True, size=10), f"{title_of(plan)}.docx", word.MEDIA_TYPE)


@require_GET
@requires(permissions.VIEW, permissions.WRITE)
def plan_excel(request: Request, plan_id: UUID) -> HttpResponse:
    """The lines as a workbook that can be pasted back."""
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    _plan_taken(request, plan, "xlsx")
    with translation.override(language_of(request, plan.language)):
        columns = [
            excel.Column(_("Quarter"), "number"), excel.Column(_("Unit / Cross-cutting themes")),
            excel.Column(_("Topic of the lesson")), excel.Column(_("Learning objectives")),
            excel.Column(_("Number of hours"), "number"), excel.Column(_("Kind")), excel.Column(_("Note")),
        ]  # fmt: skip
        rows = [
            (
                one.quarter,
                one.section,
                one.topic,
                one.objectives,
                one.hours,
                str(KIND_LABELS[one.kind]),
                one.note,
            )
            for one in queries.lines_of(plan.pk)
        ]
        return excel.response(title_of(plan), [excel.Sheet(title_of(plan), columns, rows)])


def _lesson(request: Request, lesson_plan_id: UUID) -> tuple[LessonPlan, LessonPaper, str]:
    row = queries.get_lesson_plan(actor=request.actor, lesson_plan_id=lesson_plan_id)
    language = language_of(request, row.language)
    paper = printing.lesson_paper(row, queries.stages(row.pk), actor=request.actor, language=language)
    return row, paper, language


@require_GET
@requires(permissions.VIEW, permissions.WRITE)
def lesson_pdf(request: Request, lesson_plan_id: UUID) -> HttpResponse:
    """The lesson plan in the form of its day."""
    row, paper, language = _lesson(request, lesson_plan_id)
    _lesson_taken(request, row, "pdf")
    day = row.day or clock.today()
    printed = documents.render("plans.lesson", paper, language=language, actor=request.actor, on=day)
    return file(printed.content, f"{row.topic}.pdf", "application/pdf", inline=True)


@require_GET
@requires(permissions.VIEW, permissions.WRITE)
def lesson_word(request: Request, lesson_plan_id: UUID) -> HttpResponse:
    """The same as a Word document."""
    row, paper, language = _lesson(request, lesson_plan_id)
    _lesson_taken(request, row, "docx")
    blocks = printing.lesson_blocks(paper, language=language, school=_school(language))
    return file(word.write(blocks), f"{row.topic}.docx", word.MEDIA_TYPE)


def _school(language: str) -> str:
    head = letterhead_on(clock.today())
    return head.name_ru if language == "ru" else head.name_kk
