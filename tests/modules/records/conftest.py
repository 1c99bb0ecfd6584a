"""The office of a school in November, and its classes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from kernel.access import Actor, Role
from tests.conftest import ActorOf


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def director(actor_of: ActorOf) -> Actor:
    return actor_of(Role.DIRECTOR)


@pytest.fixture
def secretary(actor_of: ActorOf) -> Actor:
    return actor_of(Role.SECRETARY)
