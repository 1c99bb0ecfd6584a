"""The school chooses another rule of marks: its figures are counted anew, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine

from kernel import audit, events, tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.tenancy import TenantRef
from modules.analytics import services
from modules.analytics.queries import facts
from modules.school import api as school
from tenants import rollups
from tests.factories import journal as marks
from tests.factories import schedule as make

ActorOf = Callable[..., Actor]


@pytest.fixture(autouse=True)
def november() -> object:
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=ALMATY), tick=True):
        yield


def fill() -> None:
    """Six pupils, all of whom have a three by points and a four by the mean of their two СОР.

    ФО 55 %; СОР 67.5 % or 75 %; СОЧ 66 %: 63.6 % or 65.5 %.
    """
    scene = make.scene(pupil_count=6)
    for lesson, kind, maximum, points in ((1, "sor", 10, 9), (3, "sor", 30, 18), (9, "soch", 50, 33)):
        marks.work(scene.lessons[lesson], kind, maximum)
        for pupil in scene.pupils:
            marks.mark(scene.lessons[lesson], pupil, points, kind)
    for pupil in scene.pupils:
        for lesson, points in ((0, 5), (2, 6)):
            marks.mark(scene.lessons[lesson], pupil, points)


def quality() -> list[tuple[int, int]]:
    found = rollups.own(year=make.YEAR, period="q2", metrics=["journal.quality"], dimension="all")
    return [(one.numerator, one.denominator) for one in found]


def of_class() -> list[int]:
    return [
        one.numerator for one in facts.of_classes(year=make.YEAR, period="q2", metrics=["journal.quality"])
    ]


@pytest.mark.requirement("ANL-00")
def test_figures_follow_the_rule_at_once_and_only_here(
    school_a: TenantRef, school_b: TenantRef, actor_of: ActorOf
) -> None:
    for one in (school_a, school_b):
        with tenancy.use(one):
            fill()
            services.recount(actor=Actor.system_actor("test"))
            assert (quality(), of_class()) == ([(0, 6)], [0])
    with tenancy.use(school_a):
        school.change_setting(actor=actor_of(Role.DIRECTOR), code="journal.sor_pooling", value="mean")
        events.deliver()
        assert facts.is_refresh_waiting()
        services.refresh(actor=Actor.system_actor("test"))
        assert (quality(), of_class()) == ([(6, 6)], [6])
        found = services.recount(actor=Actor.system_actor("test"))
        assert (found["classes"], found["public"]) == (0, 0)
        assert not [e for e in audit.entries() if e.action == "analytics.recount.mismatch"]
    with tenancy.use(school_b):
        services.refresh(actor=Actor.system_actor("test"))
        assert (quality(), of_class()) == ([(0, 6)], [0])


def test_a_rule_that_is_none_of_marks_asks_for_no_count(in_school: TenantRef, actor_of: ActorOf) -> None:
    school.change_setting(actor=actor_of(Role.DIRECTOR), code="school.show_start", value=False)
    events.deliver()
    assert not facts.is_refresh_waiting()
    assert facts.changed_journals() == 0
