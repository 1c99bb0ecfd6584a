"""The papers of this module: the medium-term plan and the lesson plan, in the columns of order 130.

The columns of the plan and the rows of the lesson plan are quoted from the edition of 30 April 2025 by who used it; the
older lesson plan had the resources before the assessment. Numbers of the annexes are not known for sure and stand nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from documents.registry import form
from documents.word import Align, Block, Cell, Paragraph, Run, Table
from kernel.access import Actor
from modules.plans import queries
from modules.plans.data import KIND_LABELS, PART_LABELS, CourseDates, Kind
from modules.plans.models import LessonPlan, Line, Plan, Stage
from modules.plans.papers import LessonPaper, PlanLine, PlanPaper, PlanQuarter, StagePaper
from modules.plans.ports import attendance_of
from modules.schedule import api as schedule
from tenants import reference

ROMAN = ("", "І", "ІІ", "ІІІ", "ІV")


def plan_paper(plan: Plan, *, actor: Actor, language: str, course_id: UUID | None = None) -> PlanPaper:
    """The plan as it is printed, with the days of the course, else of all that follow it."""
    lines = queries.lines_of(plan.pk)
    courses = queries.dates_of(actor=actor, plan=plan, lines=lines)
    shown = [one for one in courses if course_id is None or one.course_id == course_id]
    days = _days(shown)
    with translation.override(language):
        subject = reference.subject(plan.subject_code)
        hours = sum(line.hours for line in lines)
        labels = [one.title.partition(" · ")[0] for one in shown]
        return PlanPaper(
            subject=f"{subject.name} – {plan.grade}" + (f", {plan.name}" if plan.name else ""),
            classes=", ".join(labels),
            total=gettext("Hours in all: {total}, a week: {weekly}").format(
                total=hours, weekly=f"{plan.hours_per_week:g}".replace(".", ",")
            ),
            year=plan.year,
            author=plan.author_name,
            agreed=_signed(plan.agreed_by_name, plan.agreed_on),
            approved=_signed(plan.approved_by_name, plan.approved_on),
            quarters=tuple(_quarter(n, lines, days) for n in (1, 2, 3, 4)),
        )


def _signed(name: str, day: object) -> str:
    return f"{name}, {day:%d.%m.%Y}" if name and day else ""


def _days(courses: Sequence[CourseDates]) -> dict[UUID, str]:
    """Days of each line; with the class before them where several classes follow the plan."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for course in courses:
        own: dict[UUID, list[str]] = defaultdict(list)
        for one in course.dated:
            if one.day is not None:
                own[one.line_id].append(f"{one.day:%d.%m}")
        for line_id, days in own.items():
            head = f"{course.title.partition(' · ')[0]}: " if len(courses) > 1 else ""
            found[line_id].append(head + ", ".join(days))
    return {key: "\n".join(texts) for key, texts in found.items()}


def _quarter(number: int, lines: Sequence[Line], days: dict[UUID, str]) -> PlanQuarter:
    mine = [line for line in lines if line.quarter == number]
    before = sum(line.quarter < number for line in lines)
    hours = sum(line.hours for line in mine)
    return PlanQuarter(
        title=pgettext("head of a paper", "Quarter {number}").format(number=ROMAN[number]),
        total=ngettext("{n} hour", "{n} hours", hours).format(n=hours),
        lines=tuple(
            PlanLine(
                number=str(before + place),
                section=line.section,
                topic=_topic(line),
                objectives=line.objectives,
                hours=str(line.hours),
                dates=days.get(line.pk, ""),
                note=line.note,
            )
            for place, line in enumerate(mine, 1)
        ),
    )


def _topic(line: Line) -> str:
    """A СОР, СОЧ or a reserve without words of its own is named by its kind."""
    if line.kind == Kind.LESSON or line.topic:
        return line.topic
    return str(KIND_LABELS[line.kind])


def lesson_paper(row: LessonPlan, stages: Sequence[Stage], *, actor: Actor, language: str) -> LessonPaper:
    """The lesson plan as it is printed; who was there comes from the journal, once the lesson was held."""
    course = schedule.course(actor=actor, course_id=row.course_id) if row.course_id else None
    there = attendance_of(row.lesson_id) if row.lesson_id else None
    with translation.override(language):
        return LessonPaper(
            section=row.section,
            teacher=row.author_name,
            date=f"{row.day:%d.%m.%Y}" if row.day else "",
            school_class=course.class_label if course else str(row.grade),
            present=str(there[0]) if there else "",
            absent=str(there[1]) if there else "",
            topic=row.topic,
            objectives=row.objectives,
            purpose=row.purpose,
            stages=tuple(
                StagePaper(
                    stage=_stage(one),
                    teacher=one.teacher,
                    pupils=one.pupils,
                    assessment=one.assessment,
                    resources=one.resources,
                )
                for one in stages
            ),
            differentiation=row.differentiation,
            reflection=row.reflection,
        )


def _stage(one: Stage) -> str:
    label = str(PART_LABELS[one.part])
    if one.minutes is None:
        return label
    return label + "\n" + ngettext("{n} minute", "{n} minutes", one.minutes).format(n=one.minutes)


# --- Word


def plan_blocks(paper: PlanPaper, *, language: str, school: str) -> list[Block]:
    """The plan as a Word document: the same words in the same columns."""
    with translation.override(language):
        words = {key: str(text) for key, text in PLAN.items()}
    heads = ("no", "section", "topic", "objectives", "hours", "dates", "note")
    rows = [tuple(_cell(words[key], bold=True) for key in heads)]
    for quarter in paper.quarters:
        if quarter.lines:
            rows.append((_cell(f"{quarter.title} – {quarter.total}", bold=True, span=7, align="center"),))
        rows += [
            tuple(
                _cell(text)
                for text in (
                    one.number,
                    one.section,
                    one.topic,
                    one.objectives,
                    one.hours,
                    one.dates,
                    one.note,
                )
            )
            for one in quarter.lines
        ]
    signed = [
        f"{words[key]}: {text}"
        for key, text in (("agreed", paper.agreed), ("approved", paper.approved))
        if text
    ]
    return [
        _line(school, align="center"),
        _line(words["heading"], bold=True, align="center"),
        _line(" · ".join(filter(None, (paper.subject, paper.classes, paper.year))), align="center"),
        _line(paper.total, align="center"),
        Table(tuple(rows), (4, 16, 24, 28, 6, 9, 13)),
        _line(f"{words['author']}: {paper.author}"),
        *(_line(text) for text in signed),
    ]


def lesson_blocks(paper: LessonPaper, *, language: str, school: str) -> list[Block]:
    """The lesson plan as a Word document."""
    with translation.override(language):
        words = {key: str(text) for key, text in LESSON.items()}
    rows = [
        (_cell(words["section"], bold=True), _cell(paper.section, span=2)),
        (_cell(words["teacher"], bold=True), _cell(paper.teacher, span=2)),
        (_cell(words["date"], bold=True), _cell(paper.date, span=2)),
        (
            _cell(f"{words['class']}: {paper.school_class}"),
            _cell(f"{words['present']}: {paper.present}"),
            _cell(f"{words['absent']}: {paper.absent}"),
        ),
        (_cell(words["topic"], bold=True), _cell(paper.topic, span=2)),
        (_cell(words["objectives"], bold=True), _cell(paper.objectives, span=2)),
        (_cell(words["purpose"], bold=True), _cell(paper.purpose, span=2)),
    ]
    heads = ("stage", "actions", "pupils", "assessment", "resources")
    course = [tuple(_cell(words[key], bold=True) for key in heads)]
    course += [
        tuple(_cell(text) for text in (one.stage, one.teacher, one.pupils, one.assessment, one.resources))
        for one in paper.stages
    ]
    after = [
        (_cell(words[key], bold=True), _cell(text))
        for key, text in (("differentiation", paper.differentiation), ("reflection", paper.reflection))
        if text
    ]
    return [
        _line(school, align="center"),
        _line(words["heading"], bold=True, align="center"),
        _line(paper.topic, align="center"),
        Table(tuple(rows), (30, 35, 35)),
        _line(words["course"], bold=True, align="center"),
        Table(tuple(course), (16, 30, 24, 15, 15)),
        *([Table(tuple(after), (30, 70))] if after else []),
    ]


def _line(text: str, *, bold: bool = False, align: Align = "left") -> Paragraph:
    return Paragraph((Run(text, bold=bold),), align=align)


def _cell(text: str, *, bold: bool = False, span: int = 1, align: Align = "left") -> Cell:
    return Cell((_line(text, bold=bold, align=align),), span)


PLAN = {
    "heading": _("Medium-term (calendar-thematic) plan by subjects"),
    "no": "№",
    "section": _("Unit / Cross-cutting themes"),
    "topic": _("Topic of the lesson"),
    "objectives": _("Learning objectives"),
    "hours": _("Number of hours"),
    "dates": pgettext_lazy("words of order 130", "Dates"),
    "note": pgettext_lazy("words of order 130", "Note"),
    "author": pgettext_lazy("words of order 130", "Teacher"),
    "agreed": _("Agreed by the subject team"),
    "approved": _("Approved"),
}
LESSON = {
    "heading": _("Short-term (lesson) plan"),
    "topic_caption": _("topic of the lesson"),
    "section": _("Unit"),
    "teacher": _("Surname, name, patronymic (if any) of the teacher"),
    "date": pgettext_lazy("words of order 130", "Date"),
    "class": pgettext_lazy("words of order 130", "Class"),
    "present": _("Number of those present"),
    "absent": _("Number of those absent"),
    "topic": _("Topic of the lesson"),
    "objectives": _("Learning objectives in accordance with the curriculum"),
    "purpose": _("Objectives of the lesson"),
    "course": _("Course of the lesson"),
    "stage": _("Stage of the lesson / Time"),
    "actions": _("Teacher's actions"),
    "pupils": _("Pupils' actions"),
    "assessment": _("Assessment"),
    "resources": _("Resources"),
    "differentiation": _("Differentiation"),
    "reflection": _("Reflection"),
}
form(
    "plans.plan",
    _("Medium-term plan"),
    version=1,
    since="2020-08-01",
    template="plan.typ",
    data=PlanPaper,
    archived=False,
    texts=PLAN,
)
# Until the edition of 30 April 2025 the resources stood before the assessment.
form(
    "plans.lesson",
    _("Lesson plan"),
    version=1,
    since="2020-08-01",
    template="lesson.typ",
    data=LessonPaper,
    archived=False,
    texts=LESSON,
)
form(
    "plans.lesson",
    _("Lesson plan"),
    version=2,
    since="2025-04-30",
    template="lesson.typ",
    data=LessonPaper,
    archived=False,
    texts=LESSON,
)
