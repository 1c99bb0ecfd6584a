"""Saving cells: what is seen is what is compared, and nothing is lost or overwritten in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from kernel.access import Actor, Role
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.models import OutboxEvent
from modules.contingent.models import Membership
from modules.journal import services
from modules.journal.models import Absence, Mark, MarkEvent, PeriodMark
from modules.schedule.models import Lesson
from modules.schedule.year import services as schedule_services
from tests.factories import journal as made
from tests.factories import schedule as make


def save(actor: Actor, scene: make.Scene, *operations: services.Operation) -> list[services.Result]:
    return services.save_cells(actor=actor, course_id=scene.course.pk, operations=operations)


@pytest.mark.requirement("SIS-32")
class TestSaveCells:
    def test_writes_the_mark_its_history_and_one_event(self, scene: make.Scene, bolat: Actor) -> None:
        first, second = scene.pupils[:2]
        lesson = scene.lessons[0]
        results = save(bolat, scene, made.op(lesson, first, 8), made.op(lesson, second, 9))
        assert [(r.status, r.value, r.version) for r in results] == [("ok", 8, 1), ("ok", 9, 1)]
        assert Mark.objects.get(pupil_id=first.pk).points == 8
        assert {(e.new, e.by_user) for e in MarkEvent.objects.all()} == {("8", 1001), ("9", 1001)}
        [event] = OutboxEvent.objects.filter(name="journal.marks.changed.v1")
        assert event.payload["count"] == 2
        assert event.payload["subject_code"] == "algebra"
        assert set(event.payload["pupil_ids"]) == {str(first.pk), str(second.pk)}
        assert event.payload["period_id"] == str(scene.quarter.id)

    def test_tells_the_recommended_mark_at_once(self, scene: make.Scene, bolat: Actor) -> None:
        pupil = scene.pupils[0]
        made.work(scene.lessons[2], "sor", 10)
        made.work(scene.lessons[9], "soch", 25)
        results = save(
            bolat,
            scene,
            made.op(scene.lessons[0], pupil, 8),
            made.op(scene.lessons[1], pupil, 8),
            made.op(scene.lessons[2], pupil, 8, kind="sor"),
        )
        assert results[-1].summary == {
            "fo": "80", "sor": "80", "soch": "", "percent": "80", "recommended": "(4)"
        }  # fmt: skip
        [last] = save(bolat, scene, made.op(scene.lessons[9], pupil, 22, kind="soch"))
        assert last.summary["recommended"] == "4"
        assert last.summary["percent"] == "84"

    def test_the_same_operation_sent_twice_is_done_once(self, scene: make.Scene, bolat: Actor) -> None:
        one = made.op(scene.lessons[0], scene.pupils[0], 8)
        save(bolat, scene, one)
        [again] = save(bolat, scene, one)
        assert (again.status, again.value, again.version) == ("ok", 8, 1)
        assert MarkEvent.objects.count() == 1
        assert OutboxEvent.objects.filter(name="journal.marks.changed.v1").count() == 1

    def test_a_late_repeat_does_not_bring_back_what_was_cleared(
        self, scene: make.Scene, bolat: Actor
    ) -> None:
        one = made.op(scene.lessons[0], scene.pupils[0], 8)
        save(bolat, scene, one)
        save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], None, old=8))
        [again] = save(bolat, scene, one)
        assert (again.status, again.value) == ("ok", None)
        assert Mark.objects.get().points is None

    def test_another_teachers_change_is_told_and_not_overwritten(
        self, scene: make.Scene, bolat: Actor, account: Callable[..., object], aigul: Actor
    ) -> None:
        ermek = account(Role.DIRECTOR, username="ermek", surname="Ермеков", name="Асан")
        other = Actor(**{**_fields(aigul), "user_id": ermek.pk})  # type: ignore[attr-defined]
        save(other, scene, made.op(scene.lessons[0], scene.pupils[0], 5))
        [mine] = save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 9))
        assert (mine.status, mine.value, mine.version) == ("conflict", 5, 1)
        assert mine.by.startswith("Ермеков")
        assert mine.at is not None
        assert Mark.objects.get().points == 5

    def test_two_who_typed_the_same_do_not_quarrel(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        save(aigul, scene, made.op(scene.lessons[0], scene.pupils[0], 7))
        [mine] = save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 7))
        assert (mine.status, mine.value) == ("ok", 7)
        assert MarkEvent.objects.count() == 1

    def test_changes_of_one_cell_in_one_batch_keep_their_order(self, scene: make.Scene, bolat: Actor) -> None:
        lesson, pupil = scene.lessons[0], scene.pupils[0]
        results = save(
            bolat,
            scene,
            made.op(lesson, pupil, 5),
            made.op(lesson, pupil, 6, old=5),
            made.op(lesson, pupil, None, old=6),
            made.op(lesson, pupil, 9),
        )
        assert [r.status for r in results] == ["ok"] * 4
        assert (Mark.objects.get().points, Mark.objects.get().version) == (9, 4)
        assert [e.new for e in MarkEvent.objects.order_by("id")] == ["5", "6", None, "9"]

    @pytest.mark.parametrize("field", ["points", "absence", "comment"])
    def test_an_echo_of_what_changed_nothing_is_not_done_later(
        self, scene: make.Scene, bolat: Actor, aigul: Actor, field: str
    ) -> None:
        """Two typed the same; one put it right, and then the other's request arrives once more."""
        lesson, pupil = scene.lessons[0], scene.pupils[0]
        value = {"points": 8, "absence": "ill", "comment": "Жарайсың"}[field]
        save(aigul, scene, made.op(lesson, pupil, value, field=field))
        one = made.op(lesson, pupil, value, field=field)
        [first] = save(bolat, scene, one)
        save(aigul, scene, made.op(lesson, pupil, None, old=value, field=field))
        [again] = save(bolat, scene, one)
        assert (first.status, again.status, again.value) == ("ok", "ok", None)
        assert MarkEvent.objects.count() == 2

    def test_an_echo_for_the_mark_of_a_period_is_not_done_later(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        def final(new: int | None, old: int | None = None) -> services.Operation:
            return services.Operation(
                uuid4(), scene.quarter.id, scene.pupils[0].pk, "period", "points", old, new
            )

        save(aigul, scene, final(4))
        one = final(4)
        [first] = save(bolat, scene, one)
        save(aigul, scene, final(None, 4))
        [again] = save(bolat, scene, one)
        assert (first.status, again.status, again.value) == ("ok", "ok", None)

    def test_a_mark_and_lateness_stand_together(self, scene: make.Scene, bolat: Actor) -> None:
        lesson, pupil = scene.lessons[0], scene.pupils[0]
        results = save(
            bolat, scene, made.op(lesson, pupil, "late", field="absence"), made.op(lesson, pupil, 8)
        )
        assert [r.status for r in results] == ["ok", "ok"]
        assert Absence.objects.get().code == "late"
        assert Mark.objects.get().points == 8

    @pytest.mark.parametrize(
        ("kind", "points"), [("fo", 11), ("fo", 0), ("sor", 16), ("soch", 26), ("sor", -1)]
    )
    def test_a_mark_above_its_maximum_is_refused_with_the_bounds(
        self, scene: make.Scene, bolat: Actor, kind: str, points: int
    ) -> None:
        made.work(scene.lessons[1], "sor", 15)
        made.work(scene.lessons[2], "soch", 25)
        lesson = scene.lessons[{"fo": 0, "sor": 1, "soch": 2}[kind]]
        [refused] = save(bolat, scene, made.op(lesson, scene.pupils[0], points, kind=kind))
        assert refused.status == "refused"
        assert str({"fo": 10, "sor": 15, "soch": 25}[kind]) in refused.message
        assert not Mark.objects.exists()

    def test_a_refused_cell_does_not_stop_the_others(self, scene: make.Scene, bolat: Actor) -> None:
        results = save(
            bolat,
            scene,
            made.op(scene.lessons[0], scene.pupils[0], 11),
            made.op(scene.lessons[0], scene.pupils[1], 10),
        )
        assert [r.status for r in results] == ["refused", "ok"]

    def test_a_closed_quarter_is_locked(self, scene: make.Scene, bolat: Actor, aigul: Actor) -> None:
        made.mark(scene.lessons[0], scene.pupils[0], 6)
        schedule_services.close_period(actor=aigul, period_id=scene.quarter.id)
        [locked] = save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 9, old=6))
        assert (locked.status, locked.value) == ("locked", 6)
        assert locked.message
        schedule_services.reopen_period(actor=aigul, period_id=scene.quarter.id)
        [done] = save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 9, old=6))
        assert done.status == "ok"

    def test_a_cancelled_lesson_is_locked(self, scene: make.Scene, bolat: Actor) -> None:
        Lesson.objects.filter(pk=scene.lessons[0].pk).update(state="cancelled")
        [locked] = save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 9))
        assert locked.status == "locked"

    def test_a_pupil_who_was_not_in_the_class_that_day_is_refused(
        self, scene: make.Scene, bolat: Actor
    ) -> None:
        Membership.objects.filter(pupil=scene.pupils[0]).update(since=scene.lessons[3].date)
        results = save(
            bolat,
            scene,
            made.op(scene.lessons[2], scene.pupils[0], 9),
            made.op(scene.lessons[3], scene.pupils[0], 9),
        )
        assert [r.status for r in results] == ["refused", "ok"]

    def test_a_foreign_course_is_not_there(self, scene: make.Scene, actor_of: Callable[..., Actor]) -> None:
        stranger = actor_of(Role.TEACHER, person_id=uuid4())
        with pytest.raises(NotFound):
            save(stranger, scene, made.op(scene.lessons[0], scene.pupils[0], 9))
        assert not Mark.objects.exists()

    def test_a_lesson_that_is_gone_or_of_another_course_is_refused_and_the_others_are_saved(
        self, scene: make.Scene, bolat: Actor
    ) -> None:
        """What was typed offline must not hang for ever on one lesson that the timetable has since removed."""
        other = make.course(scene.school_class, make.teacher("Жаңа"), "physics", 2)
        [foreign] = make.lessons(other, date(2026, 11, 3), count=1, number=5)
        made.mark(foreign, scene.pupils[0], 3)
        gone = Lesson(pk=uuid4())
        pupil = scene.pupils[0]
        results = save(
            bolat,
            scene,
            made.op(foreign, pupil, 9, old=2),
            made.op(gone, pupil, 9),
            made.op(scene.lessons[0], pupil, 8),
        )
        assert [one.status for one in results] == ["refused", "refused", "ok"]
        assert [one.value for one in results] == [2, None, 8], "what stands in others' cells is not told"
        assert results[0].message
        assert sorted(Mark.objects.values_list("points", flat=True)) == [3, 8]
        [alone] = save(bolat, scene, made.op(gone, pupil, 9))
        assert alone.status == "refused"

    def test_a_substitute_writes_into_the_lesson_of_theirs_only(
        self, scene: make.Scene, actor_of: Callable[..., Actor]
    ) -> None:
        dana = make.teacher("Дәулетова", "Дана")
        Lesson.objects.filter(pk=scene.lessons[0].pk).update(teacher_id=dana.pk)
        actor = actor_of(Role.TEACHER, person_id=dana.pk)
        mine, others = (made.op(lesson, scene.pupils[0], 9) for lesson in scene.lessons[:2])
        assert [one.status for one in save(actor, scene, mine, others)] == ["ok", "refused"]
        with pytest.raises(NotFound):
            save(actor, scene, others)

    def test_what_was_done_is_answered_so_after_the_right_to_it_is_gone(
        self, scene: make.Scene, bolat: Actor, aigul: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        """The answer was lost, and the same is sent again when the lesson is another's or the period closed."""
        dana = make.teacher("Дәулетова", "Дана")
        Lesson.objects.filter(pk=scene.lessons[0].pk).update(teacher_id=dana.pk)
        actor = actor_of(Role.TEACHER, person_id=dana.pk)
        one = made.op(scene.lessons[0], scene.pupils[0], 9)
        save(actor, scene, one)
        Lesson.objects.filter(pk=scene.lessons[0].pk).update(teacher_id=scene.teacher.pk)
        [again] = save(actor, scene, one)
        assert (again.status, again.value, again.version) == ("ok", 9, 1)
        schedule_services.close_period(actor=aigul, period_id=scene.quarter.id)
        [late] = save(bolat, scene, one)
        assert (late.status, late.value, late.version) == ("ok", 9, 1)
        assert MarkEvent.objects.count() == 1

    def test_a_right_that_is_lost_holds_up_nothing_else(
        self, scene: make.Scene, actor_of: Callable[..., Actor], aigul: Actor
    ) -> None:
        dana = make.teacher("Дәулетова", "Дана")
        Lesson.objects.filter(pk=scene.lessons[0].pk).update(teacher_id=dana.pk)
        substitute = actor_of(Role.TEACHER, person_id=dana.pk)
        save(aigul, scene, made.op(scene.lessons[1], scene.pupils[0], 4))
        lost, done = save(
            substitute,
            scene,
            made.op(scene.lessons[1], scene.pupils[0], 9),
            made.op(scene.lessons[0], scene.pupils[0], 9),
        )
        assert (lost.status, done.status) == ("refused", "ok")
        # What stands there now is none of hers.
        assert (lost.value, lost.version, lost.by) == (None, 0, "")
        assert Mark.objects.get(lesson=scene.lessons[1]).points == 4

    @pytest.mark.parametrize("role", [Role.PARENT, Role.PUPIL, Role.NURSE, Role.LIBRARIAN])
    def test_who_sets_no_marks_is_refused(
        self, scene: make.Scene, actor_of: Callable[..., Actor], role: Role
    ) -> None:
        with pytest.raises(NotAllowed):
            save(
                actor_of(role, person_id=scene.teacher.pk),
                scene,
                made.op(scene.lessons[0], scene.pupils[0], 9),
            )

    def test_grade_one_takes_absences_and_no_marks(
        self, in_school: object, moment: None, aigul: Actor
    ) -> None:
        first = make.scene(grade=1, letter="Б")
        results = save(
            aigul,
            first,
            made.op(first.lessons[0], first.pupils[0], 9),
            made.op(first.lessons[0], first.pupils[0], "ill", field="absence"),
        )
        assert [r.status for r in results] == ["refused", "ok"]


def _fields(actor: Actor) -> dict[str, object]:
    return {name: getattr(actor, name) for name in actor.__dataclass_fields__}


@pytest.mark.requirement("SIS-52")
class TestHistory:
    def test_catches_bulk_and_raw_changes(self, scene: make.Scene, bolat: Actor) -> None:
        save(bolat, scene, *[made.op(scene.lessons[0], p, 8) for p in scene.pupils])
        Mark.objects.filter(lesson=scene.lessons[0]).update(points=3)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE journal_mark SET points = 10 WHERE pupil_id = %s", [scene.pupils[0].pk])
        lines = MarkEvent.objects.filter(action="update")
        assert lines.count() == len(scene.pupils) + 1
        assert set(lines.values_list("source", "by_user")) == {("sql", None)}
        last = lines.order_by("-id")[0]
        assert (last.old, last.new) == ("3", "10")

    def test_catches_deletions(self, scene: make.Scene, bolat: Actor) -> None:
        save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 8))
        Mark.objects.all().delete()
        [line] = MarkEvent.objects.filter(action="delete")
        assert (line.old, line.new, line.source) == ("8", None, "sql")

    def test_does_not_note_what_did_not_change(self, scene: make.Scene, bolat: Actor) -> None:
        save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 8))
        Mark.objects.update(points=8)
        assert MarkEvent.objects.count() == 1

    def test_cannot_be_changed_by_the_school_itself(self, scene: make.Scene, bolat: Actor) -> None:
        save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 8))
        for attack in ("UPDATE journal_markevent SET new = '9'", "DELETE FROM journal_markevent"):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(attack)

    def test_follows_absences_and_period_marks_too(self, scene: make.Scene, bolat: Actor) -> None:
        save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], "ill", field="absence"))
        services.set_final(
            actor=bolat,
            course_id=scene.course.pk,
            period_id=scene.quarter.id,
            pupil_id=scene.pupils[0].pk,
            final="4",
        )
        fields = dict(MarkEvent.objects.values_list("field", "new"))
        assert fields == {"absence": "ill", "final": "4"}


@pytest.mark.requirement("SIS-53")
class TestFinals:
    def full(self, scene: make.Scene) -> None:
        made.work(scene.lessons[1], "sor", 10)
        made.work(scene.lessons[2], "soch", 25)
        pupil = scene.pupils[0]
        made.mark(scene.lessons[0], pupil, 8)
        made.mark(scene.lessons[1], pupil, 8, "sor")
        made.mark(scene.lessons[2], pupil, 22, "soch")

    def final(self, actor: Actor, scene: make.Scene, value: str | None, reason: str = "") -> PeriodMark:
        services.set_final(
            actor=actor,
            course_id=scene.course.pk,
            period_id=scene.quarter.id,
            pupil_id=scene.pupils[0].pk,
            final=value,
            reason=reason,
        )
        return PeriodMark.objects.get()

    def test_keeps_the_recommended_mark_beside_the_teachers(self, scene: make.Scene, bolat: Actor) -> None:
        self.full(scene)
        row = self.final(bolat, scene, "5", reason="Олимпиада жеңімпазы")
        assert (row.recommended, row.final, float(row.percent or 0)) == ("4", "5", 84.0)
        assert row.rule_version == "125-2022"

    def test_wants_a_reason_for_a_difference(self, scene: make.Scene, bolat: Actor) -> None:
        self.full(scene)
        with pytest.raises(services.ReasonNeeded, match="4"):
            self.final(bolat, scene, "5")
        assert self.final(bolat, scene, "4").final == "4"

    def test_a_period_mark_typed_in_the_grid_goes_the_same_way(self, scene: make.Scene, bolat: Actor) -> None:
        self.full(scene)
        one = services.Operation(uuid4(), scene.quarter.id, scene.pupils[0].pk, "period", "points", None, 4)
        [done] = save(bolat, scene, one)
        [again] = save(bolat, scene, one)
        assert (done.status, done.value, again.status) == ("ok", 4, "ok")
        other = services.Operation(uuid4(), scene.quarter.id, scene.pupils[0].pk, "period", "points", 4, 5)
        [refused] = save(bolat, scene, other)
        assert (refused.status, refused.value) == ("refused", 4)

    def test_another_reason_for_the_same_mark_leaves_a_line(self, scene: make.Scene, bolat: Actor) -> None:
        self.full(scene)
        pupil = scene.pupils[0]
        for reason in ("Жазбаша жұмысы жоғалды", "Педкеңес шешімі"):
            services.set_final(
                actor=bolat,
                course_id=scene.course.pk,
                period_id=scene.quarter.id,
                pupil_id=pupil.pk,
                final="5",
                reason=reason,
            )
        lines = MarkEvent.objects.filter(field="final").order_by("version")
        assert [(one.old, one.new, one.reason, one.by_user) for one in lines] == [
            (None, "5", "Жазбаша жұмысы жоғалды", 1001),
            ("5", "5", "Педкеңес шешімі", 1001),
        ]

    def test_the_same_mark_typed_in_the_grid_takes_no_reason_away(
        self, scene: make.Scene, bolat: Actor
    ) -> None:
        self.full(scene)
        pupil, kept = scene.pupils[0], "Жұмысы қайта тексерілді"
        services.set_final(
            actor=bolat,
            course_id=scene.course.pk,
            period_id=scene.quarter.id,
            pupil_id=pupil.pk,
            final="4",
            reason=kept,
        )
        one = services.Operation(uuid4(), scene.quarter.id, pupil.pk, "period", "points", None, 4)
        [result] = save(bolat, scene, one)
        assert (result.status, result.value, result.version) == ("ok", 4, 1)
        assert PeriodMark.objects.get().reason == kept
        assert MarkEvent.objects.filter(field="final").count() == 1

    def test_accepts_all_complete_recommendations_at_once(self, scene: make.Scene, bolat: Actor) -> None:
        self.full(scene)
        made.mark(scene.lessons[0], scene.pupils[1], 9)
        given = services.accept_recommended(
            actor=bolat, course_id=scene.course.pk, period_id=scene.quarter.id
        )
        assert given == 1
        assert PeriodMark.objects.get().final == "4"

    def test_a_closed_period_takes_no_marks(self, scene: make.Scene, bolat: Actor, aigul: Actor) -> None:
        schedule_services.close_period(actor=aigul, period_id=scene.quarter.id)
        with pytest.raises(DomainError) as refused:
            self.final(bolat, scene, "4")
        assert refused.value.code == "period_closed"
        assert not PeriodMark.objects.exists()


class TestWorks:
    def test_the_fourth_soch_of_a_day_is_warned_of(self, scene: make.Scene, bolat: Actor) -> None:
        lesson = scene.lessons[0]
        for n, subject in enumerate(("physics", "chemistry", "biology")):
            taught = make.course(scene.school_class, None, subject, 2)
            [other] = make.lessons(taught, lesson.date, count=1, number=5 + n)
            made.work(other, "soch", 25)
        said = services.warnings_for(actor=bolat, course_id=scene.course.pk, lesson_id=lesson.pk, kind="soch")
        assert len(said) == 1

    def test_soch_on_the_last_day_and_sor_on_one_day_are_warned_of(
        self, scene: make.Scene, bolat: Actor
    ) -> None:
        last = scene.lessons[-1]
        said = services.warnings_for(actor=bolat, course_id=scene.course.pk, lesson_id=last.pk, kind="soch")
        assert len(said) == 1

    @pytest.mark.parametrize(("grade", "maximum"), [(3, 6), (3, 16), (7, 0), (7, 101)])
    def test_the_maximum_keeps_its_bounds(
        self, in_school: object, moment: None, aigul: Actor, grade: int, maximum: int
    ) -> None:
        small = make.scene(grade=grade, letter="В")
        with pytest.raises(services.MaximumOutOfBounds):
            services.add_work(
                actor=aigul,
                course_id=small.course.pk,
                lesson_id=small.lessons[0].pk,
                kind="sor",
                maximum=maximum,
            )

    def test_a_work_with_marks_stays(self, scene: make.Scene, bolat: Actor) -> None:
        row = services.add_work(
            actor=bolat, course_id=scene.course.pk, lesson_id=scene.lessons[0].pk, kind="sor", maximum=15
        )
        save(bolat, scene, made.op(scene.lessons[0], scene.pupils[0], 9, kind="sor"))
        with pytest.raises(services.WorkHasMarks):
            services.remove_work(actor=bolat, course_id=scene.course.pk, work_id=row.pk)
