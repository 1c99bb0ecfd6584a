"""The deputy's calendar of works over the real timetable, the teacher's own part of it, and the days that break the order."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity.models import User
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.journal import services as journals
from modules.journal.models import SummativeWork
from modules.journal.planner import queries, services
from modules.journal.planner.rules import Breach
from modules.plans import api as plans
from modules.schedule.models import Course, Lesson
from modules.schedule.year import services as year
from notify.models import Notification
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.test_views import within_budget

pytestmark = pytest.mark.requirement("SIS-54", screen="journal:planner")
ClientFor = Callable[..., Client]
SUBJECTS = ("physics", "chemistry", "biology")


@pytest.fixture
def deputy(scene: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.DEPUTY_ACADEMIC)


@pytest.fixture
def browser(scene: make.Scene, client_for: ClientFor) -> Client:
    """Bolat at his browser."""
    return client_for(Role.TEACHER, person_id=scene.teacher.pk)


@pytest.fixture
def quarter_of(scene: make.Scene) -> dict[str, Course]:
    """7А's whole second half of the quarter: algebra to the end of December, and three subjects more."""
    make.lessons(scene.course, date(2026, 12, 1), count=8, number=1, every=3)
    for n, subject in enumerate(SUBJECTS):
        scene.others[subject] = make.course(scene.school_class, None, subject, 2)
        make.lessons(scene.others[subject], date(2026, 12, 1), count=12, number=4 + n, every=2)
    return scene.others


def lesson(course: Course, day: date) -> Lesson:
    return Lesson.objects.get(course=course, date=day)


def crowded(scene: make.Scene, others: dict[str, Course]) -> tuple[date, SummativeWork]:
    """A day on which algebra is the fourth СОЧ."""
    day = next(
        one.date
        for one in Lesson.objects.filter(course=scene.course, date__gte=date(2026, 12, 1)).order_by("date")
        if all(Lesson.objects.filter(course=c, date=one.date).exists() for c in others.values())
    )
    for course in others.values():
        made.work(lesson(course, day), "soch", 25)
    return day, made.work(lesson(scene.course, day), "soch", 25)


class TestProposal:
    def test_what_is_missing_is_proposed_ahead_and_put_by_one_press(
        self, scene: make.Scene, quarter_of: dict[str, Course], deputy: Client, aigul: Actor
    ) -> None:
        page = deputy.get("/journal/planner/?of=school").content.decode()
        assert "is-proposed" in page
        seen = re.search(r'name="seen" value="(\w+)"', page)
        assert seen is not None
        answer = deputy.post(
            "/journal/planner/accept/", {"of": "school", "period": "q2", "seen": seen[1]}, follow=True
        )
        assert answer.status_code == 200
        works = SummativeWork.objects.select_related("lesson__course")
        assert {(w.lesson.course.subject_code, w.kind) for w in works} == {
            (subject, kind) for subject in ("algebra", *SUBJECTS) for kind in ("sor", "soch")
        }
        assert all(w.lesson.date > date(2026, 11, 25) for w in works)
        assert {w.maximum for w in works} == {10, 25}
        [entry] = AuditEntry.objects.filter(action="journal.works.accepted")
        assert entry.details["count"] == works.count()
        assert queries.ahead(actor=aigul) == 0

    def test_a_proposal_that_is_not_the_one_seen_is_not_put(
        self, scene: make.Scene, quarter_of: dict[str, Course], aigul: Actor
    ) -> None:
        desk = queries.desk(actor=aigul, period=scene.quarter, of="school")
        assert desk.placed
        first = desk.placed[0].work
        assert first is not None
        made.work(Lesson.objects.get(pk=first.lesson_id), first.kind, 25)
        with pytest.raises(services.ProposalChanged):
            services.accept(actor=aigul, period_id=scene.quarter.id, of="school", seen=desk.seen)
        assert SummativeWork.objects.count() == 1

    def test_days_come_from_the_teachers_plan(
        self, scene: make.Scene, quarter_of: dict[str, Course], aigul: Actor, bolat: Actor
    ) -> None:
        plan = plans.make_plan(
            actor=bolat, subject_code="algebra", grade=7, language="kk", hours=Decimal(3), year=make.YEAR
        ).pk
        lines = [plans.NewLine(quarter=2, topic=f"Тақырып {n}", hours=1) for n in range(16)]
        lines[14] = plans.NewLine(quarter=2, topic="Бөлім бойынша", kind="sor")
        lines.append(plans.NewLine(quarter=2, topic="Тоқсан бойынша", kind="soch"))
        plans.add_lines(actor=bolat, plan_id=plan, new=lines)
        plans.follow(actor=bolat, plan_id=plan, course_ids=[scene.course.pk])
        laid = plans.planned_works(
            course_ids=[scene.course.pk], start=scene.quarter.start, end=scene.quarter.end
        )[scene.course.pk]
        desk = queries.desk(actor=aigul, period=scene.quarter, of=str(scene.school_class.pk))
        found = {
            (p.work.kind, p.work.day) for p in desk.placed if p.work and p.work.course_id == scene.course.pk
        }
        assert found == {(one.kind, one.day) for one in laid}
        assert len(found) == 2

    def test_a_teacher_is_proposed_her_own_works_only(
        self, scene: make.Scene, quarter_of: dict[str, Course], bolat: Actor
    ) -> None:
        desk = queries.desk(actor=bolat, period=scene.quarter)
        assert {p.wish.course_id for p in desk.proposals} == {scene.course.pk}
        assert [line.key for line in desk.lines] == [scene.course.pk]

    def test_a_closed_quarter_takes_none(
        self, scene: make.Scene, quarter_of: dict[str, Course], aigul: Actor
    ) -> None:
        desk = queries.desk(actor=aigul, period=scene.quarter, of="school")
        year.close_period(actor=aigul, period_id=scene.quarter.id)
        with pytest.raises(journals.PeriodIsClosed):
            services.accept(actor=aigul, period_id=scene.quarter.id, of="school", seen=desk.seen)


class TestMoving:
    def test_the_fourth_soch_is_told_and_moved_to_the_best_day(
        self, scene: make.Scene, quarter_of: dict[str, Course], deputy: Client
    ) -> None:
        _day, fourth = crowded(scene, quarter_of)
        page = deputy.get("/journal/planner/?of=school").content.decode()
        assert "Тәртіп 1 күні бұзылған" in page
        page = deputy.get(f"/journal/planner/works/{fourth.pk}/").content.decode()
        best = re.search(r'<button[^>]*btn-primary[^>]*value="([0-9a-f-]{36})"', page)
        assert best is not None
        answer = deputy.post(f"/journal/planner/works/{fourth.pk}/", {"lesson": best[1]}, follow=True)
        assert "Тәртіп 1 күні бұзылған" not in answer.content.decode()
        fourth.refresh_from_db()
        assert str(fourth.lesson_id) == best[1]
        [entry] = AuditEntry.objects.filter(action="journal.work.moved")
        assert entry.details["to"] == fourth.lesson.date.isoformat()

    def test_dropped_on_a_day_it_takes_that_days_lesson_and_may_be_undone(
        self, scene: make.Scene, quarter_of: dict[str, Course], browser: Client
    ) -> None:
        first, second = Lesson.objects.filter(course=scene.course, date__gte=date(2026, 12, 1)).order_by(
            "date"
        )[:2]
        row = made.work(first, "sor", 10)
        browser.post(f"/journal/planner/works/{row.pk}/", {"day": second.date.isoformat()})
        row.refresh_from_db()
        assert row.lesson_id == second.pk
        browser.post(f"/journal/planner/works/{row.pk}/?lesson={first.pk}")
        row.refresh_from_db()
        assert row.lesson_id == first.pk

    @pytest.mark.parametrize("given", ["2026-12-05", "nonsense"])
    def test_a_day_without_a_lesson_of_the_course_is_not_there(
        self, scene: make.Scene, quarter_of: dict[str, Course], browser: Client, given: str
    ) -> None:
        row = made.work(scene.lessons[0], "sor", 10)
        assert browser.post(f"/journal/planner/works/{row.pk}/", {"day": given}).status_code == 404

    def test_the_teacher_is_told_of_what_somebody_else_moved(
        self, scene: make.Scene, bolat: Actor, aigul: Actor, account: Callable[..., User]
    ) -> None:
        mine = account(Role.TEACHER, person_id=scene.teacher.pk)
        row = made.work(scene.lessons[0], "soch", 25)
        services.move(actor=bolat, work_id=row.pk, lesson_id=scene.lessons[1].pk)
        assert not Notification.objects.exists()
        services.move(actor=aigul, work_id=row.pk, lesson_id=scene.lessons[2].pk)
        [told] = Notification.objects.all()
        assert (told.user_id, told.message) == (mine.pk, "journal.soch_moved")
        assert told.params["day"] == f"{scene.lessons[2].date:%d.%m}"

    def test_a_work_with_marks_stays(self, scene: make.Scene, bolat: Actor) -> None:
        row = made.work(scene.lessons[0], "sor", 10)
        made.mark(scene.lessons[0], scene.pupils[0], 8, "sor")
        with pytest.raises(journals.WorkHasMarks):
            services.move(actor=bolat, work_id=row.pk, lesson_id=scene.lessons[1].pk)
        with pytest.raises(journals.WorkHasMarks):
            services.change(actor=bolat, work_id=row.pk, maximum=20, title="")

    def test_a_work_stays_in_its_quarter_and_goes_to_a_free_held_lesson(
        self, scene: make.Scene, bolat: Actor
    ) -> None:
        row = made.work(scene.lessons[0], "sor", 10)
        [far] = make.lessons(scene.course, date(2027, 1, 18), count=1)
        with pytest.raises(services.AnotherQuarter):
            services.move(actor=bolat, work_id=row.pk, lesson_id=far.pk)
        made.work(scene.lessons[1], "soch", 25)
        with pytest.raises(journals.SummativeDayTaken):
            services.move(actor=bolat, work_id=row.pk, lesson_id=scene.lessons[1].pk)
        Lesson.objects.filter(pk=scene.lessons[2].pk).update(state="cancelled")
        with pytest.raises(NotFound):
            services.move(actor=bolat, work_id=row.pk, lesson_id=scene.lessons[2].pk)

    def test_the_maximum_is_changed_and_keeps_its_bounds(self, scene: make.Scene, browser: Client) -> None:
        row = made.work(scene.lessons[0], "sor", 10)
        browser.post(f"/journal/planner/works/{row.pk}/change/", {"maximum": 18, "title": "Теңдеулер"})
        row.refresh_from_db()
        assert (row.maximum, row.title) == (18, "Теңдеулер")
        refused = browser.post(
            f"/journal/planner/works/{row.pk}/change/", {"maximum": 0, "title": "Теңдеулер"}
        )
        assert refused.status_code == 422
        assert "Теңдеулер" in refused.content.decode()

    def test_a_new_work_is_put_where_it_is_pressed_and_taken_out_again(
        self, scene: make.Scene, quarter_of: dict[str, Course], browser: Client
    ) -> None:
        address = f"/journal/planner/new/{scene.course.pk}/soch/?period=q2"
        assert browser.get(address).status_code == 200
        browser.post(address, {"lesson": scene.lessons[3].pk, "period": "q2"})
        row = SummativeWork.objects.get()
        assert (row.lesson_id, row.kind, row.maximum) == (scene.lessons[3].pk, "soch", 25)
        browser.post(f"/journal/planner/works/{row.pk}/remove/")
        assert not SummativeWork.objects.exists()
        assert browser.get(f"/journal/planner/new/{scene.course.pk}/quiz/").status_code == 404


class TestWhoseWorks:
    def test_a_colleagues_work_is_not_there(
        self, scene: make.Scene, quarter_of: dict[str, Course], bolat: Actor, browser: Client
    ) -> None:
        row = made.work(lesson(quarter_of["physics"], date(2026, 12, 1)), "soch", 25)
        free = Lesson.objects.filter(course=quarter_of["physics"]).last()
        assert free is not None
        for call in (
            lambda: services.move(actor=bolat, work_id=row.pk, lesson_id=free.pk),
            lambda: services.place(
                actor=bolat, course_id=quarter_of["physics"].pk, kind="sor", lesson_id=free.pk
            ),
            lambda: services.change(actor=bolat, work_id=row.pk, maximum=10, title=""),
        ):
            with pytest.raises(NotFound):
                call()
        assert browser.get(f"/journal/planner/works/{row.pk}/").status_code == 404
        assert browser.get(f"/journal/planner/works/{uuid4()}/").status_code == 404

    def test_a_class_teacher_sees_her_class_and_moves_nothing_of_others(
        self, scene: make.Scene, quarter_of: dict[str, Course], actor_of: Callable[..., Actor]
    ) -> None:
        made.work(lesson(quarter_of["physics"], date(2026, 12, 1)), "soch", 25)
        leader = actor_of(Role.CLASS_TEACHER, person_id=scene.teacher.pk)
        desk = queries.desk(actor=leader, period=scene.quarter, of=str(scene.school_class.pk))
        chips = [chip for line in desk.lines for cell in line.cells for chip in cell if chip.work.id]
        assert [(chip.course.subject_code, chip.may_move) for chip in chips] == [("physics", False)]

    @pytest.mark.parametrize("role", [Role.PARENT, Role.PUPIL, Role.LIBRARIAN])
    def test_others_have_no_planner(
        self, scene: make.Scene, actor_of: Callable[..., Actor], role: Role
    ) -> None:
        row = made.work(scene.lessons[0], "sor", 10)
        other = actor_of(role)
        for call in (
            lambda: queries.desk(actor=other, period=scene.quarter),
            lambda: queries.choice(actor=other, work_id=row.pk),
            lambda: queries.ahead(actor=other),
            lambda: services.accept(actor=other, period_id=scene.quarter.id, of="school", seen=""),
            lambda: services.move(actor=other, work_id=row.pk, lesson_id=scene.lessons[1].pk),
        ):
            with pytest.raises(NotAllowed):
                call()

    def test_another_schools_work_is_not_there(
        self, scene: make.Scene, school_b: TenantRef, client_for: ClientFor
    ) -> None:
        row = made.work(scene.lessons[0], "sor", 10)
        stranger = client_for(Role.DIRECTOR, school=school_b)
        assert stranger.get(f"/journal/planner/works/{row.pk}/").status_code == 404
        assert (
            stranger.post(f"/journal/planner/works/{row.pk}/", {"lesson": scene.lessons[1].pk}).status_code
            == 404
        )
        row.refresh_from_db()
        assert row.lesson_id == scene.lessons[0].pk


@pytest.mark.requirement("SIS-54", screen="journal:planner_watch")
class TestWatch:
    def test_a_broken_day_is_listed_with_where_to_move(
        self, scene: make.Scene, quarter_of: dict[str, Course], deputy: Client
    ) -> None:
        day, _fourth = crowded(scene, quarter_of)
        page = deputy.get("/journal/planner/watch/").content.decode()
        assert f"{day:%d.%m.%Y}" in page
        assert "7А" in page
        assert "Бір күнде сыныпта үштен көп ТЖБ." in page
        assert "ауыстыруға болады" in page
        answer = deputy.get("/journal/planner/watch/export.xlsx")
        sheet = python_calamine.load_workbook(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
        assert any("7А" in map(str, row) for row in sheet)
        assert AuditEntry.objects.filter(action="journal.works.exported").exists()

    def test_the_deputys_first_page_counts_days_ahead(
        self, scene: make.Scene, quarter_of: dict[str, Course], deputy: Client
    ) -> None:
        assert "БЖБ мен ТЖБ тәртібі бұзылған" not in deputy.get("/").content.decode()
        crowded(scene, quarter_of)
        assert "БЖБ мен ТЖБ тәртібі бұзылған" in deputy.get("/").content.decode()

    def test_a_work_at_a_cancelled_lesson_is_listed(
        self, scene: make.Scene, quarter_of: dict[str, Course], aigul: Actor
    ) -> None:
        row = made.work(scene.lessons[0], "sor", 10)
        Lesson.objects.filter(pk=scene.lessons[0].pk).update(state="cancelled")
        assert queries.choice(actor=aigul, work_id=row.pk).breaks == (Breach.NO_LESSON,)

    def test_a_teacher_has_no_such_list(self, scene: make.Scene, browser: Client) -> None:
        assert browser.get("/journal/planner/watch/").status_code == 403


def test_the_calendar_asks_few_questions(
    scene: make.Scene, quarter_of: dict[str, Course], aigul: Actor
) -> None:
    queries.desk(actor=aigul, period=scene.quarter, of="school")
    with CaptureQueriesContext(connection) as asked:
        queries.desk(actor=aigul, period=scene.quarter, of="school")
    within_budget("planner", len(asked))
