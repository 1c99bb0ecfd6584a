"""The journal of a child taught at home: all subjects on a page, the ground for whom the card is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.access import Role
from kernel.models import ViewEntry
from modules.contingent.models import HomeSchooling
from modules.schedule.models import Course, GroupMember
from modules.staff.models import Employee
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-34")
ClientFor = Callable[..., Client]


@pytest.fixture
def other(seventh: make.Scene) -> Employee:
    return make.teacher("Жұмабаева", "Сара")


@pytest.fixture
def home(seventh: make.Scene, other: Employee) -> dict[str, Course]:
    """The first pupil is taught algebra and Kazakh at home, the second pupil geometry."""
    found = {}
    for n, (code, who, pupil) in enumerate(
        (("algebra", seventh.teacher, 0), ("kazakh_language", other, 0), ("geometry", other, 1))
    ):
        found[code] = Course.objects.create(
            year=make.YEAR,
            school_class_id=seventh.school_class.pk,
            subject_code=code,
            group=51 + n,
            kind="home",
            teacher_id=who.pk,
            hours_per_week=Decimal(2),
        )
        GroupMember.objects.create(
            course=found[code], pupil_id=seventh.pupils[pupil].pk, since=date(2026, 9, 1)
        )
    HomeSchooling.objects.create(
        pupil=seventh.pupils[0],
        paper_number="ВКК-214",
        paper_date=date(2026, 8, 20),
        since=date(2026, 9, 1),
    )
    return found


def lesson(of: Course, seventh: make.Scene, number: int) -> None:
    row = make.lessons(of, seventh.quarter.start, count=1, number=number)[0]
    row.topic, row.group = f"{of.subject_code} тақырыбы", of.group
    row.save(update_fields=["topic", "group"])
    made.mark(row, seventh.pupils[0], 9)


def page(browser: Client, of: Course) -> str:
    answer = browser.get(f"/journal/{of.pk}/home/?period=q2")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_deputy_reads_all_subjects_of_the_child(
    seventh: make.Scene, home: dict[str, Course], client_for: ClientFor
) -> None:
    lesson(home["algebra"], seventh, 7)
    lesson(home["kazakh_language"], seventh, 8)
    made.final(home["algebra"], seventh.pupils[0], seventh.quarter.id, "5")
    deputy = client_for(Role.DEPUTY_ACADEMIC)
    text = page(deputy, home["algebra"])
    assert "algebra тақырыбы" in text
    assert "kazakh_language тақырыбы" in text
    assert "geometry" not in text
    with CaptureQueriesContext(connection) as asked:
        page(deputy, home["algebra"])
    assert len(asked) <= 24


def test_a_teacher_reads_his_own_subject_and_no_ground(
    seventh: make.Scene, home: dict[str, Course], other: Employee, client_for: ClientFor
) -> None:
    lesson(home["algebra"], seventh, 7)
    lesson(home["kazakh_language"], seventh, 8)
    text = page(client_for(Role.TEACHER, person_id=other.pk), home["kazakh_language"])
    assert "kazakh_language тақырыбы" in text
    assert "algebra тақырыбы" not in text
    assert "ВКК-214" not in text


def test_the_class_teacher_reads_the_ground_and_it_is_noted(
    seventh: make.Scene, home: dict[str, Course], client_for: ClientFor
) -> None:
    leader = client_for(Role.TEACHER, Role.CLASS_TEACHER, person_id=seventh.teacher.pk)
    assert "ВКК-214" in page(leader, home["algebra"])
    assert ViewEntry.objects.filter(purpose="journal.home", subject_id=seventh.pupils[0].pk).exists()


def test_no_other_journal_is_such(
    seventh: make.Scene, home: dict[str, Course], client_for: ClientFor
) -> None:
    deputy = client_for(Role.DEPUTY_ACADEMIC)
    assert deputy.get(f"/journal/{seventh.course.pk}/home/").status_code == 404
    stranger = client_for(Role.TEACHER, person_id=make.teacher("Басқа", "Адам").pk)
    assert stranger.get(f"/journal/{home['algebra'].pk}/home/").status_code == 404


def test_a_journal_is_of_the_child_it_teaches_and_of_nobody_before_in_the_list(
    seventh: make.Scene, home: dict[str, Course], client_for: ClientFor
) -> None:
    first, second = seventh.pupils[0], seventh.pupils[1]
    text = page(client_for(Role.DEPUTY_ACADEMIC), home["geometry"])
    assert f"{second.surname} {second.name}" in text
    assert f"{first.surname} {first.name}" not in text
