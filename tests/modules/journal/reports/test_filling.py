"""How journals are filled: the deputy's figures agree with the lists behind them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.errors import NotAllowed
from modules.journal import services
from modules.journal.models import Mark, MarkEvent, PeriodMark
from modules.journal.reports.queries import filling as queries
from modules.journal.reports.queries.ground import span_of
from modules.schedule.models import Lesson
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.reports.conftest import ClientFor, School, at

pytestmark = pytest.mark.requirement("ANL-13", "ANL-14")


def look(actor: Actor, code: str = "q2") -> queries.Control:
    span, __ = span_of(year=make.YEAR, code=code, with_year=False)
    return queries.control(actor=actor, span=span)


def of(found: queries.Control, person: Any) -> queries.Filling:
    return next(one.figures for one in found.teachers if one.teacher_id == person.pk)


def set_on(mark: Mark, days: int) -> None:
    """The mark came so many days after its lesson, at noon."""
    day = mark.lesson.date + timedelta(days=days)
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=ALMATY)
    Mark.objects.filter(pk=mark.pk).update(set_at=moment, operation_id=uuid4())


class TestControl:
    def test_counts_marks_and_what_is_missing_by_teacher(self, school: School, aigul: Actor) -> None:
        scene = school.scene
        Lesson.objects.filter(pk__in=[one.pk for one in scene.lessons[:5]]).update(topic="Тақырып")
        for pupil in scene.pupils:
            made.mark(scene.lessons[0], pupil, 8)
        made.work(scene.lessons[1], "sor", 20)
        made.mark(scene.lessons[1], scene.pupils[0], 17, "sor")
        made.absence(scene.lessons[2], scene.pupils[0])
        mine = of(look(aigul), scene.teacher)
        held = mine.lessons
        assert (mine.current, mine.summative, mine.mean) == (10, 1, 1.0)
        assert (mine.no_topic, mine.unmarked) == (held - 5, held - 3)
        assert (mine.places, mine.no_final) == (10, 10)

    def test_a_mark_that_came_in_time_and_was_corrected_later_is_not_late(
        self, school: School, aigul: Actor
    ) -> None:
        lesson = school.scene.lessons[0]
        late, corrected, soon = (made.mark(lesson, pupil, 7) for pupil in school.scene.pupils[:3])
        set_on(soon, 3)
        set_on(late, 4)
        set_on(corrected, 9)
        Mark.objects.filter(pk=corrected.pk).update(version=2)
        assert of(look(aigul), school.scene.teacher).late == 2
        MarkEvent.objects.create(
            at=datetime(lesson.date.year, lesson.date.month, lesson.date.day, 14, tzinfo=ALMATY),
            action="insert",
            field="fo",
            lesson_id=lesson.pk,
            pupil_id=corrected.pupil_id,
            new="6",
            version=1,
        )
        assert of(look(aigul), school.scene.teacher).late == 1

    def test_a_deleted_mark_is_counted_with_what_it_was(
        self, school: School, aigul: Actor, bolat: Actor, deputys: Client
    ) -> None:
        lesson, pupil = school.scene.lessons[0], school.scene.pupils[1]
        made.mark(lesson, pupil, 3)
        [result] = services.save_cells(
            actor=bolat, course_id=school.scene.course.pk, operations=[made.op(lesson, pupil, None, old=3)]
        )
        assert result.status == "ok"
        assert of(look(aigul), school.scene.teacher).deleted == 1
        rows = deputys.get(at("filling/deleted/", period="q2")).content.decode().split("<tbody>")[1]
        assert "Әлиев Ерлан" in rows
        assert re.search(r"(ҚБ|ФО): 3", rows)

    def test_a_mark_unlike_the_recommended_is_listed_with_its_reason(
        self, school: School, aigul: Actor, deputys: Client
    ) -> None:
        PeriodMark.objects.filter(course=school.scene.course, pupil_id=school.scene.pupils[4].pk).update(
            recommended="3", final="4", reason="Өсіп келеді", operation_id=uuid4()
        )
        assert of(look(aigul, "q1"), school.scene.teacher).differs == 1
        rows = deputys.get(at("filling/differs/", period="q1")).content.decode().split("<tbody>")[1]
        assert rows.count("<tr>") == 1
        assert "Өсіп келеді" in rows

    def test_a_teacher_without_a_mark_is_named(self, school: School, aigul: Actor) -> None:
        made.mark(school.scene.lessons[0], school.scene.pupils[0], 8)
        make.lessons(school.russian, school.scene.quarter.start, count=4, number=4)
        assert [one.teacher_id for one in look(aigul).silent] == [school.dana.pk]

    def test_lessons_to_come_are_not_missing_anything(self, school: School, aigul: Actor) -> None:
        ahead = make.lessons(
            school.scene.course, school.scene.quarter.end - timedelta(days=7), count=2, number=6
        )
        before = of(look(aigul), school.scene.teacher).lessons
        Lesson.objects.filter(pk__in=[one.pk for one in ahead]).delete()
        assert of(look(aigul), school.scene.teacher).lessons == before

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.PARENT, Role.PUPIL])
    def test_only_those_who_answer_for_journals_see_it(
        self, school: School, actor_of: Any, client_for: ClientFor, role: Role
    ) -> None:
        with pytest.raises(NotAllowed):
            look(actor_of(role, person_id=school.scene.teacher.pk))
        person = client_for(role, person_id=school.scene.teacher.pk)
        assert person.get(at("filling/")).status_code == 403
        assert person.get(at("filling/late/")).status_code == 403


class TestPages:
    @pytest.mark.parametrize("what", ["topics", "unmarked", "late", "finals", "deleted", "silent", "differs"])
    def test_every_figure_opens_a_list_of_so_many_lines(
        self, school: School, aigul: Actor, bolat: Actor, deputys: Client, what: str
    ) -> None:
        scene = school.scene
        for pupil in scene.pupils[:3]:
            set_on(made.mark(scene.lessons[0], pupil, 7), 8)
        make.lessons(school.russian, scene.quarter.start, count=2, number=4)
        made.mark(scene.lessons[1], scene.pupils[0], 5)
        services.save_cells(
            actor=bolat,
            course_id=scene.course.pk,
            operations=[made.op(scene.lessons[1], scene.pupils[0], None, old=5)],
        )
        found = look(aigul)
        field = {"topics": "no_topic", "finals": "no_final"}.get(what, what)
        wanted = len(found.silent) if what == "silent" else getattr(found.total, field)
        book = deputys.get(at(f"filling/{what}/", period="q2", **{"as": "excel"}))
        sheet = python_calamine.load_workbook(BytesIO(book.content)).get_sheet_by_index(0).to_python()
        assert len(sheet) == wanted + 1
        assert wanted or what == "differs"

    def test_a_list_is_narrowed_to_a_teacher_and_a_wrong_address_is_not_there(
        self, school: School, deputys: Client
    ) -> None:
        page = deputys.get(at("filling/journals/", period="q2", teacher=school.scene.teacher.pk))
        assert page.content.decode().split("<tbody>")[1].count("<tr>") == 1
        assert deputys.get(at("filling/journals/", teacher="x")).status_code == 404
        assert deputys.get(at("filling/nothing/")).status_code == 404

    def test_teachers_are_sorted_by_any_figure(self, school: School, deputys: Client) -> None:
        made.mark(school.scene.lessons[0], school.scene.pupils[0], 8)
        by_name = deputys.get(at("filling/", period="q2")).content.decode().split("<tbody>")[1]
        assert by_name.index("Әбенова") < by_name.index("Ермекова")
        by_marks = deputys.get(at("filling/", period="q2", sort="-current")).content.decode()
        rows = by_marks.split("<tbody>")[1]
        assert rows.index("Ермекова") < rows.index("Әбенова")

    def test_costs_the_same_for_one_teacher_and_for_many(self, school: School, deputys: Client) -> None:
        def used() -> int:
            with CaptureQueriesContext(connection) as found:
                assert deputys.get(at("filling/", period="q2")).status_code == 200
            return len(found)

        used()
        before = used()
        for n, letter in enumerate("БВГДЕ"):
            into = make.school_class(7, letter)
            who = make.teacher(f"Мұғалім{n}", "Ән")
            make.pupils(into, 3)
            make.lessons(make.course(into, who, "algebra"), school.scene.quarter.start, count=4)
        assert used() == before
        assert before <= 11
