"""Courses follow plans; lines are laid over lessons and laid anew when lessons go, come or move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.plans import permissions, queries
from modules.plans.models import Follower, LessonPlan, Line, Placement, Plan
from modules.plans.queries.dates import placed
from modules.plans.services.plans import held

Quarters = Mapping[int, tuple[date, date]]


class NotYourCourse(DomainError):
    message = _("This class is not yours, or it is taught another subject or in another grade.")
    code = "not_your_course"


@transaction.atomic
def follow(*, actor: Actor, plan_id: UUID, course_ids: Iterable[UUID]) -> int:
    """Let exactly these of the actor's courses follow the plan and lay it over their lessons; answer how many follow.

    A course that followed another plan leaves it. Raises NotFound, NotYourCourse.
    """
    plan = held(actor=actor, plan_id=plan_id)
    mine = {course.id: plan_of for course, plan_of in queries.courses_for(actor=actor, plan=plan)}
    wanted = set(course_ids)
    if wanted - mine.keys():
        raise NotYourCourse
    leaving = [key for key, plan_of in mine.items() if plan_of == plan.pk and key not in wanted]
    Follower.objects.filter(course_id__in=leaving).delete()
    Placement.objects.filter(course_id__in=leaving).delete()
    joining = [key for key in wanted if mine[key] != plan.pk]
    Follower.objects.bulk_create(
        [Follower(course_id=key, plan=plan) for key in joining],
        update_conflicts=True,
        unique_fields=["course_id"],
        update_fields=["plan"],
    )
    lay(plan, sorted(wanted))
    if leaving or joining:
        audit.record(
            actor=actor,
            action="plans.courses.follow",
            object_type="plan",
            object_id=plan.pk,
            details={"joined": [str(one) for one in joining], "left": [str(one) for one in leaving]},
        )
    return len(wanted)


def lay_plan(plan: Plan) -> None:
    """Lay the plan over the lessons of all courses that follow it. The caller changed its lines."""
    lay(plan, queries.followers(plan.pk))


def lay(plan: Plan, course_ids: Sequence[UUID]) -> int:
    """Write what stands at which lesson; answer how many lines came to another day."""
    lines = queries.lines_of(plan.pk) if course_ids else []
    quarters = queries.spans(plan.year) if course_ids else {}
    return sum(_lay_course(one, lines, quarters) for one in course_ids)


def _lay_course(course_id: UUID, lines: Sequence[Line], quarters: Quarters) -> int:
    before = placed(course_id)
    found = queries.course_dates(course_id=course_id, title="", lines=lines, quarters=quarters, known=before)
    origins = {line.pk: line.origin_id for line in lines}
    after = {
        one.lesson_id: Placement(
            lesson_id=one.lesson_id,
            course_id=course_id,
            origin_id=origins[one.line_id],
            part=one.part,
            day=one.day,
            was_day=one.was_day,
        )
        for one in found.dated
        if one.lesson_id is not None and one.day is not None
    }
    same = {key for key, one in after.items() if key in before and _facts(before[key]) == _facts(one)}
    Placement.objects.filter(course_id=course_id).exclude(lesson_id__in=same).delete()
    Placement.objects.bulk_create(one for key, one in after.items() if key not in same)
    _move_lesson_plans(course_id, before, after)
    return sum(1 for one in after.values() if one.was_day is not None)


def _move_lesson_plans(
    course_id: UUID, before: Mapping[UUID, Placement], after: Mapping[UUID, Placement]
) -> None:
    """Lesson plans go with their lines to other lessons; one at a held lesson stays, for its line stays."""
    there = {(one.origin_id, one.part): one for one in after.values()}
    moved = {
        key: now
        for key, then in before.items()
        if (now := there.get((then.origin_id, then.part))) is not None and now.lesson_id != key
    }
    for row in LessonPlan.objects.filter(course_id=course_id, lesson_id__in=moved):
        now = moved.get(row.lesson_id) if row.lesson_id else None
        if now is not None and now.origin_id == row.line_origin_id:
            row.lesson_id, row.day = now.lesson_id, now.day
            row.save(update_fields=["lesson_id", "day"])


def _facts(one: Placement) -> tuple[object, ...]:
    return (one.origin_id, one.part, one.day, one.was_day)


@transaction.atomic
def lay_year(*, actor: Actor, year: str) -> int:
    """Lay anew all plans of the year that courses follow: its lessons were laid or its days changed. Safe to repeat."""
    require(actor, permissions.APPROVE)
    followed = set(Follower.objects.filter(plan__year=year).values_list("plan_id", flat=True))
    plans = Plan.objects.select_for_update().filter(pk__in=followed).order_by("pk")
    return sum(lay(plan, queries.followers(plan.pk)) for plan in plans)


@transaction.atomic
def note_moves(*, actor: Actor, plan_id: UUID, course_id: UUID) -> None:
    """The teacher has seen which lines came to another day. Raises NotFound."""
    plan = held(actor=actor, plan_id=plan_id)
    if Follower.objects.filter(pk=course_id, plan=plan).exists():
        lay(plan, [course_id])
        Placement.objects.filter(course_id=course_id).exclude(was_day=None).update(was_day=None)


def take_over(*, before: UUID, plan: Plan) -> None:
    """Courses of the version before follow the new one. The caller approves it."""
    Follower.objects.filter(plan_id=before).update(plan=plan)
    lay_plan(plan)
