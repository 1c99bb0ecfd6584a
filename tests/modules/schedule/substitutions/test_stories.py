"""Mornings made up at random: whatever a deputy and her teachers do in any order is done or refused in words, never broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from kernel.access import Actor
from kernel.errors import DomainError
from modules.schedule.models import Lesson, Question, Substitution
from modules.schedule.substitutions import services
from modules.schedule.substitutions.models import Absence
from modules.staff.models import Employee
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT
from tests.modules.schedule.substitutions.conftest import DAY, Staff
from tests.stories import Story

pytestmark = pytest.mark.requirement("SIS-11")
AsTeacher = Callable[[Employee], Actor]
STEPS = 120


class Morning(Story):
    """What a deputy and her teachers may do next."""

    def __init__(
        self, seed: int, deputy: Actor, people: list[Employee], as_teacher: AsTeacher, moment: Any
    ) -> None:
        super().__init__(seed)
        self.deputy = deputy
        self.people = people
        self.as_teacher = as_teacher
        self.moment = moment
        self.acts = {
            self.falls_ill: 3, self.is_away_otherwise: 1, self.is_back: 1, self.is_asked: 4, self.answers: 6,
            self.is_given: 1, self.sits_together: 1, self.is_moved: 1, self.is_cancelled: 1, self.is_left: 1,
            self.is_opened_again: 2, self.time_passes: 1,
        }  # fmt: skip

    def step(self) -> None:
        act = self.drawn()
        try:
            act()
            self.done += 1
        except DomainError as refusal:
            self.told[-1] += f": {refusal.code}"

    def _any(self, rows: Any, **likely: Any) -> Any:
        """One of the rows, of the likely ones most times."""
        found = list(rows.order_by("pk"))
        if likely and self.dice.random() < 0.9:
            found = list(rows.filter(**likely).order_by("pk")) or found
        if not found:
            raise DomainError("nothing to do it to")
        return self.dice.choice(found)

    def _line(self, **likely: Any) -> Any:
        return self._any(Substitution.objects.exclude(state="withdrawn"), **likely or {"state": "open"}).pk

    def falls_ill(self) -> None:
        since = DAY + timedelta(days=self.dice.randrange(2))
        services.note_absence(
            actor=self.deputy,
            teacher_id=self.dice.choice(self.people).pk,
            since=since,
            until=self.dice.choice([None, since, since + timedelta(days=1)]),
            reason="sick",
        )

    def is_away_otherwise(self) -> None:
        row = self._any(Absence.objects.filter(cancelled_at=None))
        since = DAY + timedelta(days=self.dice.randrange(3))
        services.change_absence(
            actor=self.deputy,
            absence_id=row.pk,
            since=since,
            until=self.dice.choice([None, since]),
            reason="other",
        )

    def is_back(self) -> None:
        row = self._any(Absence.objects.all(), cancelled_at=None)
        services.cancel_absence(actor=self.deputy, absence_id=row.pk)

    def is_asked(self) -> None:
        some = self.dice.sample(self.people, self.dice.randrange(1, 3))
        services.ask(actor=self.deputy, substitution_id=self._line(), teacher_ids=[one.pk for one in some])

    def answers(self) -> None:
        row = self._any(Question.objects.all(), answer="", substitution__state="open")
        who = next(one for one in self.people if one.pk == row.teacher_id)
        services.answer(actor=self.as_teacher(who), question_id=row.pk, is_yes=self.dice.random() < 0.7)

    def is_given(self) -> None:
        services.assign(
            actor=self.deputy, substitution_id=self._line(), substitute_id=self.dice.choice(self.people).pk
        )

    def sits_together(self) -> None:
        services.join(
            actor=self.deputy, substitution_id=self._line(), substitute_id=self.dice.choice(self.people).pk
        )

    def is_moved(self) -> None:
        services.move(
            actor=self.deputy,
            substitution_id=self._line(),
            day=DAY + timedelta(days=self.dice.randrange(2)),
            number=self.dice.randrange(1, 8),
        )

    def is_cancelled(self) -> None:
        services.cancel(actor=self.deputy, substitution_id=self._line(), reason="Аяз")

    def is_left(self) -> None:
        services.leave_to_teacher(actor=self.deputy, substitution_id=self._line())

    def is_opened_again(self) -> None:
        services.reopen(
            actor=self.deputy, substitution_id=self._line(state__in=["taken", "joined", "moved", "cancelled"])
        )

    def time_passes(self) -> None:
        self.moment.shift(timedelta(minutes=self.dice.randrange(5, 40)))


def whole() -> list[str]:
    """What does not hold of the lessons, the lines of the book and the questions."""
    found = []
    for row in Substitution.objects.exclude(state="withdrawn").select_related("lesson"):
        lesson = row.lesson
        if row.state in ("taken", "joined") and lesson.teacher_id != row.substitute_id:
            found.append(f"{row} is held by somebody else")
        if row.state == "open" and (lesson.teacher_id, lesson.state) != (row.teacher_id, Lesson.State.HELD):
            found.append(f"{row} is not the absent teacher's")
        if row.state == "cancelled" and lesson.state != Lesson.State.CANCELLED:
            found.append(f"{row} is held")
        yes = {one.teacher_id for one in row.questions.filter(answer=Question.Answer.YES)}
        if yes and (row.state, {row.substitute_id}) != ("taken", yes):
            found.append(f"{row} has a yes of somebody who does not hold it")
    return found


@pytest.mark.parametrize("seed", range(10))
def test_any_order_of_acts_leaves_the_book_whole(
    seed: int, scene: make.Scene, staff_room: Staff, aigul: Actor, as_teacher: AsTeacher
) -> None:
    free = [make.teacher(surname, "Дана") for surname in ("Қалиева", "Омарова", "Серікова")]
    people = [scene.teacher, staff_room.gulzhan, staff_room.marat, staff_room.saule, *free]
    with time_machine.travel(MOMENT, tick=False) as moment:
        morning = Morning(seed, aigul, people, as_teacher, moment)
        for _each in range(STEPS):
            with morning.telling():
                morning.step()
                assert whole() == []
    assert morning.done > STEPS / 10
