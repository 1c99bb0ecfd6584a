"""Achievement and quality: Bolat sees his own, the deputy everything, each figure opens exactly its pupils."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Pupil
from modules.journal.reports.data import Marks, shown, together
from modules.journal.reports.queries import achievement as queries
from modules.journal.reports.queries.ground import span_of
from modules.schedule.models import CourseTeacher
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.reports.conftest import ClientFor, School, at

pytestmark = pytest.mark.requirement("SIS-28")


def count(actor: Actor, code: str = "q1", by: str = "subject", **narrow: Any) -> queries.Achievement:
    span, __ = span_of(year=make.YEAR, code=code)
    return queries.achievement(actor=actor, span=span, by=by, narrow=queries.Narrow(**narrow))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


class TestFigures:
    def test_quality_is_of_fours_and_fives_and_achievement_of_all_but_twos(self) -> None:
        marks = Marks(n5=2, n4=3, n3=3, n2=2, na=4)
        assert (marks.quality, marks.achievement, marks.mean) == (50.0, 80.0, 3.5)
        assert Marks(na=3).quality is None

    def test_a_share_is_rounded_and_not_cut(self) -> None:
        with translation.override("ru"):
            assert shown(200 / 3, "percent") == "66,7 %"
            assert (shown(3.126, "number"), shown(4, "number"), shown(None)) == ("3,13", "4", "–")

    def test_figures_of_many_are_sums_and_not_means_of_percentages(self) -> None:
        assert together([Marks(n5=1), Marks(n2=3)]).quality == 25.0


class TestAchievement:
    def test_a_teacher_sees_only_the_subjects_that_are_hers(self, school: School, bolat: Actor) -> None:
        [line] = count(bolat).lines
        assert line.key == "algebra"
        assert (line.marks.n5, line.marks.n4, line.marks.n3, line.marks.n2) == (2, 3, 3, 2)

    def test_the_class_teacher_sees_all_subjects_of_the_class_and_others_none(
        self, school: School, actor_of: Any
    ) -> None:
        head = actor_of(Role.CLASS_TEACHER, person_id=school.scene.teacher.pk)
        assert {one.key for one in count(head).lines} == {"algebra", "russian_language"}
        stranger = actor_of(Role.CLASS_TEACHER, person_id=make.teacher("Оспанова", "Айжан").pk)
        assert count(stranger).lines == ()

    def test_the_deputy_counts_by_teacher_and_by_class(self, school: School, aigul: Actor) -> None:
        by_teacher = {one.title: one.marks for one in count(aigul, by="teacher").lines}
        assert [marks.n5 for marks in by_teacher.values()] == [4, 2]
        [line] = count(aigul, by="class").lines
        assert (line.title, line.marks.n5, line.marks.whole) == ("7А", 6, 20)
        assert count(aigul, subject="algebra").total.whole == 10

    def test_a_mark_not_given_yet_is_the_forecast_and_is_told_apart(
        self, school: School, bolat: Actor
    ) -> None:
        made.mark(school.scene.lessons[0], school.scene.pupils[0], 9)
        total = count(bolat, "q2").total
        assert (total.n5, total.forecast, total.na) == (1, 1, 9)

    def test_a_second_quarter_takes_the_half_year_subjects_along(self, school: School, aigul: Actor) -> None:
        music = make.course(school.scene.school_class, school.dana, "geography", hours=1)
        made.final(music, school.scene.pupils[0], school.scene.half.id, "4")
        assert {one.key: one.marks.n4 for one in count(aigul, "q2").lines}["geography"] == 1
        assert "geography" not in {one.key for one in count(aigul, "q1").lines}

    def test_the_years_mark_stands_when_that_of_the_last_quarter_does(
        self, school: School, bolat: Actor
    ) -> None:
        assert count(bolat, "y").total.na == 10
        finish(school, school.scene.pupils[0])
        total = count(bolat, "y").total
        assert (total.n5, total.na) == (1, 9)

    def test_after_an_exam_the_final_mark_is_the_years(self, school: School, bolat: Actor) -> None:
        finish(school, school.scene.pupils[0])
        assert count(bolat, "y").total.n5 == 1
        made.year_mark(school.scene.course, school.scene.pupils[0], "exam", "2")
        assert (count(bolat, "y").total.n5, count(bolat, "y").total.n4) == (0, 1)

    def test_who_changed_the_class_is_counted_once_where_his_year_ended(
        self, school: School, aigul: Actor
    ) -> None:
        mover, spans = school.scene.pupils[0], make.periods()
        other = make.course(make.school_class(7, "Ә"), school.dana)
        for code in ("q2", "q3", "q4"):
            made.final(other, mover, spans[code].id, "4")
        by_class = {one.title: one.marks for one in count(aigul, "y", by="class", subject="algebra").lines}
        assert (by_class["7Ә"].n4, by_class["7Ә"].whole) == (1, 1)
        assert by_class["7А"].whole == 9

    def test_who_came_later_is_asked_for_the_quarters_since(self, school: School, bolat: Actor) -> None:
        spans = make.periods()
        [newcomer] = make.pupils(school.scene.school_class, 1, since=spans["q3"].start)
        for code in ("q3", "q4"):
            made.final(school.scene.course, newcomer, spans[code].id, "5")
        assert count(bolat, "y").total.n5 == 1

    def test_the_teacher_of_the_quarters_last_day_answers_for_it(self, school: School, aigul: Actor) -> None:
        course = school.scene.course
        CourseTeacher.objects.create(course=course, teacher_id=school.scene.teacher.pk, until=school.q1.end)
        CourseTeacher.objects.create(
            course=course, teacher_id=school.dana.pk, since=school.scene.quarter.start
        )
        course.teacher_id = school.dana.pk
        course.save(update_fields=["teacher_id"])
        assert len(count(aigul, "q1", by="teacher").lines) == 2
        assert len(count(aigul, "q2", by="teacher").lines) == 1

    @pytest.mark.parametrize("role", [Role.PARENT, Role.PUPIL, Role.LIBRARIAN, Role.SECRETARY])
    def test_families_and_others_are_refused(self, school: School, actor_of: Any, role: Role) -> None:
        with pytest.raises(NotAllowed):
            count(actor_of(role, person_id=school.scene.pupils[0].pk))

    def test_another_school_has_none_of_it(self, school: School, school_b: TenantRef, actor_of: Any) -> None:
        zhanna = actor_of(Role.DIRECTOR, school=school_b)
        with tenancy.use(school_b):
            make.periods()
            found = count(zhanna, school_class=str(school.scene.school_class.pk))
        assert found.lines == ()


def finish(school: School, pupil: Pupil) -> None:
    """His year of algebra: 5, 5, 4, 4."""
    for code, mark in (("q2", "5"), ("q3", "4"), ("q4", "4")):
        made.final(school.scene.course, pupil, make.periods()[code].id, mark)


class TestPages:
    def test_a_figure_opens_exactly_its_pupils(self, school: School, bolats: Client) -> None:
        page = bolats.get(at("achievement/", period="q1")).content.decode()
        link = "/journal/reports/achievement/pupils/?period=q1&amp;subject=algebra&amp;pick=2"
        assert link in page
        listed = bolats.get(link.replace("&amp;", "&")).content.decode()
        rows = listed.split("<tbody>")[1]
        assert rows.count("<tr>") == 2
        assert "Ыбыраев Іңкәр" in rows
        assert "Төлегенов Ұлан" in rows

    def test_the_list_is_searched_with_near_letters_sorted_and_saved(
        self, school: School, bolats: Client
    ) -> None:
        found = bolats.get(at("achievement/pupils/", period="q1", q="нурлан")).content.decode()
        assert found.split("<tbody>")[1].count("<tr>") == 2
        rows = (
            bolats.get(at("achievement/pupils/", period="q1", sort="-0")).content.decode().split("<tbody>")[1]
        )
        assert rows.index("Ыбыраев") < rows.index("Ахметова")
        book = bolats.get(at("achievement/pupils/", period="q1", pick="quality", **{"as": "excel"}))
        sheet = python_calamine.load_workbook(BytesIO(book.content)).get_sheet_by_index(0).to_python()
        assert len(sheet) == 6

    def test_a_parent_gets_no_page_and_an_unknown_figure_is_not_there(
        self, school: School, client_for: ClientFor, bolats: Client
    ) -> None:
        parent = client_for(Role.PARENT, person_id=school.scene.pupils[0].pk)
        assert parent.get(at("")).status_code == 403
        assert parent.get(at("achievement/")).status_code == 403
        assert parent.get(at("achievement/pupils/", pick="2")).status_code == 403
        assert bolats.get(at("achievement/pupils/", pick="nothing")).status_code == 404

    def test_prints_in_both_languages_and_saves_with_a_line_in_the_log(
        self, school: School, deputys: Client
    ) -> None:
        for language, words in (("kk", "Білім сапасы"), ("ru", "Качество знаний")):
            paper = deputys.get(at("achievement/", period="q1", **{"as": "pdf", "lang": language}))
            assert words.lower() in " ".join(text_of(paper.content).lower().split())
        book = deputys.get(at("achievement/", period="q1", by="class", **{"as": "excel"}))
        sheet = python_calamine.load_workbook(BytesIO(book.content)).get_sheet_by_index(0).to_python()
        assert sheet[1][:3] == ["7А", 20, 6]
        kept = AuditEntry.objects.filter(action="journal.report.exported").values_list("details", flat=True)
        assert [one["form"] for one in kept] == ["pdf", "pdf", "excel"]

    def test_costs_the_same_for_one_journal_and_for_ten(self, school: School, deputys: Client) -> None:
        def used() -> int:
            with CaptureQueriesContext(connection) as found:
                assert deputys.get(at("achievement/", period="q2")).status_code == 200
            return len(found)

        used()
        before = used()
        for letter in "БВГДЕ":
            into = make.school_class(7, letter)
            make.pupils(into, 3)
            make.course(into, school.dana, "algebra")
        assert used() == before
        assert before <= 10
