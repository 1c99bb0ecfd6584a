"""СОР and СОЧ: put at a lesson with their maximum, with the rules of the order told as they are broken."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import audit
from kernel.access import Actor, Scope, require
from kernel.errors import DomainError, NotFound
from modules.journal import permissions, queries, rules
from modules.journal.models import Mark, SummativeWork
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo


class MaximumOutOfBounds(DomainError):
    message = gettext_lazy("The maximum is from {low} to {high} points.")
    code = "maximum_out_of_bounds"


class SummativeDayTaken(DomainError):
    message = gettext_lazy("This lesson has a summative work already.")
    code = "summative_day_taken"


class WorkHasMarks(DomainError):
    message = gettext_lazy("The work has marks. Clear them first.")
    code = "work_has_marks"


class NoSummativeHere(DomainError):
    message = gettext_lazy("This subject has no such works.")
    code = "no_summative_here"


class MaximumBelowMarks(DomainError):
    message = gettext_lazy("There is already a mark of {points} points.")
    code = "maximum_below_marks"


def _course_to_write(actor: Actor, course_id: UUID) -> CourseInfo:
    scopes = require(actor, permissions.SET_MARKS)
    course = schedule.course(actor=actor, course_id=course_id)
    if Scope.SCHOOL not in scopes and (actor.person_id is None or course.teacher_id != actor.person_id):
        raise NotFound
    return course


def _lesson_period(course: CourseInfo, lesson_id: UUID) -> tuple[date, PeriodInfo | None]:
    found = schedule.lessons_of_course(course_id=course.id, start=date.min, end=date.max)
    lesson = next((one for one in found if one.id == lesson_id), None)
    if lesson is None:
        raise NotFound
    return lesson.date, schedule.period_of(lesson.date, kind=course.period_kind)


@transaction.atomic
def add_work(
    *, actor: Actor, course_id: UUID, lesson_id: UUID, kind: str, maximum: int, title: str = ""
) -> SummativeWork:
    """Put a СОР or a СОЧ at the lesson. Raises NotFound, NoSummativeHere, MaximumOutOfBounds or SummativeDayTaken."""
    course = _course_to_write(actor, course_id)
    _lesson_period(course, lesson_id)
    rule = queries.rule_of(course)
    if (kind == "sor" and not rule.sor) or (kind == "soch" and not rule.soch) or kind not in {"sor", "soch"}:
        raise NoSummativeHere
    low, high = rules.sor_bounds(course.grade) if kind == "sor" else (1, 100)
    if not low <= maximum <= high:
        raise MaximumOutOfBounds(low=low, high=high)
    try:
        with transaction.atomic():
            row = SummativeWork.objects.create(
                lesson_id=lesson_id, kind=kind, maximum=maximum, title=title[:200]
            )
    except IntegrityError as taken:
        raise SummativeDayTaken from taken
    audit.record(
        actor=actor,
        action="journal.work.added",
        object_type="work",
        object_id=row.pk,
        details={"kind": kind, "maximum": maximum},
    )
    return row


@transaction.atomic
def remove_work(*, actor: Actor, course_id: UUID, work_id: UUID) -> None:
    """Take the work off its lesson while it has no marks. Raises NotFound or WorkHasMarks."""
    _course_to_write(actor, course_id)
    row = (
        SummativeWork.objects.select_for_update(of=("self",))
        .filter(pk=work_id, lesson__course_id=course_id)
        .first()
    )
    if row is None:
        raise NotFound
    if Mark.objects.filter(lesson_id=row.lesson_id, kind=row.kind, points__isnull=False).exists():
        raise WorkHasMarks
    row.delete()
    audit.record(actor=actor, action="journal.work.removed", object_type="work", object_id=work_id)


_SAME_DAY = """
SELECT count(DISTINCT c.subject_code) FILTER (WHERE w.kind = 'soch' AND c.subject_code <> %(subject)s),
       count(*) FILTER (WHERE c.subject_code = %(subject)s)
FROM journal_summativework w JOIN schedule_lesson l ON l.id = w.lesson_id JOIN schedule_course c ON c.id = l.course_id
WHERE l.school_class_id = %(class)s AND l.date = %(day)s AND l.state = 'held' AND l.id <> %(lesson)s
"""


def warnings_for(*, actor: Actor, course_id: UUID, lesson_id: UUID, kind: str) -> list[str]:
    """Rules of the order that a work at this lesson would break, as sentences; empty when none."""
    course = queries.open_course(actor=actor, course_id=course_id)
    day, period = _lesson_period(course, lesson_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _SAME_DAY,
            {
                "subject": course.subject_code,
                "class": course.school_class_id,
                "day": day,
                "lesson": lesson_id,
            },
        )
        [(others, same)] = cursor.fetchall()
    found = []
    limit = rules.daily_soch_limit()
    if kind == "soch" and others >= limit:
        found.append(
            ngettext(
                "The class already has {count} SOCH on this day; no more than three are allowed.",
                "The class already has {count} SOCH on this day; no more than three are allowed.",
                others,
            ).format(count=others)
        )
    if same:
        found.append(_("SOR and SOCH of one subject are not held on one day."))
    if period is not None:
        if kind == "soch" and _is_last_day(course, period, day):
            found.append(_("SOCH is not held on the last day of the quarter."))
        works = queries.works_of(course_id=course.id, period=period)
        if kind == "sor" and sum(w.kind == "sor" for w in works) >= rules.quarterly_sor_limit():
            found.append(_("There are already three SOR in this quarter."))
    return found


def _is_last_day(course: CourseInfo, period: PeriodInfo, day: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(date) FROM schedule_lesson WHERE school_class_id = %s AND date BETWEEN %s AND %s AND state = 'held'",
            [course.school_class_id, period.start, period.end],
        )
        [(last,)] = cursor.fetchall()
    return last == day
