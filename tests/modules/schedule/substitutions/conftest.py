"""Bolat is ill on a Wednesday; Gulzhan teaches algebra in 8Б, Marat physics in 7А, Saule only comes on other days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

import pytest

from kernel.access import Actor, Role
from modules.schedule.models import BellTime, Course, Lesson
from modules.schedule.substitutions import services
from modules.schedule.substitutions.models import Absence, Substitution
from modules.staff.models import Employee
from tests.factories import schedule as make
from tests.modules.journal.conftest import aigul, bolat, moment, scene

__all__ = ["aigul", "bolat", "moment", "scene"]
DAY = date(2026, 11, 26)  # Thursday, the day after the clock of the tests


@dataclass
class Staff:
    """Who could stand in, and the lessons of the day."""

    gulzhan: Employee
    marat: Employee
    saule: Employee
    lesson: Lesson
    second: Lesson
    courses: dict[str, Course]


def lesson(course: Course, day: date, number: int, **more: object) -> Lesson:
    return Lesson.objects.create(
        **{
            "course": course,
            "school_class_id": course.school_class_id,
            "teacher_id": course.teacher_id,
            "date": day,
            "number": number,
        }
        | more
    )


@pytest.fixture
def staff_room(scene: make.Scene) -> Staff:
    """Thursday: Bolat has algebra in 7А at 2 and 4; Gulzhan algebra in 8Б at 1 and 3, Marat physics in 7А at 3."""
    Lesson.objects.filter(date__gte=DAY).delete()
    for number in range(1, 8):
        BellTime.objects.update_or_create(
            shift=1, number=number, defaults={"start": time(7 + number, 0), "end": time(7 + number, 45)}
        )
    gulzhan = make.teacher("Ғабитова", "Гүлжан")
    marat = make.teacher("Маратов", "Марат")
    saule = make.teacher("Сәулеева", "Сәуле")
    eighth = make.school_class(8, "Б")
    algebra8 = make.course(eighth, gulzhan, "algebra")
    physics7 = make.course(scene.school_class, marat, "physics", 2)
    music8 = make.course(eighth, saule, "music", 1)
    lesson(algebra8, DAY, 1)
    lesson(algebra8, DAY, 3)
    lesson(physics7, DAY, 3)
    return Staff(
        gulzhan,
        marat,
        saule,
        lesson(scene.course, DAY, 2),
        lesson(scene.course, DAY, 4),
        {"algebra8": algebra8, "physics7": physics7, "music8": music8},
    )


@pytest.fixture
def absence(scene: make.Scene, staff_room: Staff, aigul: Actor) -> Absence:
    """Bolat is away on the day."""
    return services.note_absence(
        actor=aigul, teacher_id=scene.teacher.pk, since=DAY, until=DAY, reason="sick"
    )


@pytest.fixture
def opened(absence: Absence, staff_room: Staff) -> Substitution:
    """The lesson at number 2."""
    return Substitution.objects.get(lesson=staff_room.lesson)


@pytest.fixture
def as_teacher(actor_of: Callable[..., Actor]) -> Callable[[Employee], Actor]:
    def make_actor(who: Employee) -> Actor:
        return actor_of(
            Role.TEACHER, person_id=who.pk, user_id=2000 + who.pk.int % 1000, name=who.person_name.short
        )

    return make_actor
