"""Weeks and months of lessons as pages, papers and workbooks show them."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from documents.excel import Column, Sheet
from kernel import clock
from modules.schedule.data import TimetableLine, WeekDay
from modules.schedule.papers import Board


def week_context(week: Sequence[WeekDay], chosen: date) -> dict[str, Any]:
    """A week for `_week.html`: Saturday stands when it has something, Sunday when it has lessons."""
    today = clock.today()
    first, last = week[0].day, week[0].day + timedelta(days=5)
    return {
        "week": [one for one in week if _is_shown(one)],
        "span": span(first, last),
        "before": (first - timedelta(days=7)).isoformat(),
        "after": (first + timedelta(days=7)).isoformat(),
        "today": today,
        "chosen": chosen,
        "this_week": f"?day={today.isoformat()}",
        "is_this_week": first <= today <= week[-1].day,
        "has_lessons": any(one.lines for one in week),
        "notes": list(dict.fromkeys(str(one.note) for one in week if one.note)),
    }


def _is_shown(one: WeekDay) -> bool:
    weekday = one.day.isoweekday()
    return bool(one.lines) or weekday < 6 or (weekday == 6 and bool(one.note))


def span(first: date, last: date) -> str:
    """The days of a week as people say them: 23–28 November."""
    if first.month == last.month:
        return f"{first.day}–{formats.date_format(last, 'j E').lower()}"
    return f"{formats.date_format(first, 'j E').lower()} – {formats.date_format(last, 'j E').lower()}"


# --- months


@dataclass(frozen=True, slots=True)
class Dot:
    """A lesson in a month: held, to come or cancelled, with a sign of what is planned."""

    line: TimetableLine
    sign: str
    state: str  # held, ahead, off


@dataclass(frozen=True, slots=True)
class MonthDay:
    day: date
    note: str
    dots: tuple[Dot, ...]
    is_today: bool

    @property
    def held(self) -> int:
        return sum(one.state != "off" for one in self.dots)

    @property
    def off(self) -> int:
        return sum(one.state == "off" for one in self.dots)

    @property
    def signs(self) -> list[Dot]:
        return [one for one in self.dots if one.sign]


@dataclass(frozen=True, slots=True)
class MonthPage:
    label: str
    first: date
    before: str
    after: str
    weeks: tuple[tuple[MonthDay | None, ...], ...]

    @property
    def days(self) -> list[MonthDay]:
        return [one for week in self.weeks for one in week if one is not None and (one.dots or one.note)]


def month_of(text: str) -> date:
    """The first day of the asked month ("2026-11"); of the present one when it is not a month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)


def end_of_month(first: date) -> date:
    return first.replace(day=months.monthrange(first.year, first.month)[1])


def month_page(first: date, days: Sequence[WeekDay], signs: dict[Any, str]) -> MonthPage:
    """Weeks from Monday to Saturday; a Sunday with lessons is added to its week."""
    today = clock.today()
    cells: dict[date, MonthDay] = {}
    for one in days:
        dots = tuple(
            Dot(
                line,
                signs.get(line.lesson_id, ""),
                "off" if line.is_cancelled else "held" if one.day <= today else "ahead",
            )
            for line in one.lines
        )
        cells[one.day] = MonthDay(one.day, str(one.note), dots, one.day == today)
    has_sundays = any(day.isoweekday() == 7 and cell.dots for day, cell in cells.items())
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= days[-1].day:
        row = [cells.get(monday + timedelta(days=n)) for n in range(7 if has_sundays else 6)]
        if any(row):
            weeks.append(tuple(row))
        monday += timedelta(days=7)
    before, after = first - timedelta(days=1), end_of_month(first) + timedelta(days=1)
    return MonthPage(
        f"{MONTHS[first.month]} {first.year}", first, f"{before:%Y-%m}", f"{after:%Y-%m}", tuple(weeks)
    )


def weekday_heads(page: MonthPage) -> list[Any]:
    return [WEEKDAYS_ABBR[n] for n in range(max((len(week) for week in page.weeks), default=6))]


# --- papers and workbooks


def week_board(week: Sequence[WeekDay], *, title: str, show: str) -> Board:
    """A week for the wall: days across, lessons down; of a teacher with two shifts by the clock."""
    shown = [one for one in week if _is_shown(one)]
    keys = sorted({_row_key(line) for one in shown for line in one.lines})
    head = tuple(
        f"{WEEKDAYS[one.day.weekday()]}\n{one.day:%d.%m}" + (f"\n{one.note}" if one.note else "")
        for one in shown
    )
    rows = []
    for key in keys:
        cells = [[line for line in one.lines if _row_key(line) == key] for one in shown]
        rows.append((key[2], *("\n".join(_cell(line, show) for line in lines) for lines in cells)))
    return Board(title, span(week[0].day, week[0].day + timedelta(days=5)), ("", *head), tuple(rows))


def _row_key(line: TimetableLine) -> tuple[str, int, str]:
    start = f"{line.start:%H:%M}" if line.start else "99"
    times = f"\n{line.start:%H:%M}–{line.end:%H:%M}" if line.start and line.end else ""
    return (start, line.number, f"{line.number}{times}")


def _cell(line: TimetableLine, show: str) -> str:
    what = line.subject if show == "teacher" else f"{line.class_label} · {line.subject}"
    if line.is_cancelled:
        what = _("Cancelled: {lesson}").format(lesson=what)
    more = [line.teacher] if show != "class" and line.teacher else []
    if line.room and show != "room":
        more.append(_("room {room}").format(room=line.room))
    return "\n".join([what, *more])


def month_board(page: MonthPage, *, title: str) -> Board:
    width = max((len(week) for week in page.weeks), default=6)
    head = tuple(str(WEEKDAYS[n]) for n in range(width))
    return Board(title, page.label, head, tuple(tuple(_month_cell(d) for d in week) for week in page.weeks))


def _month_cell(one: MonthDay | None) -> str:
    if one is None:
        return ""
    parts = [str(one.day.day)]
    if one.note:
        parts.append(one.note)
    if one.held:
        parts.append(_("lessons: {count}").format(count=one.held))
    if one.off:
        parts.append(_("cancelled: {count}").format(count=one.off))
    parts += [f"{dot.sign}: {dot.line.subject}" for dot in one.signs]
    return "\n".join(parts)


def sheet(title: str, days: Iterable[WeekDay], signs: dict[Any, str]) -> Sheet:
    """Lessons as rows of a workbook."""
    columns = [
        Column(_("Day"), "date"),
        Column(_("Day of the week"), width=14),
        Column(_("Lesson"), "number"),
        Column(_("Begins")),
        Column(_("Ends")),
        Column(_("Class")),
        Column(_("Subject"), width=28),
        Column(_("Teacher"), width=22),
        Column(_("Room")),
        Column(_("Topic"), width=40),
        Column(_("Planned")),
        Column(_("State"), width=16),
        Column(_("Reason"), width=28),
    ]
    rows = (
        (
            line.date,
            str(WEEKDAYS[line.date.weekday()]),
            line.number,
            f"{line.start:%H:%M}" if line.start else "",
            f"{line.end:%H:%M}" if line.end else "",
            line.class_label,
            line.subject,
            line.teacher,
            line.room,
            line.topic,
            signs.get(line.lesson_id, ""),
            pgettext("lesson", "cancelled") if line.is_cancelled else "",
            line.why,
        )
        for one in days
        for line in one.lines
    )
    return Sheet(title, columns, rows)
