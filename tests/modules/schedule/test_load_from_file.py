"""The load and its places in the week from a spreadsheet, down to dated lessons; and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine

from imports import services as wizard
from imports.api import Read
from imports.models import ImportBatch
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.tenancy import TenantRef
from modules.journal.models import Absence, PeriodMark
from modules.schedule.importers import columns
from modules.schedule.models import Course, Lesson, Period, Slot
from modules.schedule.year import services
from modules.staff.models import Employee
from tests.conftest import ActorOf
from tests.imports.build import table, xlsx
from tests.modules.contingent.people import new_class, new_pupil

ALGEBRA = {
    "Класс": "7А",
    "Предмет": "Алгебра",
    "Часов в неделю": 3,
    "Учитель": "Ахметова Г.С.",
    "Место в неделе": "Пн 1, Ср 3, Пт 2",
}


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        services.open_year(actor=Actor.system_actor("test"), year="2026-27")
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


@pytest.fixture
def gulnar(in_school: TenantRef) -> UUID:
    new_class()
    return Employee.objects.create(surname="Ахметова", name="Гүлнар", patronymic="Серікқызы", sex="f").pk


def take(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    batch = wizard.receive(
        actor=actor, importer_code="load", name="нагрузка.xlsx", content=xlsx(table(*lines))
    )
    wizard.choose_columns(actor=actor, batch_id=batch.pk, mapping=batch.mapping)
    return wizard.check(actor=actor, batch_id=batch.pk)


def load(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    return wizard.load(actor=actor, batch_id=take(actor, *lines).pk)


def said(batch: ImportBatch) -> dict[int, list[str]]:
    return {
        row.number: [p["code"] for p in row.problems] for row in batch.rows.order_by("number") if row.problems
    }


@pytest.mark.requirement("SIS-16")
class TestCells:
    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("Пн 1, Ср 3; Пт 2", [[1, 1], [3, 3], [5, 2]]),
            ("дс-1 сс-4", [[1, 1], [2, 4]]),
            ("Дүйсенбі 1, 2; Бейсенбі 5", [[1, 1], [1, 2], [4, 5]]),
            ("понедельник 2-4", [[1, 2], [1, 3], [1, 4]]),
            ("вт. 6", [[2, 6]]),
            ("сб 1", [[6, 1]]),
            ("сенбі 1, сейсенбі 2", [[2, 2], [6, 1]]),
        ],
    )
    def test_places(self, cell: str, value: list[list[int]]) -> None:
        assert columns.places(cell) == Read(value)

    @pytest.mark.parametrize("cell", ["когда-нибудь", "Пн", "Пн 99", "вс 1", "1 2 3"])
    def test_no_places(self, cell: str) -> None:
        assert columns.places(cell).is_error

    @pytest.mark.parametrize(("cell", "value"), [(3, "3"), ("0,5", "0.5"), ("2.0", "2.0")])
    def test_hours(self, cell: Any, value: str) -> None:
        assert columns.hours(cell).value == value

    @pytest.mark.parametrize("cell", ["0", "40", "1,3", "три"])
    def test_no_hours(self, cell: str) -> None:
        assert columns.hours(cell).is_error


@pytest.mark.requirement("SIS-16")
class TestLoad:
    def test_a_line_becomes_a_course_with_lessons(self, clerk: Actor, gulnar: UUID) -> None:
        batch = load(clerk, ALGEBRA | {"Кабинет": "24"})
        course = Course.objects.get()
        assert (course.subject_code, course.teacher_id, course.hours_per_week) == ("algebra", gulnar, 3)
        assert {(s.weekday, s.number, s.room) for s in Slot.objects.all()} == {
            (1, 1, "24"),
            (3, 3, "24"),
            (5, 2, "24"),
        }
        days = {(one.date.isoweekday(), one.number) for one in Lesson.objects.all()}
        assert days == {(1, 1), (3, 3), (5, 2)}
        assert {one.teacher_id for one in Lesson.objects.all()} == {gulnar}
        assert {row.brings for row in batch.rows.all()} == {"2-тоқсан"}
        assert take(clerk, ALGEBRA).counts["skip"] == 1

    def test_changes_what_differs_and_says_who_taught(self, clerk: Actor, gulnar: UUID) -> None:
        load(clerk, ALGEBRA)
        aizhan = Employee.objects.create(surname="Серікова", name="Айжан", sex="f").pk
        batch = take(
            clerk, ALGEBRA | {"Учитель": "Айжан Серікова", "Часов в неделю": 4, "Место в неделе": "Пн 1-4"}
        )
        assert said(batch) == {2: ["teacher_changes"]}
        wizard.load(actor=clerk, batch_id=batch.pk)
        course = Course.objects.get()
        assert (course.teacher_id, course.hours_per_week) == (aizhan, 4)
        assert {(s.weekday, s.number) for s in Slot.objects.filter(until=None)} == {
            (1, 1),
            (1, 2),
            (1, 3),
            (1, 4),
        }

    def test_places_change_hands_inside_a_file(self, clerk: Actor, gulnar: UUID) -> None:
        geometry = ALGEBRA | {"Предмет": "Геометрия", "Место в неделе": "Вт 1", "Часов в неделю": 1}
        algebra = ALGEBRA | {"Место в неделе": "Пн 1", "Часов в неделю": 1}
        load(clerk, algebra, geometry)
        load(clerk, algebra | {"Место в неделе": "Вт 1"}, geometry | {"Место в неделе": "Пн 1"})
        found = {s.course.subject_code: (s.weekday, s.number) for s in Slot.objects.select_related("course")}
        assert found == {"algebra": (2, 1), "geometry": (1, 1)}

    def test_hours_come_from_the_places_when_they_are_missing(self, clerk: Actor, gulnar: UUID) -> None:
        batch = load(clerk, ALGEBRA | {"Часов в неделю": ""})
        assert said(batch) == {2: ["hours_taken"]}
        assert Course.objects.get().hours_per_week == 3


@pytest.mark.requirement("SIS-16")
class TestDoubts:
    def test_nobody_is_put_in_two_places(self, clerk: Actor, gulnar: UUID) -> None:
        new_class(letter="Ә")
        load(clerk, ALGEBRA)
        batch = take(
            clerk,
            ALGEBRA | {"Предмет": "Геометрия", "Место в неделе": "Пн 1"},
            ALGEBRA | {"Класс": "7Ә", "Место в неделе": "Пн 1"},
            ALGEBRA | {"Предмет": "Физика", "Учитель": "", "Место в неделе": "Вт 1"},
            ALGEBRA | {"Предмет": "Химия", "Учитель": "", "Место в неделе": "Вт 1"},
        )
        assert [codes[-1] for codes in said(batch).values()] == [
            "class_busy",
            "teacher_busy",
            "hours_places",
            "class_busy",
        ]
        assert batch.counts["error"] == 3

    def test_every_trouble_has_its_row(self, clerk: Actor, gulnar: UUID) -> None:
        batch = take(
            clerk,
            ALGEBRA | {"Класс": "9Б"},
            ALGEBRA | {"Предмет": "Алхимия"},
            ALGEBRA | {"Место в неделе": "", "Часов в неделю": ""},
            ALGEBRA | {"Учитель": "Ахметва Гүлнар Серікқызы"},
            ALGEBRA,
        )
        assert said(batch) == {
            2: ["class_unknown"],
            3: ["unknown_word", "required"],
            4: ["required"],
            5: ["teacher_unknown"],
            6: ["line_twice"],
        }

    def test_is_closed_to_a_secretary_and_a_teacher(self, actor_of: ActorOf, in_school: TenantRef) -> None:
        for role in (Role.SECRETARY, Role.TEACHER):
            with pytest.raises(NotAllowed):
                take(actor_of(role), ALGEBRA)


@pytest.mark.requirement("SIS-16")
class TestUndo:
    def test_leaves_nothing_behind(self, clerk: Actor, gulnar: UUID) -> None:
        batch = load(clerk, ALGEBRA)
        wizard.undo(actor=clerk, batch_id=batch.pk)
        assert (Course.objects.count(), Slot.objects.count(), Lesson.objects.count()) == (0, 0, 0)

    def test_puts_back_teacher_hours_and_places(self, clerk: Actor, gulnar: UUID) -> None:
        load(clerk, ALGEBRA)
        lessons = set(Lesson.objects.values_list("pk", flat=True))
        Employee.objects.create(surname="Серікова", name="Айжан", sex="f")
        batch = load(
            clerk, ALGEBRA | {"Учитель": "Айжан Серікова", "Часов в неделю": 1, "Место в неделе": "Сб 1"}
        )
        batch = wizard.undo(actor=clerk, batch_id=batch.pk)
        course = Course.objects.get()
        assert (batch.report["kept"], course.teacher_id, course.hours_per_week) == ([], gulnar, 3)
        assert {(s.weekday, s.number) for s in Slot.objects.filter(until=None)} == {(1, 1), (3, 3), (5, 2)}
        assert set(Lesson.objects.values_list("pk", flat=True)) == lessons

    def test_a_course_with_a_mark_or_a_topic_stays_and_is_named(self, clerk: Actor, gulnar: UUID) -> None:
        other = {"Часов в неделю": 1, "Место в неделе": "Чт 1"}
        batch = load(
            clerk,
            ALGEBRA,
            ALGEBRA | other | {"Предмет": "Физика"},
            ALGEBRA | other | {"Предмет": "География", "Место в неделе": "Чт 2"},
        )
        of = {one.course.subject_code: one for one in Lesson.objects.select_related("course")}
        pupil = new_pupil(new_class(letter="Ә"))
        Absence.objects.create(lesson=of["physics"], pupil_id=pupil.pk, code="ill")
        Lesson.objects.filter(pk=of["geography"].pk).update(topic="Материки")
        PeriodMark.objects.create(
            course_id=of["algebra"].course_id,
            pupil_id=pupil.pk,
            period=Period.objects.get(kind="quarter", number=2),
        )
        batch = wizard.undo(actor=clerk, batch_id=batch.pk)
        assert len(batch.report["kept"]) == 3
        assert {one.subject_code for one in Course.objects.all()} == {"physics", "geography", "algebra"}


@pytest.mark.requirement("SIS-10")
def test_a_file_that_gives_fifty_hours_says_so(clerk: Actor, gulnar: UUID) -> None:
    many = ("Алгебра", "Геометрия", "Физика", "Химия", "Биология")
    lines = [
        {"Класс": "7А", "Предмет": one, "Часов в неделю": 10, "Учитель": "Ахметова Г.С."} for one in many
    ]
    batch = take(clerk, *lines)
    assert {code for found in said(batch).values() for code in found} == {"teacher_overloaded"}
    assert len(said(batch)) == len(many)


@pytest.mark.requirement("SIS-10")
def test_a_class_has_a_subject_whole_or_in_groups(clerk: Actor, gulnar: UUID) -> None:
    line = {"Класс": "7А", "Предмет": "Информатика", "Часов в неделю": 1}
    batch = take(clerk, line, line | {"Группа": 1})
    assert said(batch) == {3: ["group_of_whole"]}
    load(clerk, line | {"Группа": 1}, line | {"Группа": 2})
    assert sorted(Course.objects.values_list("group", flat=True)) == [1, 2]
    assert [*said(take(clerk, line)).values()] == [["whole_of_groups"]]
