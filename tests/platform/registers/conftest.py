"""Two classes of five pupils, and the day on which they are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from kernel import tenancy
from kernel.tenancy import TenantRef
from tests.modules.contingent.people import mother, new_class, new_pupil


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def people(school_a: TenantRef) -> dict[str, Any]:
    """Two classes: three pupils of 7А, two of 5Ә, and one who has left no class yet."""
    with tenancy.use(school_a):
        seven, five = new_class(), new_class(5, "Ә")
        made = {
            "Ғалымов": new_pupil(seven, surname="Ғалымов", name="Нұрсұлтан"),
            "Әлиева": new_pupil(seven, surname="Әлиева", name="Дана", sex="f", guardians=(mother(),)),
            "Алмасова": new_pupil(seven, surname="Алмасова", name="Әйгерім", sex="f"),
            "Іңкәров": new_pupil(five, surname="Іңкәров", name="Ерлан"),
            "Яковлева": new_pupil(five, surname="Яковлева", name="Анна", sex="f"),
        }
    return made | {"seven": seven, "five": five}
