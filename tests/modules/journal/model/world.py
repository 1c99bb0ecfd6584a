"""What may happen to a journal, and the world in which it happens: the product and the model of it, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from kernel import clock
from kernel.access import Actor, Role
from kernel.errors import NotFound
from kernel.models import OutboxEvent
from modules.contingent.models import Membership
from modules.journal import services
from modules.journal.models import Absence, Comment, Mark, MarkEvent, Opening, PeriodMark
from modules.journal.services import Operation, Result
from modules.schedule.models import Lesson, Period
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.model.book import Answer, Book, Cell, Line, Page
from tests.modules.journal.model.device import Device

BOLAT, DANA, AIGUL = 1001, 1002, 1003
PEOPLE = (BOLAT, BOLAT, DANA, AIGUL)  # whose the devices are: Bolat has a telephone besides
VALUES: dict[str, tuple[Any, ...]] = {
    "points": (None, 5, 9, 0, 11),
    "absence": (None, "ill", "late", "away"),
    "comment": (None, "Жарайсың", "Қайтала", " "),
    "period": (None, 4, 5, 1),
}
GONE = UUID(int=1)  # a lesson that stands in the timetable no more
COUNCIL = "Педкеңес шешімі"


@dataclass(frozen=True)
class Type:
    """Somebody types into cells: numbers of page and pupil, kind, field, number of the value; then it is sent."""

    device: int
    cells: tuple[tuple[int, int, str, str, int], ...]
    fate: str


@dataclass(frozen=True)
class Send:
    """A device sends what waits. `fate`: it arrives, waits, is lost, its answer is lost, it arrives twice."""

    device: int
    fate: str


@dataclass(frozen=True)
class Meet:
    """Another device is served between two statements of the first one's save."""

    device: int
    other: int
    at: int


@dataclass(frozen=True)
class Echo:
    """A request of long ago arrives once more."""

    device: int
    number: int


@dataclass(frozen=True)
class Press:
    """Undo; mine or theirs, in the strip; the page loaded again."""

    device: int
    what: str


@dataclass(frozen=True)
class Turn:
    """Something around the cells becomes the opposite: the period closed, a lesson cancelled, a right given."""

    what: str


Act = Type | Send | Meet | Echo | Press | Turn


@dataclass(frozen=True)
class Ground:
    """What stands in the tables before a story: three pages of the second quarter and one of the first, which closes;
    three pupils, of whom the last came late."""

    scene: make.Scene
    actors: dict[int, Actor]
    lessons: list[Lesson]
    dana: UUID
    opening: UUID
    period: UUID

    @classmethod
    def lay(cls, actor_of: Callable[..., Actor]) -> Ground:
        scene = make.scene(pupil_count=3, lesson_count=3)
        first = make.periods()["q1"]
        lessons = [*scene.lessons, *make.lessons(scene.course, first.start, count=1)]
        Membership.objects.filter(pupil_id=scene.pupils[2].pk).update(since=lessons[2].date)
        made.work(lessons[1], "sor", 10)
        dana = make.teacher("Дәулетова", "Дана").pk
        opening = Opening.objects.create(
            course=scene.course,
            period_id=first.id,
            days=[lessons[3].date],
            pupil_ids=[scene.pupils[0].pk],
            with_finals=True,
            reason="Жұмысы қайта тексерілді",
            state=Opening.State.CLOSED,
            asked_by=BOLAT,
            asked_at=clock.now(),
            answered_at=clock.now(),
            until=clock.now() + timedelta(hours=40),
        )
        actors = {
            BOLAT: actor_of(Role.TEACHER, person_id=scene.teacher.pk, user_id=BOLAT),
            DANA: actor_of(Role.TEACHER, person_id=dana, user_id=DANA),
            AIGUL: actor_of(Role.DIRECTOR, user_id=AIGUL),
        }
        return cls(scene, actors, lessons, dana, opening.pk, first.id)

    def book(self) -> Book:
        known, late = {one.pk for one in self.scene.pupils[:2]}, self.scene.pupils[2].pk
        first, second, third, old = (one.pk for one in self.lessons)
        owners, fo = {BOLAT, AIGUL}, {"fo": (1, 10)}
        pages = {
            first: Page(fo, known, set(owners)),
            second: Page({**fo, "sor": (0, 10)}, known, set(owners)),
            third: Page(fo, known | {late}, set(owners)),
            old: Page(fo, known, set(owners)),
            self.period: Page({}, known, set(owners)),
        }
        return Book(pages, owners)


class World:
    """A story as it goes on: the product, the model of it, and the devices."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.book = ground.book()
        self.devices = [Device() for _ in PEOPLE]
        self.heard: Counter[str] = Counter()

    def do(self, act: Act) -> None:
        match act:
            case Type():
                self._type(act)
                self._send(act.device, act.fate)
            case Send():
                self._send(act.device, act.fate)
            case Meet():
                self._meet(act)
            case Echo():
                sent = self.devices[act.device].sent
                if sent:
                    self._serve(act.device, sent[act.number % len(sent)])
            case Press():
                self._press(self.devices[act.device], act.what)
            case Turn():
                self._turn(act.what)

    # --- people

    def _type(self, act: Type) -> None:
        places = [*(one.pk for one in self.ground.lessons), GONE, self.ground.period]
        for page, pupil, kind, name, number in act.cells:
            new = VALUES["period" if kind == "period" else name][number]
            blank = Operation(
                uuid4(), places[page], self.ground.scene.pupils[pupil].pk, kind, name, None, new,
                COUNCIL if kind == "period" else "",
            )  # fmt: skip
            self.devices[act.device].type(blank, new)

    def _press(self, device: Device, what: str) -> None:
        if what == "undo":
            device.undo()
        elif what == "reload":
            device.reload((cell, value) for cell, (value, __) in self.book.cells.items())
        else:
            device.decide(mine=what == "mine")

    def _turn(self, what: str) -> None:
        pages = self.book.pages
        if what == "period":
            closed = not pages[self.ground.period].closed
            Period.objects.filter(pk=self.ground.period).update(closed_at=clock.now() if closed else None)
            pages[self.ground.period].closed = pages[self.ground.lessons[3].pk].closed = closed
        elif what == "opening":
            opened = not pages[self.ground.period].opened
            state = Opening.State.OPEN if opened else Opening.State.CLOSED
            Opening.objects.filter(pk=self.ground.opening).update(state=state)
            for key in (self.ground.period, self.ground.lessons[3].pk):
                pages[key].opened = {(BOLAT, self.ground.scene.pupils[0].pk)} if opened else set()
        elif what == "lesson":
            page = pages[self.ground.lessons[2].pk]
            page.cancelled = not page.cancelled
            state = Lesson.State.CANCELLED if page.cancelled else Lesson.State.HELD
            Lesson.objects.filter(pk=self.ground.lessons[2].pk).update(state=state)
        else:
            writers = pages[self.ground.lessons[1].pk].writers
            writers ^= {DANA}
            teacher = self.ground.dana if DANA in writers else self.ground.scene.teacher.pk
            Lesson.objects.filter(pk=self.ground.lessons[1].pk).update(teacher_id=teacher)

    # --- requests

    def _ask(self, device: int, batch: list[Operation]) -> list[Result] | None:
        actor = self.ground.actors[PEOPLE[device]]
        try:
            results = services.save_cells(
                actor=actor, course_id=self.ground.scene.course.pk, operations=batch
            )
        except NotFound:
            self.heard["not there"] += 1
            return None
        for one, result in zip(batch, results, strict=True):
            self.heard[f"{'period' if one.kind == 'period' else one.field} {result.status}"] += 1
        return results

    def _serve(self, device: int, batch: list[Operation]) -> list[Result] | None:
        results = self._ask(device, batch)
        agree(results, self.book.answers(PEOPLE[device], batch))
        return results

    def _send(self, number: int, fate: str) -> None:
        if fate == "waits":
            return
        device = self.devices[number]
        batch = device.batch()
        if not batch or fate == "lost":
            return
        results = self._serve(number, batch)
        if fate == "twice":
            assert told(self._serve(number, batch)) == told(results), "the second answer is another one"
        if fate != "unanswered":
            device.answered(batch, results)

    def _meet(self, act: Meet) -> None:
        first, second = self.devices[act.device], self.devices[act.other]
        if first is second or not (mine := first.batch()) or not (theirs := second.batch()):
            return
        between = _Between(act.at, lambda: self._ask(act.other, theirs))
        with connection.execute_wrapper(between):
            results = self._ask(act.device, mine)
        saving = self.book.save(PEOPLE[act.device], mine)
        others: list[Answer] | None = None
        for step in count():
            try:
                next(saving)
            except StopIteration as ended:
                agree(results, ended.value)
                break
            if step == act.at:
                others = self.book.answers(PEOPLE[act.other], theirs)
        if between.has_come:
            self.heard["met"] += 1
            agree(between.answer, others)
            answer = between.answer
        else:
            answer = self._serve(act.other, theirs)
        first.answered(mine, results)
        second.answered(theirs, answer)

    # --- what stands in the end

    def compare(self) -> None:
        stands = dict(_cells())
        self.heard["changes"] += len(self.book.lines)
        assert stands == self.book.cells
        lines = list(_lines())
        assert {one.operation_id: one for one in lines} == self.book.lines
        assert len(lines) == len(self.book.lines), "a change left two lines"
        told = OutboxEvent.objects.filter(name="journal.marks.changed.v1").values_list("payload", flat=True)
        assert sum(one["count"] for one in told) == sum(one.cell[3] != "comment" for one in lines)


class _Between:
    """Comes before the statement number `at` of those that write cells, or before the look at them after the writing."""

    def __init__(self, at: int, work: Callable[[], list[Result] | None]) -> None:
        self.at, self.work = at, work
        self.steps = 0
        self.has_come = self.has_looked = self.is_busy = False
        self.answer: list[Result] | None = None

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.is_busy and (_writes(sql) or (self.steps and not self.has_looked and _looks(sql))):
            self.has_looked = _looks(sql)
            if self.steps == self.at:
                self.is_busy = self.has_come = True
                self.answer = self.work()
                self.is_busy = False
            self.steps += 1
        return execute(sql, params, many, context)


def _writes(sql: str) -> bool:
    return sql.lstrip().startswith("WITH o AS")


def _looks(sql: str) -> bool:
    return sql.lstrip().startswith("SELECT o.op,")


def told(results: Iterable[Result] | None) -> list[tuple[str, Any]] | None:
    return None if results is None else [(one.status, one.value) for one in results]


def agree(results: list[Result] | None, answers: list[Answer] | None) -> None:
    """The product and the model gave the same answers."""
    said = None if results is None else [Answer(r.id, r.status, r.value, r.version) for r in results]
    assert said == answers


def _cells() -> Iterable[tuple[Cell, tuple[Any, int]]]:
    for row in Mark.objects.all():
        yield (row.lesson_id, row.pupil_id, row.kind, "points"), (row.points, row.version)
    for gone in Absence.objects.all():
        yield (gone.lesson_id, gone.pupil_id, "", "absence"), (gone.code, gone.version)
    for said in Comment.objects.all():
        yield (said.lesson_id, said.pupil_id, said.kind, "comment"), (said.text, said.version)
    for final in PeriodMark.objects.all():
        value = int(final.final) if final.final else None
        yield (final.period_id, final.pupil_id, "period", "points"), (value, final.version)


def _lines() -> Iterable[Line]:
    for row in MarkEvent.objects.all():
        cell: Cell
        old: Any = row.old
        new: Any = row.new
        if row.field == "absence":
            cell = (row.lesson_id, row.pupil_id, "", "absence")
        elif row.field.startswith("comment-"):
            cell = (row.lesson_id, row.pupil_id, row.field.removeprefix("comment-"), "comment")
        else:
            place, kind = (row.period_id, "period") if row.field == "final" else (row.lesson_id, row.field)
            cell = (place, row.pupil_id, kind, "points")
            old, new = (None if text is None else int(text) for text in (old, new))
        yield Line(cell, row.version, old, new, row.operation_id, row.by_user)
