"""A class with pupils, a teacher, a course and its lessons, in the tenant where the caller stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from kernel.access import Actor
from modules.contingent.models import Charge, Membership, Pupil, SchoolClass
from modules.schedule import api as schedule
from modules.schedule.models import Course, Lesson, Slot
from modules.staff.models import Employee

YEAR = "2026-27"
NAMES = (
    ("Ахметова", "Әлия"),
    ("Әлиев", "Ерлан"),
    ("Байжанов", "Нұрлан"),
    ("Ғабитова", "Дана"),
    ("Есенов", "Қайрат"),
    ("Қасымова", "Гүлнар"),
    ("Нұрланов", "Өмір"),
    ("Смағұлова", "Жанна"),
    ("Төлегенов", "Ұлан"),
    ("Ыбыраев", "Іңкәр"),
)


@dataclass
class Scene:
    """What a test of a journal needs."""

    school_class: SchoolClass
    teacher: Employee
    course: Course
    pupils: list[Pupil]
    lessons: list[Lesson]
    quarter: schedule.PeriodInfo
    half: schedule.PeriodInfo
    others: dict[str, Course] = field(default_factory=dict)


def periods() -> dict[str, schedule.PeriodInfo]:
    """The year's periods by code, made where missing."""
    return {p.code: p for p in schedule.open_year(actor=Actor.system_actor("tests"), year=YEAR)}


def teacher(surname: str = "Ермекова", name: str = "Болат") -> Employee:
    return Employee.objects.create(surname=surname, name=name, patronymic="Серікұлы", sex="m")


def school_class(grade: int = 7, letter: str = "А", *, head: Employee | None = None) -> SchoolClass:
    made = SchoolClass.objects.create(year=YEAR, grade=grade, letter=letter, language="kk")
    if head is not None:
        lead(made, head.pk)
    return made


def lead(led: SchoolClass, employee_id: UUID, duty: str = "class_teacher", **more: object) -> Charge:
    """Put the class into somebody's charge from the first day of the year."""
    return Charge.objects.create(
        **{"school_class": led, "employee_id": employee_id, "duty": duty, "since": date(2026, 9, 1)} | more
    )


def pupils(into: SchoolClass, count: int = 10, *, since: date = date(2026, 9, 1)) -> list[Pupil]:
    made = Pupil.objects.bulk_create(
        Pupil(
            surname=NAMES[n % len(NAMES)][0] + ("" if n < len(NAMES) else str(n)),
            name=NAMES[n % len(NAMES)][1],
            sex="f" if n % 2 else "m",
            birth_date=date(2013, 5, 1 + n % 28),
        )
        for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(pupil=one, school_class=into, year=into.year, since=since) for one in made
    )
    return made


def course(
    into: SchoolClass, who: Employee | None, subject_code: str = "algebra", hours: float = 3
) -> Course:
    return Course.objects.create(
        year=into.year,
        school_class_id=into.pk,
        subject_code=subject_code,
        teacher_id=who.pk if who else None,
        hours_per_week=Decimal(str(hours)),
    )


def lessons(of: Course, start: date, *, count: int = 12, number: int = 2, every: int = 2) -> list[Lesson]:
    """Lessons every other working day from the day."""
    day, made = start, []
    while len(made) < count:
        if day.isoweekday() <= 5:
            made.append(
                Lesson(
                    course=of,
                    school_class_id=of.school_class_id,
                    teacher_id=of.teacher_id,
                    date=day,
                    number=number,
                    topic="",
                )
            )
        day += timedelta(days=every)
    return Lesson.objects.bulk_create(made)


def slot(of: Course, weekday: int, number: int) -> Slot:
    return Slot.objects.create(course=of, weekday=weekday, number=number)


def scene(*, pupil_count: int = 10, lesson_count: int = 12, grade: int = 7, letter: str = "А") -> Scene:
    """Class 7А, Bolat's algebra three hours a week, and lessons of the second quarter."""
    spans = periods()
    who = teacher()
    into = school_class(grade, letter, head=who)
    taught = course(into, who)
    return Scene(
        school_class=into,
        teacher=who,
        course=taught,
        pupils=pupils(into, pupil_count),
        lessons=lessons(taught, spans["q2"].start, count=lesson_count, every=1 if lesson_count > 25 else 2),
        quarter=spans["q2"],
        half=spans["h1"],
    )


def person_id(row: Employee | Pupil) -> UUID:
    return row.pk
