"""The scene of the journal with Dana's Russian in the same class and a first quarter that is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from kernel.access import Role
from modules.schedule.data import PeriodInfo
from modules.schedule.models import Course, Lesson
from modules.staff.models import Employee
from tests.factories import journal as made
from tests.factories import schedule as make

ClientFor = Callable[..., Client]


@dataclass
class School:
    """7А with two teachers; of the first quarter everybody has a mark, of the second only points."""

    scene: make.Scene
    dana: Employee
    russian: Course
    q1: PeriodInfo
    first: list[Lesson]


@pytest.fixture
def school(scene: make.Scene) -> School:
    q1 = make.periods()["q1"]
    dana = make.teacher("Әбенова", "Дана")
    russian = make.course(scene.school_class, dana, "russian_language")
    first = make.lessons(scene.course, q1.start, count=6)
    for pupil, mark in zip(scene.pupils, "5544433322", strict=True):
        made.final(scene.course, pupil, q1.id, mark)
    for pupil in scene.pupils[:4]:
        made.final(russian, pupil, q1.id, "5")
    return School(scene, dana, russian, q1, first)


@pytest.fixture
def bolats(school: School, client_for: ClientFor) -> Client:
    return client_for(Role.TEACHER, person_id=school.scene.teacher.pk)


@pytest.fixture
def deputys(school: School, client_for: ClientFor) -> Client:
    return client_for(Role.DEPUTY_ACADEMIC)


def at(path: str, **query: Any) -> str:
    return f"/journal/reports/{path}?{urlencode(query)}"
