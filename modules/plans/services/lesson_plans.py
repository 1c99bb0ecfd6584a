"""Lesson plans: begun from a line of a plan or from another lesson plan, saved whole, copied, opened, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import Conflict, NotFound
from kernel.ids import uuid7
from modules.plans import permissions, queries
from modules.plans.data import Part
from modules.plans.models import LessonPlan, Line, Stage
from modules.schedule import api as schedule

# A lesson of forty-five minutes, as most schools divide it; the teacher changes it.
_USUAL = ((Part.START, 5), (Part.MIDDLE, 35), (Part.END, 5))


@dataclass(frozen=True, slots=True)
class StageValues:
    part: str
    minutes: int | None = None
    teacher: str = ""
    pupils: str = ""
    assessment: str = ""
    resources: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPlanValues:
    """What the form of a lesson plan holds."""

    topic: str
    section: str = ""
    objectives: str = ""
    purpose: str = ""
    differentiation: str = ""
    reflection: str = ""
    stages: Sequence[StageValues] = field(default=())


_TEXTS = ("topic", "section", "objectives", "purpose", "differentiation", "reflection")
_OF_STAGE = ("part", "minutes", "teacher", "pupils", "assessment", "resources")


def _owned(*, actor: Actor, lesson_plan_id: UUID) -> LessonPlan:
    require(actor, permissions.WRITE)
    row = LessonPlan.objects.select_for_update().filter(pk=lesson_plan_id).first()
    if row is None or not queries.may_edit_lesson_plan(actor, row):
        raise NotFound
    return row


def _facts(row: LessonPlan) -> dict[str, object]:
    return {"subject": row.subject_code, "grade": row.grade}


def _at(course_id: UUID | None, lesson_id: UUID | None, *, actor: Actor) -> date | None:
    """The day of the lesson; raises NotFound for a lesson of another course."""
    if course_id is None or lesson_id is None:
        return None
    course = schedule.course(actor=actor, course_id=course_id)
    found = schedule.lessons_of_course(course_id=course.id, start=date.min, end=date.max)
    lesson = next((one for one in found if one.id == lesson_id), None)
    if lesson is None:
        raise NotFound
    return lesson.date


@transaction.atomic
def start_lesson_plan(
    *,
    actor: Actor,
    line: Line,
    source_id: UUID | None = None,
    course_id: UUID | None = None,
    lesson_id: UUID | None = None,
) -> LessonPlan:
    """A lesson plan of one's own for the line (and the lesson): topic and objectives from the line, the rest empty or
    from another lesson plan. Raises NotFound."""
    require(actor, permissions.WRITE)
    plan = line.plan
    row = LessonPlan(
        line_origin_id=line.origin_id,
        course_id=course_id,
        lesson_id=lesson_id,
        day=_at(course_id, lesson_id, actor=actor),
        year=plan.year,
        subject_code=plan.subject_code,
        grade=plan.grade,
        language=plan.language,
        author_id=actor.person_id,
        author_name=actor.name,
        section=line.section,
        topic=line.topic or str(line.get_kind_display()),
        objectives=line.objectives,
        changed_at=clock.now(),
    )
    if source_id is not None:
        source = queries.get_lesson_plan(actor=actor, lesson_plan_id=source_id)
        row.copied_from_id = source.pk
        for name in ("purpose", "differentiation", "reflection"):
            setattr(row, name, getattr(source, name))
    row.save(force_insert=True)
    if source_id is not None:
        _copy_stages(source_id, row)
    else:
        Stage.objects.bulk_create(
            Stage(lesson_plan=row, position=place, part=part, minutes=minutes)
            for place, (part, minutes) in enumerate(_USUAL)
        )
    audit.record(
        actor=actor,
        action="plans.lesson_plan.made",
        object_type="lesson_plan",
        object_id=row.pk,
        details=_facts(row),
    )
    return row


@transaction.atomic
def copy_lesson_plan(
    *, actor: Actor, lesson_plan_id: UUID, course_id: UUID | None = None, lesson_id: UUID | None = None
) -> LessonPlan:
    """One's own copy of a lesson plan, for another lesson or for none yet. Raises NotFound."""
    require(actor, permissions.WRITE)
    row = queries.get_lesson_plan(actor=actor, lesson_plan_id=lesson_plan_id)
    row.copied_from_id = row.pk
    row.pk, row._state.adding = uuid7(), True
    row.course_id, row.lesson_id, row.day = course_id, lesson_id, _at(course_id, lesson_id, actor=actor)
    row.author_id, row.author_name, row.is_shared = actor.person_id, actor.name, False
    row.year, row.revision, row.changed_at = clock.school_year_of(clock.today()), 0, clock.now()
    row.save(force_insert=True)
    _copy_stages(lesson_plan_id, row)
    audit.record(
        actor=actor,
        action="plans.lesson_plan.made",
        object_type="lesson_plan",
        object_id=row.pk,
        details=_facts(row),
    )
    return row


def _copy_stages(source_id: UUID, into: LessonPlan) -> None:
    stages = queries.stages(source_id)
    for one in stages:
        one.pk, one.lesson_plan, one._state.adding = uuid7(), into, True
    Stage.objects.bulk_create(stages)


@transaction.atomic
def save_lesson_plan(
    *, actor: Actor, lesson_plan_id: UUID, values: LessonPlanValues, seen: int
) -> LessonPlan:
    """Save the whole form, if nobody saved it since it was opened (`seen` is the revision then).

    Raises NotFound, Conflict.
    """
    row = _owned(actor=actor, lesson_plan_id=lesson_plan_id)
    if row.revision != seen:
        raise Conflict
    for name in _TEXTS:
        setattr(row, name, getattr(values, name).strip())
    row.revision, row.changed_at = row.revision + 1, clock.now()
    row.save(update_fields=[*_TEXTS, "revision", "changed_at"])
    row.stages.all().delete()
    Stage.objects.bulk_create(
        Stage(lesson_plan=row, position=place, **{name: getattr(one, name) for name in _OF_STAGE})
        for place, one in enumerate(values.stages)
    )
    audit.record(
        actor=actor,
        action="plans.lesson_plan.saved",
        object_type="lesson_plan",
        object_id=row.pk,
        details=_facts(row),
    )
    return row


@transaction.atomic
def share_lesson_plan(*, actor: Actor, lesson_plan_id: UUID, shared: bool) -> LessonPlan:
    """Open the lesson plan to colleagues, or close it again. Raises NotFound."""
    row = _owned(actor=actor, lesson_plan_id=lesson_plan_id)
    row.is_shared = shared
    row.save(update_fields=["is_shared"])
    audit.record(
        actor=actor,
        action="plans.lesson_plan.shared",
        object_type="lesson_plan",
        object_id=row.pk,
        details=_facts(row) | {"shared": shared},
    )
    return row


@transaction.atomic
def delete_lesson_plan(*, actor: Actor, lesson_plan_id: UUID) -> None:
    """Delete one's lesson plan. Raises NotFound."""
    row = _owned(actor=actor, lesson_plan_id=lesson_plan_id)
    audit.record(
        actor=actor,
        action="plans.lesson_plan.deleted",
        object_type="lesson_plan",
        object_id=row.pk,
        details=_facts(row),
    )
    row.delete()
