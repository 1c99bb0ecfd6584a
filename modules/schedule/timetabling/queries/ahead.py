"""Lessons that are laid already when a variant comes into force: which go, which stay and why. Read by the page
beforehand and by the act itself, so that what was told is what is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import pgettext_lazy

from imports.api import used
from kernel.access import Actor, require
from modules.schedule import permissions
from modules.schedule.models import Lesson, Substitution
from modules.schedule.timetabling.grid import Grid, Piece
from modules.schedule.timetabling.models import Timetable
from modules.schedule.timetabling.pairs import by_turns, one_class, one_teacher
from modules.schedule.timetabling.queries import variants
from modules.schedule.year import queries as year_queries


class Why(StrEnum):
    MARKED = "marked"
    WORK = "work"
    STOOD_IN = "stood_in"
    BY_HAND = "by_hand"
    CANCELLED = "cancelled"


WHY: dict[Why, Any] = {
    Why.MARKED: pgettext_lazy("why a lesson stays", "marks or absences are written"),
    Why.WORK: pgettext_lazy("why a lesson stays", "a summative work is planned"),
    Why.STOOD_IN: pgettext_lazy("why a lesson stays", "a substitute takes it"),
    Why.BY_HAND: pgettext_lazy("why a lesson stays", "it was moved or added by hand"),
    Why.CANCELLED: pgettext_lazy("why a lesson stays", "it is cancelled"),
}
STOOD_IN = (Substitution.State.TAKEN, Substitution.State.JOINED)


def judged(lessons: Iterable[tuple[UUID, str, bool]]) -> dict[UUID, Why]:
    """Which of the lessons (id, state, put by hand) stay where they are, and why."""
    some = list(lessons)
    ids = [key for key, _state, _by_hand in some]
    marked, in_use = used("schedule.marked_lesson", ids), used("schedule.lesson", ids)
    taken = set(
        Substitution.objects.filter(lesson_id__in=ids, state__in=STOOD_IN).values_list("lesson_id", flat=True)
    )
    found: dict[UUID, Why] = {}
    for key, state, by_hand in some:
        if key in marked:
            found[key] = Why.MARKED
        elif key in in_use:
            found[key] = Why.WORK
        elif key in taken:
            found[key] = Why.STOOD_IN
        elif state == Lesson.State.CANCELLED:
            found[key] = Why.CANCELLED
        elif by_hand:
            found[key] = Why.BY_HAND
    return found


@dataclass(frozen=True, slots=True)
class Stay:
    """A lesson that stays; `instead_of` are lessons of the new week that find no place on that day because of it."""

    date: date
    number: int
    class_label: str
    subject: str
    why: Why
    instead_of: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return str(WHY[self.why])


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many lessons would be laid anew, and which stay."""

    going: int
    staying: tuple[Stay, ...]
    cancelled: int


def ahead(*, actor: Actor, row: Timetable, grid: Grid, touched: Iterable[UUID], since: date) -> Ahead:
    """What would become of the lessons of the courses from the day on."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    rows = Lesson.objects.filter(course_id__in=list(touched), date__gte=since)
    lessons = list(rows.values_list("pk", "state", "is_by_hand"))
    stays = judged(lessons)
    shown: dict[UUID, Why] = {key: why for key, why in stays.items() if why is not Why.CANCELLED}
    return Ahead(
        going=len(lessons) - len(stays),
        staying=tuple(_shown(actor, row, grid, shown)),
        cancelled=len(stays) - len(shown),
    )


def _shown(actor: Actor, row: Timetable, grid: Grid, stays: dict[UUID, Why]) -> list[Stay]:
    lessons = list(Lesson.objects.filter(pk__in=list(stays)).order_by("date", "number", "id"))
    if not lessons:
        return []
    calendar = year_queries.calendar(year=row.year)
    titles = variants.titles(actor=actor, year=row.year)
    standing: dict[tuple[int, int], list[Piece]] = defaultdict(list)
    for piece in grid.pieces.values():
        if piece.place:
            standing[piece.place].append(piece)
    found = []
    for one in lessons:
        label, subject = titles[one.course_id]
        there = _as_piece(one, weeks=calendar.parity(one.date))
        barred = [
            piece.title
            for piece in standing[one.date.isoweekday(), one.number]
            if piece.shift == one.shift
            and piece.course_id != one.course_id
            and not by_turns(piece, there)
            and one.state == Lesson.State.HELD
            and (one_class(piece, there) or one_teacher(piece, there))
        ]
        found.append(Stay(one.date, one.number, label, subject, stays[one.pk], tuple(barred)))
    return found


def _as_piece(one: Lesson, *, weeks: str) -> Piece:
    """A dated lesson as a card of its week, so that the same rules say what it bars."""
    return Piece(
        id=one.pk,
        course_id=one.course_id,
        class_id=one.school_class_id,
        class_label="",
        subject_code="",
        subject="",
        short="",
        teacher_id=one.teacher_id,
        teacher="",
        group=one.group,
        shift=one.shift,
        set_code=one.set_code,
        place=(one.date.isoweekday(), one.number),
        room=one.room,
        pin="",
        weeks=weeks,
    )
