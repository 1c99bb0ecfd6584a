"""What the news of a mark costs: the statement that saves it with its outbox row, against the same without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection

from identity import api as identity
from kernel import tenancy
from kernel.models import OutboxEvent
from modules.journal import api as journal
from modules.journal.models import Mark, MarkEvent
from modules.journal.services import Operation, statements
from tests.benchmarks.journal_scene import empty_cells, open_desk, statements_of
from tests.benchmarks.measure import against, take_turns


def run() -> list[dict[str, Any]]:
    desk = open_desk()
    course = desk.scene.course.pk
    with tenancy.use(desk.school):
        places = iter(empty_cells(desk.scene))
        actor = identity.actor_of_user(desk.user.pk)

        def through_the_service() -> None:
            operation = Operation(uuid4(), *next(places), "fo", "points", None, 7)
            [result] = journal.save_cells(actor=actor, course_id=course, operations=[operation])
            if result.status != "ok":
                raise AssertionError(result)

        [(statement, values)] = [s for s in statements_of(through_the_service) if statements.NEWS in s[0]]
        raw = connection.connection

        def way(sql: str) -> Callable[[], None]:
            """One save by the driver: a statement of its own is a transaction of its own, with its own commit."""

            def save() -> None:
                lesson, pupil = next(places)
                given = {**values, "ops": [uuid4()], "lessons": [lesson], "pupils": [pupil]}
                with raw.cursor() as cursor:
                    cursor.execute(sql, given)
                    if len(cursor.fetchall()) != 1:
                        raise AssertionError("the mark was not saved")

            return save

        before = _counts()
        times = take_turns(
            {"with": way(statement), "without": way(statement.replace(statements.NEWS, ""))},
            rounds=30,
            batch=12,
        )
        marks, history, news = (now - then for now, then in zip(_counts(), before, strict=True))
    if not marks == history == 2 * news:
        raise AssertionError(f"{marks} marks, {history} lines of history, {news} news")
    return [
        against(
            "A mark's outbox surcharge: the save with its outbox row / the same save without",
            value=times["with"],
            floor=times["without"],
            goal=1.35,
        )
    ]


def _counts() -> tuple[int, int, int]:
    return Mark.objects.count(), MarkEvent.objects.count(), OutboxEvent.objects.count()
