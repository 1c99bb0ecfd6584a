"""What courses still lack in a quarter: as their plans say, else as the school usually has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from kernel import clock
from modules.journal import rules as marks
from modules.journal.planner import rules
from modules.journal.planner.rules import Book, Place, Wish
from modules.plans import api as plans
from modules.schedule.data import CourseInfo, PeriodInfo
from modules.school import api as school

USUAL_SOR = "journal.usual_sor"
USUAL_SOR_POINTS = "journal.usual_sor_points"


def wishes_of(
    courses: Sequence[tuple[CourseInfo, tuple[str, ...]]],
    book: Book,
    lessons: Mapping[UUID, list[Place]],
    period: PeriodInfo,
) -> list[Wish]:
    """What the courses still lack in the quarter: as their plans say, else as the school usually has it."""
    today = clock.today()
    if period.is_closed or period.end <= today:
        return []
    usual = int(school.setting_values(USUAL_SOR)[USUAL_SOR])
    planned = plans.planned_works(course_ids=[c.id for c, __ in courses], start=period.start, end=period.end)
    found: list[Wish] = []
    for course, kinds in courses:
        all_of = lessons.get(course.id, [])
        if not all_of:
            continue
        ahead = [place for place in all_of if place.day > today]
        last = book.last_days.get(course.school_class_id, period.end)
        laid = planned.get(course.id, [])
        loose: list[str] = []
        for kind in kinds:
            standing = [one for one in book.of_course(course.id) if one.kind == kind]
            dates = [one.day for one in laid if one.kind == kind]
            # A half-year subject has few lessons: one СОР a quarter is enough.
            most = usual if course.period_kind == "quarter" else min(usual, 1)
            wanted = len(dates) if dates else 1 if kind == "soch" else 0 if laid else most
            lacking = max(
                0, (1 if kind == "soch" else min(wanted, marks.quarterly_sor_limit())) - len(standing)
            )
            free = [day for day in dates[len(standing) :] if day > today]
            found += [wish_for(course, kind, ahead, day, is_planned=True) for day in free[:lacking]]
            loose += [kind] * (lacking - len(free[:lacking]))
        for kind, best in zip(loose, rules.best_days(loose, ahead, last), strict=True):
            found.append(wish_for(course, kind, ahead, best))
    return found


def wish_for(
    course: CourseInfo, kind: str, places: Sequence[Place], best: date, *, is_planned: bool = False
) -> Wish:
    return Wish(
        course.id, course.school_class_id, course.subject_code, course.group, kind, places, best, is_planned
    )
