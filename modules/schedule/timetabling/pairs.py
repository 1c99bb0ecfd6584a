"""How two lessons stand to each other: whether they share pupils, a teacher, a room, or take turns by weeks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modules.schedule.timetabling.grid import Piece

# A lesson of every week, and the two turns of half an hour a week.
EVERY, ODD, EVEN = "every", "odd", "even"
TURNS = (ODD, EVEN)


def by_turns(a: Piece, b: Piece) -> bool:
    """One is taught in odd weeks, the other in even ones."""
    return a.weeks != b.weeks and a.weeks != EVERY and b.weeks != EVERY


def one_class(a: Piece, b: Piece) -> bool:
    """The same pupils sit in both: one class, and not two groups of it."""
    return a.class_id.int == b.class_id.int and (not a.group or not b.group or a.group == b.group)


def joined(a: Piece, b: Piece) -> bool:
    """Classes of a small school taught together by one teacher."""
    return bool(a.set_code) and a.set_code == b.set_code and a.teacher_id == b.teacher_id


def one_teacher(a: Piece, b: Piece) -> bool:
    if a.teacher_id is None or b.teacher_id is None or a.teacher_id.int != b.teacher_id.int:
        return False
    return not joined(a, b)


def one_room(a: Piece, b: Piece) -> bool:
    return bool(a.room) and a.room == b.room and not joined(a, b)


def gaps(day: Iterable[Piece]) -> int:
    """Empty lessons between the first and the last of the day, in odd and in even weeks."""
    turns = [{one.place[1] for one in day if one.place and one.weeks in (EVERY, turn)} for turn in TURNS]
    return sum(max(taken) - min(taken) + 1 - len(taken) for taken in turns if taken)
