"""What the journal puts into the dossier, and what the other school's teachers and families see of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from modules.contingent import services as contingent
from modules.contingent.models import Guardian, Pupil, SchoolClass
from modules.journal import dossier
from modules.journal import queries as journal
from modules.schedule import api as schedule
from modules.schedule.models import Course
from modules.transfers import parts, reading
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.transfers.conftest import School, World

ClientFor = Callable[..., Client]

pytestmark = pytest.mark.requirement("SIS-18")


def teach(school: School, pupil_id: UUID, *, day: date, points: tuple[int, ...] = (8, 9)) -> Course:
    """Algebra in 7А: formative marks from the day on, a СОР of 12 out of 15, an absence, and the mark of the quarter."""
    with tenancy.use(school.ref), transaction.atomic():
        into = SchoolClass.objects.get(pk=school.seven)
        pupil = Pupil.objects.get(pk=pupil_id)
        course = Course.objects.filter(school_class_id=into.pk).first() or make.course(into, make.teacher())
        lessons = make.lessons(course, day, count=len(points) + 2, every=1)
        for lesson, point in zip(lessons, points, strict=False):
            made.mark(lesson, pupil, point)
        made.work(lessons[-2], "sor", 15)
        made.mark(lessons[-2], pupil, 12, "sor")
        made.absence(lessons[-1], pupil, "ill")
        return course


def collected(school: School, pupil_id: UUID, on: date) -> Any:
    with tenancy.use(school.ref):
        return dossier.collect(actor=Actor.system_actor("tests"), pupil_id=pupil_id, on=on)


class TestCollecting:
    def test_marks_of_the_year_by_subject_and_period(self, world: World, aiaru: UUID) -> None:
        teach(world.village, aiaru, day=date(2026, 9, 14), points=(10, 9))
        course = teach(world.village, aiaru, day=date(2026, 11, 9))
        with tenancy.use(world.village.ref):
            first = schedule.period_by_code(year="2026-27", code="q1")
            assert first is not None
            made.final(course, Pupil.objects.get(), first.id, "5")
        [school] = collected(world.village, aiaru, date(2026, 11, 23))["schools"]
        [algebra] = school["subjects"]
        assert (school["year"], algebra["code"]) == ("2026-27", "algebra")
        quarters = {one["code"]: one for one in algebra["periods"]}
        assert quarters["q1"] | {"percent": 0} == {
            "code": "q1", "fo": [10, 9], "sor": [[12, 15]], "soch": [], "final": "5", "percent": 0,
        }  # fmt: skip
        assert (quarters["q2"]["fo"], quarters["q2"]["final"]) == ([8, 9], None)
        assert school["missed"] == {"q1": {"ill": 1}, "q2": {"ill": 1}}

    def test_marks_after_the_last_day_stay(self, world: World, aiaru: UUID) -> None:
        teach(world.village, aiaru, day=date(2026, 11, 9))
        [school] = collected(world.village, aiaru, date(2026, 11, 9))["schools"]
        assert school["subjects"][0]["periods"][0]["fo"] == [8]

    def test_marks_of_a_class_left_inside_the_year_count_too(self, world: World, aiaru: UUID) -> None:
        teach(world.village, aiaru, day=date(2026, 9, 14), points=(10,))
        with tenancy.use(world.village.ref), transaction.atomic():
            other = make.school_class(7, "Ә")
            contingent.move(
                actor=Actor.system_actor("t"), pupil_id=aiaru, class_id=other.pk, since=date(2026, 9, 28)
            )
            course = make.course(other, make.teacher("Басқа", "Мұғалім"))
            [lesson] = make.lessons(course, date(2026, 10, 5), count=1)
            made.mark(lesson, Pupil.objects.get(), 6)
        [school] = collected(world.village, aiaru, date(2026, 11, 23))["schools"]
        assert school["subjects"][0]["periods"][0]["fo"] == [10, 6]

    def test_a_pupil_without_marks_takes_none_along(self, world: World, aiaru: UUID) -> None:
        assert collected(world.village, aiaru, date(2026, 11, 23)) is None

    def test_what_she_brought_this_year_goes_on_with_her(self, world: World, aiaru: UUID) -> None:
        teach(world.village, aiaru, day=date(2026, 11, 9))
        world.move(aiaru)
        with tenancy.use(world.large.ref):
            there = Pupil.objects.get().pk
        with time_machine.travel(datetime(2026, 12, 21, 9, 0, tzinfo=ALMATY)):
            teach(world.large, there, day=date(2026, 12, 1), points=(5, 6))
            found = collected(world.large, there, date(2026, 12, 21))["schools"]
        assert [one["school_ru"] for one in found] == [world.village.ref.name_ru, world.large.ref.name_ru]
        assert [one["subjects"][0]["periods"][0]["fo"] for one in found] == [[8, 9], [5, 6]]

    def test_last_years_marks_are_not_carried_on(self, world: World, aiaru: UUID) -> None:
        teach(world.village, aiaru, day=date(2026, 11, 9))
        world.move(aiaru)
        with tenancy.use(world.large.ref):
            there = Pupil.objects.get().pk
        assert collected(world.large, there, date(2027, 9, 20)) is None


class TestShowing:
    def test_tables_of_marks_and_of_absences(self, world: World, aiaru: UUID) -> None:
        teach(world.village, aiaru, day=date(2026, 11, 9))
        content = collected(world.village, aiaru, date(2026, 11, 23))
        marks, missed = parts.tables({"journal.marks": content})
        assert marks.rows[0][2:5] == ("8, 9", "12/15", "–")
        assert missed.rows[0][1:] == ("0", "0", "1", "0")

    @pytest.mark.parametrize(
        "content",
        [
            {"version": 2, "schools": []},
            {"version": 1},
            {"version": 1, "schools": [{"year": "2026-27"}]},
            {"version": 1, "schools": "DROP TABLE"},
            {"version": 1, "schools": [{"school_kk": "М", "school_ru": "Ш", "year": "2026-27", "subjects": [
                {"code": "algebra", "periods": [{"code": "q1", "fo": ["x"], "sor": [], "soch": []}]}]}]},
            "not a mapping",
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_says_so(self, content: Any) -> None:
        [table] = reading.part_tables("journal.marks", content)
        assert (table.rows, bool(table.note)) == ((), True)


class TestTheNewSchool:
    @pytest.fixture
    def there(self, world: World, aiaru: UUID) -> UUID:
        """The girl's card in the large school, where she came with her marks."""
        teach(world.village, aiaru, day=date(2026, 11, 9))
        world.move(aiaru)
        with tenancy.use(world.large.ref):
            return Pupil.objects.get().pk

    def test_the_teacher_sees_what_she_came_with_in_his_journal(
        self, world: World, there: UUID, client_for: ClientFor
    ) -> None:
        with tenancy.use(world.large.ref), transaction.atomic():
            bolat = make.teacher()
            into = SchoolClass.objects.get(pk=world.large.seven)
            algebra = make.course(into, bolat)
            physics = make.course(into, bolat, "physics")
            make.lessons(algebra, date(2026, 11, 25), count=3)
        with time_machine.travel(datetime(2026, 11, 26, 9, 0, tzinfo=ALMATY)):
            teacher = client_for(Role.TEACHER, school=world.large.ref, person_id=bolat.pk)
            page = teacher.get(f"/journal/{algebra.pk}/").content.decode()
            other = teacher.get(f"/journal/{physics.pk}/").content.decode()
            assert "8, 9" in page
            assert "12/15" in page
            assert world.village.ref.name_kk in page
            assert "12/15" not in other
            stranger = client_for(Role.TEACHER, school=world.large.ref, person_id=there)
            assert stranger.get(f"/journal/{algebra.pk}/").status_code == 404

    def test_a_journal_without_newcomers_asks_nothing_more(self, world: World, there: UUID) -> None:
        with tenancy.use(world.large.ref), transaction.atomic():
            old = make.school_class(8, "А")
            course = make.course(old, make.teacher())
            make.pupils(old, 3)
            make.lessons(course, date(2026, 11, 23), count=2)
            seen = schedule.course(actor=Actor.system_actor("t"), course_id=course.pk)
            period = schedule.period_by_code(year="2026-27", code="q2")
            assert period is not None
            director = world.large.director
            found = journal.grid(actor=director, course=seen, period=period)
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as queries:
                assert journal.came_with(actor=director, course=seen, rows=found.rows) == []
            assert len(queries) == 0

    def test_the_mother_reads_the_old_marks_and_who_looked_is_logged(
        self, world: World, there: UUID, client_for: ClientFor
    ) -> None:
        with tenancy.use(world.large.ref):
            seen = {one.name: one.pk for one in Guardian.objects.all()}
        path = f"/transfers/pupils/{there}/brought/"
        with time_machine.travel(datetime(2026, 11, 26, 9, 0, tzinfo=ALMATY)):
            mother = client_for(Role.PARENT, school=world.large.ref, person_id=seen["Гүлнар"])
            assert "12/15" in mother.get(path).content.decode()
            father = client_for(Role.PARENT, school=world.large.ref, person_id=seen["Серік"])
            assert father.get(path).status_code == 404
            clerk = client_for(Role.SECRETARY, school=world.large.ref)
            assert clerk.get(path).status_code == 200
            nurse = client_for(Role.NURSE, school=world.large.ref)
            assert nurse.get(path).status_code == 403
        with tenancy.use(world.large.ref):
            purposes = [one.purpose for one in audit.views_of(subject="pupil", subject_id=there)]
            assert "transfers.brought" in purposes

    def test_looks_at_the_dossier_before_she_came_stand_on_her_card(
        self, world: World, aiaru: UUID, client_for: ClientFor
    ) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        world.village.agree(asked.pk, aiaru)
        world.village.sign(asked.pk)
        world.deliver()
        clerk = client_for(Role.SECRETARY, school=world.large.ref)
        page = clerk.get(f"/transfers/{asked.pk}/dossier/").content.decode()
        assert "Орталық көшесі 17" in page
        world.large.take_in(asked.pk, date(2026, 11, 23))
        world.large.sign(asked.pk)
        world.deliver()
        with tenancy.use(world.large.ref):
            girl = Pupil.objects.get().pk
            purposes = [one.purpose for one in audit.views_of(subject="pupil", subject_id=girl)]
            assert purposes == ["transfers.dossier"]
