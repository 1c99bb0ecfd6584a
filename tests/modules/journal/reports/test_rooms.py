"""The class teacher's quarter: groups of pupils, attendance, movement; her own class and no other."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from kernel.access import Actor, Role
from kernel.errors import NotFound
from modules.contingent.models import Charge, Membership
from modules.journal.models import PeriodMark
from modules.journal.reports.queries import rooms as queries
from modules.journal.reports.queries.ground import span_of
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.reports.conftest import ClientFor, School, at

pytestmark = pytest.mark.requirement("SIS-30")


def report(actor: Actor, school: School, code: str = "q1") -> queries.ClassReport:
    span, __ = span_of(year=make.YEAR, code=code)
    return queries.class_report(actor=actor, span=span, class_id=school.scene.school_class.pk)


@pytest.mark.parametrize(
    ("marks", "group"),
    [
        (["5", "5", "pass"], "excellent"),
        (["5", "4", "5"], "one_four"),
        (["4", "4", "5"], "good"),
        (["5", "3", "4"], "one_three"),
        (["3", "3", "5"], "satisfactory"),
        (["5", "2", "5"], "failing"),
        (["5", "5", "fail"], "failing"),
        (["2", None], "failing"),
        (["5", None], "not_assessed"),
        (["pass"], "not_assessed"),
    ],
)
def test_a_pupil_stands_where_his_marks_put_him(marks: list[str | None], group: str) -> None:
    assert queries.group_of(marks) == group


class TestReport:
    def test_names_who_is_held_back_by_which_subject(self, school: School, aigul: Actor) -> None:
        for pupil, mark in zip(school.scene.pupils[4:], "555555", strict=True):
            made.final(school.russian, pupil, school.q1.id, mark)
        found = report(aigul, school)
        groups = {code: [one.name for one in pupils] for code, pupils in found.groups.items() if pupils}
        assert {code: len(names) for code, names in groups.items()} == {
            "excellent": 2,
            "one_four": 3,
            "one_three": 3,
            "failing": 2,
        }
        [subject, *__] = found.groups["one_three"][0].held_back
        assert subject[1].startswith("Ермекова")
        assert (found.quality, found.achievement, found.is_forecast) == (50.0, 80.0, False)

    def test_movement_and_lessons_missed_of_the_quarter(self, school: School, aigul: Actor) -> None:
        first, gone, *__ = school.scene.pupils
        day = school.q1.start + timedelta(days=20)
        Membership.objects.filter(pupil=gone).update(until=day)
        [newcomer] = make.pupils(school.scene.school_class, 1, since=day)
        made.absence(school.first[0], first, "ill")
        made.absence(school.first[1], first, "late")
        made.absence(school.scene.lessons[0], first, "ill")
        found = report(aigul, school)
        assert (len(found.at_start), len(found.at_end)) == (10, 10)
        assert [one.day for one in found.left] == [day]
        assert [one.name for one in found.arrived] == [f"{newcomer.surname} {newcomer.name}"]
        [missed] = found.missed
        assert (missed.lessons, missed.by_reason) == (1, {"ill": 1, "late": 1})

    def test_a_class_teacher_opens_her_own_class_and_no_other(self, school: School, actor_of: Any) -> None:
        head = actor_of(Role.CLASS_TEACHER, person_id=school.scene.teacher.pk)
        assert report(head, school).school_class.teacher.startswith("Ермекова")
        other = actor_of(Role.CLASS_TEACHER, person_id=school.dana.pk)
        with pytest.raises(NotFound):
            report(other, school)

    def test_a_teacher_of_the_class_sees_only_her_subjects_and_not_its_report(
        self, school: School, actor_of: Any
    ) -> None:
        with pytest.raises(NotFound):
            report(actor_of(Role.TEACHER, person_id=school.scene.teacher.pk), school)

    def test_the_former_class_teacher_keeps_the_quarters_that_were_hers(
        self, school: School, actor_of: Any
    ) -> None:
        Charge.objects.update(until=school.q1.end)
        make.lead(school.scene.school_class, school.dana.pk, since=school.q1.end + timedelta(days=1))
        before = actor_of(Role.CLASS_TEACHER, person_id=school.scene.teacher.pk)
        after = actor_of(Role.CLASS_TEACHER, person_id=school.dana.pk)
        assert report(before, school).school_class.teacher.startswith("Ермекова")
        assert report(after, school, "q1").school_class.teacher.startswith("Ермекова")
        assert report(after, school, "q2").school_class.teacher.startswith("Әбенова")
        with pytest.raises(NotFound):
            report(before, school, "q2")


class TestPages:
    def test_the_only_class_opens_by_itself_and_is_printed(
        self, school: School, client_for: ClientFor
    ) -> None:
        head = client_for(Role.CLASS_TEACHER, person_id=school.scene.teacher.pk)
        page = head.get(at("class/", period="q1")).content.decode()
        assert "Ыбыраев Іңкәр" in page
        paper = head.get(at("class/", period="q1", **{"as": "pdf", "lang": "ru"}))
        text = " ".join(
            " ".join(one.extract_text() for one in PdfReader(BytesIO(paper.content)).pages).split()
        )
        assert "Ыбыраев Іңкәр" in text
        assert "1 четверть" in text.lower() or "четверть 1" in text.lower()

    def test_the_deputy_chooses_and_a_wrong_class_is_not_there(
        self, school: School, deputys: Client, client_for: ClientFor
    ) -> None:
        make.school_class(8, "Ә")
        assert "8Ә" in deputys.get(at("class/")).content.decode()
        chosen = {"class": school.scene.school_class.pk}
        assert deputys.get(at("class/", **chosen)).status_code == 200
        assert deputys.get(at("class/", **{"class": school.russian.pk})).status_code == 404
        assert client_for(Role.PARENT).get(at("class/")).status_code == 403

    def test_each_figure_opens_its_list(self, school: School, deputys: Client) -> None:
        first, second, *__ = school.scene.pupils
        made.absence(school.first[0], first, "ill")
        made.absence(school.first[1], first, "late")
        made.absence(school.first[1], second, "ill")
        where = {"class": school.scene.school_class.pk, "period": "q1"}
        page = deputys.get(at("class/", **where)).content.decode()
        links = set(re.findall(r'href="/journal/reports/(class/[a-z_]+/\?[^"]+)"', page))
        assert {one.split("/")[1] for one in links} >= {"at_start", "at_end", "missed"}
        for link in links:
            assert deputys.get(f"/journal/reports/{link.replace('&amp;', '&')}").status_code == 200
        for asked, lessons in (({}, 2), ({"pupil": first.pk}, 1), ({"pupil": first.pk, "code": "late"}, 1)):
            book = deputys.get(at("class/missed/", **where, **asked, **{"as": "excel"}))
            sheet = python_calamine.load_workbook(BytesIO(book.content)).get_sheet_by_index(0).to_python()
            assert len(sheet) - 1 == lessons
        assert deputys.get(at("class/missed/", **where, code="x")).status_code == 404
        assert deputys.get(at("class/none/", **where)).status_code == 404

    def test_a_list_of_another_class_is_not_there(self, school: School, client_for: ClientFor) -> None:
        other = client_for(Role.CLASS_TEACHER, person_id=school.dana.pk)
        where = {"class": school.scene.school_class.pk, "period": "q1"}
        assert other.get(at("class/missed/", **where)).status_code == 404

    def test_costs_the_same_for_one_subject_and_for_many(self, school: School, deputys: Client) -> None:
        address = at("class/", period="q1", **{"class": school.scene.school_class.pk})

        def used() -> int:
            with CaptureQueriesContext(connection) as found:
                assert deputys.get(address).status_code == 200
            return len(found)

        used()
        before = used()
        for code in ("geometry", "physics", "biology"):
            course = make.course(school.scene.school_class, school.dana, code)
            for pupil in school.scene.pupils:
                made.final(course, pupil, school.q1.id, "4")
        assert used() == before
        assert before <= 11

    def test_a_mark_of_another_class_changes_nothing(self, school: School, aigul: Actor) -> None:
        before = report(aigul, school).groups
        other = make.school_class(9, "Б")
        course = make.course(other, school.dana, "algebra")
        [pupil] = make.pupils(other, 1, since=date(2026, 9, 1))
        made.final(course, pupil, school.q1.id, "2")
        assert PeriodMark.objects.filter(course=course).exists()
        assert report(aigul, school).groups == before
