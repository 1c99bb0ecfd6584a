"""What those above may ask of plans: the topics planned for lessons, and for those who fill a school, making plans."""

from __future__ import annotations

from uuid import UUID

from modules.plans import queries
from modules.plans.data import NewLine, PlannedTopic
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
    "StageValues",
    "add_lines",
    "agree",
    "answer",
    "approve",
    "follow",
    "make_plan",
    "planned_topics",
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
