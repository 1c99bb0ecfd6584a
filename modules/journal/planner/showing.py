"""The planner's pages as lists and words for their templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from modules.journal.data import KIND_LABELS
from modules.journal.planner.queries import Chip, Choice, Desk
from modules.journal.planner.rules import Target
from modules.journal.planner.telling import company, day_words, words
from modules.schedule.data import CourseInfo, PeriodInfo
from ui.components import Tab

__all__ = ["board", "choice", "day_words"]


@dataclass(frozen=True, slots=True)
class ChipShown:
    """A work in a cell: what it says, where a press leads, on which columns it may be dropped."""

    label: str
    title: str
    url: str
    css: str
    columns: str = ""


@dataclass(frozen=True, slots=True)
class LineShown:
    label: str
    url: str
    cells: list[list[ChipShown]]


@dataclass(frozen=True, slots=True)
class DayShown:
    """A column: the day, whether it begins a week, is today or the last one."""

    day: date
    css: str


def board(desk: Desk, known: Sequence[PeriodInfo], *, watches: bool) -> dict[str, Any]:
    today = clock.today()
    days = [
        DayShown(
            day,
            " ".join(
                word
                for word, holds in (
                    ("is-week", n and day.isocalendar().week != desk.days[n - 1].isocalendar().week),
                    ("is-today", day == today),
                    ("is-past", day < today),
                    ("is-last", day == desk.days[-1]),
                )
                if holds
            ),
        )
        for n, day in enumerate(desk.days)
    ]
    by_class = desk.of == "school" or desk.of.startswith("g")
    lines = [
        LineShown(
            line.label,
            _address(desk, of=str(line.key)) if by_class else reverse("journal:grid", args=[line.key]),
            [[_chip(chip, desk, by_class=by_class) for chip in cell] for cell in line.cells],
        )
        for line in desk.lines
    ]
    return {
        "desk": desk,
        "days": days,
        "lines": lines,
        "coming": [] if by_class else _coming(desk, today),
        "by_class": by_class,
        "periods": [
            Tab(one.label, _address(desk, period=one.code), active=one.id == desk.period.id) for one in known
        ],
        "choices": _choices(desk),
        "broken": [_broken(desk, one) for one in desk.broken if one.day >= today],
        "homeless": [_work_words(desk.courses[one.wish.course_id], one.wish.kind) for one in desk.homeless],
        "watches": watches,
        "today": today,
    }


def _address(desk: Desk, *, of: str = "", period: str = "") -> str:
    return f"{reverse('journal:planner')}?{urlencode({'of': of or desk.of, 'period': period or desk.period.code})}"


def _choices(desk: Desk) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Whose works: one's own, the school, a parallel, a class."""
    first = [("mine", _("My subjects"))] if desk.has_own else []
    if desk.is_wide:
        first.append(("school", _("Whole school")))
    groups: list[tuple[Any, list[tuple[str, Any]]]] = [("", first)] if first else []
    if desk.grades:
        text = _("Grade {grade}")
        groups.append((_("Parallels"), [(f"g{n}", text.format(grade=n)) for n in desk.grades]))
    if desk.classes:
        groups.append((_("Classes"), [(str(key), label) for key, label in desk.classes]))
    return groups


def _chip(chip: Chip, desk: Desk, *, by_class: bool) -> ChipShown:
    work, kind = chip.work, str(KIND_LABELS[chip.work.kind])
    label = f"{chip.course.subject_short} {kind}" if by_class else kind
    said = [_work_words(chip.course, work.kind), day_words(work.day), *words(chip.breaks)]
    query = f"?{urlencode({'of': desk.of, 'period': desk.period.code})}"
    css = f"work work-{work.kind}"
    if chip.is_proposed:
        said.insert(0, _("Proposed"))
        url = reverse("journal:planner_new", args=[chip.course.id, work.kind]) + query
        return ChipShown(label, ". ".join(said), url, f"{css} is-proposed")
    if chip.breaks:
        css += " is-broken"
    if not chip.may_move:
        return ChipShown(label, ". ".join(said), "", css)
    url = reverse("journal:planner_work", args=[work.id])
    if work.has_marks:
        return ChipShown(label, ". ".join(said), url + query, f"{css} has-marks")
    columns = " ".join(map(str, desk.columns.get(chip.course.id, ())))
    return ChipShown(label, ". ".join(said), url + query, css, columns)


def _work_words(course: CourseInfo, kind: str) -> str:
    return f"{KIND_LABELS[kind]} · {course.title}"


@dataclass(frozen=True, slots=True)
class Coming:
    """A day of the list that a phone shows, with its works."""

    day: date
    chips: list[tuple[ChipShown, Chip]]


def _coming(desk: Desk, today: date) -> list[Coming]:
    found: dict[date, list[tuple[ChipShown, Chip]]] = {}
    for line in desk.lines:
        for cell in line.cells:
            for chip in cell:
                found.setdefault(chip.work.day, []).append((_chip(chip, desk, by_class=False), chip))
    return [Coming(day, chips) for day, chips in sorted(found.items()) if day >= today]


def _broken(desk: Desk, day: Any) -> dict[str, Any]:
    works = [(w, desk.courses[w.course_id]) for w, __ in day.works if w.course_id in desk.courses]
    return {
        "day": day_words(day.day),
        "class": works[0][1].class_label,
        "words": words(day.breaches),
        "works": [
            (
                _work_words(course, work.kind),
                f"{reverse('journal:planner_work', args=[work.id])}?{urlencode({'of': desk.of})}"
                if work.id and not work.has_marks
                else "",
            )
            for work, course in works
        ],
    }


# --- one work


@dataclass(frozen=True, slots=True)
class TargetShown:
    lesson_id: Any
    day: str
    number: int
    words: list[str]
    company: str
    is_best: bool


def choice(found: Choice, subjects: dict[str, str]) -> dict[str, Any]:
    """Where a work stands and may go: days ahead first, those gone by apart."""
    today = clock.today()
    shown = [_target(one, found, subjects) for one in found.targets if one.place.day > today]
    gone = [_target(one, found, subjects) for one in found.targets if one.place.day <= today]
    return {
        "found": found,
        "work": found.work,
        "course": found.course,
        "kind": KIND_LABELS[found.kind],
        "stands": day_words(found.work.day) if found.work else "",
        "words": words(found.breaks),
        "targets": shown,
        "gone": gone,
    }


def _target(one: Target, found: Choice, subjects: dict[str, str]) -> TargetShown:
    return TargetShown(
        one.place.lesson_id,
        day_words(one.place.day).capitalize(),
        one.place.number,
        words(one.breaks),
        company(one.others, subjects, KIND_LABELS),
        found.best is not None and one.place == found.best.place,
    )
