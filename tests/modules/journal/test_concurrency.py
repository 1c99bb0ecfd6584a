"""Several teachers at once, each on a connection of their own, on committed data: locks are tested by meeting."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from kernel import jobs, tenancy
from kernel.access import Actor
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef
from modules.journal import services
from modules.journal.models import IdleOperation, Mark, MarkEvent
from modules.journal.services import Operation, Result
from tests import world
from tests.factories import journal as made
from tests.factories import schedule as make

_LEFT_BEHIND = (
    "journal_mark", "journal_absence", "journal_periodmark", "journal_summativework", "journal_comment",
    "journal_markevent",
    "schedule_lesson", "schedule_slot", "schedule_course", "contingent_membership", "contingent_pupil",
    "contingent_schoolclass", "staff_employee", "kernel_outboxevent",
)  # fmt: skip


@pytest.fixture
def committed(
    django_db_setup: None, django_db_blocker: Any, moment: None
) -> Iterator[tuple[TenantRef, make.Scene]]:
    """A journal that other connections see; everything is swept away at the end."""
    with django_db_blocker.unblock():
        ref = world.find("school-n")
        try:
            with tenancy.use(ref), transaction.atomic():
                scene = make.scene(pupil_count=4, lesson_count=4)
            yield ref, scene
        finally:
            jobs.Collected.clear()
            with tenancy.owner(ref), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(_LEFT_BEHIND)} CASCADE")


def writer(number: int) -> Actor:
    """The product at work under a number of its own, allowed everywhere."""
    system = Actor.system_actor(f"writer-{number}")
    return Actor(tenant=system.tenant, user_id=number, name=f"writer-{number}", system=system.system)


def in_threads(ref: TenantRef, blocker: Any, work: Any, count: int) -> list[Any]:
    def run(number: int) -> Any:
        with blocker.unblock():
            try:
                with tenancy.use(ref):
                    return work(number)
            finally:
                tenancy.forget()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(1, count + 1)))


@pytest.mark.requirement("SIS-32")
def test_of_two_teachers_in_one_cell_one_writes_and_the_other_is_told(
    committed: tuple[TenantRef, make.Scene], django_db_blocker: Any
) -> None:
    ref, scene = committed
    for round_number, lesson in enumerate(scene.lessons):
        together = Barrier(2)

        def save(number: int, lesson: Any = lesson, together: Barrier = together) -> Result:
            together.wait(10)
            [result] = services.save_cells(
                actor=writer(number),
                course_id=scene.course.pk,
                operations=[made.op(lesson, scene.pupils[0], number + 3)],
            )
            return result

        results = in_threads(ref, django_db_blocker, save, 2)
        assert sorted(r.status for r in results) == ["conflict", "ok"]
        written = next(r.value for r in results if r.status == "ok")
        assert next(r.value for r in results if r.status == "conflict") == written
        with tenancy.use(ref):
            assert Mark.objects.get(lesson=lesson).points == written
            assert MarkEvent.objects.count() == round_number + 1


@pytest.mark.requirement("SIS-32", "SIS-52")
def test_five_writers_with_lost_answers_lose_nothing_and_overwrite_nothing_silently(
    committed: tuple[TenantRef, make.Scene], django_db_blocker: Any
) -> None:
    ref, scene = committed
    cells = [(lesson, pupil) for lesson in scene.lessons[:2] for pupil in scene.pupils[:2]]

    def write(number: int) -> list[tuple[Operation, Result]]:
        dice = random.Random(number)
        shown: dict[tuple[UUID, UUID], int | None] = {}
        said: list[tuple[Operation, Result]] = []
        actor = writer(number)
        for _ in range(40):
            batch = []
            for lesson, pupil in dice.sample(cells, dice.randint(1, 3)):
                new = dice.choice([None, *range(1, 11)])
                batch.append(made.op(lesson, pupil, new, old=shown.get((lesson.pk, pupil.pk))))
            for _time in range(dice.choice([1, 1, 2, 3])):  # the answer was lost: the same is sent again
                results = services.save_cells(actor=actor, course_id=scene.course.pk, operations=batch)
            for operation, result in zip(batch, results, strict=True):
                shown[operation.lesson_id, operation.pupil_id] = result.value
                said.append((operation, result))
        return said

    said = [pair for pairs in in_threads(ref, django_db_blocker, write, 5) for pair in pairs]
    assert {result.status for _operation, result in said} == {"ok", "conflict"}
    with tenancy.use(ref):
        events = {e.operation_id: e for e in MarkEvent.objects.all()}
        idle = set(IdleOperation.objects.values_list("operation_id", flat=True))
        assert not idle & events.keys()
        assert len(events) == MarkEvent.objects.count()
        for lesson, pupil in cells:
            chain = list(MarkEvent.objects.filter(lesson_id=lesson.pk, pupil_id=pupil.pk).order_by("version"))
            assert [e.version for e in chain] == list(range(1, len(chain) + 1))
            assert [e.old for e in chain] == [None, *[e.new for e in chain[:-1]]]
            last = Mark.objects.get(lesson=lesson, pupil_id=pupil.pk).points
            assert (None if last is None else str(last)) == chain[-1].new
        for operation, result in said:
            wanted = None if operation.new is None else str(operation.new)
            if operation.id in events:
                assert events[operation.id].new == wanted
                assert events[operation.id].old == (None if operation.old is None else str(operation.old))
                assert result.status == "ok"
            elif (
                result.status == "ok"
            ):  # somebody had written the same, so there was nothing to do, nor is there later
                assert operation.id in idle
            else:
                assert result.value != operation.new
        news = OutboxEvent.objects.filter(name="journal.marks.changed.v1")
        assert sum(row.payload["count"] for row in news) == len(events)
