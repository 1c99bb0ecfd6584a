"""A mark waits before its family hears of it: a slip put right meanwhile is never told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext

from kernel import events, jobs, tenancy
from kernel.access import Actor
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef
from modules.journal.models import MarkEvent, Settling
from modules.journal.services import save_cells, set_final
from modules.journal.settling import queries, services
from modules.school import api as school
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("MOB-12", "SIS-52")


def save(
    scene: make.Scene, actor: Actor, lesson: int, pupil: int, new: Any, old: Any = None, **more: Any
) -> None:
    one = made.op(scene.lessons[lesson], scene.pupils[pupil], new, old=old, **more)
    [result] = save_cells(actor=actor, course_id=scene.course.pk, operations=[one])
    assert result.status == "ok"
    events.deliver()


def last() -> datetime:
    """The moment of the last change, by the clock of the database."""
    found: datetime = MarkEvent.objects.aggregate(last=Max("at"))["last"]
    return found


def tell(minutes: float, since: datetime | None = None) -> list[dict[str, Any]]:
    """What families are told so many minutes after the last change."""
    before = set(OutboxEvent.objects.filter(name="journal.marks.settled.v1").values_list("pk", flat=True))
    services.tell_settled(
        actor=Actor.system_actor("tests"), at=(since or last()) + timedelta(minutes=minutes)
    )
    fresh = OutboxEvent.objects.filter(name="journal.marks.settled.v1").exclude(pk__in=before)
    return [one.payload for one in fresh.order_by("pk")]


def said(news: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(line["kind"], line["old"], line["new"]) for one in news for line in one["lines"]]


def test_nothing_is_told_before_the_time_and_once_after(scene: make.Scene, bolat: Actor) -> None:
    save(scene, bolat, 0, 0, 8)
    assert tell(9) == []
    [news] = tell(11)
    assert news["pupil_id"] == str(scene.pupils[0].pk)
    assert said([news]) == [("fo", "", "8")]
    assert news["lines"][0]["day"] == scene.lessons[0].date.isoformat()
    assert tell(30) == []


def test_a_slip_put_right_is_told_as_it_finally_stands(scene: make.Scene, bolat: Actor) -> None:
    save(scene, bolat, 0, 0, 2)
    save(scene, bolat, 0, 0, 8, old=2)
    assert said(tell(11)) == [("fo", "", "8")]


def test_a_mark_cleared_within_the_wait_is_not_told_at_all(scene: make.Scene, bolat: Actor) -> None:
    save(scene, bolat, 0, 0, 2)
    save(scene, bolat, 0, 0, None, old=2)
    save(scene, bolat, 1, 1, "unexcused", field="absence")
    save(scene, bolat, 1, 1, None, old="unexcused", field="absence")
    assert tell(11) == []
    assert not Settling.objects.exclude(due_at=None).exists()


def test_what_was_told_and_is_corrected_later_is_told_with_what_it_was(
    scene: make.Scene, bolat: Actor
) -> None:
    save(scene, bolat, 0, 0, 3)
    assert said(tell(11)) == [("fo", "", "3")]
    save(scene, bolat, 0, 0, 9, old=3)
    assert said(tell(11)) == [("fo", "3", "9")]
    save(scene, bolat, 0, 0, None, old=9)
    assert said(tell(11)) == [("fo", "9", "")]


def test_a_child_has_one_message_of_everything(scene: make.Scene, bolat: Actor) -> None:
    made.work(scene.lessons[1], "sor", 20)
    save(scene, bolat, 0, 0, 8)
    save(scene, bolat, 1, 0, 17, kind="sor")
    save(scene, bolat, 2, 0, "late", field="absence")
    set_final(
        actor=bolat,
        course_id=scene.course.pk,
        period_id=scene.quarter.id,
        pupil_id=scene.pupils[0].pk,
        final="5",
        reason="Ерекше жұмысы",
    )
    events.deliver()
    save(scene, bolat, 0, 1, 6)
    news = tell(11)
    assert sorted(one["pupil_id"] for one in news) == sorted(str(one.pk) for one in scene.pupils[:2])
    mine = next(one for one in news if one["pupil_id"] == str(scene.pupils[0].pk))
    assert {(line["kind"], line["new"], line["maximum"], line["period"]) for line in mine["lines"]} == {
        ("fo", "8", 0, ""),
        ("sor", "17", 20, ""),
        ("absence", "late", 0, ""),
        ("final", "5", 0, "q2"),
    }


def test_a_busy_child_is_not_kept_waiting_and_a_fresh_mark_still_waits(
    scene: make.Scene, bolat: Actor
) -> None:
    save(scene, bolat, 0, 0, 8)
    first = last()
    # More marks keep coming: as if the first stood for half an hour when the next is typed.
    Settling.objects.update(since=first - timedelta(minutes=31), due_at=first)
    save(scene, bolat, 1, 0, 7)
    row = Settling.objects.get()
    assert row.due_at is not None
    assert row.due_at <= last() + timedelta(minutes=10)
    # The first has stood its time, the second has not.
    services.tell_settled(actor=Actor.system_actor("tests"), at=first + timedelta(minutes=10, milliseconds=1))
    told = said([one.payload for one in OutboxEvent.objects.filter(name="journal.marks.settled.v1")])
    assert told == [("fo", "", "8")]
    assert said(tell(11)) == [("fo", "", "7")]


def test_a_message_that_comes_late_or_twice_tells_nothing_again(scene: make.Scene, bolat: Actor) -> None:
    save(scene, bolat, 0, 0, 8)
    at = last()
    assert len(tell(11)) == 1
    services.note(pupil_ids=[scene.pupils[0].pk], at=at)
    assert Settling.objects.exclude(due_at=None).count() == 1
    assert tell(12) == []
    assert not Settling.objects.exclude(due_at=None).exists()


def test_the_school_sets_the_wait(scene: make.Scene, bolat: Actor, aigul: Actor) -> None:
    school.change_setting(actor=aigul, code=queries.MINUTES, value=60)
    save(scene, bolat, 0, 0, 8)
    assert tell(59) == []
    assert len(tell(61)) == 1


def test_forty_children_are_two_statements_of_reading(scene: make.Scene, bolat: Actor) -> None:
    for n in range(len(scene.pupils)):
        save(scene, bolat, 0, n, 8)
    with CaptureQueriesContext(connection) as found:
        services.tell_settled(actor=Actor.system_actor("tests"), at=last() + timedelta(minutes=11))
    reads = [one["sql"] for one in found.captured_queries if one["sql"].startswith("\nSELECT e.id")]
    assert len(reads) == 1
    assert len(found) <= 8


def test_nothing_to_do_is_one_small_query(scene: make.Scene) -> None:
    with CaptureQueriesContext(connection) as found:
        assert services.tell_settled(actor=Actor.system_actor("tests")) == 0
    assert len([one for one in found.captured_queries if one["sql"].startswith("SELECT")]) == 1


@pytest.mark.requirement("TEN-01")
def test_one_school_tells_nothing_of_another(scene: make.Scene, bolat: Actor, school_b: TenantRef) -> None:
    save(scene, bolat, 0, 0, 8)
    due = last() + timedelta(minutes=11)
    with tenancy.use(school_b):
        assert services.tell_settled(actor=Actor.system_actor("tests"), at=due) == 0
    assert "journal.tell_settled" in jobs.PULSES
