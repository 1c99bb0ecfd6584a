"""Bolat asks for two cells of a closed quarter; one tap opens them, and they close again by themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.journal.models import Mark, MarkEvent, Opening, PeriodMark
from modules.journal.opening import services
from modules.journal.opening.queries import requests, standing
from modules.journal.services import Decision, PeriodIsClosed, Result, save_cells, set_final, set_finals
from modules.schedule import api as schedule
from notify.models import Notification
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT

pytestmark = pytest.mark.requirement("SIS-36", "SIS-52")
WHY = "Жұмысы қайта тексерілді"


def ask(scene: make.Scene, actor: Actor, **values: Any) -> Opening:
    given: dict[str, Any] = {"days": [scene.lessons[0].date], "reason": WHY, **values}
    return services.ask(actor=actor, course_id=scene.course.pk, period_id=scene.quarter.id, **given)


def save(scene: make.Scene, actor: Actor, lesson: int, pupil: int, new: int, old: int | None) -> Result:
    one = made.op(scene.lessons[lesson], scene.pupils[pupil], new, old=old)
    [result] = save_cells(actor=actor, course_id=scene.course.pk, operations=[one])
    return result


class TestAsking:
    def test_is_kept_with_its_reason_and_told_to_whom_it_concerns(
        self, closed: make.Scene, bolat: Actor
    ) -> None:
        row = ask(closed, bolat, pupil_ids=[closed.pupils[0].pk])
        assert (row.state, row.days, row.pupil_ids) == (
            "waiting",
            [closed.lessons[0].date],
            [closed.pupils[0].pk],
        )
        entry = AuditEntry.objects.get(action="journal.opening.asked")
        assert (entry.object_id, entry.actor_id) == (str(row.pk), bolat.user_id)

    def test_pupils_alone_mean_all_their_lessons(self, closed: make.Scene, bolat: Actor) -> None:
        row = ask(closed, bolat, days=[], pupil_ids=[closed.pupils[0].pk])
        assert row.days == sorted({one.date for one in closed.lessons})

    @pytest.mark.parametrize(
        ("values", "refusal"),
        [
            ({"days": []}, services.NothingNamed),
            ({"reason": "  "}, services.ReasonMissing),
            ({"days": [date(2026, 9, 3)]}, NotFound),
            ({"pupil_ids": [uuid4()]}, NotFound),
        ],
        ids=["nothing named", "no reason", "a day of another quarter", "a pupil of nowhere"],
    )
    def test_is_refused_when_something_lacks(
        self, closed: make.Scene, bolat: Actor, values: dict[str, Any], refusal: type[Exception]
    ) -> None:
        assert ask(closed, bolat).pk
        Opening.objects.all().delete()
        with pytest.raises(refusal):
            ask(closed, bolat, **values)

    def test_one_request_of_a_journal_waits(self, closed: make.Scene, bolat: Actor) -> None:
        ask(closed, bolat)
        with pytest.raises(services.AskedAlready):
            ask(closed, bolat)
        assert Opening.objects.count() == 1

    def test_an_open_period_needs_no_asking(self, scene: make.Scene, bolat: Actor) -> None:
        with pytest.raises(services.PeriodIsOpen):
            ask(scene, bolat)

    def test_another_teachers_journal_is_not_there(self, closed: make.Scene, actor_of: Any) -> None:
        with pytest.raises(NotFound):
            ask(closed, actor_of(Role.TEACHER, person_id=uuid4(), user_id=7))
        with pytest.raises(NotAllowed):
            ask(closed, actor_of(Role.PARENT, person_id=uuid4(), user_id=8))

    def test_the_database_wants_cells_and_a_reason(self, closed: make.Scene, bolat: Actor) -> None:
        row = ask(closed, bolat)
        for fault in ({"days": []}, {"reason": ""}, {"state": "open"}, {"state": "refused"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Opening.objects.filter(pk=row.pk).update(**fault)


class TestAnswering:
    def test_just_the_named_cells_take_a_mark_until_the_time_has_come(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        assert save(closed, bolat, 0, 0, 9, 8).status == "locked"
        row = ask(closed, bolat, pupil_ids=[closed.pupils[0].pk])
        assert save(closed, bolat, 0, 0, 9, 8).status == "locked"
        row = services.allow(actor=gulnar, opening_id=row.pk, hours=2)
        assert row.until is not None
        assert timedelta(hours=1, minutes=59) < row.until - MOMENT < timedelta(hours=2, minutes=1)

        assert save(closed, bolat, 0, 0, 9, 8).status == "ok"
        assert save(closed, bolat, 0, 1, 9, None).status == "locked"  # the day, another pupil
        assert save(closed, bolat, 1, 0, 9, 5).status == "locked"  # the pupil, another day
        with time_machine.travel(MOMENT + timedelta(hours=3), tick=True):
            assert save(closed, bolat, 0, 0, 10, 9).status == "locked"
        assert Mark.objects.get(lesson=closed.lessons[0], pupil_id=closed.pupils[0].pk).points == 9

    def test_the_history_says_why_the_closed_cell_was_changed(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        services.allow(actor=gulnar, opening_id=ask(closed, bolat).pk, hours=2)
        save(closed, bolat, 0, 0, 9, 8)
        event = MarkEvent.objects.filter(old="8", new="9").get()
        assert (event.by_user, event.reason, event.source) == (bolat.user_id, WHY, "product")

    def test_it_is_open_for_whoever_asked_and_for_nobody_else(
        self, closed: make.Scene, bolat: Actor, aigul: Actor, gulnar: Actor
    ) -> None:
        services.allow(actor=gulnar, opening_id=ask(closed, bolat).pk, hours=2)
        assert save(closed, aigul, 0, 0, 9, 8).status == "locked"

    def test_period_marks_are_open_only_when_named(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        one, other = closed.pupils[0].pk, closed.pupils[1].pk

        def give(*pupils: Any) -> dict[Any, Any]:
            decisions = [Decision(pupil, "5", WHY) for pupil in pupils]
            return set_finals(
                actor=bolat, course_id=closed.course.pk, period_id=closed.quarter.id, decisions=decisions
            )

        services.allow(actor=gulnar, opening_id=ask(closed, bolat).pk, hours=2)
        with pytest.raises(PeriodIsClosed):
            give(one)
        services.allow(
            actor=gulnar,
            opening_id=ask(closed, bolat, days=[], pupil_ids=[one], with_finals=True).pk,
            hours=2,
        )
        refusals = give(one, other)
        assert list(refusals) == [other]
        assert isinstance(refusals[other], PeriodIsClosed)
        assert list(PeriodMark.objects.values_list("pupil_id", "final")) == [(one, "5")]

    def test_no_needs_its_reason_and_leaves_the_cells_closed(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        row = ask(closed, bolat)
        with pytest.raises(services.ReasonMissing):
            services.refuse(actor=gulnar, opening_id=row.pk, reason=" ")
        services.refuse(actor=gulnar, opening_id=row.pk, reason="Парақ қойылған")
        assert save(closed, bolat, 0, 0, 9, 8).status == "locked"
        told = Notification.objects.get(user_id=bolat.user_id, message="journal.opening_refused")
        assert told.params["answer"] == "Парақ қойылған"

    def test_nobody_answers_a_request_of_ones_own(self, closed: make.Scene, gulnar: Actor) -> None:
        row = ask(closed, gulnar)
        with pytest.raises(NotFound):
            services.allow(actor=gulnar, opening_id=row.pk, hours=2)
        assert requests.waiting(actor=gulnar) == []

    def test_a_teacher_cannot_answer_and_the_second_answer_is_told_calmly(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor, aigul: Actor
    ) -> None:
        row = ask(closed, bolat)
        with pytest.raises(NotAllowed):
            services.allow(actor=bolat, opening_id=row.pk, hours=2)
        services.allow(actor=gulnar, opening_id=row.pk, hours=2)
        with pytest.raises(services.AnsweredAlready):
            services.refuse(actor=aigul, opening_id=row.pk, reason="Жоқ")

    @pytest.mark.parametrize("hours", [0, 169])
    def test_hours_have_bounds(self, closed: make.Scene, bolat: Actor, gulnar: Actor, hours: int) -> None:
        with pytest.raises(services.HoursOutOfBounds):
            services.allow(actor=gulnar, opening_id=ask(closed, bolat).pk, hours=hours)

    def test_the_acts_stand_in_the_security_log(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        row = ask(closed, bolat)
        services.allow(actor=gulnar, opening_id=row.pk, hours=2)
        services.close(actor=bolat, opening_id=row.pk)
        acts = (
            AuditEntry.objects.filter(object_id=str(row.pk)).order_by("id").values_list("action", flat=True)
        )
        assert list(acts) == [
            "journal.opening.asked",
            "journal.opening.allowed",
            "journal.opening.closed",
        ]


class TestClosingAgain:
    def test_the_teacher_is_done_before_the_time(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        row = services.allow(actor=gulnar, opening_id=ask(closed, bolat).pk, hours=2)
        services.close(actor=bolat, opening_id=row.pk)
        assert save(closed, bolat, 0, 0, 9, 8).status == "locked"
        again = services.close(actor=bolat, opening_id=row.pk)
        assert again.state == "closed"

    def test_what_waits_can_be_withdrawn_and_asked_anew(self, closed: make.Scene, bolat: Actor) -> None:
        services.close(actor=bolat, opening_id=ask(closed, bolat).pk)
        assert ask(closed, bolat).state == "waiting"

    def test_a_colleague_can_neither_see_nor_close_it(
        self, closed: make.Scene, bolat: Actor, actor_of: Any
    ) -> None:
        row = ask(closed, bolat)
        dana = actor_of(Role.TEACHER, person_id=uuid4(), user_id=7)
        with pytest.raises(NotFound):
            services.close(actor=dana, opening_id=row.pk)
        assert list(requests.openings(dana)) == []


class TestCost:
    def test_saving_into_an_open_period_asks_nothing_more(self, scene: make.Scene, bolat: Actor) -> None:
        with CaptureQueriesContext(connection) as queries:
            assert save(scene, bolat, 0, 0, 9, None).status == "ok"
        assert not [one for one in queries.captured_queries if "journal_opening" in one["sql"]]

    def test_the_standing_of_a_closed_period_is_one_query(self, closed: make.Scene, bolat: Actor) -> None:
        course = schedule.course(actor=bolat, course_id=closed.course.pk)
        period = schedule.period(period_id=closed.quarter.id)
        ask(closed, bolat)
        with CaptureQueriesContext(connection) as queries:
            found = standing.standing(actor=bolat, course=course, period=period)
        assert len(queries) == 1
        assert found.waiting is not None


def test_another_schools_request_is_not_there(
    closed: make.Scene, bolat: Actor, school_b: TenantRef, actor_of: Any
) -> None:
    row = ask(closed, bolat)
    with tenancy.use(school_b):
        zhanna = actor_of(Role.DIRECTOR, school=school_b, user_id=9)
        with pytest.raises(NotFound):
            services.allow(actor=zhanna, opening_id=row.pk, hours=2)
        assert requests.waiting(actor=zhanna) == []


def test_a_correction_of_a_signed_sheet_wants_a_new_version(
    closed: make.Scene, bolat: Actor, gulnar: Actor
) -> None:
    """The frozen facts no longer agree with the journal, as in any other correction (test_sheets)."""
    from modules.journal.models import Sheet
    from modules.journal.queries import facts_of_sheet
    from modules.journal.services import expect_sheets

    expect_sheets(actor=Actor.system_actor("tests"), period_id=closed.quarter.id)
    sheet = Sheet.objects.get()
    before = facts_of_sheet(actor=bolat, sheet_id=sheet.pk)
    services.allow(actor=gulnar, opening_id=ask(closed, bolat, with_finals=True).pk, hours=2)
    assert facts_of_sheet(actor=bolat, sheet_id=sheet.pk) == before
    save(closed, bolat, 0, 0, 9, 8)
    set_final(
        actor=bolat,
        course_id=closed.course.pk,
        period_id=closed.quarter.id,
        pupil_id=closed.pupils[0].pk,
        final="5",
        reason=WHY,
    )
    assert facts_of_sheet(actor=bolat, sheet_id=sheet.pk) != before
