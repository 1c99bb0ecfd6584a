"""The journal of a class as a whole: contents, summary, attendance, data on pupils, health; each for whom it is."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.access import Role
from kernel.models import AuditEntry, ViewEntry
from modules.contingent.models import HealthGroup, Membership
from modules.journal.kinds.queries import classbook
from modules.schedule.models import Course, GroupMember
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-03", "SIS-31")
ClientFor = Callable[..., Client]


@pytest.fixture
def leader(seventh: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.TEACHER, Role.CLASS_TEACHER, person_id=seventh.teacher.pk)


def page(browser: Client, scene: make.Scene, tail: str = "", **asked: str) -> Any:
    return browser.get(f"/journal/classes/{scene.school_class.pk}/{tail}", asked)


class TestSummary:
    def test_has_marks_of_all_subjects_and_of_the_child_at_home(
        self, seventh: make.Scene, leader: Client
    ) -> None:
        child = seventh.pupils[1]
        home = Course.objects.create(
            year=make.YEAR,
            school_class_id=seventh.school_class.pk,
            subject_code="algebra",
            group=51,
            kind="home",
            teacher_id=seventh.teacher.pk,
            hours_per_week=Decimal(2),
        )
        GroupMember.objects.create(course=home, pupil_id=child.pk, since=date(2026, 9, 1))
        made.final(seventh.course, seventh.pupils[0], seventh.quarter.id, "5")
        made.final(home, child, seventh.quarter.id, "3")
        answer = page(leader, seventh, "summary/", period="q2")
        marks = {row.name: shown for row, shown in answer.context["table"]}
        assert marks[f"{child.surname} {child.name}"] == ["3"]
        assert sorted(marks.values()) == [[""], [""], ["3"], ["5"]]

    def test_tells_who_came_late(self, seventh: make.Scene, leader: Client) -> None:
        make.pupils(seventh.school_class, 1, since=date(2026, 11, 16))
        text = page(leader, seventh, "summary/").content.decode()
        assert "16.11.2026" in text
        assert "01.09.2026" not in text

    def test_a_half_year_stands_where_it_ends(self, seventh: make.Scene, leader: Client) -> None:
        course = make.course(seventh.school_class, seventh.teacher, "informatics", 1)
        made.final(course, seventh.pupils[0], seventh.half.id, "4")
        shown = [
            page(leader, seventh, "summary/", period=code).context["table"][0][1] for code in ("q1", "q2")
        ]
        assert [one[-1] for one in shown] == ["·", "4"]

    def test_after_an_exam_the_final_mark_is_the_years(self, seventh: make.Scene, leader: Client) -> None:
        """4 in every quarter, 2 in the exam: 3; the workbook has the annual mark and that of the exam above it."""
        seventh.school_class.grade = 9
        seventh.school_class.save(update_fields=["grade"])
        spans, pupil = make.periods(), seventh.pupils[0]
        for code in ("q1", "q2", "q3", "q4"):
            made.final(seventh.course, pupil, spans[code].id, "4")
        made.year_mark(seventh.course, pupil, "exam", "2")
        answer = page(leader, seventh, "summary/", period="year")
        marks = {row.pupil_id: shown for row, shown in answer.context["table"]}
        assert marks[pupil.pk] == ["3"]
        book = page(leader, seventh, "summary/", **{"as": "excel"})
        sheet = python_calamine.load_workbook(io.BytesIO(b"".join(book))).get_sheet_by_index(0)
        rows = [
            row for row in sheet.to_python() if pupil.surname in str(row[1]) and pupil.name in str(row[1])
        ]
        assert [str(row[-1])[:1] for row in rows] == ["4", "4", "4", "4", "4", "2", "3"]

    def test_the_workbook_has_a_line_for_each_period(self, seventh: make.Scene, leader: Client) -> None:
        made.final(seventh.course, seventh.pupils[0], seventh.quarter.id, "5")
        answer = page(leader, seventh, "summary/", **{"as": "excel"})
        sheet = python_calamine.load_workbook(io.BytesIO(b"".join(answer))).get_sheet_by_index(0)
        rows = [row for row in sheet.to_python() if "Ахметова Әлия" in row]
        assert len(rows) == 5
        assert [row[-1] for row in rows].count("5") + [row[-1] for row in rows].count(5) == 1
        assert AuditEntry.objects.filter(action="journal.summary.exported").exists()


class TestAttendance:
    def test_counts_days_lessons_and_reasons(self, seventh: make.Scene) -> None:
        ill, late = seventh.pupils[0], seventh.pupils[1]
        made.absence(seventh.lessons[0], ill, "ill")
        made.absence(seventh.lessons[1], ill, "unexcused")
        made.absence(seventh.lessons[0], late, "late")
        second = make.lessons(
            make.course(seventh.school_class, seventh.teacher, "geometry"),
            seventh.lessons[1].date,
            count=1,
            number=3,
        )
        assert second[0].date == seventh.lessons[1].date
        found = classbook.missed(
            class_id=seventh.school_class.pk, start=seventh.quarter.start, end=seventh.quarter.end
        )
        assert found[ill.pk] == classbook.Missed(days=1, lessons=2, ill=1, unexcused=1, late=0)
        assert found[late.pk] == classbook.Missed(late=1)

    def test_page(self, seventh: make.Scene, leader: Client) -> None:
        made.absence(seventh.lessons[0], seventh.pupils[0], "ill")
        assert page(leader, seventh, "attendance/", period="q2").status_code == 200
        assert page(leader, seventh, "attendance/", period="year").status_code == 200


class TestWhoReads:
    def test_the_leader_reads_all_parts(self, seventh: make.Scene, leader: Client) -> None:
        HealthGroup.objects.create(
            pupil=seventh.pupils[0],
            group=2,
            physical_education="preparatory",
            advice="Алдыңғы парта",
            since=date(2026, 9, 1),
        )
        assert page(leader, seventh).status_code == 200
        assert "Алдыңғы парта" in page(leader, seventh, "health/").content.decode()
        assert page(leader, seventh, "pupils/").status_code == 200
        looks = ViewEntry.objects.filter(subject_id=seventh.pupils[0].pk)
        assert set(looks.values_list("purpose", flat=True)) == {
            "journal.class_health",
            "journal.class_pupils",
        }

    def test_the_deputy_reads_marks_and_no_health(self, seventh: make.Scene, client_for: ClientFor) -> None:
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        assert page(deputy, seventh, "summary/").status_code == 200
        assert page(deputy, seventh, "health/").status_code == 404

    def test_who_only_teaches_there_reads_none(self, seventh: make.Scene, client_for: ClientFor) -> None:
        other = make.teacher("Басқа", "Мұғалім")
        make.course(seventh.school_class, other, "geography")
        browser = client_for(Role.TEACHER, person_id=other.pk)
        for tail in ("", "summary/", "attendance/", "words/", "pupils/", "health/"):
            assert page(browser, seventh, tail).status_code == 404

    def test_a_parent_reads_none(self, seventh: make.Scene, client_for: ClientFor) -> None:
        assert page(client_for(Role.PARENT), seventh).status_code in (403, 404)

    def test_pages_ask_few_statements(self, seventh: make.Scene, leader: Client) -> None:
        for tail in ("", "summary/", "attendance/", "words/", "pupils/"):
            page(leader, seventh, tail)
            with CaptureQueriesContext(connection) as asked:
                assert page(leader, seventh, tail).status_code == 200
            assert len(asked) <= 20, tail

    def test_a_class_next_door_is_not_there(self, leader: Client, school_b: Any) -> None:
        from kernel import tenancy

        with tenancy.use(school_b):
            strange = make.school_class(7, "А")
        assert leader.get(f"/journal/classes/{strange.pk}/").status_code == 404


def test_who_left_stays_in_the_summary(seventh: make.Scene, leader: Client) -> None:
    Membership.objects.filter(pupil=seventh.pupils[0]).update(until=date(2026, 11, 20))
    assert "20.11.2026" in page(leader, seventh, "summary/").content.decode()
