"""A school with three classes, and a journal that says what the test wants: only its two questions are replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from kernel import events
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.analytics import services
from modules.analytics.queries import sources
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo, NewPupil
from modules.journal.data import AttendanceCounts, ClassSubjectCounts
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo
from tenants.rollups import Figure
from tests.tenants import facts

YEAR = "2026-27"
Key = tuple[UUID, UUID, str]


@dataclass
class Journal:
    """Counts by (period, class, subject), as the journal would answer them."""

    periods: list[PeriodInfo]
    classes: list[ClassInfo]
    marks: dict[Key, tuple[int, int, int, int]] = field(default_factory=dict)
    missed: dict[UUID, int] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)

    @property
    def q1(self) -> PeriodInfo:
        return self.periods[0]

    def mark_counts(
        self, *, actor: Actor, year: str, period_code: str, class_ids: Any = None
    ) -> list[ClassSubjectCounts]:
        self.asked.append((period_code, class_ids))
        codes = {one.id: one.code for one in self.periods}
        return [
            ClassSubjectCounts(key[1], key[2], 30, *n, na=0, forecast=n[0])
            for key, n in self.marks.items()
            if codes[key[0]] == period_code and (class_ids is None or key[1] in class_ids)
        ]

    def attendance_counts(
        self, *, actor: Actor, start: date, end: date, class_ids: Any = None
    ) -> list[AttendanceCounts]:
        return [
            AttendanceCounts(one.id, 100, self.missed.get(one.id, 0), 0, 0, late=1)
            for one in self.classes
            if class_ids is None or one.id in class_ids
        ]

    def set(self, number: int, subject: str, *counts: int, period: PeriodInfo | None = None) -> Key:
        key = ((period or self.q1).id, self.classes[number].id, subject)
        self.marks[key] = counts  # type: ignore[assignment]
        return key


@pytest.fixture
def system(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


@pytest.fixture
def journal(in_school: TenantRef, system: Actor, monkeypatch: pytest.MonkeyPatch) -> Journal:
    classes = [
        contingent.open_class(actor=system, year=YEAR, grade=grade, letter=letter, language=language)
        for grade, letter, language in ((7, "А", "kk"), (7, "Ә", "kk"), (11, "Б", "ru"))
    ]
    for number, school_class in enumerate(classes):
        for pupil in range((6, 5, 3)[number]):
            contingent.enrol(
                actor=system,
                pupil=NewPupil(
                    surname=f"Серік{number}{pupil}",
                    name="Ерлан",
                    sex="m",
                    birth_date=date(2013, 1, 1 + pupil),
                ),
                class_id=school_class.id,
                since=date(2026, 9, 1),
            )
    periods = schedule.open_year(actor=system, year=YEAR)
    fake = Journal(periods, classes)
    monkeypatch.setattr(sources.journal, "mark_counts", fake.mark_counts)
    monkeypatch.setattr(sources.journal, "attendance_counts", fake.attendance_counts)
    events.deliver()  # the news of the enrolments
    services.refresh(actor=system)
    fake.asked.clear()
    return fake


@pytest.fixture
def published(tenants_db: None, school_a: TenantRef) -> Iterator[Callable[..., None]]:
    """Commit figures of a school: `published(school, quality=(15, 25), grade={"7": (10, 20)}, …)`."""

    def publish(school: TenantRef, *, period: str = "q1", people: int | None = None, **more: Any) -> None:
        def figures(dimension: str, value: str, n: int, of: int) -> Iterator[Figure]:
            for code, share in (
                ("journal.quality", n),
                ("journal.achievement", of - 1),
                ("journal.average", 4 * of),
            ):
                yield Figure(
                    code, YEAR, period, share, of, of if people is None else people, 1, dimension, value
                )

        made = list(figures("all", "", *more.pop("quality")))
        for dimension, cells in more.items():
            for value, (n, of) in cells.items():
                made += figures(dimension, value, n, of)
        facts.commit(school, made)

    yield publish
    facts.clear()
