"""“Load” pressed twice at the same moment, each press on a connection of its own: locks are tested by meeting."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from imports import services
from kernel import jobs, tenancy
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Pupil
from tests import world
from tests.imports.build import line, table, xlsx

_LEFT_BEHIND = (
    "imports_importbatch", "contingent_guardianship", "contingent_guardian", "contingent_membership",
    "contingent_pupil", "contingent_schoolclass", "kernel_outboxevent",
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
