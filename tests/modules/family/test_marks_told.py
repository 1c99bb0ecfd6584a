"""Gülnar hears of Erlan's marks when they have stood, in one message; nobody hears of another's child."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Max

from demo import tone
from identity.models import User
from kernel import events
from kernel.access import Actor, Role
from modules.contingent.models import Membership, SightBan
from modules.journal import services as journal
from modules.journal.models import MarkEvent
from modules.journal.settling import services
from modules.journal.voices import services as voices
from notify.models import Notification
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.family.test_notices import aigul, gulnar, mother_of, scene, told

__all__ = ["aigul", "gulnar", "scene"]
pytestmark = pytest.mark.requirement("MOB-12", "MOB-11")


def save(scene: make.Scene, actor: Actor, lesson: int, new: Any, old: Any = None, **more: Any) -> None:
    """Erlan's cell."""
    one = made.op(scene.lessons[lesson], scene.pupils[1], new, old=old, **more)
    [result] = journal.save_cells(actor=actor, course_id=scene.course.pk, operations=[one])
    assert result.status == "ok"


def settle() -> None:
    events.deliver()
    last = MarkEvent.objects.aggregate(last=Max("at"))["last"]
    services.tell_settled(actor=Actor.system_actor("tests"), at=last + timedelta(minutes=11))
    events.deliver()


def test_one_mark_is_the_title_itself(scene: make.Scene, aigul: Actor, gulnar: User) -> None:
    save(scene, aigul, 0, 9)
    settle()
    day = scene.lessons[0].date
    assert told(gulnar, "ru") == [(f"Ерлан – Алгебра, {day.day} ноября: 9", "")]
    [row] = Notification.objects.filter(user_id=gulnar.pk)
    assert row.url == f"/family/{scene.pupils[1].pk}/"


def test_what_is_unread_grows_and_the_last_word_of_a_cell_stands(
    scene: make.Scene, aigul: Actor, gulnar: User
) -> None:
    made.work(scene.lessons[1], "sor", 20)
    save(scene, aigul, 0, 3)
    settle()
    save(scene, aigul, 0, 9, old=3)
    save(scene, aigul, 1, 17, kind="sor")
    save(scene, aigul, 2, "ill", field="absence")
    settle()
    [(title, body)] = told(gulnar, "ru")
    assert title == "Ерлан – 3 новые записи в журнале"
    assert "Алгебра" in body
    assert ": 9;" in body  # she had not read the three: it was a slip
    assert "СОР" in body
    assert "17/20" in body
    assert "болел" in body.lower() or "болезн" in body.lower()
    assert Notification.objects.get(user_id=gulnar.pk).count == 2


def test_what_was_read_is_not_told_again(scene: make.Scene, aigul: Actor, gulnar: User) -> None:
    save(scene, aigul, 0, 3)
    settle()
    Notification.objects.filter(user_id=gulnar.pk).update(
        read_at=scene.quarter.closed_at or "2026-11-25T06:00Z"
    )
    save(scene, aigul, 0, 9, old=3)
    settle()
    assert [title for title, __ in told(gulnar, "ru")][-1].endswith(": 9 (было 3)")
    assert len(told(gulnar)) == 2


def test_another_mother_and_one_under_a_ban_hear_nothing(
    scene: make.Scene, aigul: Actor, gulnar: User, account: Callable[..., User]
) -> None:
    other = account(Role.PARENT, person_id=mother_of(scene.pupils[2], "Байжанова").pk)
    banned = mother_of(scene.pupils[1], "Әлиева")
    SightBan.objects.create(
        pupil=scene.pupils[1], guardian=banned, since=date(2026, 11, 1), ground="Сот шешімі"
    )
    far = account(Role.PARENT, person_id=banned.pk)
    save(scene, aigul, 0, 9)
    settle()
    assert told(other) == []
    assert told(far) == []
    assert len(told(gulnar)) == 1


def test_of_a_pupil_who_has_left_nobody_hears(scene: make.Scene, aigul: Actor, gulnar: User) -> None:
    save(scene, aigul, 0, 9)
    Membership.objects.filter(pupil=scene.pupils[1]).update(until=date(2026, 11, 20))
    settle()
    assert told(gulnar) == []


def test_a_teachers_words_are_told_too(scene: make.Scene, aigul: Actor, gulnar: User) -> None:
    words = "Есепті жақсы түсіндірді"
    save(scene, aigul, 0, words, field="comment")
    settle()
    day = scene.lessons[0].date
    assert told(gulnar, "ru") == [(f"Ерлан – Алгебра, {day.day} ноября: «{words}»", "")]
    save(scene, aigul, 0, None, old=words, field="comment")
    settle()
    assert told(gulnar, "ru")[0] == (f"Ерлан – Алгебра, {day.day} ноября: комментарий снят", "")


def test_what_the_teacher_recorded_is_told_too(scene: make.Scene, aigul: Actor, gulnar: User) -> None:
    place = {"lesson_id": scene.lessons[0].pk, "pupil_id": scene.pupils[1].pk, "kind": "fo"}
    kept = voices.keep(
        actor=aigul, course_id=scene.course.pk, content=tone.recording(), seconds=tone.SECONDS, **place
    )
    settle()
    day = scene.lessons[0].date
    assert told(gulnar, "ru") == [(f"Ерлан – Алгебра, {day.day} ноября: голосовой комментарий, 0:03", "")]
    assert kept.file_id is not None
    voices.take_back(actor=aigul, course_id=scene.course.pk, file_id=kept.file_id)
    settle()
    assert told(gulnar, "ru")[0] == (f"Ерлан – Алгебра, {day.day} ноября: голосовой комментарий снят", "")


def test_a_recording_taken_back_within_the_wait_is_not_told(
    scene: make.Scene, aigul: Actor, gulnar: User
) -> None:
    place = {"lesson_id": scene.lessons[0].pk, "pupil_id": scene.pupils[1].pk, "kind": "fo"}
    kept = voices.keep(
        actor=aigul, course_id=scene.course.pk, content=tone.recording(), seconds=tone.SECONDS, **place
    )
    assert kept.file_id is not None
    voices.take_back(actor=aigul, course_id=scene.course.pk, file_id=kept.file_id)
    settle()
    assert told(gulnar) == []
