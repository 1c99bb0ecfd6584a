"""What a journal should do, said as simply as possible: a dictionary of cells, a list of changes, and who may write where.

It knows nothing of SQL. Saving is cut where the product sends a statement, so that another's save may come between.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from modules.journal.services import Operation

Cell = tuple[UUID, UUID, str, str]  # lesson or period, pupil, kind, field
EMPTY = (None, 0)
CODES = {"unexcused", "excused", "ill", "late"}
FINALS = {2, 3, 4, 5}


def cell_of(one: Operation) -> Cell:
    """An absence stands beside all the marks of a lesson."""
    return one.lesson_id, one.pupil_id, "" if one.field == "absence" else one.kind, one.field


@dataclass(frozen=True)
class Line:
    """One change of a cell."""

    cell: Cell
    version: int
    old: Any
    new: Any
    operation_id: UUID
    user_id: int


@dataclass(frozen=True)
class Answer:
    id: UUID
    status: str
    value: Any
    version: int


@dataclass
class Page:
    """A lesson, or a period where the marks of the period stand: what may be written there now."""

    works: dict[str, tuple[int, int]]  # kind of work: its lowest and highest points
    pupils: set[UUID]
    writers: set[int]  # users
    closed: bool = False
    cancelled: bool = False
    opened: set[tuple[int, UUID]] = field(default_factory=set)  # user and pupil, while it is closed


class Book:
    def __init__(self, pages: dict[UUID, Page], owners: set[int]) -> None:
        self.pages = pages
        self.owners = owners  # users whose the whole journal is
        self.cells: dict[Cell, tuple[Any, int]] = {}
        self.lines: dict[UUID, Line] = {}
        self.idle: set[UUID] = set()  # operations that were taken and changed nothing

    def save(self, user: int, operations: Sequence[Operation]) -> Generator[None, None, list[Answer] | None]:
        """Yield before each step, so that another's may come between; None when the journal is not the user's."""
        answers: dict[UUID, Answer] = {}
        wanted = []
        for one in operations:
            if one.kind == "period":
                continue
            status = self._fault(user, one)
            if not status:
                wanted.append(one)
            elif self._is_known(one):  # done before, and the answer was lost
                answers[one.id] = self._answer(one, "ok")
            elif user in self._writers(one):
                answers[one.id] = self._answer(one, status)
            else:  # what stands in cells of others is not told
                answers[one.id] = Answer(one.id, status, one.old, 0)
        strange = [one for one in operations if user not in self._writers(one) and not self._is_known(one)]
        if len(strange) == len(operations) and user not in self.owners:
            return None
        for one in operations:
            if one.kind == "period":
                status = "ok" if self._is_known(one) else self._fault(user, one)
                status = status or self._write(user, one)
                if status == "ok" and one.id not in self.lines:
                    self.idle.add(one.id)
                answers[one.id] = self._answer(one, status)
        rounds: dict[tuple[str, int], list[Operation]] = {}
        seen: list[Cell] = []
        for one in wanted:
            rounds.setdefault((one.field, seen.count(cell_of(one))), []).append(one)
            seen.append(cell_of(one))
        late = []
        for group in rounds.values():
            yield
            for one in group:
                if not self._is_known(one) and self._write(user, one) == "ok" and one.id in self.lines:
                    answers[one.id] = self._answer(one, "ok")
                else:
                    late.append(one)
        if late:
            yield
        for one in late:
            value, __ = self.cells.get(cell_of(one), EMPTY)
            is_so = self._is_known(one) or value == one.new
            if is_so and one.id not in self.lines:
                self.idle.add(one.id)
            answers[one.id] = self._answer(one, "ok" if is_so else "conflict")
        return [answers[one.id] for one in operations]

    def answers(self, user: int, operations: Sequence[Operation]) -> list[Answer] | None:
        """The same, with nobody between."""
        return finish(self.save(user, operations))

    def _is_known(self, one: Operation) -> bool:
        return one.id in self.lines or one.id in self.idle

    def _writers(self, one: Operation) -> set[int]:
        page = self.pages.get(one.lesson_id)
        return page.writers if page else set()

    def _answer(self, one: Operation, status: str) -> Answer:
        return Answer(one.id, status, *self.cells.get(cell_of(one), EMPTY))

    def _write(self, user: int, one: Operation) -> str:
        """Compare and set; a change leaves a line, and nothing else does."""
        cell = cell_of(one)
        value, version = self.cells.get(cell, EMPTY)
        if value == one.new:
            return "ok"
        if value != one.old:
            return "conflict"
        self.cells[cell] = one.new, version + 1
        self.lines[one.id] = Line(cell, version + 1, value, one.new, one.id, user)
        return "ok"

    def _fault(self, user: int, one: Operation) -> str:
        page = self.pages.get(one.lesson_id)
        if page is None or user not in page.writers:
            return "refused"
        if page.closed and (user, one.pupil_id) not in page.opened:
            if one.kind == "period" and any(who == user for who, __ in page.opened):
                return "refused"  # of the period's marks some are open, this one is not
            return "locked"
        if page.cancelled:
            return "locked"
        if one.kind == "period" and one.pupil_id not in page.pupils:
            return "refused"
        if one.new is None:
            return ""
        if one.pupil_id not in page.pupils:
            return "refused"
        if one.kind == "period":
            return "" if one.new in FINALS else "refused"
        if one.field == "absence":
            return "" if one.new in CODES else "refused"
        if one.kind not in page.works:
            return "refused"
        if one.field == "comment":
            return "" if one.new.strip() else "refused"
        low, high = page.works[one.kind]
        return "" if low <= one.new <= high else "refused"


def finish(saving: Generator[None, None, list[Answer] | None]) -> list[Answer] | None:
    while True:
        try:
            next(saving)
        except StopIteration as ended:
            return ended.value
