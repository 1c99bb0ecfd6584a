"""Pages of the schedule, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from kernel.access import Role
from modules.schedule.models import Course, Lesson, Period, Slot
from tests.factories import schedule as make

ClientFor = Callable[..., Client]


@pytest.fixture
def director(scene: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.DIRECTOR)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_page_opens_in_both_languages(
    scene: make.Scene, director: Client, client_for: ClientFor, language: str
) -> None:
    director.cookies["lang"] = language
    for page in (
        "classes/",
        f"classes/{scene.school_class.pk}/",
        f"lessons/{scene.lessons[0].pk}/",
        "load/",
        f"load/{scene.school_class.pk}/",
        f"courses/{scene.course.pk}/",
        "periods/",
        f"periods/{scene.quarter.id}/",
    ):
        assert director.get(f"/schedule/{page}").status_code == 200, page
    teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk, username=f"bolat-{language}")
    day = scene.lessons[0].date.isoformat()
    assert "7А" in teacher.get(f"/schedule/?day={day}").content.decode()


def test_a_new_school_reaches_its_first_journal_by_hand(scene: make.Scene, director: Client) -> None:
    fresh = make.school_class(8, "Б")
    page = f"/schedule/load/{fresh.pk}/"
    added = director.post(page, {"subject": "physics", "teacher": str(scene.teacher.pk), "hours": "2"})
    assert added.status_code == 302
    course = Course.objects.get(school_class_id=fresh.pk)
    week = {
        "teacher": str(scene.teacher.pk),
        "hours": "2",
        "since": "2026-11-25",
        "day2": ["3"],
        "day4": ["3"],
    }
    assert director.post(f"/schedule/courses/{course.pk}/", week).status_code == 302
    assert Slot.objects.filter(course=course).count() == 2
    assert director.post(f"{page}lay/", {"period": str(scene.quarter.id)}).status_code == 302
    assert Lesson.objects.filter(course=course).count() == 16
    assert director.get(f"/journal/{course.pk}/?period=q2").status_code == 200


def test_a_subject_added_twice_shows_the_form_again(scene: make.Scene, director: Client) -> None:
    page = f"/schedule/load/{scene.school_class.pk}/"
    assert director.post(page, {"subject": "algebra", "hours": "3"}).status_code == 422


@pytest.mark.requirement("SIS-14", screen="schedule:periods")
def test_quarters_are_moved_closed_and_reopened(scene: make.Scene, director: Client) -> None:
    page = f"/schedule/periods/{scene.quarter.id}/"
    given = {"start": "2026-11-03", "end": "2026-12-26", "order_number": "15-Ө", "order_date": "2026-10-20"}
    foreseen = director.post(page, given)
    assert foreseen.status_code == 200
    assert Period.objects.get(pk=scene.quarter.id).start == date(2026, 11, 2)
    assert director.post(page, given | {"confirmed": "1"}).status_code == 302
    moved = Period.objects.get(pk=scene.quarter.id)
    assert (moved.start, moved.order_number) == (date(2026, 11, 3), "15-Ө")
    assert director.post(page, {**given, "start": "2026-12-03", "end": "2026-11-26"}).status_code == 422
    assert director.post(page, {"start": "2026-11-03", "end": "2026-12-26"}).status_code == 422
    assert director.post(f"{page}close/").status_code == 302
    assert Period.objects.get(pk=scene.quarter.id).closed_at is not None
    assert director.post(f"{page}reopen/").status_code == 302
    assert Period.objects.get(pk=scene.quarter.id).closed_at is None


def test_the_teacher_writes_the_topic_in_place(scene: make.Scene, client_for: ClientFor) -> None:
    page = f"/schedule/lessons/{scene.lessons[0].pk}/"
    teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk)
    assert teacher.post(page, {"topic": "Бөлшектер", "homework": ""}).status_code == 302
    assert Lesson.objects.get(pk=scene.lessons[0].pk).topic == "Бөлшектер"
    other = client_for(Role.TEACHER, person_id=uuid4(), username="other")
    assert other.post(page, {"topic": "x"}).status_code == 403


def test_parents_do_not_open_the_schools_timetables(scene: make.Scene, client_for: ClientFor) -> None:
    parent = client_for(Role.PARENT, person_id=uuid4())
    for page in ("", "classes/", "load/", "periods/", f"lessons/{scene.lessons[0].pk}/"):
        assert parent.get(f"/schedule/{page}").status_code == 403


@pytest.mark.requirement("SIS-32")
class TestWeek:
    @staticmethod
    def week(client: Client, page: str = "", **query: str) -> str:
        return client.get(f"/schedule/{page}", query).content.decode()

    def test_a_phone_shows_the_day_with_the_next_lessons(
        self, scene: make.Scene, client_for: ClientFor
    ) -> None:
        """Nobody asks for a day: today, or the next day with lessons."""
        Lesson.objects.filter(date__gte="2026-11-25").delete()
        lesson = scene.lessons[0]
        Lesson.objects.filter(pk=lesson.pk).update(date=date(2026, 12, 1))
        html = self.week(client_for(Role.TEACHER, person_id=scene.teacher.pk))
        chosen = html.split("is-chosen")[1].split("</section>")[0]
        assert "01.12" in chosen
        assert "7А" in chosen
        assert 'href="?day=2026-12-01" aria-current="date"' in html

    def test_lessons_of_two_shifts_go_by_the_clock(self, scene: make.Scene, client_for: ClientFor) -> None:
        late = make.school_class(8, "Б")
        type(late).objects.filter(pk=late.pk).update(shift=2)
        day = date(2026, 11, 25)
        Lesson.objects.filter(date=day).delete()
        make.lessons(make.course(late, scene.teacher), day, count=1, number=1)
        make.lessons(scene.course, day, count=1, number=3)
        html = self.week(client_for(Role.TEACHER, person_id=scene.teacher.pk), day=day.isoformat())
        chosen = html.split("is-chosen")[1].split("</section>")[0]
        assert chosen.index("7А") < chosen.index("8Б")

    def test_a_lesson_leads_its_teacher_to_the_journal_and_others_to_the_lesson(
        self, scene: make.Scene, client_for: ClientFor, director: Client
    ) -> None:
        day = scene.lessons[0].date.isoformat()
        mine = self.week(client_for(Role.TEACHER, person_id=scene.teacher.pk), day=day)
        assert f'href="/journal/{scene.course.pk}/"' in mine
        seen = self.week(director, f"classes/{scene.school_class.pk}/", day=day)
        assert f'href="/schedule/lessons/{scene.lessons[0].pk}/"' in seen

    def test_the_week_is_named_as_people_say_it(self, scene: make.Scene, director: Client) -> None:
        director.cookies["lang"] = "ru"
        page = f"classes/{scene.school_class.pk}/"
        assert "23–28 ноября" in self.week(director, page, day="2026-11-25")
        assert "30 ноября – 5 декабря" in self.week(director, page, day="2026-12-01")
