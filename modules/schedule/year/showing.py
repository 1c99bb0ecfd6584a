"""The year as a page shows it: months of days with a colour and a letter, and what a change will do, counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from modules.contingent.data import ClassInfo
from modules.schedule.models import Lesson, SpecialDays
from modules.schedule.year import queries
from modules.schedule.year.rules import Quarter, Special, YearCalendar
from modules.schedule.year.services import Laying

# Colour alone says nothing to many: each kind has its letter.
LETTERS: dict[str, Any] = {
    "public": pgettext_lazy("letter of a day in the calendar", "P"),
    "holidays": pgettext_lazy("letter of a day in the calendar", "H"),
    "frost": pgettext_lazy("letter of a day in the calendar", "F"),
    "quarantine": pgettext_lazy("letter of a day in the calendar", "Q"),
    "other": pgettext_lazy("letter of a day in the calendar", "N"),
    "moved": pgettext_lazy("letter of a day in the calendar", "M"),
    "short": pgettext_lazy("letter of a day in the calendar", "S"),
    "exams": pgettext_lazy("letter of a day in the calendar", "E"),
}
_ICONS = {
    "public": "flag",
    "holidays": "sun",
    "frost": "home",
    "quarantine": "mood-sick",
    "other": "circle-minus",
    "moved": "switch-horizontal",
    "short": "clock",
    "exams": "school",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month. `look` is the kind of the day for its colour, `words` say the same."""

    day: date
    look: str
    letter: str = ""
    words: str = ""
    special_id: UUID | None = None
    quarter: int = 0
    is_part: bool = False  # of some grades or classes only
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    label: str
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Special days in the list."""

    special: Special
    name: str
    kind: Any
    days: str
    whom: str
    icon: str
    wants_order: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A quarter or the holidays after it, with its length."""

    label: str
    start: date
    end: date
    weeks: int
    is_holidays: bool
    is_now: bool


def kinds() -> list[tuple[str, Any, Any, str]]:
    """Kinds of special days: code, name, letter, icon."""
    return [(kind.value, kind.label, LETTERS[kind.value], _ICONS[kind.value]) for kind in SpecialDays.Kind]


def months(
    calendar: YearCalendar, *, who: ClassInfo | None, classes: Sequence[ClassInfo], today: date
) -> list[Month]:
    """September to May, to June where somebody has exams then; whole weeks from Monday."""
    if calendar.start is None or calendar.end is None:
        return []
    found, first = [], calendar.start.replace(day=1)
    exams = [one.end for one in calendar.specials if one.kind == "exams" and (who is None or one.is_for(who))]
    last = max(calendar.end, *exams) if exams else calendar.end
    while first <= last:
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        days = [first + timedelta(days=n) for n in range((after - first).days)]
        cells: list[Cell | None] = [None] * first.weekday()
        cells += [_cell(calendar, day, who, classes, today) for day in days]
        cells += [None] * (-len(cells) % 7)
        weeks = tuple(tuple(cells[n : n + 7]) for n in range(0, len(cells), 7))
        found.append(Month(f"{MONTHS[first.month]} {first.year}", weeks))
        first = after
    return found


def weekday_heads() -> list[Any]:
    return [WEEKDAYS_ABBR[n] for n in range(7)]


def _cell(
    calendar: YearCalendar, day: date, who: ClassInfo | None, classes: Sequence[ClassInfo], today: date
) -> Cell:
    quarter = calendar.quarter_of(day)
    special = _told(calendar, day, who)
    number = quarter.number if quarter else 0
    if special is not None:
        is_part = bool(special.grades or special.class_ids)
        look = "taught" if special.instead == day else special.kind
        words = queries.words_of(special, day)
        if is_part and who is None:
            words = f"{words} ({queries.whom(special, classes)})"
        letter = str(LETTERS[special.kind])
        return Cell(day, look, letter, words, special.id, number, is_part and who is None, day == today)
    if quarter is None:
        if calendar.start and calendar.end and calendar.start <= day <= calendar.end:
            return Cell(day, "holidays", str(LETTERS["holidays"]), _("Holidays"), is_today=day == today)
        return Cell(day, "outside", is_today=day == today)
    look = "weekend" if day.isoweekday() > 5 else "school"
    return Cell(day, look, quarter=number, is_today=day == today)


def _told(calendar: YearCalendar, day: date, who: ClassInfo | None) -> Special | None:
    """What the cell tells: for a class what holds for it; for the school the widest, then the first by kind."""
    if who is not None:
        return calendar.day(who, day).why
    found = [one for one in calendar.specials if one.covers(day) or one.instead == day]
    order = list(SpecialDays.Kind.values)
    return min(found, key=lambda one: (one.narrowness, order.index(one.kind)), default=None)


def strips(quarters: Sequence[Quarter], today: date) -> list[Strip]:
    """Quarters and the holidays between them, as they follow each other."""
    found = []
    for n, one in enumerate(quarters):
        weeks = round(((one.end - one.start).days + 1) / 7)
        label = _("Quarter {number}").format(number=one.number)
        found.append(Strip(label, one.start, one.end, weeks, False, one.start <= today <= one.end))
        if n + 1 < len(quarters):
            start, end = one.end + timedelta(days=1), quarters[n + 1].start - timedelta(days=1)
            if start <= end:
                found.append(
                    Strip(_("Holidays"), start, end, (end - start).days + 1, True, start <= today <= end)
                )
    return found


def span(start: date, end: date) -> str:
    return f"{start:%d.%m.%Y}" if start == end else f"{start:%d.%m}–{end:%d.%m.%Y}"


def line_of(special: Special, classes: Sequence[ClassInfo]) -> Line:
    days = span(special.start, special.end)
    if special.instead:
        days = f"{days} → {special.instead:%d.%m.%Y}"
    return Line(
        special,
        queries.name_of(special),
        SpecialDays.Kind(special.kind).label,
        days,
        queries.whom(special, classes),
        _ICONS[special.kind],
        wants_order=not special.order_number and not special.code,
    )


# --- what a change will do


@dataclass(slots=True)
class ClassCount:
    label: str
    off: int = 0
    on: int = 0
    moved: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A change foreseen, for its page."""

    cancelled: int
    removed: int
    on: int
    moved: int
    kept: int
    crowded: int
    with_topics: int
    with_works: int
    classes: list[ClassCount] = field(default_factory=list)
    marked: list[tuple[str, date, int]] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.cancelled or self.removed or self.on or self.moved or self.kept or self.crowded)


def told(laying: Laying, classes: Iterable[ClassInfo]) -> Told:
    """The foreseen change by classes, with the lessons that stay for their marks."""
    known = {one.id: ClassCount(one.label) for one in classes}

    def count(lesson: Lesson) -> ClassCount:
        return known.setdefault(lesson.school_class_id, ClassCount(""))

    for lesson, _s in laying.cancelled:
        count(lesson).off += 1
    for lesson in laying.removed:
        count(lesson).off += 1
    for lesson, *_rest in laying.moved:
        count(lesson).moved += 1
    for lesson, _s in laying.kept:
        count(lesson).kept += 1
    for lesson in laying.restored:
        count(lesson).on += 1
    for course_id, _day, _number in laying.added:
        where = laying.courses[course_id].school_class_id
        known.setdefault(where, ClassCount("")).on += 1
    return Told(
        cancelled=len(laying.cancelled),
        removed=len(laying.removed),
        on=len(laying.restored) + len(laying.added),
        moved=len(laying.moved),
        kept=len(laying.kept),
        crowded=len(laying.crowded),
        with_topics=laying.with_topics,
        with_works=laying.with_works,
        classes=[one for one in known.values() if one.off or one.on or one.moved or one.kept],
        marked=[(count(one).label, one.date, one.number) for one, _s in laying.kept[:20]],
    )
