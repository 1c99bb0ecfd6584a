from __future__ import annotations

import pytest

from kernel.access import Actor
from modules.schedule.models import Course, Timetable
from modules.schedule.timetabling import services
from tests.factories import schedule as make
from tests.modules.journal.conftest import aigul, bolat, moment, scene

__all__ = ["aigul", "bolat", "moment", "scene"]


@pytest.fixture
def physics(scene: make.Scene) -> Course:
    return make.course(scene.school_class, make.teacher("Әлиева", "Дана"), "physics", 2)


@pytest.fixture
def variant(scene: make.Scene, physics: Course, aigul: Actor) -> Timetable:
    """Algebra stands on Monday, Tuesday and Wednesday at the first lesson, physics waits."""
    for weekday in (1, 2, 3):
        make.slot(scene.course, weekday, 1)
    return services.make(actor=aigul, year=make.YEAR, name="Second")
