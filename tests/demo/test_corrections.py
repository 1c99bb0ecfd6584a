"""What the demo shows around journals: remarks of every kind, requests that wait, families that were told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from demo import corrections
from identity.models import User
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from modules.journal.models import Opening, Remark
from modules.schedule import api as schedule
from modules.schedule.models import Course
from notify.models import Notification
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.conftest import moment, scene

__all__ = ["moment", "scene"]
SUBJECTS = (
    "geometry",
    "physics",
    "biology",
    "chemistry",
    "geography",
    "informatics",
    "world_history",
    "music",
)


@pytest.fixture
def school(scene: make.Scene, account: Callable[..., User], actor_of: Any) -> make.Scene:
    """A class with nine subjects of one teacher, a deputy, and a closed quarter."""
    account(Role.TEACHER, person_id=scene.teacher.pk)
    account(Role.DEPUTY_ACADEMIC)
    for number, code in enumerate(SUBJECTS, 3):
        course = make.course(scene.school_class, scene.teacher, code)
        make.lessons(course, scene.quarter.start, number=number)
    schedule.close_period(actor=Actor.system_actor("tests"), period_id=scene.quarter.id)
    return scene


def test_has_remarks_of_every_kind_and_requests(school: make.Scene) -> None:
    remarks, requests = corrections.keep(year=make.YEAR)
    assert remarks == Remark.objects.count() >= 8
    assert {"open", "answered", "done"} <= set(Remark.objects.values_list("state", flat=True))
    assert requests == Opening.objects.count() >= 1
    algebra = Course.objects.get(subject_code="algebra")
    assert not Opening.objects.filter(course=algebra).exists()


def test_a_school_without_a_deputy_has_none(scene: make.Scene) -> None:
    assert corrections.keep(year=make.YEAR) == (0, 0)


def test_families_hear_of_two_corrected_marks(scene: make.Scene, account: Callable[..., User]) -> None:
    account(Role.TEACHER, person_id=scene.teacher.pk)
    child = account(Role.PUPIL, person_id=scene.pupils[0].pk)
    made.mark(scene.lessons[0], scene.pupils[0], 7)
    made.mark(scene.lessons[0], scene.pupils[1], 8)
    later = datetime(2100, 1, 1, tzinfo=ALMATY)  # the history carries the database's time, not the test's
    assert corrections.tell_mothers(year=make.YEAR, at=later) == 2
    assert Notification.objects.filter(user_id=child.pk, topic="family.marks").count() == 1
