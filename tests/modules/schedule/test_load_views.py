"""Pages of the load, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.access import Role
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.schedule.load import services
from modules.schedule.models import Course, CourseTeacher, GroupMember, Lesson
from modules.staff.models import EmployeeSubject, Position
from tests.factories import schedule as make

ClientFor = Callable[..., Client]
LOAD = "/schedule/load/"


@pytest.fixture
def director(scene: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.DIRECTOR)


def divided(scene: make.Scene, actor: Any) -> tuple[Course, Course]:
    make.course(scene.school_class, None, "foreign_language", 3)
    ids = services.divide(actor=actor, class_id=scene.school_class.pk, subject_code="foreign_language")
    first, second = Course.objects.filter(pk__in=ids).order_by("group")
    return first, second


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_page_opens_in_both_languages(
    scene: make.Scene, director: Client, aigul: Any, language: str
) -> None:
    director.cookies["lang"] = language
    first, _second = divided(scene, aigul)
    services.assign(
        actor=aigul,
        course_id=scene.course.pk,
        teacher_id=make.teacher("Дәулетова", "Дана").pk,
        since=date(2026, 12, 1),
    )
    for page in (
        "",
        f"{scene.school_class.pk}/",
        f"{scene.school_class.pk}/groups/foreign_language/",
        "teachers/",
        "teachers/?sort=-hours",
        "teachers/?state=under&q=ерм&subject=algebra&day=2026-10-01",
        "vacancies/",
        "hours/",
        "hours/?period=q2&behind=1",
        "typical/",
    ):
        assert director.get(f"{LOAD}{page}").status_code == 200, page
    for page in (f"{first.pk}/", f"{first.pk}/give/", f"{first.pk}/give/?all=1", f"{scene.course.pk}/give/"):
        assert director.get(f"/schedule/courses/{page}").status_code == 200, page


@pytest.mark.requirement("SIS-10", screen="schedule:load_class")
def test_the_deputys_way_from_the_plan_to_the_last_vacancy(scene: make.Scene, client_for: ClientFor) -> None:
    deputy = client_for(Role.DEPUTY_ACADEMIC)
    eight = make.school_class(8, "Б")
    make.pupils(eight, 25)
    page = f"{LOAD}{eight.pk}/"
    assert deputy.post(f"{page}take/").status_code == 302
    english = Course.objects.get(school_class_id=eight.pk, subject_code="foreign_language")
    assert deputy.post(f"{page}divide/", {"subject": "foreign_language"}).status_code == 302
    assert (
        list(
            GroupMember.objects.filter(course__school_class_id=eight.pk).values_list(
                "course__group", flat=True
            )
        ).count(1)
        == 13
    )
    give = f"/schedule/courses/{english.pk}/give/"
    answer = deputy.post(give, {"since": "2026-09-01", "teacher": str(scene.teacher.pk), "next": "vacancies"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/load/vacancies/")
    english.refresh_from_db()
    assert english.teacher_id == scene.teacher.pk


def test_a_refused_gift_shows_the_list_again_with_what_was_typed(scene: make.Scene, director: Client) -> None:
    busy = make.course(make.school_class(8, "Б"), scene.teacher, "physics", 20)
    course = make.course(scene.school_class, None, "foreign_language", 5)
    page = f"/schedule/courses/{course.pk}/give/"
    values = {"since": "2026-10-05", "teacher": str(scene.teacher.pk)}
    answer = director.post(page, values)
    assert answer.status_code == 422
    assert "2026-10-05" in answer.content.decode()
    assert director.post(page, values | {"agreed": "on"}).status_code == 302
    assert busy.pk
    assert Course.objects.get(pk=course.pk).teacher_id == scene.teacher.pk


def test_pupils_are_moved_between_groups_on_the_page(scene: make.Scene, director: Client, aigul: Any) -> None:
    first, second = divided(scene, aigul)
    child = scene.pupils[0]
    page = f"{LOAD}{scene.school_class.pk}/groups/foreign_language/"
    assert director.post(page, {f"pupil-{child.pk}": "2", "since": "2026-12-01"}).status_code == 302
    assert GroupMember.objects.get(pupil_id=child.pk, course=second, until=None).since == date(2026, 12, 1)
    assert director.post(page, {"since": "tomorrow"}).status_code == 422
    assert director.post(f"{page}halve/").status_code == 302
    assert GroupMember.objects.filter(pupil_id=child.pk, course=first, until=None).exists()
    assert (
        director.post(f"{LOAD}{scene.school_class.pk}/undivide/", {"subject": "foreign_language"}).status_code
        == 302
    )
    assert not GroupMember.objects.exists()


def test_a_club_a_child_at_home_and_what_they_lack(scene: make.Scene, director: Client) -> None:
    page = f"{LOAD}{scene.school_class.pk}/"
    club = {"kind": "club", "subject": "facultative", "hours": "1"}
    assert director.post(page, club).status_code == 422
    assert director.post(page, club | {"name": "Шахмат"}).status_code == 302
    home = {"kind": "home", "subject": "algebra", "hours": "2"}
    assert director.post(page, home).status_code == 422
    assert director.post(page, home | {"pupil": str(scene.pupils[0].pk)}).status_code == 302
    chess = Course.objects.get(kind="club")
    mark = f"/schedule/courses/{chess.pk}/pupils/"
    assert director.get(mark).status_code == 200
    assert director.post(mark, {"pupil": [str(one.pk) for one in scene.pupils[:4]]}).status_code == 302
    assert GroupMember.objects.filter(course=chess).count() == 4
    assert director.get(f"/schedule/courses/{scene.course.pk}/pupils/").status_code == 404
    shown = director.get(page).content.decode()
    assert "Шахмат" in shown
    assert scene.pupils[0].surname in shown


def test_hours_are_changed_with_a_reason(scene: make.Scene, director: Client) -> None:
    page = f"/schedule/courses/{scene.course.pk}/"
    values = {"teacher": str(scene.teacher.pk), "hours": "4", "since": "2026-11-25"}
    assert director.post(page, values).status_code == 422
    assert director.post(page, values | {"reason": "Тереңдету"}).status_code == 302
    row = Course.objects.get(pk=scene.course.pk)
    assert (row.hours_per_week, row.reason) == (Decimal(4), "Тереңдету")


def test_the_sheet_is_printed_in_both_languages_and_taken_out(scene: make.Scene, director: Client) -> None:
    make.course(scene.school_class, None, "physics", 2)
    for language in ("kk", "ru"):
        paper = director.get(f"{LOAD}teachers/?as=pdf&lang={language}")
        assert paper.content.startswith(b"%PDF")
    for page in ("teachers/?as=excel", "hours/?as=excel"):
        assert director.get(f"{LOAD}{page}").content.startswith(b"PK")
    assert AuditEntry.objects.filter(action="schedule.sheet.exported").count() == 3


def test_vacancies_lead_to_candidates_and_a_teacher_can_be_taken_off(
    scene: make.Scene, director: Client
) -> None:
    page = f"/schedule/courses/{scene.course.pk}/give/"
    assert director.post(page, {"since": "2026-11-26", "teacher": ""}).status_code == 302
    assert set(Lesson.objects.filter(date__gte=date(2026, 11, 26)).values_list("teacher_id", flat=True)) == {
        None
    }
    assert CourseTeacher.objects.get().until == date(2026, 11, 25)
    assert Course.objects.get(pk=scene.course.pk).teacher_id == scene.teacher.pk  # until tomorrow
    assert director.get(f"{LOAD}vacancies/").status_code == 200


def test_another_schools_class_and_course_are_not_there(
    scene: make.Scene, client_for: ClientFor, school_b: TenantRef
) -> None:
    zhanna = client_for(Role.DIRECTOR, school=school_b)
    for page in (
        f"{LOAD}{scene.school_class.pk}/",
        f"{LOAD}{scene.school_class.pk}/groups/algebra/",
        f"/schedule/courses/{scene.course.pk}/",
        f"/schedule/courses/{scene.course.pk}/give/",
    ):
        assert zhanna.get(page).status_code == 404, page
    for page in ("take", "divide", "undivide", "groups/algebra/halve"):
        assert zhanna.post(f"{LOAD}{scene.school_class.pk}/{page}/").status_code == 404, page


@pytest.mark.parametrize("role", [Role.TEACHER, Role.SECRETARY, Role.PARENT])
def test_others_do_not_see_the_load(scene: make.Scene, client_for: ClientFor, role: Role) -> None:
    other = client_for(role)
    for page in ("", "teachers/", "vacancies/", "hours/", "typical/", f"{scene.school_class.pk}/"):
        assert other.get(f"{LOAD}{page}").status_code in (403, 404), page


class TestBudgets:
    """A school of many classes costs as many queries as a small one."""

    @pytest.mark.parametrize(
        ("page", "most"),
        [("", 24), ("teachers/", 24), ("vacancies/", 20), ("hours/", 24), ("typical/", 16)],
    )
    def test_pages_cost_the_same_for_many_classes(
        self, scene: make.Scene, director: Client, page: str, most: int
    ) -> None:
        director.get(f"{LOAD}{page}")
        with CaptureQueriesContext(
            connection,
        ) as few:
            assert director.get(f"{LOAD}{page}").status_code == 200
        for number in range(6):
            room = make.school_class(8, "АӘБВГД"[number])
            who = make.teacher(f"Сәрсен{number}")
            Position.objects.create(
                employee=who, post_code="teacher_subject", rate=Decimal(1), since=date(2026, 9, 1)
            )
            EmployeeSubject.objects.create(employee=who, subject_code="physics")
            for code in ("physics", "chemistry", "biology"):
                make.course(room, who, code, 2)
        with CaptureQueriesContext(connection) as many:
            assert director.get(f"{LOAD}{page}").status_code == 200
        assert len(many) == len(few)
        assert len(many) <= most


def test_the_first_page_tells_of_vacancies_to_whoever_gives_the_load(
    scene: make.Scene, client_for: ClientFor
) -> None:
    make.course(scene.school_class, None, "physics", 2)
    assert "/schedule/load/vacancies/" in client_for(Role.DEPUTY_ACADEMIC).get("/").content.decode()
    teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk, username="bolat")
    assert "/schedule/load/vacancies/" not in teacher.get("/").content.decode()
