"""Who is in use stays at the undo and is named: each part of the school that holds on to people says so itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from imports import services
from imports.models import ImportBatch
from kernel import tenancy
from kernel.access import Actor
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef
from modules.contingent import services as contingent
from modules.contingent.models import Membership, Pupil, SchoolClass
from modules.journal.models import Mark
from modules.schedule.models import Course
from modules.staff.models import Employee
from tests.factories import journal as marks
from tests.factories import schedule as school
from tests.imports.build import line, table, xlsx

ERLAN, ERZHAN = "Ахметов Ерлан Болатұлы", "Ахметов Ержан Болатұлы"
TEACHER = {"Фамилия": "Оспанова", "Имя": "Аружан", "Пол": "ж", "Должность": "учитель", "Предмет": "Алгебра"}
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


def load(*lines: dict[str, Any], code: str = "pupils") -> ImportBatch:
    clerk = Actor.system_actor("test")
    batch = services.receive(actor=clerk, importer_code=code, name="тізім.xlsx", content=xlsx(table(*lines)))
    services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
    services.check(actor=clerk, batch_id=batch.pk)
    return services.load(actor=clerk, batch_id=batch.pk)


def undo(batch: ImportBatch) -> list[str]:
    report = services.undo(actor=Actor.system_actor("test"), batch_id=batch.pk).report
    kept: list[str] = report["kept"]
    return kept


def a_course(label: str, who: Employee | None = None) -> Course:
    into = SchoolClass.objects.get(grade=int(label[:-1]), letter=label[-1])
    return school.course(into, who)


@pytest.mark.requirement("SIS-16")
class TestPupils:
    @pytest.mark.parametrize("trace", ["mark", "absence", "final", "cleared"])
    def test_whoever_stands_in_a_journal_stays(self, in_school: TenantRef, trace: str) -> None:
        batch = load(line(1), line(2, Имя="Ержан"))
        course, pupil = a_course("7А"), Pupil.objects.get(name="Ержан")
        [lesson] = school.lessons(course, TODAY, count=1)
        if trace == "mark":
            marks.mark(lesson, pupil, 9)
        elif trace == "absence":
            marks.absence(lesson, pupil)
        elif trace == "final":
            marks.final(course, pupil, school.periods()["q2"].id, "5")
        else:
            Mark.objects.filter(pk=marks.mark(lesson, pupil, 9).pk).update(points=None)
        assert undo(batch) == [ERZHAN]
        assert [p.name for p in Pupil.objects.all()] == ["Ержан"]
        assert Membership.objects.get().pupil_id == pupil.pk
        assert SchoolClass.objects.exists()

    def test_another_schools_marks_hold_nobody_here(self, school_a: TenantRef, school_b: TenantRef) -> None:
        """The same child, under the same id, has marks in the other school and none here."""
        with tenancy.use(school_a):
            batch = load(line(1))
            pupil = Pupil.objects.get()
        with tenancy.use(school_b):
            scene = school.scene(pupil_count=1, lesson_count=1)
            Mark.objects.create(lesson=scene.lessons[0], pupil_id=pupil.pk, kind="fo", points=9)
        with tenancy.use(school_a):
            assert undo(batch) == []
            assert not Pupil.objects.exists()
        with tenancy.use(school_b):
            assert Mark.objects.get().pupil_id == pupil.pk

    def test_the_page_names_them_before_anything_is_taken_back(
        self, school_a: TenantRef, client_for: Any
    ) -> None:
        with tenancy.use(school_a):
            batch = load(line(1), line(2, Имя="Ержан"))
            [lesson] = school.lessons(a_course("7А"), TODAY, count=1)
            marks.mark(lesson, Pupil.objects.get(name="Ерлан"), 9)
        address = reverse("imports:undo", args=[batch.pk], urlconf="config.urls.school")
        page = client_for("director").get(address).content.decode()
        assert ERLAN in page
        assert ERZHAN not in page


@pytest.mark.requirement("SIS-16")
class TestMovedPupils:
    def moved(self) -> tuple[ImportBatch, Pupil]:
        """Loaded in September into 7А; the second file says 7Ә."""
        with time_machine.travel("2026-09-02 09:00+05:00", tick=True):
            load(line(1), line(2, Имя="Ержан", Класс="7Ә"))
        return load(line(1, Класс="7Ә")), Pupil.objects.get(name="Ерлан")

    def test_marks_of_the_old_class_do_not_hold_the_move(self, in_school: TenantRef) -> None:
        batch, pupil = self.moved()
        [lesson] = school.lessons(a_course("7А"), date(2026, 11, 2), count=1)
        marks.mark(lesson, pupil, 9)
        assert undo(batch) == []
        assert Membership.objects.get(pupil=pupil).school_class.label == "7А"

    def test_whoever_has_a_mark_in_the_new_class_stays_in_it(self, in_school: TenantRef) -> None:
        batch, pupil = self.moved()
        [lesson] = school.lessons(a_course("7Ә"), TODAY, count=1)
        marks.mark(lesson, pupil, 9)
        assert undo(batch) == [ERLAN]
        assert Membership.objects.get(pupil=pupil, until=None).school_class.label == "7Ә"

    def test_whoever_was_moved_on_by_hand_stays_there(self, in_school: TenantRef) -> None:
        batch, pupil = self.moved()
        third, tomorrow = school.school_class(7, "Б"), date(2026, 11, 24)
        contingent.move(
            actor=Actor.system_actor("test"), pupil_id=pupil.pk, class_id=third.pk, since=tomorrow
        )
        assert undo(batch) == [ERLAN]
        assert Membership.objects.get(pupil=pupil, until=None).school_class.label == "7Б"

    def test_the_way_back_is_told_like_the_way_there(self, in_school: TenantRef) -> None:
        batch, pupil = self.moved()
        undo(batch)
        there, back = (
            e.payload for e in OutboxEvent.objects.filter(name="contingent.pupil.moved.v1").order_by("id")
        )
        assert (back["from_class_id"], back["to_class_id"]) == (there["to_class_id"], there["from_class_id"])
        assert back["pupil_id"] == str(pupil.pk)


@pytest.mark.requirement("SIS-19")
class TestEmployees:
    @pytest.mark.parametrize("use", ["course", "substitute", "class"])
    def test_whoever_teaches_or_leads_a_class_stays(self, in_school: TenantRef, use: str) -> None:
        batch = load(TEACHER, TEACHER | {"Фамилия": "Жұмабаева"}, code="staff")
        who = Employee.objects.get(surname="Оспанова")
        if use == "class":
            school.school_class(head=who)
        else:
            course = school.course(school.school_class(), who if use == "course" else school.teacher())
            [lesson] = school.lessons(course, TODAY, count=1)
            if use == "substitute":
                lesson.teacher_id = who.pk
                lesson.save(update_fields=["teacher_id"])
        assert undo(batch) == ["Оспанова Аружан"]
        assert Employee.objects.filter(surname="Оспанова").exists()
        assert not Employee.objects.filter(surname="Жұмабаева").exists()

    def test_another_schools_lessons_hold_nobody_here(self, school_a: TenantRef, school_b: TenantRef) -> None:
        with tenancy.use(school_a):
            batch = load(TEACHER, code="staff")
            who = Employee.objects.get()
        with tenancy.use(school_b):
            Course.objects.filter(pk=school.scene(pupil_count=1).course.pk).update(teacher_id=who.pk)
        with tenancy.use(school_a):
            assert undo(batch) == []
            assert not Employee.objects.exists()


@pytest.mark.requirement("SIS-17")
class TestClasses:
    def test_a_class_with_a_course_stays_when_its_pupils_go(self, in_school: TenantRef) -> None:
        batch = load(line(1), line(2, Имя="Ержан", Класс="7Ә"))
        a_course("7А")
        assert undo(batch) == []
        assert [one.label for one in SchoolClass.objects.all()] == ["7А"]
