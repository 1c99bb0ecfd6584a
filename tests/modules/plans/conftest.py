"""Bolat teaches algebra in 7А; the clock stands in the second quarter, and the year's lessons are laid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine

from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.tenancy import TenantRef
from modules.plans import services
from modules.plans.data import NewLine
from modules.plans.models import Line, Plan
from modules.schedule.models import Course, Lesson
from modules.staff.models import Employee
from tests.conftest import ActorOf
from tests.factories import schedule as make

MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=ALMATY)


@dataclass
class Scene:
    """Class 7А with three lessons of algebra a week in the second quarter, from Monday 2 November."""

    teacher: Employee
    course: Course
    lessons: list[Lesson]


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=True):
        yield


@pytest.fixture
def scene(in_school: TenantRef) -> Scene:
    make.periods()
    who = make.teacher()
    taught = make.course(make.school_class(7, "А"), who)
    days = [date(2026, 11, day) for day in (2, 4, 6, 9, 11, 13, 16, 18, 20, 23, 25, 27, 30)]
    return Scene(who, taught, [lesson(taught, day) for day in days])


def lesson(course: Course, day: date, number: int = 2) -> Lesson:
    return Lesson.objects.create(
        course=course,
        school_class_id=course.school_class_id,
        teacher_id=course.teacher_id,
        date=day,
        number=number,
    )


@pytest.fixture
def bolat(scene: Scene, actor_of: ActorOf) -> Actor:
    return actor_of(Role.TEACHER, person_id=scene.teacher.pk, user_id=1001, name="Ермекова Б. С.")


@pytest.fixture
def gulnar(scene: Scene, actor_of: ActorOf) -> Actor:
    """A colleague."""
    return actor_of(
        Role.TEACHER, person_id=make.teacher("Қасымова", "Гүлнар").pk, user_id=1003, name="Қасымова Г."
    )


@pytest.fixture
def deputy(scene: Scene, actor_of: ActorOf) -> Actor:
    return actor_of(
        Role.DEPUTY_ACADEMIC, person_id=make.teacher("Оразова", "Сәуле").pk, user_id=1002, name="Оразова С."
    )


def new_plan(actor: Actor, *lines: NewLine, hours: str = "3") -> Plan:
    made = services.make_plan(
        actor=actor, year="2026-27", subject_code="algebra", grade=7, language="kk", hours=Decimal(hours)
    )
    if lines:
        services.add_lines(actor=actor, plan_id=made.pk, new=lines)
    return Plan.objects.get(pk=made.pk)


def topics(plan_id: UUID) -> list[str]:
    return list(
        Line.objects.filter(plan_id=plan_id).order_by("quarter", "position").values_list("topic", flat=True)
    )


def second_quarter(*names: str, **more: object) -> list[NewLine]:
    return [NewLine(quarter=2, topic=name, **more) for name in names]  # type: ignore[arg-type]
