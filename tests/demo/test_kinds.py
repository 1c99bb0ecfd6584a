"""The demo has something in journals of every kind."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from demo import kinds
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.journal.models import Absence, Description, DevelopmentLevel, Programme
from modules.schedule import api as schedule
from modules.schedule.models import GroupMember, Lesson
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT


@pytest.mark.requirement("SIS-31", "SIS-33", "SIS-34", "SIS-35", "SIS-47", "SIS-48", "SIS-49")
def test_every_kind_is_filled(in_school: TenantRef) -> None:
    actor = Actor.system_actor("tests")
    with time_machine.travel(MOMENT, tick=True):
        make.periods()
        who = make.teacher()
        for grade in (0, 1, 3, 5, 9):
            into = make.school_class(grade, "А")
            pupils = make.pupils(into, 4)
            make.course(into, who, "algebra" if grade == 9 else "mathematics", 4)
        for kind, child in (("club", None), ("home", pupils[0].pk), ("correction", pupils[1].pk)):
            made = schedule.add_course(
                actor=actor,
                school_class_id=into.pk,
                subject_code="facultative" if kind == "club" else "algebra",
                hours=1,
                teacher_id=who.pk,
                kind=kind,
                name="Шахмат" if kind == "club" else "",
                pupil_id=child,
            )
            if kind == "club":
                for one in pupils:
                    GroupMember.objects.create(course_id=made.id, pupil_id=one.pk, since=date(2026, 9, 1))
        written = kinds.live(actor=actor, year=make.YEAR, seed=1)
    # The first quarter of four children, and every second one of them in the running quarter.
    assert written == Description.objects.count() == 6
    assert DevelopmentLevel.objects.count() == 4 * 5
    assert sorted(Programme.objects.values_list("is_marked", flat=True)) == [False, True]
    held = Lesson.objects.exclude(topic="")
    assert set(held.values_list("course__kind", flat=True)) == {"club", "elective", "home", "correction"}
    assert Absence.objects.exists()
