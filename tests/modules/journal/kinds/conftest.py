"""Bolat leads class 1А of school A and teaches it mathematics; Aigul is the director, Dina the deputy."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.schedule.models import Course
from tests.conftest import ActorOf
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT


@pytest.fixture
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=True):
        yield


@pytest.fixture
def first(in_school: TenantRef, moment: None) -> make.Scene:
    """Class 1А, without marks."""
    scene = make.scene(grade=1, pupil_count=4, lesson_count=4)
    Course.objects.filter(pk=scene.course.pk).update(subject_code="mathematics", hours_per_week=Decimal(4))
    scene.course.refresh_from_db()
    return scene


@pytest.fixture
def seventh(in_school: TenantRef, moment: None) -> make.Scene:
    return make.scene(pupil_count=4, lesson_count=4)


@pytest.fixture
def bolat_of(actor_of: ActorOf) -> ActorOf:
    def made(scene: make.Scene, *roles: Role) -> Actor:
        return actor_of(
            *(roles or (Role.TEACHER, Role.CLASS_TEACHER)),
            person_id=scene.teacher.pk,
            user_id=1001,
            name="Ермекова Б. С.",
        )

    return made


@pytest.fixture
def dina(in_school: TenantRef, actor_of: ActorOf) -> Actor:
    return actor_of(Role.DEPUTY_ACADEMIC, user_id=1003, name="Дина")
