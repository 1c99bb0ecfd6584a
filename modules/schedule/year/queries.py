"""Reads of the year: the calendar as rules want it, bells, special days as people see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, time
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access import Actor
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.schedule.models import BellTime, Course, LessonChange, Period, SpecialDays
from modules.schedule.year.models import BellSet
from modules.schedule.year.rules import BellBook, Bells, Quarter, Rings, Special, YearCalendar
from tenants import reference


def dates_before(*, period_id: UUID) -> tuple[date, date] | None:
    """The period's dates before its last change; None when they were never changed."""
    row = Period.objects.filter(pk=period_id).first()
    if row is None or row.was_start is None or row.was_end is None:
        return None
    return row.was_start, row.was_end


def special_of(row: SpecialDays) -> Special:
    return Special(
        id=row.pk,
        year=row.year,
        kind=row.kind,
        start=row.start,
        end=row.end,
        title=row.title,
        code=row.code,
        grades=frozenset(row.grades),
        class_ids=frozenset(row.class_ids),
        instead=row.instead,
        bell_set_id=row.bell_set_id,
        order_number=row.order_number,
        order_date=row.order_date,
    )


def name_of(special: Special) -> str:
    """What the days are called: the holiday's name in the reader's language, the school's words, or the kind."""
    if special.code and (known := reference.named_days().get(special.code)):
        return known.name
    return special.title or str(SpecialDays.Kind(special.kind).label)


def specials(*, year: str) -> list[Special]:
    """Special days in force, by date."""
    rows = SpecialDays.objects.filter(year=year, removed_at=None).order_by("start", "end", "id")
    return [special_of(row) for row in rows]


def specials_between(start: date, end: date) -> list[Special]:
    """Special days in force that touch the stretch, whatever the year; days taught instead too."""
    with connection.cursor() as cursor:
        cursor.execute(_BETWEEN, {"start": start, "end": end})
        return [
            Special(
                id=key, year=year, kind=kind, start=a, end=b, title=title, code=code, grades=frozenset(grades),
                class_ids=frozenset(classes), instead=instead, bell_set_id=bells, order_number=number,
                order_date=day,
            )
            for key, year, kind, a, b, title, code, grades, classes, instead, bells, number, day in cursor.fetchall()
        ]  # fmt: skip


_BETWEEN = """
SELECT id, year, kind, start, "end", title, code, grades, class_ids, instead, bell_set_id, order_number, order_date
FROM schedule_specialdays
WHERE removed_at IS NULL AND ((start <= %(end)s AND "end" >= %(start)s) OR instead BETWEEN %(start)s AND %(end)s)
ORDER BY start, "end", id
"""


def get_special(*, special_id: UUID) -> SpecialDays:
    """Special days, in force or taken back; raises NotFound."""
    row = SpecialDays.objects.filter(pk=special_id).first()
    if row is None:
        raise NotFound
    return row


def removed_specials(*, year: str) -> list[Special]:
    """Days that were taken back, the last ones first."""
    rows = SpecialDays.objects.filter(year=year, removed_at__isnull=False).order_by("-removed_at", "id")
    return [special_of(row) for row in rows]


def names_of_specials(ids: Collection[str]) -> dict[str, str]:
    """Names and days for the security log, by ids as it keeps them."""
    rows = SpecialDays.objects.filter(pk__in=list(ids))
    return {str(row.pk): f"{name_of(special_of(row))}, {row.start:%d.%m.%Y}" for row in rows}


def calendar(*, year: str) -> YearCalendar:
    """The school's year as the rules want it: two statements."""
    rows = Period.objects.filter(year=year, kind=Period.Kind.QUARTER).order_by("number")
    quarters = tuple(Quarter(row.number, row.start, row.end) for row in rows)
    return YearCalendar(year, quarters, tuple(specials(year=year)))


def calendar_between(start: date, end: date) -> YearCalendar:
    """The calendar of the school year in which the stretch begins, with the special days of the stretch alone."""
    year = clock.school_year_of(start)
    rows = Period.objects.filter(kind=Period.Kind.QUARTER, start__lte=end, end__gte=start).order_by("start")
    quarters = tuple(Quarter(row.number, row.start, row.end) for row in rows)
    return YearCalendar(year, quarters, tuple(specials_between(start, end)))


def bell_book(specials: Iterable[Special]) -> BellBook:
    """All bells, with those of the special days that name a set: one statement, and one more where there are sets."""
    times: dict[tuple[UUID | None, int, int], tuple[time, time]] = {}
    for one in BellTime.objects.all():
        times[one.bell_set_id, one.shift, one.number] = (one.start, one.end)
    sets: tuple[Bells, ...] = ()
    if any(key is not None for key, _shift, _number in times):
        sets = tuple(bells_of(row) for row in BellSet.objects.order_by("name"))
    return BellBook(sets, times, tuple(one for one in specials if one.kind == "short"))


def bells_of(row: BellSet) -> Bells:
    return Bells(
        row.pk, row.name, frozenset(row.grades), frozenset(row.weekdays), row.since, row.until, row.is_on_call
    )


def bell_sets() -> list[Bells]:
    return [bells_of(row) for row in BellSet.objects.order_by("name", "id")]


def get_bell_set(*, set_id: UUID) -> BellSet:
    row = BellSet.objects.filter(pk=set_id).first()
    if row is None:
        raise NotFound
    return row


def bell_times(*, set_id: UUID | None = None) -> list[BellTime]:
    """The times of a set, or the usual ones, by shift and lesson."""
    return list(BellTime.objects.filter(bell_set_id=set_id).order_by("shift", "number"))


def usual_bells() -> dict[tuple[int, int], BellTime]:
    """The usual times by shift and lesson: for a week that stands for no day. A day's real ones are `rings`."""
    return {(one.shift, one.number): one for one in bell_times()}


def rings(
    *, actor: Actor, start: date, end: date, classes: Iterable[contingent.ClassInfo] | None = None
) -> Rings:
    """When the lessons of the stretch begin, and on which days there is school: of every class, or of those given."""
    calendar = calendar_between(start, end)
    if classes is None:
        years = sorted({clock.school_year_of(start), clock.school_year_of(end)})
        classes = [one for year in years for one in contingent.classes(actor=actor, year=year)]
    return Rings(calendar, bell_book(calendar.specials), {one.id: one for one in classes})


def sets_in_use() -> set[UUID]:
    """Sets that some days name, in force or taken back."""
    rows = SpecialDays.objects.exclude(bell_set=None).values_list("bell_set_id", flat=True)
    return {key for key in rows if key is not None}


def whom(special: Special, classes: Iterable[contingent.ClassInfo]) -> str:
    """For whom the days are, in words."""
    if special.class_ids:
        return ", ".join(one.label for one in classes if one.id in special.class_ids)
    if special.grades:
        return _("grades {grades}").format(grades=spans(special.grades))
    return _("the whole school")


def spans(numbers: Iterable[int]) -> str:
    """1–4, 9, 11: runs of numbers as people write them."""
    found: list[list[int]] = []
    for one in sorted(numbers):
        if found and one == found[-1][-1] + 1:
            found[-1].append(one)
        else:
            found.append([one])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in found)


def note_of_day(
    calendar: YearCalendar,
    day: date,
    *,
    who: contingent.ClassInfo | None,
    classes: Iterable[contingent.ClassInfo] = (),
) -> str:
    """What makes the day differ: for the class, or without one for everybody and, named, for some."""
    if who is not None:
        found = calendar.day(who, day)
        if found.is_outside and found.why is None:
            return _("Holidays") if calendar.quarters or day.isoweekday() < 7 else ""
        return words_of(found.why, day) if found.why else ""
    known = list(classes)
    told = []
    for one in calendar.specials:
        if one.covers(day) or one.instead == day:
            of_all = not one.grades and not one.class_ids
            told.append(words_of(one, day) if of_all else f"{words_of(one, day)} ({whom(one, known)})")
    if not told and calendar.quarter_of(day) is None:
        return _("Holidays")
    return "; ".join(told)


def is_special(calendar: YearCalendar, day: date, *, who: contingent.ClassInfo) -> bool:
    """Whether the class has the day otherwise than the year's plan: frost, a moved day, shortened lessons."""
    why = calendar.day(who, day).why
    return why is not None and why.kind not in ("public", "holidays")


def words_of(special: Special, day: date) -> str:
    """The day's line in a timetable."""
    name = name_of(special)
    if special.kind == "moved" and special.instead is not None:
        text = _("By the timetable of {date}") if day == special.instead else _("Moved to {date}")
        other = special.start if day == special.instead else special.instead
        moved = text.format(date=f"{other:%d.%m}")
        return f"{name}. {moved}" if special.title or special.code else moved
    if special.kind in ("frost", "quarantine", "other"):
        return _("No lessons: {why}").format(why=name[:1].lower() + name[1:])
    if special.kind == "short" and special.title:
        return _("Shortened lessons: {why}").format(why=name)
    return name[:1].upper() + name[1:]


def last_changes(lesson_ids: Iterable[UUID]) -> dict[UUID, LessonChange]:
    """What became last of each of the lessons that have a history; one statement, none without lessons."""
    wanted = list(lesson_ids)
    if not wanted:
        return {}
    rows = LessonChange.objects.filter(lesson_id__in=wanted).select_related("special_days")
    return {row.lesson_id: row for row in rows.order_by("at", "id")}


def reason_of(change: LessonChange) -> str:
    """Why it was: what the person wrote, the days that did it, or that the quarter's dates changed."""
    if change.reason:
        return change.reason
    if change.special_days is not None:
        return name_of(special_of(change.special_days))
    return _("the calendar was changed") if change.is_by_calendar else ""


def history_of(*, lesson_id: UUID) -> list[LessonChange]:
    """What became of the lesson, the newest first."""
    rows = LessonChange.objects.filter(lesson_id=lesson_id).select_related("special_days")
    return list(rows.order_by("-at", "-id"))


def teachers_of_classes(class_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Who teaches each of the classes."""
    found: dict[UUID, set[UUID]] = {}
    rows = Course.objects.filter(school_class_id__in=list(class_ids), teacher_id__isnull=False)
    for class_id, teacher in rows.values_list("school_class_id", "teacher_id"):
        if teacher is not None:
            found.setdefault(class_id, set()).add(teacher)
    return found


def classes_of_year(*, actor: Actor, year: str) -> list[contingent.ClassInfo]:
    return contingent.classes(actor=actor, year=year)
