"""A plan over the dated lessons of the courses that follow it. What is shown is reckoned from today's lessons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import connection

from kernel import clock
from kernel.access import Actor
from modules.plans.data import CourseDates, Dated, PlannedTopic, PlannedWork, State
from modules.plans.models import Follower, Line, Placement, Plan
from modules.plans.queries.plans import followers, lines_of, spans
from modules.plans.rules.laying import Place, Unit, lay
from modules.schedule import api as schedule
from modules.schedule.data import LessonInfo


def units_of(lines: Sequence[Line]) -> list[Unit]:
    """The hours of the lines, each one lesson."""
    return [
        Unit(line.origin_id, part, line.quarter, line.kind)
        for line in lines
        for part in range(1, line.hours + 1)
    ]


def placed(course_id: UUID) -> dict[UUID, Placement]:
    """What stands at each lesson of the course, as it was laid last."""
    return {one.lesson_id: one for one in Placement.objects.filter(course_id=course_id)}


def course_dates(
    *,
    course_id: UUID,
    title: str,
    lines: Sequence[Line],
    quarters: Mapping[int, tuple[date, date]],
    known: Mapping[UUID, Placement] | None = None,
) -> CourseDates:
    """The lines over the course's lessons of today. The caller has checked the right to the course or the plan."""
    if not quarters:
        return CourseDates(course_id, title, (), tuple(_loose(lines)))
    stored = placed(course_id) if known is None else known
    found = schedule.lessons_of_course(
        course_id=course_id,
        start=min(start for start, __ in quarters.values()),
        end=max(end for __, end in quarters.values()),
    )
    taught = [one for one in found if not one.is_cancelled]
    kept = {key: (one.origin_id, one.part) for key, one in stored.items()}
    laid = lay(units_of(lines), [_place(one, quarters) for one in taught], kept)
    before = {(one.origin_id, one.part): one for one in stored.values()}
    by_origin = {line.origin_id: line for line in lines}
    today = clock.today()
    dated = []
    for lesson in taught:
        unit = laid.at.get(lesson.id)
        if unit is None:
            continue
        line, then = by_origin[unit.origin], before.get(unit.key)
        was = (then.was_day or then.day) if then else None
        dated.append(
            replace(
                _shape(line, unit.part),
                lesson_id=lesson.id,
                day=lesson.date,
                number=lesson.number,
                is_held=lesson.date < today,
                was_day=was if was != lesson.date else None,
                said=lesson.topic,
            )
        )
    loose = tuple(_shape(by_origin[unit.origin], unit.part) for unit in laid.without)
    empty = tuple((one.id, one.date, one.number) for one in taught if one.id not in laid.at)
    return CourseDates(course_id, title, tuple(dated), loose, empty)


def _place(lesson: LessonInfo, quarters: Mapping[int, tuple[date, date]]) -> Place:
    quarter = next((n for n, (start, end) in quarters.items() if start <= lesson.date <= end), 0)
    return Place(lesson.id, lesson.date, lesson.number, quarter, lesson.date < clock.today())


def _shape(line: Line, part: int) -> Dated:
    return Dated(line.pk, part, line.hours, line.kind, line.topic, line.quarter)


def _loose(lines: Sequence[Line]) -> list[Dated]:
    return [_shape(line, part) for line in lines for part in range(1, line.hours + 1)]


def dates_of(*, actor: Actor, plan: Plan, lines: Sequence[Line]) -> list[CourseDates]:
    """The plan over each course that follows it, by class. The caller has got the plan."""
    wanted = set(followers(plan.pk))
    if not wanted:
        return []
    quarters = spans(plan.year)
    return [
        course_dates(course_id=one.id, title=one.title, lines=lines, quarters=quarters)
        for one in schedule.courses(actor=actor, year=plan.year)
        if one.id in wanted
    ]


def planned_topics(*, course_id: UUID) -> dict[UUID, PlannedTopic]:
    """What the plan says for the lessons of the course; empty when it follows none. The caller has checked the right
    to the course."""
    follower = Follower.objects.select_related("plan").filter(pk=course_id).first()
    if follower is None:
        return {}
    plan = follower.plan
    lines = lines_of(plan.pk)
    by_id = {line.pk: line for line in lines}
    found = course_dates(course_id=course_id, title="", lines=lines, quarters=spans(plan.year))
    return {
        one.lesson_id: PlannedTopic(
            lesson_id=one.lesson_id,
            line_id=one.line_id,
            plan_id=plan.pk,
            kind=one.kind,
            topic=one.topic,
            objectives=by_id[one.line_id].objectives,
            is_approved=plan.state == State.APPROVED,
        )
        for one in found.dated
        if one.lesson_id is not None
    }


# A line of two hours is one work: it stands at the first.
_WORKS = """
SELECT p.course_id, l.kind, p.lesson_id, p.day, l.topic
FROM plans_placement p JOIN plans_follower f ON f.course_id = p.course_id
JOIN plans_line l ON l.plan_id = f.plan_id AND l.origin_id = p.origin_id
WHERE p.course_id = ANY(%s) AND p.day BETWEEN %s AND %s AND p.part = 1 AND l.kind IN ('sor', 'soch')
ORDER BY p.day, l.position
"""


def planned_works(*, course_ids: Collection[UUID], start: date, end: date) -> dict[UUID, list[PlannedWork]]:
    """СОР and СОЧ as they were laid last, by course. The caller has checked the right to the courses."""
    found: dict[UUID, list[PlannedWork]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WORKS, [list(course_ids), start, end])
        for course, kind, lesson, day, topic in cursor.fetchall():
            found.setdefault(course, []).append(PlannedWork(kind, lesson, day, topic))
    return found
