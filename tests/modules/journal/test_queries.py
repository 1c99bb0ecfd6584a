"""Figures for dashboards, a child's page, and the grid's data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from modules.contingent.models import Guardian, Guardianship, Membership
from modules.journal import api, queries, services
from modules.schedule import api as schedule
from modules.schedule.models import Lesson
from tests.factories import journal as made
from tests.factories import schedule as make

Q2 = {"year": make.YEAR, "period_code": "q2"}


def fill(scene: make.Scene) -> None:
    """Marks by which the first five pupils get 5, 4, 3, 2 and a pupil without СОЧ a forecast of 4."""
    made.work(scene.lessons[1], "sor", 10)
    made.work(scene.lessons[2], "soch", 20)
    for pupil, fo, sor, soch in zip(
        scene.pupils, (10, 7, 5, 2, 8), (10, 7, 5, 2, 7), (20, 14, 10, 4, None), strict=False
    ):
        made.mark(scene.lessons[0], pupil, fo)
        made.mark(scene.lessons[1], pupil, sor, "sor")
        if soch is not None:
            made.mark(scene.lessons[2], pupil, soch, "soch")


class TestMarkCounts:
    def test_counts_final_recommended_and_forecast_marks(self, scene: make.Scene, aigul: Actor) -> None:
        fill(scene)
        made.final(scene.course, scene.pupils[3], scene.quarter.id, "3")
        [row] = api.mark_counts(actor=aigul, **Q2)
        assert (row.n5, row.n4, row.n3, row.n2, row.na) == (1, 2, 2, 0, 5)
        assert (row.pupils, row.forecast, row.subject_code) == (10, 4, "algebra")

    def test_leaves_out_who_left_and_who_is_exempt(self, scene: make.Scene, aigul: Actor) -> None:
        fill(scene)
        Membership.objects.filter(pupil=scene.pupils[0]).update(until=date(2026, 11, 10))
        made.final(scene.course, scene.pupils[1], scene.quarter.id, "exempt")
        [row] = api.mark_counts(actor=aigul, **Q2)
        assert (row.pupils, row.n5, row.n4) == (8, 0, 1)

    def test_narrows_to_classes(self, scene: make.Scene, aigul: Actor) -> None:
        fill(scene)
        assert api.mark_counts(actor=aigul, **Q2, class_ids=[uuid4()]) == []
        assert len(api.mark_counts(actor=aigul, **Q2, class_ids=[scene.school_class.pk])) == 1

    def test_one_hour_subjects_are_counted_by_half_years(self, scene: make.Scene, aigul: Actor) -> None:
        few = make.course(scene.school_class, scene.teacher, "informatics", 1)
        [lesson] = make.lessons(few, date(2026, 11, 4), count=1, number=6)
        made.mark(lesson, scene.pupils[0], 9)
        codes = {row.subject_code for row in api.mark_counts(actor=aigul, **Q2)}
        halves = {row.subject_code for row in api.mark_counts(actor=aigul, year=make.YEAR, period_code="h1")}
        assert (codes, halves) == ({"algebra"}, {"informatics"})

    def test_counts_pass_and_fail_apart(self, scene: make.Scene, aigul: Actor) -> None:
        sport = make.course(scene.school_class, scene.teacher, "physical_education", 3)
        [lesson] = make.lessons(sport, date(2026, 11, 4), count=1, number=6)
        made.mark(lesson, scene.pupils[0], 9)
        [row] = [r for r in api.mark_counts(actor=aigul, **Q2) if r.subject_code == "physical_education"]
        assert (row.passed, row.assessed, row.na) == (1, 0, 9)

    def test_a_teacher_does_not_count_the_school(self, scene: make.Scene, bolat: Actor) -> None:
        with pytest.raises(NotAllowed):
            api.mark_counts(actor=bolat, **Q2)

    def test_pupils_are_grouped_over_all_their_subjects(self, scene: make.Scene, aigul: Actor) -> None:
        fill(scene)
        [row] = api.class_standings(actor=aigul, **Q2)
        assert (row.excellent, row.good, row.satisfactory, row.failing, row.not_assessed) == (1, 2, 1, 1, 5)


class TestAttendance:
    def test_counts_lessons_held_and_missed(self, scene: make.Scene, aigul: Actor) -> None:
        made.absence(scene.lessons[0], scene.pupils[0], "ill")
        made.absence(scene.lessons[0], scene.pupils[1], "unexcused")
        made.absence(scene.lessons[1], scene.pupils[1], "late")
        Lesson.objects.filter(pk=scene.lessons[2].pk).update(state="cancelled")
        [row] = api.attendance_counts(actor=aigul, start=scene.quarter.start, end=scene.lessons[3].date)
        assert (row.lessons, row.ill, row.unexcused, row.late, row.missed) == (30, 1, 1, 1, 2)


@pytest.mark.requirement("MOB-12")
class TestChildMarks:
    def gulnar(self, scene: make.Scene, actor_of: Callable[..., Actor], child: int = 0) -> Actor:
        """The mother of one pupil."""
        mother = Guardian.objects.create(surname="Ахметова", name="Гүлнар")
        Guardianship.objects.create(pupil=scene.pupils[child], guardian=mother, relation="mother")
        return actor_of(Role.PARENT, person_id=mother.pk, person_kind="guardian")

    def test_a_mother_sees_marks_forecast_and_needed_points(
        self, scene: make.Scene, actor_of: Callable[..., Actor]
    ) -> None:
        made.work(scene.lessons[1], "sor", 10)
        made.work(scene.lessons[9], "soch", 25)
        child = scene.pupils[0]
        made.mark(scene.lessons[0], child, 8)
        made.mark(scene.lessons[1], child, 8, "sor")
        made.mark(scene.lessons[0], scene.pupils[1], 2)
        [row] = api.child_marks(actor=self.gulnar(scene, actor_of), pupil_id=child.pk, period=scene.quarter)
        assert [(m.kind, m.points, m.maximum) for m in row.marks] == [("fo", 8, 10), ("sor", 8, 10)]
        assert (row.percent, row.forecast, row.is_complete, row.final) == (80, "4", False, None)
        assert {n.mark: n.points for n in row.needed}["5"] == 23

    def test_the_child_of_another_is_not_there(
        self, scene: make.Scene, actor_of: Callable[..., Actor]
    ) -> None:
        with pytest.raises(NotFound):
            api.child_marks(
                actor=self.gulnar(scene, actor_of), pupil_id=scene.pupils[1].pk, period=scene.quarter
            )

    def test_one_hour_subjects_show_the_whole_half_year(
        self, scene: make.Scene, actor_of: Callable[..., Actor]
    ) -> None:
        few = make.course(scene.school_class, scene.teacher, "informatics", 1)
        autumn, winter = make.lessons(few, date(2026, 9, 8), count=1, number=6) + make.lessons(
            few, date(2026, 11, 10), count=1, number=6
        )
        made.mark(autumn, scene.pupils[0], 9)
        made.mark(winter, scene.pupils[0], 7)
        rows = api.child_marks(
            actor=self.gulnar(scene, actor_of), pupil_id=scene.pupils[0].pk, period=scene.quarter
        )
        [row] = [r for r in rows if r.subject_code == "informatics"]
        assert [m.points for m in row.marks] == [9, 7]
        assert row.needed == ()


class TestGrid:
    def test_rows_stand_in_kazakh_order_and_columns_by_date(self, scene: make.Scene, bolat: Actor) -> None:
        made.work(scene.lessons[1], "sor", 10)
        course = queries.open_course(actor=bolat, course_id=scene.course.pk)
        grid = queries.grid(actor=bolat, course=course, period=scene.quarter)
        assert [r.name.split()[0] for r in grid.rows] == [
            "Ахметова", "Әлиев", "Байжанов", "Ғабитова", "Есенов",
            "Қасымова", "Нұрланов", "Смағұлова", "Төлегенов", "Ыбыраев",
        ]  # fmt: skip
        assert [(c.kind, c.maximum) for c in grid.columns[:4]] == [
            ("fo", 10), ("fo", 10), ("sor", 10), ("fo", 10)
        ]  # fmt: skip
        assert grid.may_write

    def test_shows_points_absences_and_the_recommendation(self, scene: make.Scene, bolat: Actor) -> None:
        fill(scene)
        made.absence(scene.lessons[0], scene.pupils[0], "late")
        course = queries.open_course(actor=bolat, course_id=scene.course.pk)
        grid = queries.grid(actor=bolat, course=course, period=scene.quarter)
        row = grid.rows[0]
        assert row.cells[0] is not None
        points, _version, absence, _other = row.cells[0]
        assert (points, absence) == (10, "late")
        assert row.said is not None
        assert (row.said.mark, row.said.is_complete) == ("5", True)

    @pytest.mark.parametrize(("role", "opens"), [(Role.DEPUTY_UPBRINGING, True), (Role.TEACHER, False)])
    def test_opens_to_leaders_and_not_to_other_teachers(
        self, scene: make.Scene, actor_of: Callable[..., Actor], role: Role, opens: bool
    ) -> None:
        actor = actor_of(role, person_id=uuid4())
        if opens:
            course = queries.open_course(actor=actor, course_id=scene.course.pk)
            assert not queries.grid(actor=actor, course=course, period=scene.quarter).may_write
        else:
            with pytest.raises(NotFound):
                queries.open_course(actor=actor, course_id=scene.course.pk)

    def test_a_class_teacher_reads_the_journals_of_the_class(
        self, scene: make.Scene, actor_of: Callable[..., Actor]
    ) -> None:
        physics = make.course(scene.school_class, make.teacher("Жаңабаев"), "physics", 2)
        actor = actor_of(Role.CLASS_TEACHER, person_id=scene.teacher.pk)
        assert queries.open_course(actor=actor, course_id=physics.pk).subject_code == "physics"
        assert {c.subject_code for c in queries.my_courses(actor=actor, year=make.YEAR)} == {
            "algebra",
            "physics",
        }


@pytest.mark.requirement("SIS-52")
def test_the_history_of_a_cell_names_who_and_what(scene: make.Scene, bolat: Actor) -> None:
    lesson, pupil = scene.lessons[0], scene.pupils[0]
    for old, new in ((None, 5), (5, 8)):
        services.save_cells(
            actor=bolat, course_id=scene.course.pk, operations=[made.op(lesson, pupil, new, old=old)]
        )
    lines = queries.history(
        actor=bolat, course_id=scene.course.pk, pupil_id=pupil.pk, lesson_id=lesson.pk, kind="fo"
    )
    assert [(x.old, x.new, x.by_user) for x in lines] == [("5", "8", 1001), (None, "5", 1001)]


def test_unfilled_lessons_lack_a_topic_or_any_mark(scene: make.Scene, bolat: Actor) -> None:
    Lesson.objects.filter(pk=scene.lessons[0].pk).update(topic="Бөлшектер")
    made.mark(scene.lessons[0], scene.pupils[0], 8)
    Lesson.objects.filter(pk=scene.lessons[1].pk).update(topic="Бөлшектер")
    last = scene.lessons[2].date
    found = api.unfilled_lessons(actor=bolat, teacher_id=scene.teacher.pk, until=last)
    assert [(x.lesson_id, x.lacks_topic, x.lacks_marks) for x in found] == [
        (scene.lessons[1].pk, False, True),
        (scene.lessons[2].pk, True, True),
    ]


def test_the_year_opens_by_the_ministrys_calendar(in_school: object) -> None:
    assert [p.code for p in schedule.periods(year=make.YEAR)] == ["q1", "q2", "q3", "q4", "h1", "h2"]
