"""“Load” pressed twice at the same moment, and a load looked at from outside: each on a connection of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from imports import services
from imports.models import ImportBatch
from imports.steps import EVERY
from kernel import clock, jobs, tenancy
from kernel.access import Actor
from kernel.models import Job
from kernel.tenancy import TenantRef
from modules.contingent.importers.pupils import loading
from modules.contingent.models import Guardian, Pupil
from tests import world
from tests.imports.build import line, table, xlsx

_LEFT_BEHIND = (
    "imports_importbatch", "contingent_guardianship", "contingent_guardian", "contingent_membership",
    "contingent_pupil", "contingent_schoolclass", "kernel_outboxevent", "kernel_job",
)  # fmt: skip
MOTHER = {"Мать: ФИО": "Ахметова Гүлнар", "Мать: телефон": "87051112233"}


@pytest.fixture
def school(django_db_setup: None, django_db_blocker: Any) -> Iterator[TenantRef]:
    """A school whose rows other connections see; everything is swept away at the end."""
    with django_db_blocker.unblock():
        ref = world.find("school-n")
        try:
            yield ref
        finally:
            jobs.Collected.clear()
            with tenancy.owner(ref), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(_LEFT_BEHIND)} CASCADE")


def checked(*lines: dict[str, Any]) -> UUID:
    clerk = Actor.system_actor("test")
    with transaction.atomic():
        batch = services.receive(
            actor=clerk, importer_code="pupils", name="a.xlsx", content=xlsx(table(*lines))
        )
        services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
        return services.check(actor=clerk, batch_id=batch.pk).pk


def press(ref: TenantRef, blocker: Any, batch_ids: list[UUID]) -> list[str]:
    """Press “Load” on all the batches at once; answer how each ended."""
    together = Barrier(len(batch_ids))

    def run(batch_id: UUID) -> str:
        with blocker.unblock():
            try:
                with tenancy.use(ref):
                    together.wait(10)
                    services.load(actor=Actor.system_actor("test"), batch_id=batch_id)
                    return "loaded"
            except (services.WrongStep, services.NothingToLoad) as refusal:
                return type(refusal).__name__
            finally:
                tenancy.forget()

    with ThreadPoolExecutor(len(batch_ids)) as pool:
        return sorted(pool.map(run, batch_ids))


def test_of_two_presses_one_loads_and_the_other_finds_it_done(
    school: TenantRef, django_db_blocker: Any
) -> None:
    with tenancy.use(school):
        batch_id = checked(line(1, **MOTHER), line(2, Имя="Ержан", **MOTHER))
    assert press(school, django_db_blocker, [batch_id, batch_id]) == ["WrongStep", "loaded"]
    with tenancy.use(school):
        assert (Pupil.objects.count(), Guardian.objects.count()) == (2, 1)


def test_of_two_files_with_the_same_people_one_loads(school: TenantRef, django_db_blocker: Any) -> None:
    with tenancy.use(school):
        files = [checked(line(3, **MOTHER)), checked(line(3, **MOTHER))]
    assert press(school, django_db_blocker, files) == ["NothingToLoad", "loaded"]
    with tenancy.use(school):
        assert (Pupil.objects.count(), Guardian.objects.count()) == (1, 1)


# --- how far it is


def seen_outside() -> tuple[str, int, int, str, int]:
    """What another connection sees of the job, and how many pupils."""
    with tenancy.Aside():
        job = Job.objects.get()
        return job.state, job.done, job.total, job.message, Pupil.objects.count()


def in_a_job(batch_id: UUID) -> Job:
    clerk = Actor.system_actor("test")
    services.begin_job(actor=clerk, batch_id=batch_id, state=services.State.LOADING)
    return jobs.run(Job.objects.get().pk)


@pytest.mark.requirement("SIS-16")
class TestProgress:
    ROWS = 2 * EVERY + 1

    @pytest.fixture
    def batch_id(self, school: TenantRef) -> Iterator[UUID]:
        with tenancy.use(school):
            yield checked(*(line(n, Класс="7А") for n in range(self.ROWS)))

    def test_is_seen_while_nothing_is_written_yet(
        self, batch_id: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[str, int, int, str, int]] = []
        real = loading._guardians

        def watched(*given: Any) -> None:
            seen.append(seen_outside())
            real(*given)

        monkeypatch.setattr(loading, "_guardians", watched)
        assert in_a_job(batch_id).state == Job.State.DONE
        [(state, done, total, message, pupils)] = seen
        assert (state, total, pupils) == (Job.State.RUNNING, self.ROWS, 0)
        assert 0 < done < total
        assert message
        assert seen_outside()[1:3] == (self.ROWS, self.ROWS)
        assert Pupil.objects.count() == self.ROWS

    def test_is_told_every_few_hundred_rows(self, batch_id: UUID) -> None:
        told: list[tuple[int, int, str]] = []
        services.check(
            actor=Actor.system_actor("test"),
            batch_id=batch_id,
            progress=lambda done, total, message="": told.append((done, total, message)),
        )
        assert len(told) == 4  # three times while the rows are read, once when they are compared
        assert [done for done, _total, _message in told] == sorted({done for done, _total, _message in told})

    def test_a_load_asked_to_stop_leaves_nothing(
        self, batch_id: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(*_given: Any) -> None:
            with tenancy.Aside():
                Job.objects.update(cancel_asked_at=clock.now())

        monkeypatch.setattr(loading, "_guardians", stop)
        assert in_a_job(batch_id).state == Job.State.CANCELLED
        assert Pupil.objects.count() == 0
        assert ImportBatch.objects.get(pk=batch_id).state == services.State.CHECKED
