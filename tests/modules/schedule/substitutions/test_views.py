"""Pages of substitutions, through HTTP, for those who may and those who may not."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from kernel.access import Role
from kernel.tenancy import TenantRef
from modules.schedule.models import Lesson
from modules.schedule.substitutions.models import Absence, Question, Substitution
from tests.factories import schedule as make
from tests.modules.schedule.substitutions.conftest import DAY, Staff

ClientFor = Callable[..., Client]
HERE = "/schedule/substitutions"


@pytest.fixture
def deputy(scene: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.DEPUTY_ACADEMIC, username="deputy")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_page_opens_in_both_languages(
    opened: Substitution, absence: Absence, staff_room: Staff, deputy: Client, language: str
) -> None:
    deputy.cookies["lang"] = language
    lesson = f"{HERE}/lessons/{opened.pk}/"
    pages = [
        f"{HERE}/",
        f"{HERE}/?day={DAY}",
        f"{HERE}/absent/?day={DAY}",
        f"{HERE}/absences/{absence.pk}/",
        lesson,
        f"{HERE}/mine/",
        f"{HERE}/book/",
        f"{HERE}/hours/",
    ]
    for page in pages:
        assert deputy.get(page).status_code == 200, page
    assert deputy.post(f"{lesson}assign/", {"give": str(staff_room.gulzhan.pk)}).status_code == 302
    month = DAY.isoformat()[:7]
    for page in (
        lesson,
        f"{HERE}/book/{opened.pk}/",
        f"{HERE}/book/?month={month}",
        f"{HERE}/book/?sort=class",
        f"{HERE}/book/?sort=-teacher",
        f"{HERE}/book/?sort=substitute&q=Ғабит",
        f"{HERE}/hours/?month={month}",
        f"/schedule/lessons/{opened.lesson_id}/",
    ):
        assert deputy.get(page).status_code == 200, page
    for page, kind in (
        (f"{HERE}/book/pdf/?month={month}&lang={language}", "application/pdf"),
        (f"{HERE}/hours/?month={month}&as=pdf&lang={language}", "application/pdf"),
        (f"{HERE}/hours/?month={month}&as=excel", "application/vnd.openxmlformats"),
        (f"{HERE}/book/excel/?month={month}", "application/vnd.openxmlformats"),
    ):
        answer = deputy.get(page)
        assert answer.status_code == 200, page
        assert answer.headers["Content-Type"].startswith(kind), page


@pytest.mark.requirement("SIS-11", screen="schedule:board")
class TestTheDeputysMorning:
    def test_two_presses_note_the_absence(self, scene: make.Scene, staff_room: Staff, deputy: Client) -> None:
        page = deputy.get(f"{HERE}/absent/?day={DAY}")
        assert scene.teacher.person_name.full in page.content.decode()
        form = {"reason": "sick", "since": str(DAY), "until": str(DAY), "teacher": str(scene.teacher.pk)}
        answer = deputy.post(f"{HERE}/absent/?day={DAY}", form)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{HERE}/?day={DAY}")
        assert Substitution.objects.count() == 2

    def test_from_the_card_only_that_teacher_is_offered_and_once(
        self, scene: make.Scene, staff_room: Staff, deputy: Client
    ) -> None:
        page = f"{HERE}/absent/?day={DAY}&teacher={scene.teacher.pk}"
        offered = deputy.get(page).content.decode()
        assert f'value="{scene.teacher.pk}"' in offered
        assert f'value="{staff_room.marat.pk}"' not in offered
        form = {"reason": "sick", "since": str(DAY), "until": str(DAY), "teacher": str(scene.teacher.pk)}
        deputy.post(page, form)
        assert f'value="{scene.teacher.pk}"' not in deputy.get(page).content.decode()

    def test_what_is_typed_stays_when_it_is_refused(
        self, absence: Absence, scene: make.Scene, deputy: Client
    ) -> None:
        form = {
            "reason": "other",
            "since": str(DAY),
            "until": str(DAY),
            "note": "Жұмыс бабымен",
            "teacher": str(scene.teacher.pk),
        }
        answer = deputy.post(f"{HERE}/absent/?day={DAY}", form)
        assert answer.status_code == 422
        assert "Жұмыс бабымен" in answer.content.decode()

    def test_the_board_asks_for_itself_as_a_fragment(self, opened: Substitution, deputy: Client) -> None:
        whole = deputy.get(f"{HERE}/?day={DAY}").content.decode()
        assert 'hx-trigger="every 20s"' in whole
        part = deputy.get(f"{HERE}/?day={DAY}", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert str(opened.pk) in part

    def test_three_are_asked_and_the_second_says_yes(
        self, opened: Substitution, staff_room: Staff, deputy: Client, client_for: ClientFor
    ) -> None:
        who = [str(one.pk) for one in (staff_room.gulzhan, staff_room.marat, staff_room.saule)]
        assert deputy.post(f"{HERE}/lessons/{opened.pk}/ask/", {"teacher": who}).status_code == 302
        first = client_for(Role.TEACHER, person_id=staff_room.gulzhan.pk, username="gulzhan")
        second = client_for(Role.TEACHER, person_id=staff_room.marat.pk, username="marat")
        keys = {one.teacher_id: one.pk for one in Question.objects.all()}
        assert "7А" in second.get(f"{HERE}/mine/").content.decode()
        no = f"{HERE}/questions/{keys[staff_room.gulzhan.pk]}/"
        yes = f"{HERE}/questions/{keys[staff_room.marat.pk]}/"
        assert first.post(yes, {"answer": "yes"}).status_code == 404
        assert first.post(no, {"answer": "no"}).status_code == 302
        assert second.post(yes, {"answer": "yes"}).status_code == 302
        assert Lesson.objects.get(pk=opened.lesson_id).teacher_id == staff_room.marat.pk
        assert "7А" in second.get(f"/schedule/?day={DAY}").content.decode()

    def test_a_refusal_stands_on_the_lessons_page(
        self, opened: Substitution, staff_room: Staff, deputy: Client
    ) -> None:
        lesson = f"{HERE}/lessons/{opened.pk}"
        for act, form in (
            ("ask", {}),
            ("assign", {"give": "x"}),
            ("assign", {"give": str(opened.teacher_id)}),
            ("move", {"place": "soon"}),
            ("move", {"place": f"{DAY}/99"}),
            ("cancel", {"reason": ""}),
            ("join", {"teacher": str(staff_room.saule.pk)}),
        ):
            assert deputy.post(f"{lesson}/{act}/", form).status_code == 422, act
        assert Substitution.objects.get(pk=opened.pk).state == "open"

    def test_other_ways_and_back(self, opened: Substitution, deputy: Client) -> None:
        lesson = f"{HERE}/lessons/{opened.pk}"
        assert deputy.post(f"{lesson}/cancel/", {"reason": "Аяз"}).status_code == 302
        assert Lesson.objects.get(pk=opened.lesson_id).state == "cancelled"
        assert deputy.post(f"{lesson}/reopen/").status_code == 302
        assert deputy.post(f"{lesson}/leave/").status_code == 302
        assert deputy.get(f"{lesson}/").status_code == 404

    def test_a_line_of_the_book_is_corrected(
        self, opened: Substitution, staff_room: Staff, deputy: Client
    ) -> None:
        deputy.post(f"{HERE}/lessons/{opened.pk}/assign/", {"give": str(staff_room.gulzhan.pk)})
        line = f"{HERE}/book/{opened.pk}/"
        wrong = deputy.post(line, {"subject": "algebra", "hours": "40", "ground": "9-ө"})
        assert wrong.status_code == 422
        assert "9-ө" in wrong.content.decode()
        assert deputy.post(line, {"subject": "algebra", "hours": "1", "ground": "9-ө"}).status_code == 302
        opened.refresh_from_db()
        assert (opened.ground, opened.is_paid) == ("9-ө", False)

    def test_an_absence_is_changed_and_cancelled(self, absence: Absence, deputy: Client) -> None:
        page = f"{HERE}/absences/{absence.pk}/"
        backwards = {"reason": "sick", "since": str(DAY), "until": "2026-11-01"}
        assert deputy.post(page, backwards).status_code == 422
        assert deputy.post(page, {"reason": "training", "since": str(DAY), "until": ""}).status_code == 302
        absence.refresh_from_db()
        assert (absence.reason, absence.until) == ("training", None)
        assert deputy.post(f"{page}cancel/").status_code == 302
        assert not Substitution.objects.exclude(state="withdrawn").exists()


def test_another_schools_deputy_finds_nothing(
    opened: Substitution, absence: Absence, client_for: ClientFor, school_b: TenantRef
) -> None:
    zhanna = client_for(Role.DIRECTOR, school=school_b)
    for page in (
        f"absences/{absence.pk}/",
        f"lessons/{opened.pk}/",
        f"book/{opened.pk}/",
        f"lessons/{uuid4()}/",
    ):
        assert zhanna.get(f"{HERE}/{page}").status_code == 404, page
    for page in ("reopen/", "leave/"):
        assert zhanna.post(f"{HERE}/lessons/{opened.pk}/{page}").status_code == 404
    assert str(opened.pk) not in zhanna.get(f"{HERE}/?day={DAY}").content.decode()
    assert Substitution.objects.get(pk=opened.pk).state == "open"


@pytest.mark.parametrize(
    ("role", "may_arrange", "may_read", "may_answer"),
    [
        (Role.DIRECTOR, True, True, True),
        (Role.DEPUTY_ACADEMIC, True, True, True),
        (Role.DEPUTY_PROFILE, False, True, True),
        (Role.SECRETARY, False, True, False),
        (Role.TEACHER, False, False, True),
        (Role.LIBRARIAN, False, False, False),
        (Role.PARENT, False, False, False),
        (Role.PUPIL, False, False, False),
    ],
)
def test_each_role_opens_what_is_its(
    opened: Substitution,
    client_for: ClientFor,
    role: Role,
    may_arrange: bool,
    may_read: bool,
    may_answer: bool,
) -> None:
    client = client_for(role, username="somebody")
    for page, may in (
        ("", may_arrange),
        (f"lessons/{opened.pk}/", may_arrange),
        ("book/", may_read),
        ("hours/", may_read),
        ("mine/", may_answer),
    ):
        assert client.get(f"{HERE}/{page}").status_code == (200 if may else 403), page
