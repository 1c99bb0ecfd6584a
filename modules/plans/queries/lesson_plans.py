"""Lesson plans: one's own, those that colleagues opened, and for who approves plans, all."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.plans import permissions
from modules.plans.models import LessonPlan, Stage


def lesson_plans(*, actor: Actor) -> QuerySet[LessonPlan]:
    """Lesson plans open to the actor."""
    if not actor.may(permissions.VIEW):
        require(actor, permissions.WRITE)
    rows = LessonPlan.objects.all()
    if actor.reaches_school(permissions.APPROVE):
        return rows
    mine = Q(author_id=actor.person_id) if actor.person_id else Q(pk=None)
    return rows.filter(mine | Q(is_shared=True) if actor.may(permissions.VIEW) else mine)


def get_lesson_plan(*, actor: Actor, lesson_plan_id: UUID) -> LessonPlan:
    """One lesson plan; what is not open is not there (NotFound)."""
    row = lesson_plans(actor=actor).filter(pk=lesson_plan_id).first()
    if row is None:
        raise NotFound
    return row


def may_edit_lesson_plan(actor: Actor, row: LessonPlan) -> bool:
    scopes = actor.scopes(permissions.WRITE)
    return Scope.SCHOOL in scopes or (bool(scopes) and actor.person_id == row.author_id is not None)


def stages(lesson_plan_id: UUID) -> list[Stage]:
    return list(Stage.objects.filter(lesson_plan_id=lesson_plan_id).order_by("position"))


def like_it(
    *, actor: Actor, subject_code: str, grade: int, topic: str, line_origin_id: UUID | None
) -> list[LessonPlan]:
    """Lesson plans from which one for the line may begin: of the same line first, then of the same topic, then the
    newest of the subject and grade."""
    rows = (
        lesson_plans(actor=actor).filter(subject_code=subject_code, grade=grade).order_by("-changed_at", "id")
    )
    return sorted(
        rows[:40],
        key=lambda one: (one.line_origin_id != line_origin_id, one.topic.lower() != topic.lower()),
    )[:12]
