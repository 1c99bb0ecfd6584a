"""A child taught at home stands in the class's journals of subjects and takes no marks there while the order holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kernel.access import Actor, Role
from kernel.errors import NotFound
from modules.contingent.models import HomeSchooling, Pupil
from modules.journal import api, queries, services
from modules.journal.export import queries as files
from modules.journal.kinds import queries as kinds
from modules.journal.kinds.queries import classbook
from modules.journal.models import Mark, PeriodMark
from modules.schedule.models import Course, GroupMember
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-34", "SIS-31")
ClientFor = Callable[..., Client]


def order(pupil: Pupil, since: date, until: date | None = None) -> HomeSchooling:
    return HomeSchooling.objects.create(
        pupil=pupil, paper_number="ВКК-214", paper_date=date(2026, 8, 20), since=since, until=until
    )


@pytest.fixture
def child(seventh: make.Scene) -> Pupil:
    """The first pupil: at home from the second lesson of the quarter to the third."""
    days = [one.date for one in seventh.lessons]
    order(seventh.pupils[0], days[1], days[2])
    return seventh.pupils[0]


@pytest.fixture
def algebra(seventh: make.Scene, child: Pupil) -> Course:
    """His own journal of algebra."""
    row = Course.objects.create(
        year=make.YEAR,
        school_class_id=seventh.school_class.pk,
        subject_code="algebra",
        group=51,
        kind="home",
        teacher_id=seventh.teacher.pk,
        hours_per_week=Decimal(2),
    )
    GroupMember.objects.create(course=row, pupil_id=child.pk, since=date(2026, 9, 1))
    return row


def put(actor: Actor, scene: make.Scene, lesson: int, value: Any = 9, **more: Any) -> services.Result:
    [result] = services.save_cells(
        actor=actor,
        course_id=scene.course.pk,
        operations=[made.op(scene.lessons[lesson], scene.pupils[0], value, **more)],
    )
    return result


class TestCells:
    def test_take_marks_before_and_after_and_none_meanwhile(
        self, seventh: make.Scene, child: Pupil, bolat_of: Any
    ) -> None:
        bolat = bolat_of(seventh)
        said = [put(bolat, seventh, n).status for n in range(4)]
        assert said == ["ok", "refused", "refused", "ok"]
        refused = put(bolat, seventh, 1, "ill", field="absence")
        assert (refused.status, refused.message) == ("refused", queries.at_home.words())
        assert Mark.objects.count() == 2

    def test_a_mark_that_stood_before_the_order_came_can_be_cleared(
        self, seventh: make.Scene, child: Pupil, bolat_of: Any
    ) -> None:
        made.mark(seventh.lessons[1], child, 8)
        assert put(bolat_of(seventh), seventh, 1, None, old=8).status == "ok"

    def test_the_journal_at_home_takes_them(
        self, seventh: make.Scene, child: Pupil, algebra: Course, bolat_of: Any
    ) -> None:
        [lesson] = make.lessons(algebra, seventh.lessons[1].date, count=1, number=7)
        [result] = services.save_cells(
            actor=bolat_of(seventh), course_id=algebra.pk, operations=[made.op(lesson, child, 10)]
        )
        assert result.status == "ok"

    def test_an_elective_of_the_class_takes_its_absences(
        self, seventh: make.Scene, child: Pupil, bolat_of: Any
    ) -> None:
        Course.objects.filter(pk=seventh.course.pk).update(kind="elective")
        assert put(bolat_of(seventh), seventh, 1, "ill", field="absence").status == "ok"


class TestTheGrid:
    def page(self, client_for: ClientFor, scene: make.Scene) -> str:
        bolat = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        return bolat.get(f"/journal/{scene.course.pk}/?period=q2").content.decode()

    def test_locks_the_days_and_says_so_beside_the_name(
        self, seventh: make.Scene, child: Pupil, client_for: ClientFor
    ) -> None:
        text = self.page(client_for, seventh)
        row = text.split(f'<tr data-pupil="{child.pk}">')[1].split("</tr>")[0]
        assert row.count('class="jg-away"') == 2
        first, last = (f"{one.date:%d.%m}".lstrip("0") for one in seventh.lessons[1:3])
        assert first in row
        assert last in row
        other = text.split(f'<tr data-pupil="{seventh.pupils[1].pk}">')[1].split("</tr>")[0]
        assert "jg-away" not in other

    def test_on_paper_the_name_says_it_too(self, seventh: make.Scene, child: Pupil, dina: Actor) -> None:
        course = queries.open_course(actor=dina, course_id=seventh.course.pk)
        grid = queries.grid(actor=dina, course=course, period=seventh.quarter)
        [[__, [read]]] = files.journals(courses=[course], year=make.YEAR)
        assert services.paper(grid).rows == services.paper(read).rows
        assert [row.home for row in grid.rows] == [row.home for row in read.rows]
        assert "(" in services.paper(grid).rows[0].pupil
        assert "(" not in services.paper(grid).rows[1].pupil


class TestTheMarkOfThePeriod:
    @pytest.fixture
    def at_the_end(self, seventh: make.Scene) -> Pupil:
        order(seventh.pupils[0], seventh.lessons[2].date)
        return seventh.pupils[0]

    def final(self, actor: Actor, scene: make.Scene, course_id: Any) -> None:
        services.set_final(
            actor=actor,
            course_id=course_id,
            period_id=scene.quarter.id,
            pupil_id=scene.pupils[0].pk,
            final="5",
            reason="Үйде",
        )

    def test_is_given_in_the_journal_at_home_and_carried_into_the_summary(
        self, seventh: make.Scene, at_the_end: Pupil, bolat_of: Any, dina: Actor
    ) -> None:
        bolat = bolat_of(seventh)
        with pytest.raises(services.TaughtAtHome):
            self.final(bolat, seventh, seventh.course.pk)
        home = Course.objects.create(
            year=make.YEAR,
            school_class_id=seventh.school_class.pk,
            subject_code="algebra",
            group=51,
            kind="home",
            teacher_id=seventh.teacher.pk,
            hours_per_week=Decimal(2),
        )
        GroupMember.objects.create(course=home, pupil_id=at_the_end.pk, since=date(2026, 9, 1))
        made.final(seventh.course, at_the_end, seventh.quarter.id, "3")  # from before the order came
        self.final(bolat, seventh, home.pk)
        rows = classbook.pupils(
            actor=dina,
            school_class=classbook.opened(actor=dina, class_id=seventh.school_class.pk),
            start=seventh.quarter.start,
            end=seventh.quarter.end,
        )
        found = classbook.summary(
            school_class=classbook.opened(actor=dina, class_id=seventh.school_class.pk),
            of=classbook.courses(
                actor=dina, school_class=classbook.opened(actor=dina, class_id=seventh.school_class.pk)
            ),
            rows=rows,
        )
        mine = next(row for row in found.rows if row.pupil_id == at_the_end.pk)
        assert mine.marks["algebra"] == ("", "5", "", "")

    def test_who_came_back_before_the_end_is_asked_one(
        self, seventh: make.Scene, child: Pupil, bolat_of: Any
    ) -> None:
        self.final(bolat_of(seventh), seventh, seventh.course.pk)
        assert PeriodMark.objects.get().final == "5"

    def test_accepting_all_passes_over_the_child(
        self, seventh: make.Scene, at_the_end: Pupil, bolat_of: Any
    ) -> None:
        made.work(seventh.lessons[1], "sor", 10)
        made.work(seventh.lessons[2], "soch", 25)
        for pupil in seventh.pupils[:2]:
            made.mark(seventh.lessons[0], pupil, 8)
            made.mark(seventh.lessons[1], pupil, 8, "sor")
            made.mark(seventh.lessons[2], pupil, 22, "soch")
        services.accept_recommended(
            actor=bolat_of(seventh), course_id=seventh.course.pk, period_id=seventh.quarter.id
        )
        assert set(PeriodMark.objects.values_list("pupil_id", flat=True)) == {seventh.pupils[1].pk}

    def test_figures_do_not_miss_a_mark_of_the_child(
        self, seventh: make.Scene, at_the_end: Pupil, dina: Actor
    ) -> None:
        [counts] = api.mark_counts(actor=dina, year=make.YEAR, period_code="q2")
        assert counts.pupils == len(seventh.pupils) - 1
        made.final(seventh.course, at_the_end, seventh.quarter.id, "4")
        [counts] = api.mark_counts(actor=dina, year=make.YEAR, period_code="q2")
        assert counts.pupils == len(seventh.pupils)


class TestWords:
    def test_are_asked_in_the_journal_at_home(self, first: make.Scene, dina: Actor) -> None:
        order(first.pupils[0], first.lessons[0].date + timedelta(days=1))
        course = queries.open_course(actor=dina, course_id=first.course.pk)
        lines = kinds.described(actor=dina, course=course, period=first.quarter)
        grid = queries.grid(actor=dina, course=course, period=first.quarter)
        assert {one.pupil_id for one in lines} == {one.pk for one in first.pupils[1:]}
        assert [row.pupil_id for row in grid.told] == [str(one.pupil_id) for one in lines]


class TestAttendance:
    def test_nobody_waits_for_the_child_at_lessons(
        self, seventh: make.Scene, child: Pupil, dina: Actor
    ) -> None:
        made.absence(seventh.lessons[1], seventh.pupils[1], "ill")
        assert queries.attendance_of(seventh.lessons[1].pk) == (len(seventh.pupils) - 2, 1)
        [all_] = api.attendance_counts(actor=dina, start=seventh.quarter.start, end=seventh.quarter.end)
        assert all_.lessons == len(seventh.pupils) * len(seventh.lessons) - 2


def test_a_journal_of_others_stays_closed(seventh: make.Scene, child: Pupil, actor_of: Any) -> None:
    stranger = actor_of(Role.TEACHER, person_id=make.teacher("Басқа", "Адам").pk, user_id=77)
    with pytest.raises(NotFound):
        put(stranger, seventh, 0)
