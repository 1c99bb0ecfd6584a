"""What those above may ask of plans: the topics planned for lessons, and for those who fill a school, making plans."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from modules.plans import queries
from modules.plans.data import NewLine, PlannedTopic, PlannedWork
from modules.plans.services import (
    LessonPlanValues,
    StageValues,
    add_lines,
    agree,
    answer,
    approve,
    follow,
    make_plan,
    save_lesson_plan,
    save_team,
    send,
    send_back,
    share_lesson_plan,
    share_plan,
    start_lesson_plan,
)

__all__ = [
    "LessonPlanValues",
    "NewLine",
    "PlannedTopic",
    "PlannedWork",
    "StageValues",
    "add_lines",
    "agree",
    "answer",
    "approve",
    "follow",
    "make_plan",
    "planned_topics",
    "planned_works",
    "save_lesson_plan",
    "save_team",
    "send",
    "send_back",
    "share_lesson_plan",
    "share_plan",
    "start_lesson_plan",
]


def planned_topics(*, course_id: UUID) -> dict[UUID, PlannedTopic]:
    """Topics that the course's plan has for its lessons, by lesson; empty when it follows none. The caller has checked
    the right to the course."""
    return queries.planned_topics(course_id=course_id)


def planned_works(*, course_ids: Collection[UUID], start: date, end: date) -> dict[UUID, list[PlannedWork]]:
    """СОР and СОЧ that the courses' plans have laid between the days, in order; one statement. The caller has checked
    the right to the courses."""
    return queries.planned_works(course_ids=course_ids, start=start, end=end)
