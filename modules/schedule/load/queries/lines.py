"""Lines of load with the teacher of the asked day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from kernel import clock
from kernel.access import Actor
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.schedule import queries as base
from modules.schedule.load.data import LineInfo, TermOfTeacher
from modules.schedule.models import Course, CourseTeacher, Lesson, Period
from tenants import reference

subject_title = base.subject_title
Terms = Mapping[UUID, list[CourseTeacher]]


def year_begins(year: str) -> date:
    """The first day of the school's year: of its first quarter, else of the ministry's calendar, else 1 September."""
    first = Period.objects.filter(year=year, kind=Period.Kind.QUARTER).order_by("start").first()
    if first is not None:
        return first.start
    known = reference.school_years().get(year)
    return known.start if known else date(int(year[:4]), 9, 1)


def _terms(course_ids: Iterable[UUID] | None = None, *, year: str = "") -> Terms:
    rows = CourseTeacher.objects.order_by("since")
    rows = (
        rows.filter(course__year=year) if course_ids is None else rows.filter(course_id__in=list(course_ids))
    )
    found: dict[UUID, list[CourseTeacher]] = {}
    for one in rows:
        found.setdefault(one.course_id, []).append(one)
    return found


def info_of_line(
    row: Course, school_class: contingent.ClassInfo | None, terms: Iterable[CourseTeacher], on: date
) -> LineInfo:
    known = list(terms)
    teacher_id, coming = row.teacher_id, None
    if known:
        now = [
            one
            for one in known
            if (one.since is None or one.since <= on) and (one.until is None or one.until >= on)
        ]
        teacher_id = now[0].teacher_id if now else None
        coming = next((one for one in known if one.since is not None and one.since > on), None)
    subject = reference.subjects().get(row.subject_code)
    return LineInfo(
        id=row.pk,
        school_class_id=row.school_class_id,
        class_label=school_class.label if school_class else "",
        grade=school_class.grade if school_class else 0,
        subject_code=row.subject_code,
        subject=subject.name if subject else row.subject_code,
        subject_short=subject.short if subject else row.subject_code,
        kind=row.kind,
        name=subject_title(row) if row.name else "",
        group=row.group,
        hours=row.hours_per_week,
        reason=row.reason,
        set_code=row.set_code,
        shift=row.shift,
        teacher_id=teacher_id,
        next_teacher_id=coming.teacher_id if coming else None,
        next_since=coming.since if coming else None,
    )


def lines(
    *, actor: Actor, year: str, on: date | None = None, school_class_id: UUID | None = None
) -> list[LineInfo]:
    """Lines of the year or of a class, by class and in the curriculum's order; whose they are on the day."""
    rows = Course.objects.filter(year=year)
    if school_class_id is not None:
        rows = rows.filter(school_class_id=school_class_id)
    found = list(rows)
    classes = base.class_names(actor=actor, year=year)
    terms = _terms(year=year)
    day = on or clock.today()
    place = {key: n for n, key in enumerate(classes)}
    order = {code: n for n, code in enumerate(reference.subjects())}
    kinds = {kind: n for n, kind in enumerate(Course.Kind.values)}
    found.sort(
        key=lambda c: (
            place.get(c.school_class_id, 999),
            kinds.get(c.kind, 99),
            order.get(c.subject_code, 999),
            c.group,
            str(c.pk),
        )
    )
    return [info_of_line(row, classes.get(row.school_class_id), terms.get(row.pk, ()), day) for row in found]


def line_of(*, actor: Actor, course_id: UUID, on: date | None = None) -> LineInfo:
    """One line; raises NotFound."""
    row = Course.objects.filter(pk=course_id).first()
    if row is None:
        raise NotFound
    school_class = contingent.school_class(actor=actor, class_id=row.school_class_id)
    return info_of_line(row, school_class, _terms([course_id]).get(course_id, ()), on or clock.today())


def first_free_day(*, course_id: UUID) -> date:
    """From which day a line is usually given: today, or the year's beginning while it has no lessons behind it."""
    row = Course.objects.filter(pk=course_id).first()
    if row is None:
        raise NotFound
    has_past = Lesson.objects.filter(course_id=course_id, date__lt=clock.today()).exists()
    return clock.today() if has_past else year_begins(row.year)


def terms_of_teachers(*, actor: Actor, course_id: UUID) -> list[TermOfTeacher]:
    """Who had the course and will have it, the first first; empty while it has had one teacher from the beginning."""
    terms = _terms([course_id]).get(course_id, [])
    names = base.short_names(actor=actor, teacher_ids=[one.teacher_id for one in terms])
    in_order = sorted(terms, key=lambda one: one.since or date.min)
    return [TermOfTeacher(names.get(one.teacher_id, ""), one.since, one.until) for one in in_order]
