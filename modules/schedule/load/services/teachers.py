"""Whose a course is from which day: one way to hand it over, so that old papers keep the old teacher."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import DomainError
from modules.schedule.load import queries
from modules.schedule.models import Course, CourseTeacher, Lesson
from modules.staff import api as staff


class TooManyHours(DomainError):
    message = _(
        "{name} would have {hours} hours a week; more than {most} are given only by agreement. "
        "Mark that it is agreed, or choose somebody else."
    )
    code = "too_many_hours"


class TeacherBusy(DomainError):
    message = _("The teacher already has a lesson on {day} at number {number}.")
    code = "teacher_busy"


def refuse_overload(
    *, actor: Actor, course: Course, teacher_id: UUID, hours: Decimal, on: date, agreed: bool
) -> None:
    """Refuse more hours than the most, unless it is said to be agreed; fewer hours than before never refuse."""
    if agreed:
        return
    now = queries.hours_of(actor=actor, year=course.year, teacher_id=teacher_id, on=on)
    after = queries.hours_with(actor=actor, course=course, teacher_id=teacher_id, hours=hours, on=on)
    most = queries.most_hours(year=course.year)
    if after > most and after > now:
        name = staff.teacher(actor=actor, employee_id=teacher_id).full_name
        raise TooManyHours(name=name, hours=f"{after.normalize():f}", most=f"{most.normalize():f}")


def hand_over(*, actor: Actor, course: Course, teacher_id: UUID | None, since: date) -> None:
    """Give the locked course to the teacher (or to nobody) from the day; lessons before it keep their teacher.

    A substitute's lesson stays the substitute's. What was planned for later days is replaced. Raises TeacherBusy.
    """
    terms = list(CourseTeacher.objects.filter(course=course))
    ahead = Lesson.objects.filter(course=course, date__gte=since)
    own = {course.teacher_id, *(one.teacher_id for one in terms)} - {None}
    ahead = ahead.filter(Q(teacher_id=None) | Q(teacher_id__in=own))
    if teacher_id is not None and not course.set_code:
        _refuse_busy(teacher_id, course, set(ahead.values_list("date", "number")))
    is_first = not terms and course.teacher_id is None
    has_past = Lesson.objects.filter(course=course, date__lt=since).exists()
    if not terms and course.teacher_id is not None:
        terms = [CourseTeacher(course=course, teacher_id=course.teacher_id)]
    CourseTeacher.objects.filter(course=course).delete()
    kept = []
    for one in terms:
        if one.since is not None and one.since >= since:
            continue
        if one.until is None or one.until >= since:
            one.until = since - timedelta(days=1)
        kept.append(one)
    if has_past or not is_first:
        _take_over(kept, course, teacher_id, since)
        CourseTeacher.objects.bulk_create(kept)
    ahead.update(teacher_id=teacher_id)
    before = course.teacher_id
    course.teacher_id = teacher_id if since <= clock.today() or not kept else _on(kept, clock.today())
    course.save(update_fields=["teacher_id"])
    audit.record(
        actor=actor,
        action="schedule.course.handed_over",
        object_type="course",
        object_id=course.pk,
        details={
            "before": str(before) if before else "",
            "after": str(teacher_id) if teacher_id else "",
            "since": since.isoformat(),
        },
    )


def _take_over(kept: list[CourseTeacher], course: Course, teacher_id: UUID | None, since: date) -> None:
    """Add the teacher's term, or lengthen the one that ended the day before."""
    eve = since - timedelta(days=1)
    for one in kept:
        if one.teacher_id == teacher_id and one.until == eve:
            one.until = None
            return
    if teacher_id is not None:
        kept.append(CourseTeacher(course=course, teacher_id=teacher_id, since=since))


def _on(terms: list[CourseTeacher], day: date) -> UUID | None:
    return next(
        (
            one.teacher_id
            for one in terms
            if (one.since is None or one.since <= day) and (one.until is None or one.until >= day)
        ),
        None,
    )


def _refuse_busy(teacher_id: UUID, course: Course, wanted: set[tuple[date, int]]) -> None:
    held = Lesson.objects.filter(
        teacher_id=teacher_id,
        shift=course.shift,
        date__in={day for day, _n in wanted},
        state=Lesson.State.HELD,
    ).exclude(course_id=course.pk)
    for day, number in held.order_by("date", "number").values_list("date", "number"):
        if (day, number) in wanted:
            raise TeacherBusy(day=day.strftime("%d.%m.%Y"), number=number)


def turn_over(*, actor: Actor) -> int:
    """Let every course name the teacher whose it is today: hand-overs come true on their day. Answer how many did."""
    today = clock.today()
    terms: dict[UUID, list[CourseTeacher]] = {}
    for one in CourseTeacher.objects.filter(course__year=clock.school_year_of(today)):
        terms.setdefault(one.course_id, []).append(one)
    changed = []
    for course in Course.objects.select_for_update().filter(pk__in=terms):
        teacher_id = _on(terms[course.pk], today)
        if teacher_id != course.teacher_id:
            course.teacher_id = teacher_id
            changed.append(course)
    Course.objects.bulk_update(changed, ["teacher_id"])
    for course in changed:
        audit.record(
            actor=actor, action="schedule.course.turned_over", object_type="course", object_id=course.pk
        )
    return len(changed)
