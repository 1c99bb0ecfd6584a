"""Two who write into the alphabetical book at the same moment, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from kernel import jobs, tenancy
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.records import services
from modules.records.models import AlphabetEntry
from tests import world
from tests.modules.contingent.people import new_class, new_pupil

_LEFT_BEHIND = (
    "records_alphabetentry", "contingent_membership", "contingent_pupil", "contingent_schoolclass", "kernel_outboxevent",
)  # fmt: skip


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[TenantRef]:
    """Five newcomers whom other connections see; everything is swept away at the end."""
    with django_db_blocker.unblock():
        ref = world.find("school-n")
        try:
            with tenancy.use(ref), transaction.atomic():
                seven = new_class()
                for name in ("Бір", "Екі", "Үш", "Төрт", "Бес"):
                    new_pupil(seven, name=name)
            yield ref
        finally:
            jobs.Collected.clear()
            with tenancy.owner(ref), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(_LEFT_BEHIND)} CASCADE")


@pytest.mark.requirement("SIS-44")
def test_everybody_is_written_once_and_no_number_is_lost(
    committed: TenantRef, django_db_blocker: Any
) -> None:
    both = Barrier(2)

    def write(_number: int) -> int:
        with django_db_blocker.unblock():
            try:
                with tenancy.use(committed):
                    both.wait(timeout=20)
                    return services.write_in(actor=Actor.system_actor("test"))
            finally:
                connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(write, range(2))) == [0, 5]
    with django_db_blocker.unblock(), tenancy.use(committed):
        assert sorted(AlphabetEntry.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
