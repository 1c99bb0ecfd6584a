"""Changes of the planner: accepting what is proposed, moving a work to another lesson, a new one, its maximum."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.journal import permissions
from modules.journal import queries as journals
from modules.journal import rules as marks
from modules.journal.models import Mark, SummativeWork
from modules.journal.planner import notices, queries
from modules.journal.services.finals import PeriodIsClosed
from modules.journal.services.works import MaximumOutOfBounds, SummativeDayTaken, WorkHasMarks
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo
from modules.school import api as school


class ProposalChanged(DomainError):
    message = gettext_lazy(
        "The timetable or the works have changed meanwhile: look at the proposal once more."
    )
    code = "proposal_changed"


class AnotherQuarter(DomainError):
    message = gettext_lazy("The work stays in its quarter.")
    code = "another_quarter"


def usual_maximum(kind: str, grade: int) -> int:
    """The maximum of a new work until its teacher sets another."""
    if kind == "soch":
        return journals.school_options().usual_soch
    low, high = marks.sor_bounds(grade)
    return max(low, min(high, int(school.setting_values(queries.USUAL_SOR_POINTS)[queries.USUAL_SOR_POINTS])))


@transaction.atomic
def accept(*, actor: Actor, period_id: UUID, of: str, seen: str) -> int:
    """Put all that the calendar proposes, if it still proposes what was seen; answer how many.

    Raises PeriodIsClosed and ProposalChanged.
    """
    require(actor, permissions.PLAN_WORKS)
    period = schedule.period(period_id=period_id)
    if period.is_closed:
        raise PeriodIsClosed
    desk = queries.desk(actor=actor, period=period, of=of)
    if desk.seen != seen:
        raise ProposalChanged
    rows = [
        SummativeWork(
            lesson_id=one.work.lesson_id,
            kind=one.work.kind,
            maximum=usual_maximum(one.work.kind, desk.courses[one.work.course_id].grade),
        )
        for one in desk.placed
        if one.work is not None
    ]
    try:
        with transaction.atomic():
            SummativeWork.objects.bulk_create(rows)
    except IntegrityError as taken:  # a colleague put a work at one of the lessons in this very moment
        raise ProposalChanged from taken
    if rows:
        audit.record(
            actor=actor,
            action="journal.works.accepted",
            object_type="period",
            object_id=period.id,
            details={"count": len(rows), "of": of, "period": period.code},
        )
        teachers = (desk.courses[one.wish.course_id].teacher_id for one in desk.placed)
        notices.tell_put(actor=actor, counts=Counter(key for key in teachers if key is not None))
    return len(rows)


@transaction.atomic
def place(*, actor: Actor, course_id: UUID, kind: str, lesson_id: UUID) -> SummativeWork:
    """A new work at the lesson, with the usual maximum. Raises NotFound, PeriodIsClosed or SummativeDayTaken."""
    course = queries.open_course(actor=actor, course_id=course_id)
    if kind not in queries.kinds_of(course, journals.school_options()):
        raise NotFound
    day = _open_day(course, lesson_id)
    row = SummativeWork(lesson_id=lesson_id, kind=kind, maximum=usual_maximum(kind, course.grade))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise SummativeDayTaken from taken
    audit.record(
        actor=actor,
        action="journal.work.added",
        object_type="work",
        object_id=row.pk,
        details={"kind": kind, "maximum": row.maximum, "day": day.isoformat()},
    )
    return row


@transaction.atomic
def move(*, actor: Actor, work_id: UUID, lesson_id: UUID) -> UUID:
    """Put the work to another lesson of its course and quarter; answer the lesson that it leaves.

    Raises NotFound, WorkHasMarks, PeriodIsClosed, AnotherQuarter or SummativeDayTaken.
    """
    course, row = _locked(actor, work_id)
    before = row.lesson
    if lesson_id == before.pk:
        return before.pk
    day = _open_day(course, lesson_id)
    if schedule.period_of(day) != schedule.period_of(before.date):
        raise AnotherQuarter
    _open_day(course, before.pk, held=False)
    row.lesson_id = lesson_id
    try:
        with transaction.atomic():
            row.save(update_fields=["lesson"])
    except IntegrityError as taken:
        raise SummativeDayTaken from taken
    audit.record(
        actor=actor,
        action="journal.work.moved",
        object_type="work",
        object_id=row.pk,
        details={"kind": row.kind, "from": before.date.isoformat(), "to": day.isoformat()},
    )
    notices.tell_moved(actor=actor, course=course, kind=row.kind, before=before.date, day=day)
    return before.pk


@transaction.atomic
def change(*, actor: Actor, work_id: UUID, maximum: int, title: str) -> None:
    """Another maximum or name of a work without marks. Raises NotFound, WorkHasMarks or MaximumOutOfBounds."""
    course, row = _locked(actor, work_id)
    low, high = marks.sor_bounds(course.grade) if row.kind == "sor" else (1, 100)
    if not low <= maximum <= high:
        raise MaximumOutOfBounds(low=low, high=high)
    was = row.maximum
    row.maximum, row.title = maximum, title.strip()[:200]
    row.save(update_fields=["maximum", "title"])
    audit.record(
        actor=actor,
        action="journal.work.changed",
        object_type="work",
        object_id=row.pk,
        details={"kind": row.kind, "before": was, "maximum": maximum},
    )


def _locked(actor: Actor, work_id: UUID) -> tuple[CourseInfo, SummativeWork]:
    """The work, for a change: its course is the actor's to plan and nobody has marks of it."""
    require(actor, permissions.PLAN_WORKS)
    course_id = queries.place_of_work(work_id)[0]
    course = queries.open_course(actor=actor, course_id=course_id)
    rows = SummativeWork.objects.select_for_update(of=("self",)).select_related("lesson")
    row = rows.filter(pk=work_id, lesson__course_id=course_id).first()
    if row is None:
        raise NotFound
    if Mark.objects.filter(lesson_id=row.lesson_id, kind=row.kind, points__isnull=False).exists():
        raise WorkHasMarks
    return course, row


def _open_day(course: CourseInfo, lesson_id: UUID, *, held: bool = True) -> date:
    """The day of a lesson of the course whose period takes changes."""
    day, __, is_held = queries.lesson_of(course_id=course.id, lesson_id=lesson_id)
    if held and not is_held:
        raise NotFound
    period = schedule.period_of(day, kind=course.period_kind)
    if period is not None and period.is_closed:
        raise PeriodIsClosed
    return day
