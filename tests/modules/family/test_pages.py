"""Gülnar reads her child's day and marks on her phone; nobody else's child is there for her."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Guardianship, Membership, Pupil, SchoolClass, SightBan
from modules.schedule import api as schedule
from modules.schedule.models import BellTime, Course, GroupMember, Lesson
from tests.factories import journal as marks
from tests.factories import schedule as make

MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=ALMATY)
ClientFor = Callable[..., Client]


@pytest.fixture
def scene(in_school: TenantRef) -> Iterator[make.Scene]:
    with time_machine.travel(MOMENT, tick=True):
        yield make.scene()


@pytest.fixture
def gulnar(scene: make.Scene) -> Guardian:
    mother = Guardian.objects.create(surname="Әлиева", name="Гүлнар")
    Guardianship.objects.create(pupil=scene.pupils[1], guardian=mother, relation="mother")
    return mother


@pytest.fixture
def phone(gulnar: Guardian, client_for: ClientFor) -> Client:
    return client_for(Role.PARENT, person_id=gulnar.pk, surname="Әлиева", name="Гүлнар")


def today(scene: make.Scene) -> Lesson:
    """A lesson of the class on the day of the test."""
    lesson = scene.lessons[-1]
    lesson.date = MOMENT.date()
    lesson.save()
    return lesson


def page(client: Client, path: str, status: int = 200, **query: Any) -> str:
    response = client.get(path, query)
    assert response.status_code == status, response.content[-2000:]
    return response.content.decode()


@pytest.mark.requirement("MOB-11", screen="family:home")
class TestChild:
    def test_shows_today_with_homework(self, scene: make.Scene, phone: Client) -> None:
        lesson = today(scene)
        lesson.topic, lesson.homework = "Квадрат теңдеулер", "№ 214, 215"
        lesson.save()
        html = page(phone, "/family/")
        assert "Бүгін" in html
        assert "Квадрат теңдеулер" in html
        assert "№ 214, 215" in html

    def test_says_what_goes_on_now_and_what_is_next(self, scene: make.Scene, phone: Client) -> None:
        lesson = today(scene)
        bell = BellTime.objects.get(shift=1, number=lesson.number)
        for hour, word in ((bell.start, "қазір"), (None, "келесі")):
            moment = datetime.combine(MOMENT.date(), hour, ALMATY) if hour else MOMENT.replace(hour=6)
            with time_machine.travel(moment):
                day = page(phone, "/family/")
            assert word in day[day.index('id="day"') :]

    def test_a_day_without_lessons_gives_way_to_the_next_that_has_them(
        self, scene: make.Scene, phone: Client
    ) -> None:
        Lesson.objects.filter(date__gte=MOMENT.date()).delete()
        make.lessons(scene.course, MOMENT.date() + timedelta(days=1), count=1)
        html = page(phone, "/family/")
        day = html[html.index('id="day"') :]
        assert "Ертең" in day[:1500]
        assert "2026 ж. 26 қараша, бейсенбі" in day
        # Who asks for today gets today.
        asked = page(phone, f"/family/{scene.pupils[1].pk}/", day=MOMENT.date().isoformat())
        assert "Бұл күні сабақ жоқ" in asked

    def test_a_half_year_subject_stands_once_under_two_quarters(
        self, scene: make.Scene, phone: Client
    ) -> None:
        child, few = scene.pupils[1], make.course(scene.school_class, scene.teacher, "geography", hours=1)
        [lesson] = make.lessons(few, date(2026, 9, 7), count=1, number=5)
        marks.mark(lesson, child, 9)
        html = page(phone, f"/family/{child.pk}/year/")
        row = next(part for part in html.split("<tr>") if "География" in part)
        assert row.count('colspan="2"') == 2
        assert row.count('class="guess">5') == 1

    @pytest.mark.requirement("MOB-12")
    def test_a_mark_given_late_for_an_old_lesson_is_among_the_new_ones(
        self, scene: make.Scene, phone: Client
    ) -> None:
        """The teacher writes today what was earned weeks ago; eight newer lessons had their marks at once."""
        child = scene.pupils[1]
        first, *others = make.lessons(scene.course, date(2026, 11, 2), count=12, number=6, every=1)
        for lesson in others:
            given = marks.mark(lesson, child, 5)
            type(given).objects.filter(pk=given.pk).update(
                set_at=datetime.combine(lesson.date, time(13), ALMATY)
            )
        first.topic = "Дискриминант"
        first.save()
        late = marks.mark(first, child, 9)
        type(late).objects.filter(pk=late.pk).update(set_at=MOMENT)
        html = page(phone, "/family/")
        assert "Дискриминант" in html

    @pytest.mark.requirement("MOB-12")
    def test_shows_marks_with_topic_and_what_a_five_takes(self, scene: make.Scene, phone: Client) -> None:
        child = scene.pupils[1]
        for number, points in enumerate((8, 9, 7), start=4):
            marks.mark(scene.lessons[number], child, points)
        scene.lessons[6].topic = "Виет теоремасы"
        scene.lessons[6].save()
        marks.work(scene.lessons[7], "soch", 20)
        html = page(phone, "/family/")
        assert "Виет теоремасы" in html
        assert "болжам" in html
        assert re.search(r"«5» үшін \d+/20 керек", html)

    def test_who_heads_for_a_two_is_told_what_a_three_takes(self, scene: make.Scene, phone: Client) -> None:
        marks.work(scene.lessons[2], "sor", 20)
        marks.mark(scene.lessons[2], scene.pupils[1], 6, "sor")
        html = page(phone, "/family/")
        # СОР 30 %, no ФО: (39,5 × 75 − 25 × 30) / 50 = 44,25 %, so 12 of 25.
        assert "«3» үшін 12/25 керек" in html
        assert "«5» үшін" not in html

    def test_counts_absences_by_reason(self, scene: make.Scene, phone: Client) -> None:
        marks.absence(scene.lessons[0], scene.pupils[1], "ill")
        marks.absence(scene.lessons[1], scene.pupils[1], "ill")
        assert "2 сабақ" in page(phone, "/family/")

    def test_goes_to_another_day(self, scene: make.Scene, phone: Client) -> None:
        child = scene.pupils[1].pk
        response = phone.get(f"/family/{child}/", {"day": "2026-11-22"}, headers={"hx-request": "true"})
        html = response.content.decode()
        assert "<html" not in html
        assert "Бұл күні сабақ жоқ" in html
        assert "2026-11-21" in html
        assert "2026-11-23" in html

    def test_keeps_calm_with_a_day_that_is_none(self, scene: make.Scene, phone: Client) -> None:
        page(phone, f"/family/{scene.pupils[1].pk}/", day="2026-99-99")

    def test_weighs_little(self, scene: make.Scene, phone: Client) -> None:
        for lesson in scene.lessons:
            marks.mark(lesson, scene.pupils[1], 8)
        assert len(page(phone, "/family/").encode()) < 150_000


@pytest.mark.requirement("MOB-12")
def test_a_subject_has_all_its_marks_and_a_line(scene: make.Scene, phone: Client) -> None:
    child = scene.pupils[1]
    for number, points in enumerate((5, 6, 10)):
        marks.mark(scene.lessons[number], child, points)
    html = page(phone, f"/family/{child.pk}/{scene.course.pk}/")
    assert html.count("/10") >= 3
    assert 'data-island="chart"' in html
    assert all(f"<strong>{points}</strong>/10" in html for points in (5, 6, 10))
    page(phone, f"/family/{child.pk}/{uuid4()}/", 404)


@pytest.mark.requirement("MOB-10")
def test_the_year_stands_by_quarters_with_forecasts_called_so(scene: make.Scene, phone: Client) -> None:
    child = scene.pupils[1]
    spans = make.periods()
    marks.final(scene.course, child, spans["q1"].id, "4")
    marks.mark(scene.lessons[0], child, 10)
    html = page(phone, f"/family/{child.pk}/year/")
    assert re.search(r"<strong>\s*4\s*</strong>", html)
    assert re.search(r'class="guess">\s*5\s*<', html)


@pytest.mark.requirement("MOB-10", screen="family:year")
class TestEarlierYears:
    """What a child had in the class before stands under its own year, and not under this one."""

    @pytest.fixture
    def last_year(self, scene: make.Scene) -> Course:
        child, before = scene.pupils[1], "2025-26"
        then = SchoolClass.objects.create(year=before, grade=6, letter="А", language="kk")
        Membership.objects.create(
            pupil=child, school_class=then, year=before, since=date(2025, 9, 1), until=date(2026, 5, 25)
        )
        course = make.course(then, scene.teacher, "mathematics", 5)
        spans = {p.code: p for p in schedule.open_year(actor=Actor.system_actor("tests"), year=before)}
        for code, mark in (("q1", "3"), ("q4", "5")):
            marks.final(course, child, spans[code].id, mark)
        return course

    def shown(self, phone: Client, scene: make.Scene, year: str = "") -> str:
        if year:
            assert phone.post("/ui/year", {"year": year}).status_code == 302
        return page(phone, f"/family/{scene.pupils[1].pk}/year/")

    def test_are_chosen_in_the_head_of_the_page(
        self, scene: make.Scene, last_year: Course, phone: Client
    ) -> None:
        assert "2025-26" in page(phone, "/family/")
        html = self.shown(phone, scene, "2025-26")
        assert "Математика" in html
        assert re.findall(r"<strong>\s*(\d)\s*</strong>", html) == ["3", "5"]
        assert "Алгебра" not in html

    def test_are_not_mixed_into_this_one(self, scene: make.Scene, last_year: Course, phone: Client) -> None:
        html = self.shown(phone, scene)
        assert "Математика" not in html

    def test_of_another_child_are_not_there(
        self, scene: make.Scene, last_year: Course, phone: Client
    ) -> None:
        phone.post("/ui/year", {"year": "2025-26"})
        page(phone, f"/family/{scene.pupils[0].pk}/year/", 404)


class TestOthersChildren:
    def test_another_child_is_404_on_every_page(self, scene: make.Scene, phone: Client) -> None:
        stranger = scene.pupils[0].pk
        for tail in ("", "year/", "lookers/", f"{scene.course.pk}/"):
            page(phone, f"/family/{stranger}/{tail}", 404)

    def test_nothing_of_other_children_is_on_the_page(self, scene: make.Scene, phone: Client) -> None:
        for pupil in scene.pupils:
            marks.mark(scene.lessons[0], pupil, 5)
        html = page(phone, "/family/")
        for pupil in scene.pupils:
            assert (str(pupil.pk) in html) == (pupil == scene.pupils[1])
            if pupil != scene.pupils[1]:
                assert f"{pupil.surname} {pupil.name}" not in html

    def test_who_may_not_see_sees_no_child(self, scene: make.Scene, gulnar: Guardian, phone: Client) -> None:
        SightBan.objects.create(
            pupil=scene.pupils[1], guardian=gulnar, since=date(2026, 9, 1), ground="сот шешімі № 7"
        )
        html = page(phone, "/family/")
        assert scene.pupils[1].name not in html
        page(phone, f"/family/{scene.pupils[1].pk}/", 404)

    def test_two_children_stand_as_tabs(self, scene: make.Scene, gulnar: Guardian, phone: Client) -> None:
        Guardianship.objects.create(pupil=scene.pupils[4], guardian=gulnar, relation="mother")
        html = page(phone, "/family/")
        assert "Балаларым" in html
        assert str(scene.pupils[4].pk) in html
        assert str(scene.pupils[1].pk) in html

    def test_a_pupil_sees_himself_and_nobody_else(self, scene: make.Scene, client_for: ClientFor) -> None:
        me = client_for(Role.PUPIL, person_id=scene.pupils[2].pk)
        assert "Байжанов Нұрлан" in page(me, "/family/")
        page(me, f"/family/{scene.pupils[1].pk}/", 404)

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.TEACHER, Role.CLASS_TEACHER])
    def test_the_staff_has_no_business_here(
        self, scene: make.Scene, client_for: ClientFor, role: Role
    ) -> None:
        page(client_for(role, person_id=scene.teacher.pk), "/family/", 403)

    def test_the_same_ids_in_another_school_open_nothing(
        self, scene: make.Scene, gulnar: Guardian, school_b: TenantRef, client_for: ClientFor
    ) -> None:
        with tenancy.use(school_b):
            other = Guardian.objects.create(pk=gulnar.pk, surname="Басқа", name="Ана")
            Pupil.objects.create(
                pk=scene.pupils[1].pk, surname="Басқа", name="Бала", sex="m", birth_date="2013-01-01"
            )
        client = client_for(Role.PARENT, school=school_b, person_id=other.pk)
        assert scene.pupils[1].name not in page(client, "/family/")
        page(client, f"/family/{scene.pupils[1].pk}/", 404)


def test_the_mother_reads_who_looked(
    scene: make.Scene, phone: Client, actor_of: Callable[..., Actor]
) -> None:
    nurse = actor_of(Role.NURSE, name="Сәуле Ахметова", user_id=77)
    audit.viewed(actor=nurse, subject="pupil", subject_ids=[scene.pupils[1].pk], purpose="contingent.card")
    audit.viewed(actor=nurse, subject="pupil", subject_ids=[scene.pupils[0].pk], purpose="contingent.card")
    html = page(phone, f"/family/{scene.pupils[1].pk}/lookers/")
    assert html.count("Сәуле Ахметова") == 1
    assert "картаны ашты" in html


def test_speaks_russian(scene: make.Scene, gulnar: Guardian, client_for: ClientFor) -> None:
    client = client_for(Role.PARENT, person_id=gulnar.pk, language="ru")
    assert "Новые оценки" in page(client, "/family/")


@pytest.mark.requirement("MOB-13", screen="family:works")
class TestWorks:
    def test_shows_works_to_come_with_their_day_and_those_written_with_points(
        self, scene: make.Scene, phone: Client
    ) -> None:
        child = scene.pupils[1]
        marks.work(scene.lessons[2], "sor", 20)
        marks.mark(scene.lessons[2], child, 17, "sor")
        coming = Lesson.objects.filter(course=scene.course, date__gt=MOMENT.date()).order_by("date").first()
        assert coming is not None
        marks.work(coming, "soch", 25)
        html = page(phone, f"/family/{child.pk}/works/")
        ahead, written = html.split("Жазылған жұмыстар", 1)
        assert "тоқсандық" in ahead or "ТЖБ" in ahead
        assert "25 балл" in ahead
        assert re.search(r">17</strong>/20", written)
        assert "Алдағы жұмыстар" in page(phone, "/family/")

    def test_a_cancelled_lesson_takes_its_work_off_the_schedule(
        self, scene: make.Scene, phone: Client
    ) -> None:
        coming = Lesson.objects.filter(course=scene.course, date__gt=MOMENT.date()).order_by("date").first()
        assert coming is not None
        marks.work(coming, "soch", 25)
        Lesson.objects.filter(pk=coming.pk).update(state="cancelled")
        assert "25 балл" not in page(phone, f"/family/{scene.pupils[1].pk}/works/")

    def test_the_other_group_of_a_divided_class_is_not_the_childs(
        self, scene: make.Scene, phone: Client
    ) -> None:
        child = scene.pupils[1]
        for number in (1, 2):
            part = make.course(scene.school_class, scene.teacher, "foreign_language", 3)
            Course.objects.filter(pk=part.pk).update(group=number)
            [lesson] = make.lessons(part, date(2026, 12, 3), count=1, number=4 + number)
            Lesson.objects.filter(pk=lesson.pk).update(group=number)
            marks.work(lesson, "soch", 20 + number)
            pupil = child if number == 1 else scene.pupils[2]
            GroupMember.objects.create(course_id=part.pk, pupil_id=pupil.pk, since=date(2026, 9, 1))
        html = page(phone, f"/family/{child.pk}/works/")
        assert "21 балл" in html
        assert "22 балл" not in html

    def test_another_child_is_not_there(self, scene: make.Scene, phone: Client) -> None:
        page(phone, f"/family/{scene.pupils[2].pk}/works/", status=404)
