"""A teacher's years between two attestations: what was given, by subject and study period, and who is behind it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from modules.contingent.models import SchoolClass
from modules.journal.reports.queries import interval as queries
from modules.schedule.models import Course, CourseTeacher, Period
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.reports.conftest import ClientFor, School, at

pytestmark = pytest.mark.requirement("SIS-56")
LAST = "2025-26"


@pytest.fixture
def last_year(school: School) -> Course:
    """6А of the year before: Bolat's algebra with marks of all four quarters; the mean of the last pupil is 3.5."""
    room = SchoolClass.objects.create(year=LAST, grade=6, letter="А", language="kk")
    course = make.course(room, school.scene.teacher)
    months = ((9, 10), (11, 12), (1, 3), (4, 5))
    for number, (first, last) in enumerate(months, 1):
        year = 2025 if number < 3 else 2026
        period = Period.objects.create(
            year=LAST, kind="quarter", number=number, start=date(year, first, 1), end=date(year, last, 25)
        )
        for pupil, mark in zip(school.scene.pupils[:3], ("5", "4", "34"[number % 2]), strict=True):
            made.final(course, pupil, period.id, mark)
    return course


def years(
    actor: Actor, school: School, start: date = date(2025, 9, 1), until: date = date(2026, 11, 25)
) -> queries.Years:
    return queries.years_of(actor=actor, teacher_id=school.scene.teacher.pk, start=start, until=until)


class TestYears:
    def test_each_study_period_stands_with_its_classes_and_the_year_after_them(
        self, school: School, last_year: Course, bolat: Actor
    ) -> None:
        [algebra] = years(bolat, school).subjects
        told = [(one.year, one.code, one.class_labels, one.marks.whole) for one in algebra.periods]
        assert told == [
            (LAST, "q1", "6А", 3),
            (LAST, "q2", "6А", 3),
            (LAST, "q3", "6А", 3),
            (LAST, "q4", "6А", 3),
            (LAST, "y", "6А", 3),
            (make.YEAR, "q1", "7А", 10),
        ]
        whole = algebra.periods[4].marks
        assert (whole.n5, whole.n4, whole.quality) == (1, 2, 100.0)
        assert [one.year for one in years(bolat, school).years] == [LAST]

    def test_the_year_counts_the_mark_after_the_exam(
        self, school: School, last_year: Course, bolat: Actor
    ) -> None:
        made.year_mark(last_year, school.scene.pupils[0], "exam", "2")
        [algebra] = years(bolat, school).subjects
        assert (algebra.periods[4].marks.n5, algebra.periods[4].marks.n4) == (0, 3)

    def test_the_interval_takes_periods_by_their_last_day(
        self, school: School, last_year: Course, bolat: Actor
    ) -> None:
        [algebra] = years(bolat, school, start=date(2026, 1, 1), until=date(2026, 8, 31)).subjects
        assert [one.code for one in algebra.periods] == ["q3", "q4", "y"]

    def test_what_another_taught_on_the_last_day_is_hers(
        self, school: School, last_year: Course, aigul: Actor
    ) -> None:
        CourseTeacher.objects.create(
            course=last_year, teacher_id=school.scene.teacher.pk, until=date(2025, 12, 31)
        )
        CourseTeacher.objects.create(course=last_year, teacher_id=school.dana.pk, since=date(2026, 1, 1))
        [algebra] = years(aigul, school).subjects
        assert [one.code for one in algebra.periods if one.year == LAST] == ["q1", "q2"]
        hers = queries.years_of(
            actor=aigul, teacher_id=school.dana.pk, start=date(2025, 9, 1), until=date(2026, 8, 31)
        )
        assert [one.code for one in hers.subjects[0].periods] == ["q3", "q4", "y"]

    def test_a_teacher_sees_her_own_years_only(self, school: School, bolat: Actor, actor_of: Any) -> None:
        assert [key for key, __ in queries.teachers(actor=bolat)] == [school.scene.teacher.pk]
        with pytest.raises(NotFound):
            years(actor_of(Role.TEACHER, person_id=school.dana.pk), school)
        for role in (Role.PARENT, Role.PUPIL, Role.SECRETARY):
            with pytest.raises(NotAllowed):
                years(actor_of(role, person_id=school.scene.teacher.pk), school)


class TestPages:
    def test_a_figure_opens_so_many_pupils(self, school: School, last_year: Course, bolats: Client) -> None:
        page = bolats.get(at("teacher/")).content.decode()
        assert f"year={LAST}&amp;code=q2&amp;subject=algebra&amp;pick=quality" in page
        asked = {"teacher": school.scene.teacher.pk, "code": "q2", "subject": "algebra", "pick": "quality"}
        book = bolats.get(at("teacher/pupils/", year=LAST, **asked, **{"as": "excel"}))
        sheet = python_calamine.load_workbook(BytesIO(book.content)).get_sheet_by_index(0).to_python()
        assert [row[0] for row in sheet[1:]] == ["Ахметова Әлия", "Әлиев Ерлан"]
        assert bolats.get(at("teacher/pupils/", pick="x")).status_code == 404

    def test_prints_and_saves(self, school: School, last_year: Course, deputys: Client) -> None:
        who = {"teacher": school.scene.teacher.pk, "from": "2025-09-01", "until": "2026-08-31"}
        paper = deputys.get(at("teacher/", **who, **{"as": "pdf", "lang": "kk"}))
        text = " ".join(
            " ".join(one.extract_text() for one in PdfReader(BytesIO(paper.content)).pages).split()
        )
        assert "Ермекова" in text
        assert "01.09.2025 – 31.08.2026" in text
        book = deputys.get(at("teacher/", **who, **{"as": "excel"}))
        sheet = python_calamine.load_workbook(BytesIO(book.content)).get_sheet_by_index(0).to_python()
        assert sheet[5][1:7] == ["6А", 3, 1, 2, 0, 0]

    def test_days_that_are_none_and_strangers(
        self, school: School, deputys: Client, client_for: ClientFor
    ) -> None:
        assert deputys.get(at("teacher/", **{"from": "2026-13-40"})).status_code == 200
        assert deputys.get(at("teacher/", teacher=uuid4())).status_code == 404
        dana = client_for(Role.TEACHER, person_id=school.dana.pk)
        assert dana.get(at("teacher/", teacher=school.scene.teacher.pk)).status_code == 404
        assert client_for(Role.PARENT).get(at("teacher/")).status_code == 403

    def test_costs_the_same_for_one_year_and_for_two(
        self, school: School, deputys: Client, bolats: Client
    ) -> None:
        def used() -> int:
            with CaptureQueriesContext(connection) as found:
                assert bolats.get(at("teacher/")).status_code == 200
            return len(found)

        used()
        before = used()
        for letter in "БВГ":
            room = make.school_class(7, letter)
            course = make.course(room, school.scene.teacher)
            for pupil in make.pupils(room, 3):
                made.final(course, pupil, school.q1.id, "4")
        assert used() == before
        assert before <= 9
