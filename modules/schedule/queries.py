"""Reads of the schedule. Courses and lessons carry no secrets among the staff; whose they are decides what one may
write. Families come through `day_of_child`, which asks the contingent whether the child is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.dates import WEEKDAYS_ABBR

from kernel import clock
from kernel.access import Actor, require
from kernel.db.rows import Read
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.data import CourseInfo, Fate, LessonInfo, PeriodInfo, TimetableLine
from modules.schedule.models import Course, Lesson, LessonChange, Period, Slot, Substitution
from modules.schedule.year import queries as year_queries
from modules.schedule.year.rules import YearCalendar
from modules.staff import api as staff
from tenants import reference


def info_of_period(row: Period) -> PeriodInfo:
    return PeriodInfo(row.pk, row.year, row.kind, row.number, row.start, row.end, row.closed_at)


# --- periods


def periods(*, year: str, kind: str = "") -> list[PeriodInfo]:
    """The school's periods of the year: quarters, then half-years. Calendar dates are nobody's secret."""
    rows = _PERIODS_OF_KIND.all(year, kind) if kind else _PERIODS.all(year)
    return [info_of_period(row) for row in rows]


_PERIODS = Read(Period, "WHERE t.year = %s ORDER BY t.kind DESC, t.number")
_PERIODS_OF_KIND = Read(Period, "WHERE t.year = %s AND t.kind = %s ORDER BY t.number")


def get_period(*, period_id: UUID) -> PeriodInfo:
    row = Period.objects.filter(pk=period_id).first()
    if row is None:
        raise NotFound
    return info_of_period(row)


def period_by_code(*, year: str, code: str) -> PeriodInfo | None:
    """The period that figures call "q1" or "h2"."""
    kind = {"q": Period.Kind.QUARTER, "h": Period.Kind.HALF_YEAR}.get(code[:1])
    if kind is None or not code[1:].isdigit():
        return None
    row = Period.objects.filter(year=year, kind=kind, number=int(code[1:])).first()
    return info_of_period(row) if row else None


def period_of(*, day: date, kind: str = "quarter") -> PeriodInfo | None:
    """The period in which the day falls; None in the holidays."""
    row = Period.objects.filter(kind=kind, start__lte=day, end__gte=day).first()
    return info_of_period(row) if row else None


def closed_period_of(*, course: Course, day: date) -> PeriodInfo | None:
    """The closed period to which a lesson of the course on the day belongs; None while it is open, and in the holidays."""
    kind = period_kind(subject_code=course.subject_code, hours=float(course.hours_per_week))
    rows = Period.objects.filter(year=course.year, kind=kind, start__lte=day, end__gte=day)
    row = rows.exclude(closed_at=None).first()
    return info_of_period(row) if row else None


def current_period(
    *, kind: str = "quarter", year: str | None = None, on: date | None = None
) -> PeriodInfo | None:
    """The period of today, in the holidays the one just ended, before the year the first one."""
    day = on or clock.today()
    known = periods(year=year or clock.school_year_of(day), kind=kind)
    begun = [one for one in known if one.start <= day]
    return begun[-1] if begun else (known[0] if known else None)


# --- courses


def period_kind(*, subject_code: str, hours: float) -> str:
    """Subjects of one hour a week are marked by half-years (order 125, paragraph 28)."""
    subject = reference.subjects().get(subject_code)
    few = subject.half_year_when_1h if subject else True
    return "half_year" if few and hours <= 1 else "quarter"


def kind_labels() -> dict[str, str]:
    """The parts of the curriculum in words."""
    return {str(kind): str(label) for kind, label in Course.Kind.choices}


def subject_title(row: Course) -> str:
    """What the course is called: its subject, a club by its own name, a child at home with the name beside."""
    return title_of(row.subject_code, row.name, row.kind)


def own_name(row: Course) -> str:
    """What a club or an elective calls itself; empty where the subject is the name."""
    return "" if row.kind in _NAMED_BESIDE else row.name


def title_of(subject_code: str, name: str, kind: str) -> str:
    """The same of a course of which only this is known."""
    subject = reference.subjects().get(subject_code)
    text = str(subject.name) if subject else subject_code
    if not name:
        return text
    return f"{text} · {name}" if kind in _NAMED_BESIDE else name


# Their name is a child's or a group's, and stands beside the subject.
_NAMED_BESIDE = (Course.Kind.HOME, Course.Kind.CORRECTION)


def info_of_course(
    row: Course, classes: Mapping[UUID, contingent.ClassInfo], teachers: Mapping[UUID, str]
) -> CourseInfo:
    subject = reference.subjects().get(row.subject_code)
    school_class = classes.get(row.school_class_id)
    grade = school_class.grade if school_class else 0
    hours = float(row.hours_per_week)
    return CourseInfo(
        id=row.pk,
        year=row.year,
        school_class_id=row.school_class_id,
        class_label=school_class.label if school_class else "",
        grade=grade,
        subject_code=row.subject_code,
        subject=subject_title(row),
        subject_short=subject.short if subject else row.subject_code,
        group=row.group,
        teacher_id=row.teacher_id,
        teacher=teachers.get(row.teacher_id, "") if row.teacher_id else "",
        hours=hours,
        period_kind=period_kind(subject_code=row.subject_code, hours=hours),
        leader_ids=school_class.leader_ids if school_class else frozenset(),
        set_code=row.set_code,
        part=row.kind,
        class_kind=school_class.kind if school_class else "",
    )


def short_names(*, actor: Actor, teacher_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {one for one in teacher_ids if one}
    if not wanted:
        return {}
    return {key: row.short_name for key, row in staff.teachers(actor=actor, employee_ids=wanted).items()}


def class_names(*, actor: Actor, year: str) -> dict[UUID, contingent.ClassInfo]:
    return {row.id: row for row in contingent.classes(actor=actor, year=year)}


def courses(
    *,
    actor: Actor,
    year: str,
    school_class_id: UUID | None = None,
    teacher_ids: Iterable[UUID] | None = None,
) -> list[CourseInfo]:
    """Courses of the year, of one class or some teachers, by class and in the curriculum's order of subjects."""
    rows = Course.objects.filter(year=year)
    if school_class_id is not None:
        rows = rows.filter(school_class_id=school_class_id)
    if teacher_ids is not None:
        rows = rows.filter(teacher_id__in=list(teacher_ids))
    found = list(rows)
    if not found:
        return []
    classes = class_names(actor=actor, year=year)
    teachers = short_names(actor=actor, teacher_ids=[row.teacher_id for row in found])
    place = {key: n for n, key in enumerate(classes)}
    order = {code: n for n, code in enumerate(reference.subjects())}
    found.sort(
        key=lambda c: (place.get(c.school_class_id, 999), order.get(c.subject_code, 999), c.group, str(c.pk))
    )
    return [info_of_course(row, classes, teachers) for row in found]


def get_course(*, actor: Actor, course_id: UUID) -> CourseInfo:
    """One course with its names; raises NotFound."""
    row = _COURSE.first(course_id)
    if row is None:
        raise NotFound
    school_class = contingent.school_class(actor=actor, class_id=row.school_class_id)
    # One's own name is known without asking.
    others = [row.teacher_id] if row.teacher_id != actor.person_id else []
    teachers = short_names(actor=actor, teacher_ids=others)
    if row.teacher_id and not others:
        teachers[row.teacher_id] = actor.name
    return info_of_course(row, {school_class.id: school_class}, teachers)


_COURSE = Read(Course, "WHERE t.id = %s")


# --- lessons


def info_of_lesson(row: Lesson) -> LessonInfo:
    return LessonInfo(
        id=row.pk,
        course_id=row.course_id,
        school_class_id=row.school_class_id,
        teacher_id=row.teacher_id,
        date=row.date,
        number=row.number,
        room=row.room,
        topic=row.topic,
        homework=row.homework,
        is_cancelled=row.state == Lesson.State.CANCELLED,
    )


def lessons_of_course(*, course_id: UUID, start: date, end: date) -> list[LessonInfo]:
    """Lessons of the course between the days, in order; a moved one stands where it went."""
    rows = Lesson.objects.filter(course_id=course_id, date__range=(start, end), moved_to=None)
    rows = rows.order_by("date", "number")
    return [info_of_lesson(row) for row in rows]


def get_lesson(*, actor: Actor, lesson_id: UUID) -> Lesson:
    require(actor, permissions.VIEW)
    row = Lesson.objects.select_related("course", "moved_to").filter(pk=lesson_id).first()
    if row is None:
        raise NotFound
    return row


def lines(
    *,
    actor: Actor,
    rows: QuerySet[Lesson],
    classes: Mapping[UUID, contingent.ClassInfo],
    with_teachers: bool = True,
    calendar: YearCalendar | None = None,
) -> list[TimetableLine]:
    """Lessons made ready for showing: six statements at most besides those of names; one less with a calendar."""
    decided = Substitution.objects.filter(lesson=OuterRef("pk")).exclude(state__in=["open", "withdrawn"])
    shown = rows.select_related("course", "moved_to").annotate(
        decision=Subquery(decided.values("state")[:1]), note=Subquery(decided.values("note")[:1])
    )
    found = list(shown.order_by("date", "number", "group", "id"))
    if not found:
        return []
    specials = calendar.specials if calendar else year_queries.specials_between(found[0].date, found[-1].date)
    bells = year_queries.bell_book(specials)
    changes = year_queries.last_changes(
        one.pk for one in found if one.state == Lesson.State.CANCELLED or one.is_by_hand
    )
    homes = _homes([one.pk for one in found if one.is_by_hand])
    teachers = (
        short_names(actor=actor, teacher_ids=[row.teacher_id for row in found]) if with_teachers else {}
    )
    answer = []
    for row in found:
        school_class = classes.get(row.school_class_id)
        bell = bells.at(school_class, row.date, row.number) if school_class else None
        change, there = changes.get(row.pk), row.moved_to
        note = row.note if row.decision == Substitution.State.CANCELLED else ""
        answer.append(
            TimetableLine(
                lesson_id=row.pk,
                course_id=row.course_id,
                school_class_id=row.school_class_id,
                class_label=school_class.label if school_class else "",
                date=row.date,
                number=row.number,
                start=bell[0] if bell else None,
                end=bell[1] if bell else None,
                subject_code=row.course.subject_code,
                subject=subject_title(row.course),
                teacher=teachers.get(row.teacher_id, "") if row.teacher_id else "",
                room=row.room,
                topic=row.topic,
                homework=row.homework,
                is_cancelled=row.state == Lesson.State.CANCELLED,
                group=row.group,
                name="" if row.course.kind in _NAMED_BESIDE else row.course.name,
                why=year_queries.reason_of(change) if change else note or "",
                fate=_fate(row, change, row.decision or "", is_away_from_home=row.pk in homes),
                other=(there.date, there.number) if there else homes.get(row.pk),
                is_by_calendar=change is not None and change.is_by_calendar,
            )
        )
    # A teacher of two shifts goes by the clock: the first lesson of the second shift comes after the third of the first.
    return sorted(answer, key=lambda line: (line.date, line.start or time.max, line.number, line.group))


def _homes(ids: list[UUID]) -> dict[UUID, tuple[date, int]]:
    """Where in the week the moved ones of the lessons would stand; one statement, none without lessons."""
    if not ids:
        return {}
    rows = Lesson.objects.filter(moved_to__in=ids).order_by("pk")
    return {one: (day, number) for one, day, number in rows.values_list("moved_to", "date", "number") if one}


def _fate(row: Lesson, change: LessonChange | None, decision: str, *, is_away_from_home: bool) -> str:
    if row.state == Lesson.State.CANCELLED:
        return Fate.MOVED if row.moved_to_id else Fate.CANCELLED
    if decision == Substitution.State.TAKEN:
        return Fate.TAKEN
    if decision == Substitution.State.JOINED:
        return Fate.JOINED
    if is_away_from_home:
        return Fate.CAME
    is_extra = change is not None and change.what == LessonChange.What.EXTRA
    return Fate.EXTRA if is_extra else ""


def moments(found: Sequence[TimetableLine], *, day: date) -> list[tuple[TimetableLine, str]]:
    """Each lesson of the day with where it stands in time: past, now, next or later; of another day all are later."""
    if day != clock.today():
        return [(one, "later") for one in found]
    now = clock.now().astimezone(clock.ALMATY).time()
    answer, is_next_found = [], False
    for one in found:
        if one.end is not None and one.end <= now:
            when = "past"
        elif one.start is not None and one.start <= now:
            when = "now"
        elif not is_next_found and not one.is_cancelled:
            when, is_next_found = "next", True
        else:
            when = "later"
        answer.append((one, when))
    return answer


def is_class_busy(lesson: Lesson, *, day: date, number: int) -> bool:
    """Whether the class, or for a group's lesson the class or that group, has another lesson at the place."""
    held = Lesson.objects.filter(
        school_class_id=lesson.school_class_id, date=day, number=number, state=Lesson.State.HELD
    ).exclude(pk=lesson.pk)
    if lesson.group:
        held = held.filter(group__in=(0, lesson.group))
    return held.exists()


def slots_of(*, course_id: UUID, on: date) -> list[Slot]:
    """The course's places in the week on the day, by weekday."""
    alive = Q(until=None) | Q(until__gte=on)
    return list(Slot.objects.filter(alive, course_id=course_id).order_by("weekday", "number"))


def places_of_class(*, school_class_id: UUID) -> dict[UUID, str]:
    """Where each course of the class stands in the week, as a short text ("Mon 2, Wed 3")."""
    rows = Slot.objects.filter(course__school_class_id=school_class_id, until=None)
    answer: dict[UUID, str] = {}
    for row in rows.order_by("weekday", "number"):
        text = f"{WEEKDAYS_ABBR[row.weekday - 1]} {row.number}"
        if row.weeks != Slot.Weeks.EVERY:
            text = f"{text} ({row.get_weeks_display()})"
        answer[row.course_id] = f"{answer[row.course_id]}, {text}" if row.course_id in answer else text
    return answer


def hours_by_class(*, year: str) -> dict[UUID, tuple[int, float, int]]:
    """Of each class: subjects in the load, hours a week, and subjects without a teacher."""
    rows = (
        Course.objects.filter(year=year)
        .values_list("school_class_id")
        .annotate(
            subjects=Count("id"), hours=Sum("hours_per_week"), vacant=Count("id", filter=Q(teacher_id=None))
        )
        .order_by()
    )
    return {key: (subjects, float(hours), vacant) for key, subjects, hours, vacant in rows}


def classes_with_lessons(*, period: PeriodInfo) -> set[UUID]:
    """Classes that have lessons in the period."""
    rows = Lesson.objects.filter(date__gte=period.start, date__lte=period.end)
    return set(rows.order_by().values_list("school_class_id", flat=True).distinct())


def neighbours(*, lesson: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """The course's lesson before this one, and the one after."""
    rows = Lesson.objects.filter(course_id=lesson.course_id, moved_to=None)
    before = rows.filter(Q(date__lt=lesson.date) | Q(date=lesson.date, number__lt=lesson.number))
    after = rows.filter(Q(date__gt=lesson.date) | Q(date=lesson.date, number__gt=lesson.number))
    return before.order_by("-date", "-number").first(), after.order_by("date", "number").first()


# --- who has lessons


def teachers_with_lessons(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the employees who have a course or a dated lesson, their own or somebody else's whom they stood in for."""
    wanted = list(ids)
    taught = Lesson.objects.filter(teacher_id__in=wanted).values_list("teacher_id", flat=True).distinct()
    given = Course.objects.filter(teacher_id__in=wanted).values_list("teacher_id", flat=True)
    return {one for one in (*given, *taught) if one is not None}


def classes_with_courses(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the classes that have a line of load; lessons hang on one."""
    return set(Course.objects.filter(school_class_id__in=list(ids)).values_list("school_class_id", flat=True))


# --- what a load from a spreadsheet compares with


def lines_of_load(*, year: str) -> list[Course]:
    return list(Course.objects.filter(year=year))


def places_of_courses(*, year: str) -> dict[UUID, list[tuple[int, int]]]:
    """Places in the week now in force, by course."""
    found: dict[UUID, list[tuple[int, int]]] = {}
    rows = Slot.objects.filter(course__year=year, until=None).order_by("weekday", "number")
    for course_id, weekday, number in rows.values_list("course_id", "weekday", "number"):
        found.setdefault(course_id, []).append((weekday, number))
    return found


def lesson_ids(*, course_ids: Iterable[UUID]) -> set[UUID]:
    return set(Lesson.objects.filter(course_id__in=list(course_ids)).values_list("pk", flat=True))


def filled_lessons(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the lessons that have a topic or homework, or were cancelled."""
    rows = Lesson.objects.filter(pk__in=list(ids))
    return set(rows.exclude(topic="", homework="", state=Lesson.State.HELD).values_list("pk", flat=True))


def courses_of_lessons(ids: Iterable[UUID]) -> set[UUID]:
    return set(Lesson.objects.filter(pk__in=list(ids)).values_list("course_id", flat=True))


def courses_with_other_lessons(ids: Iterable[UUID], *, but: Iterable[UUID]) -> set[UUID]:
    """Those of the courses that have lessons besides the given ones."""
    rows = Lesson.objects.filter(course_id__in=list(ids)).exclude(pk__in=list(but))
    return set(rows.values_list("course_id", flat=True))
