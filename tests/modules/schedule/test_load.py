"""The load: curricula of classes, groups, teachers by date, hours against the rate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine

from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from modules.contingent import api as contingent
from modules.contingent.models import SpecialNeed
from modules.journal import queries as journals
from modules.schedule import api
from modules.schedule.load import queries, rules, services
from modules.schedule.load.data import OWN_CIRCLE, with_part
from modules.schedule.models import Course, CourseTeacher, GroupMember, Lesson, Slot
from modules.staff.models import EmployeeSubject, Position
from tests.factories import schedule as make

YEAR = make.YEAR


def english(scene: make.Scene, hours: float = 3) -> Course:
    return make.course(scene.school_class, None, "foreign_language", hours)


def teaches(surname: str, *subjects: str, rate: float = 1) -> object:
    row = make.teacher(surname, "Асем")
    Position.objects.create(
        employee=row, post_code="teacher_subject", rate=Decimal(str(rate)), since=date(2026, 9, 1)
    )
    EmployeeSubject.objects.bulk_create(EmployeeSubject(employee=row, subject_code=one) for one in subjects)
    return row


class TestDivisionRules:
    @pytest.mark.parametrize(
        ("subject", "grade", "pupils", "needs", "village", "due"),
        [
            ("foreign_language", 7, 24, 0, False, "must"),
            ("foreign_language", 7, 23, 0, False, "no"),
            ("foreign_language", 7, 21, 1, False, "must"),
            ("foreign_language", 7, 20, 0, True, "must"),
            ("russian_language_and_literature", 7, 25, 0, False, "may"),
            ("arts_and_crafts", 7, 12, 0, False, "may"),
            ("arts_and_crafts", 7, 25, 0, False, "must"),
            ("digital_literacy", 2, 25, 0, False, "must"),
            ("physical_education", 10, 26, 0, False, "must"),
        ],
    )
    def test_the_law_says_must_may_or_no(
        self, subject: str, grade: int, pupils: int, needs: int, village: bool, due: str
    ) -> None:
        found = rules.division(
            subject_code=subject, grade=grade, pupils=pupils, needs=needs, in_village=village
        )
        assert found is not None
        assert found.due == due

    @pytest.mark.parametrize(
        ("subject", "grade"), [("mathematics", 5), ("digital_literacy", 1), ("physical_education", 7)]
    )
    def test_other_subjects_are_never_divided(self, subject: str, grade: int) -> None:
        assert rules.division(subject_code=subject, grade=grade, pupils=30) is None

    def test_a_rule_names_its_law_and_one_from_practice_says_so(self) -> None:
        known = rules.division(subject_code="foreign_language", grade=7, pupils=25)
        guessed = rules.division(subject_code="physical_education", grade=11, pupils=25)
        assert known is not None
        assert known.is_sourced
        assert "348" in known.law
        assert guessed is not None
        assert not guessed.is_sourced


class TestTypicalPlans:
    def test_grade_five_is_from_the_order_and_grade_seven_is_a_default(self) -> None:
        five = queries.typical_known(YEAR, 5, "kk", "")
        seven = queries.typical_known(YEAR, 7, "kk", "")
        assert five is not None
        assert five.is_sourced
        assert five.maximum == Decimal("28.5")
        assert seven is not None
        assert not seven.is_sourced

    def test_the_schools_own_edition_holds_from_its_year_on(self, scene: make.Scene, aigul: Actor) -> None:
        services.put_typical(
            actor=aigul,
            year=YEAR,
            grade=7,
            language="kk",
            direction="",
            hours={"algebra": Decimal(4)},
            source="№ 500",
        )
        mine = queries.typical_of(year=YEAR, grade=7, language="kk")
        before = queries.typical_of(year="2025-26", grade=7, language="kk")
        assert mine is not None
        assert mine.is_own
        assert mine.subjects == {"algebra": Decimal(4)}
        assert before is not None
        assert not before.is_own

    @pytest.mark.requirement("SIS-10", screen="schedule:load")
    def test_a_class_takes_its_plan_in_one_press(self, scene: make.Scene, aigul: Actor) -> None:
        taken = services.take_typical(actor=aigul, class_id=scene.school_class.pk)
        assert taken == 14  # fifteen subjects, and algebra is there
        assert services.take_typical(actor=aigul, class_id=scene.school_class.pk) == 0
        plan = queries.curriculum_of(actor=aigul, class_id=scene.school_class.pk)
        assert plan.missing == []
        assert plan.counted == Decimal(32)
        assert plan.vacant == 14

    def test_an_upper_grade_chooses_its_direction_first(self, scene: make.Scene, aigul: Actor) -> None:
        ten = make.school_class(10, "А")
        with pytest.raises(services.UnknownDirection):
            services.take_typical(actor=aigul, class_id=ten.pk)
        contingent.change_class(actor=aigul, class_id=ten.pk, direction="natural")
        services.take_typical(actor=aigul, class_id=ten.pk)
        plan = queries.curriculum_of(actor=aigul, class_id=ten.pk)
        assert plan.direction == "emn"
        assert [left for _choice, _free, left in plan.offered] == [2, 1]

    def test_other_hours_want_a_reason_and_show_it(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.ReasonWanted):
            services.change_line(actor=aigul, course_id=scene.course.pk, hours=Decimal(4), reason=" ")
        services.change_line(
            actor=aigul, course_id=scene.course.pk, hours=Decimal(4), reason="Тереңдетіп оқыту"
        )
        [line] = queries.curriculum_of(actor=aigul, class_id=scene.school_class.pk).lines
        assert (line.deviates, line.hours, line.reason) == (True, Decimal(4), "Тереңдетіп оқыту")

    def test_more_than_the_plan_allows_is_told(self, scene: make.Scene, aigul: Actor) -> None:
        services.take_typical(actor=aigul, class_id=scene.school_class.pk)
        services.add_course(
            actor=aigul,
            school_class_id=scene.school_class.pk,
            subject_code="global_competences",
            hours=2,
            kind="variable",
        )
        assert queries.curriculum_of(actor=aigul, class_id=scene.school_class.pk).excess == Decimal("1.5")


class TestCircles:
    def test_clubs_of_one_subject_stand_beside_each_other(self, scene: make.Scene, aigul: Actor) -> None:
        for name in ("Шахмат", "Робот"):
            services.add_course(
                actor=aigul,
                school_class_id=scene.school_class.pk,
                subject_code="facultative",
                hours=1,
                kind="club",
                name=name,
            )
        plan = queries.curriculum_of(actor=aigul, class_id=scene.school_class.pk)
        assert [one.title for one in plan.lines] == ["Алгебра", "Шахмат", "Робот"]
        assert (plan.counted, plan.beside) == (Decimal(3), Decimal(2))

    def test_hours_at_home_are_for_one_pupil(self, scene: make.Scene, aigul: Actor) -> None:
        child = scene.pupils[2]
        made = services.add_course(
            actor=aigul,
            school_class_id=scene.school_class.pk,
            subject_code="algebra",
            hours=2,
            kind="home",
            pupil_id=child.pk,
        )
        assert child.surname in made.subject
        span = {"start": scene.quarter.start, "end": scene.quarter.end}
        assert api.members_between(course_id=made.id, **span) == {child.pk}
        assert api.members_between(course_id=scene.course.pk, **span) is None

    def test_a_pupil_of_another_class_is_not_taught_at_home_here(
        self, scene: make.Scene, aigul: Actor
    ) -> None:
        [stranger] = make.pupils(make.school_class(8, "Б"), 1)
        with pytest.raises(NotFound):
            services.add_course(
                actor=aigul,
                school_class_id=scene.school_class.pk,
                subject_code="algebra",
                hours=2,
                kind="home",
                pupil_id=stranger.pk,
            )


class TestGroups:
    def test_a_class_is_divided_in_halves_by_the_list(self, scene: make.Scene, aigul: Actor) -> None:
        course = english(scene)
        first, second = services.divide(
            actor=aigul, class_id=scene.school_class.pk, subject_code="foreign_language"
        )
        assert first == course.pk
        table = queries.group_table(
            actor=aigul, class_id=scene.school_class.pk, subject_code="foreign_language"
        )
        assert [number for _pupil, number in table.pupils] == [1] * 5 + [2] * 5
        assert Course.objects.get(pk=second).teacher_id is None
        services.divide(actor=aigul, class_id=scene.school_class.pk, subject_code="foreign_language")
        assert Course.objects.filter(subject_code="foreign_language").count() == 2

    def test_a_moved_pupil_leaves_the_first_group_from_the_day(self, scene: make.Scene, aigul: Actor) -> None:
        english(scene)
        first, second = services.divide(
            actor=aigul, class_id=scene.school_class.pk, subject_code="foreign_language"
        )
        child = scene.pupils[0].pk
        day = date(2026, 12, 1)
        moved = services.place_pupils(
            actor=aigul,
            class_id=scene.school_class.pk,
            subject_code="foreign_language",
            places={child: 2, uuid4(): 1},
            since=day,
        )
        assert moved == 1
        before = {"start": date(2026, 11, 2), "end": day - timedelta(days=1)}
        after = {"start": day, "end": date(2026, 12, 27)}
        assert child in (api.members_between(course_id=first, **before) or ())
        assert child not in (api.members_between(course_id=first, **after) or ())
        assert child in (api.members_between(course_id=second, **after) or ())
        assert api.closed_to(pupil_id=child, course_ids=[first, second], start=day) == {first}

    def test_division_in_the_middle_keeps_the_journal_of_before(
        self, scene: make.Scene, aigul: Actor
    ) -> None:
        services.divide(actor=aigul, class_id=scene.school_class.pk, subject_code="algebra", parts=2)
        today = date(2026, 11, 25)
        assert set(Lesson.objects.filter(date__lt=today).values_list("group", flat=True)) == {0}
        assert set(Lesson.objects.filter(date__gte=today).values_list("group", flat=True)) <= {1}
        assert (
            api.members_between(
                course_id=scene.course.pk, start=scene.quarter.start, end=today - timedelta(days=1)
            )
            is None
        )

    def test_groups_go_together_again_while_unused(self, scene: make.Scene, aigul: Actor) -> None:
        where = {"actor": aigul, "class_id": scene.school_class.pk, "subject_code": "algebra"}
        with pytest.raises(services.CannotJoin):
            services.undivide(**where)
        _first, second = services.divide(**where)
        services.undivide(**where)
        assert Course.objects.get(subject_code="algebra").group == 0
        assert not GroupMember.objects.exists()
        _first, second = services.divide(**where)
        make.lessons(Course.objects.get(pk=second), date(2026, 12, 1), count=1, number=5)
        with pytest.raises(services.GroupsInUse):
            services.undivide(**where)

    def test_a_newcomer_is_told_to_be_in_no_group(self, scene: make.Scene, aigul: Actor) -> None:
        services.divide(actor=aigul, class_id=scene.school_class.pk, subject_code="algebra")
        make.pupils(scene.school_class, 1, since=date(2026, 11, 24))
        assert queries.without_group(actor=aigul, year=YEAR) == {(scene.school_class.pk, "algebra"): 1}

    def test_boys_and_girls_are_parted(self, scene: make.Scene, aigul: Actor) -> None:
        where = {"actor": aigul, "class_id": scene.school_class.pk, "subject_code": "algebra"}
        services.divide(**where)
        services.halve(**where, by_sex=True)
        table = queries.group_table(**where)
        assert {(pupil.sex, number) for pupil, number in table.pupils} == {("m", 1), ("f", 2)}

    def test_a_circle_has_the_pupils_who_are_marked(self, scene: make.Scene, aigul: Actor) -> None:
        chess = services.add_course(
            actor=aigul,
            school_class_id=scene.school_class.pk,
            subject_code="facultative",
            hours=1,
            kind="club",
            name="Шахмат",
        )
        first, second, third = (one.pk for one in scene.pupils[:3])
        [stranger] = make.pupils(make.school_class(8, "Б"), 1)
        mark = {"actor": aigul, "course_id": chess.id}
        assert services.set_members(**mark, pupil_ids=[first, second, stranger.pk]) == 2
        assert services.set_members(**mark, pupil_ids=[second, third], since=date(2026, 12, 1)) == 2
        span = {"start": date(2026, 12, 1), "end": date(2026, 12, 27)}
        assert api.members_between(course_id=chess.id, **span) == {second, third}
        with pytest.raises(NotFound):
            services.set_members(actor=aigul, course_id=scene.course.pk, pupil_ids=[first])

    def test_special_needs_lower_the_threshold(self, scene: make.Scene, aigul: Actor) -> None:
        english(scene)
        make.pupils(scene.school_class, 11)
        plan = queries.curriculum_of(actor=aigul, class_id=scene.school_class.pk)
        assert [one.division.due for one in plan.lines if one.division] == ["no"]
        SpecialNeed.objects.create(
            pupil=scene.pupils[0],
            paper_number="1",
            paper_date=date(2026, 8, 1),
            programme="general",
            since=date(2026, 9, 1),
        )
        plan = queries.curriculum_of(actor=aigul, class_id=scene.school_class.pk)
        assert [one.division.due for one in plan.lines if one.division] == ["must"]


class TestTeachersByDate:
    def test_lessons_before_the_day_keep_their_teacher_and_those_laid_later_know_it(
        self, scene: make.Scene, aigul: Actor
    ) -> None:
        dana = make.teacher("Дәулетова", "Дана")
        since = date(2026, 12, 1)
        services.assign(actor=aigul, course_id=scene.course.pk, teacher_id=dana.pk, since=since)
        assert Course.objects.get(pk=scene.course.pk).teacher_id == scene.teacher.pk
        old, new = queries.terms_of_teachers(actor=aigul, course_id=scene.course.pk)
        assert (old.until, new.since, new.until) == (date(2026, 11, 30), since, None)
        Slot.objects.create(course=scene.course, weekday=5, number=7)
        api.generate_lessons(actor=aigul, period_id=scene.quarter.id)
        laid = Lesson.objects.filter(number=7)
        assert set(laid.filter(date__lt=since).values_list("teacher_id", flat=True)) == {scene.teacher.pk}
        assert set(laid.filter(date__gte=since).values_list("teacher_id", flat=True)) == {dana.pk}

    def test_the_course_passes_on_its_day(self, scene: make.Scene, aigul: Actor) -> None:
        dana = make.teacher("Дәулетова", "Дана")
        services.assign(actor=aigul, course_id=scene.course.pk, teacher_id=dana.pk, since=date(2026, 12, 1))
        assert services.turn_over(actor=aigul) == 0
        with time_machine.travel("2026-12-01 00:05+05:00"):
            assert services.turn_over(actor=aigul) == 1
        assert Course.objects.get(pk=scene.course.pk).teacher_id == dana.pk

    def test_a_paper_of_an_older_day_names_the_older_teacher(self, scene: make.Scene, aigul: Actor) -> None:
        dana = make.teacher("Дәулетова", "Дана")
        services.assign(actor=aigul, course_id=scene.course.pk, teacher_id=dana.pk, since=date(2026, 11, 25))
        then = queries.line_of(actor=aigul, course_id=scene.course.pk, on=date(2026, 11, 24))
        now = queries.line_of(actor=aigul, course_id=scene.course.pk)
        assert (then.teacher_id, now.teacher_id) == (scene.teacher.pk, dana.pk)

    def test_back_again_is_one_term(self, scene: make.Scene, aigul: Actor) -> None:
        dana = make.teacher("Дәулетова", "Дана")
        day = date(2026, 12, 1)
        services.assign(actor=aigul, course_id=scene.course.pk, teacher_id=dana.pk, since=day)
        services.assign(actor=aigul, course_id=scene.course.pk, teacher_id=scene.teacher.pk, since=day)
        [term] = CourseTeacher.objects.all()
        assert (term.teacher_id, term.since, term.until) == (scene.teacher.pk, None, None)
        assert set(Lesson.objects.values_list("teacher_id", flat=True)) == {scene.teacher.pk}

    def test_a_substitutes_lesson_stays_the_substitutes(self, scene: make.Scene, aigul: Actor) -> None:
        guest, dana = make.teacher("Қонақова"), make.teacher("Дәулетова", "Дана")
        stood_in = scene.lessons[-1]
        Lesson.objects.filter(pk=stood_in.pk).update(teacher_id=guest.pk)
        services.assign(
            actor=aigul, course_id=scene.course.pk, teacher_id=dana.pk, since=scene.lessons[0].date
        )
        assert Lesson.objects.get(pk=stood_in.pk).teacher_id == guest.pk
        assert Lesson.objects.filter(teacher_id=dana.pk).count() == len(scene.lessons) - 1

    def test_a_busy_teacher_is_refused_and_nothing_changes(self, scene: make.Scene, aigul: Actor) -> None:
        dana = make.teacher("Дәулетова", "Дана")
        other = make.course(make.school_class(8, "Б"), dana, "algebra")
        make.lessons(other, scene.lessons[0].date, count=1)
        with pytest.raises(services.TeacherBusy):
            services.assign(
                actor=aigul, course_id=scene.course.pk, teacher_id=dana.pk, since=scene.lessons[0].date
            )
        assert not CourseTeacher.objects.exists()

    def test_a_vacancy_filled_before_any_lesson_needs_no_dates(self, scene: make.Scene, aigul: Actor) -> None:
        course = english(scene)
        services.assign(actor=aigul, course_id=course.pk, teacher_id=scene.teacher.pk)
        assert Course.objects.get(pk=course.pk).teacher_id == scene.teacher.pk
        assert not CourseTeacher.objects.exists()
        assert AuditEntry.objects.filter(action="schedule.course.handed_over").count() == 1


class TestSheet:
    def test_hours_stand_against_the_rate(self, scene: make.Scene, aigul: Actor) -> None:
        who = teaches("Сәрсенова", "physics", rate=0.5)
        make.course(scene.school_class, who, "physics", 10)
        [row] = [one for one in queries.sheet(actor=aigul, year=YEAR) if one.id == who.pk]
        assert (row.norm, row.hours, row.difference, row.state) == (
            Decimal(8),
            Decimal(10),
            Decimal(2),
            "over",
        )

    def test_joined_classes_are_one_hour_of_the_teacher(self, scene: make.Scene, aigul: Actor) -> None:
        who = teaches("Сәрсенова", "mathematics")
        for grade, hours in ((2, 4), (4, 5)):
            course = make.course(make.school_class(grade, "А"), who, "mathematics", hours)
            Course.objects.filter(pk=course.pk).update(set_code="2-4")
        [row] = [one for one in queries.sheet(actor=aigul, year=YEAR) if one.id == who.pk]
        assert row.hours == Decimal(5)
        assert [one.classes for one in row.joined] == ["2А + 4А"]

    def test_a_joined_vacancy_is_given_whole(self, scene: make.Scene, aigul: Actor) -> None:
        who = teaches("Сәрсенова", "mathematics")
        courses = [make.course(make.school_class(g, "А"), None, "mathematics", 4) for g in (2, 4)]
        Course.objects.filter(pk__in=[c.pk for c in courses]).update(set_code="2-4")
        [vacancy] = queries.vacancies(queries.lines(actor=aigul, year=YEAR))
        assert len(vacancy.lines) == 2
        services.assign(actor=aigul, course_id=courses[0].pk, teacher_id=who.pk)
        assert queries.vacancies(queries.lines(actor=aigul, year=YEAR)) == []

    def test_fifty_hours_are_refused_until_they_are_agreed(self, scene: make.Scene, aigul: Actor) -> None:
        make.course(make.school_class(8, "Б"), scene.teacher, "physics", 20)
        course = english(scene)
        with pytest.raises(services.TooManyHours, match="26"):
            services.assign(actor=aigul, course_id=course.pk, teacher_id=scene.teacher.pk)
        services.assign(actor=aigul, course_id=course.pk, teacher_id=scene.teacher.pk, agreed=True)
        [row] = [one for one in queries.sheet(actor=aigul, year=YEAR) if one.id == scene.teacher.pk]
        assert (row.hours, row.state) == (Decimal(26), "beyond")

    def test_whoever_teaches_the_subject_and_is_free_comes_first(
        self, scene: make.Scene, aigul: Actor
    ) -> None:
        course = english(scene)
        full = teaches("Ахметова", "foreign_language")
        make.course(make.school_class(8, "Б"), full, "foreign_language", 16)
        free = teaches("Байжанова", "foreign_language")
        other = teaches("Ғабитова", "music")
        _line, found = queries.candidates(actor=aigul, course_id=course.pk)
        ranked = [one.id for one in found]
        assert ranked[:2] == [free.pk, full.pk]
        assert other.pk in ranked[2:]
        assert found[0].after == Decimal(3)
        assert found[1].state == "over"

    def test_whoever_has_the_other_half_comes_after_the_free(self, scene: make.Scene, aigul: Actor) -> None:
        hers, other = teaches("Ахметова", "foreign_language"), teaches("Байжанова", "foreign_language")
        Course.objects.filter(pk=english(scene).pk).update(group=1, teacher_id=hers.pk)
        second = english(scene)
        Course.objects.filter(pk=second.pk).update(group=2)
        make.course(make.school_class(8, "Б"), other, "foreign_language", 15)
        _line, found = queries.candidates(actor=aigul, course_id=second.pk)
        assert [(one.id, one.has_other_half) for one in found[:2]] == [(other.pk, False), (hers.pk, True)]

    def test_a_clash_in_the_week_is_counted(self, scene: make.Scene, aigul: Actor) -> None:
        course = english(scene)
        make.slot(course, 1, 2)
        make.slot(scene.course, 1, 2)
        _line, found = queries.candidates(actor=aigul, course_id=course.pk)
        assert {one.id: one.clashes for one in found}[scene.teacher.pk] == 1


class TestHeldHours:
    def test_hours_are_counted_to_the_lesson(self, scene: make.Scene, aigul: Actor) -> None:
        today = date(2026, 11, 25)
        past = [one for one in scene.lessons if one.date <= today]
        Lesson.objects.filter(pk=past[0].pk).update(state="cancelled")
        [row] = queries.held_hours(actor=aigul, year=YEAR, code="q2")
        assert (row.laid, row.due, row.held, row.cancelled) == (
            len(scene.lessons),
            len(past),
            len(past) - 1,
            1,
        )
        assert row.difference == -1
        assert row.of_year == Decimal(24)
        [whole] = queries.held_hours(actor=aigul, year=YEAR)
        assert whole.of_year == Decimal(102)


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.SECRETARY])
    def test_others_are_refused(self, scene: make.Scene, actor_of: Callable[..., Actor], role: Role) -> None:
        actor = actor_of(role, person_id=scene.teacher.pk)
        where = {"actor": actor, "class_id": scene.school_class.pk}
        for attempt in (
            lambda: services.take_typical(**where),
            lambda: services.divide(**where, subject_code="algebra"),
            lambda: services.undivide(**where, subject_code="algebra"),
            lambda: services.set_members(actor=actor, course_id=scene.course.pk, pupil_ids=[]),
            lambda: services.place_pupils(**where, subject_code="algebra", places={}),
            lambda: services.assign(actor=actor, course_id=scene.course.pk, teacher_id=None),
            lambda: services.change_line(actor=actor, course_id=scene.course.pk, hours=Decimal(3), reason=""),
            lambda: queries.sheet(actor=actor, year=YEAR),
            lambda: queries.held_hours(actor=actor, year=YEAR),
            lambda: queries.curriculum_of(**where),
            lambda: queries.overview(actor=actor, year=YEAR),
        ):
            with pytest.raises(NotAllowed):
                attempt()


class TestJournals:
    def test_a_groups_journal_has_its_own_pupils(self, scene: make.Scene, aigul: Actor) -> None:
        first, second = services.divide(actor=aigul, class_id=scene.school_class.pk, subject_code="algebra")
        other = journals.open_course(actor=aigul, course_id=second)
        shown = journals.grid(actor=aigul, course=other, period=scene.quarter)
        assert len(shown.rows) == 5
        whole = journals.grid(
            actor=aigul, course=journals.open_course(actor=aigul, course_id=first), period=scene.quarter
        )
        assert len(whole.rows) == 10  # before the day the whole class was here
        assert sum(row.was_there(scene.quarter.end) for row in whole.rows) == 5


@pytest.mark.parametrize(
    ("group", "said"), [(0, "7А"), (1, "7А (1)"), (9, "7А (9)"), (OWN_CIRCLE, "7А"), (OWN_CIRCLE + 3, "7А")]
)
def test_a_part_of_a_class_is_called_by_its_number_and_a_circle_is_no_part(group: int, said: str) -> None:
    assert with_part("7А", group) == said
