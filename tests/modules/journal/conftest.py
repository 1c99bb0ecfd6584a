"""Bolat teaches algebra in 7А of school A; the clock stands in the second quarter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.tenancy import TenantRef
from tests.factories import schedule as make

MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=ALMATY)


@pytest.fixture
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=True):
        yield


@pytest.fixture
def scene(in_school: TenantRef, moment: None) -> make.Scene:
    return make.scene()


@pytest.fixture
def bolat(scene: make.Scene, actor_of: object) -> Actor:
    return actor_of(Role.TEACHER, person_id=scene.teacher.pk, user_id=1001, name="Ермекова Б. С.")  # type: ignore[operator]


@pytest.fixture
def aigul(scene: make.Scene, actor_of: object) -> Actor:
    """The director."""
    return actor_of(Role.DIRECTOR, user_id=1002, name="Айгүл")  # type: ignore[operator]
