"""The quarter of Bolat's algebra is closed; he made a slip, Aigul is the director and Gulnar the deputy."""

from __future__ import annotations

import pytest

from kernel.access import Actor, Role
from modules.schedule.year import services as year
from tests.conftest import ActorOf
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.conftest import aigul, bolat, moment, scene

__all__ = ["aigul", "bolat", "moment", "scene"]


@pytest.fixture
def gulnar(scene: make.Scene, actor_of: ActorOf) -> Actor:
    """The deputy for academic work."""
    return actor_of(Role.DEPUTY_ACADEMIC, user_id=1003, name="Гүлнар")


@pytest.fixture
def closed(scene: make.Scene, aigul: Actor) -> make.Scene:
    made.mark(scene.lessons[0], scene.pupils[0], 8)
    made.mark(scene.lessons[1], scene.pupils[0], 5)
    year.close_period(actor=aigul, period_id=scene.quarter.id)
    return scene
