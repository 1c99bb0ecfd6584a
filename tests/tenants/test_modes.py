"""A demo and a test tenant hold made-up people, a live one never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kernel import iin, tenancy
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import TenantRef
from modules.contingent import api as contingent
from modules.contingent.data import NewPupil
from modules.contingent.models import Pupil

BORN = date(2013, 4, 5)


def enrol(number: str) -> None:
    actor = Actor.system_actor("test")
    room = contingent.open_class(actor=actor, year="2026-27", grade=7, letter="А", language="kk")
    contingent.enrol(
        actor=actor,
        pupil=NewPupil(surname="Серік", name="Ерлан", sex="m", birth_date=BORN, iin=number),
        class_id=room.id,
        since=date(2026, 9, 1),
    )


@pytest.mark.requirement("TEN-06")
@pytest.mark.parametrize("mode", ["demo", "test"])
def test_a_made_up_number_is_taken(mode: str, committed_school: Callable[..., TenantRef]) -> None:
    school = committed_school(mode=mode)
    with tenancy.use(school):
        enrol(iin.synthetic(BORN, "m", 7))
        assert iin.parse(Pupil.objects.get().iin).synthetic


@pytest.mark.requirement("TEN-06")
def test_a_live_school_takes_none(committed_school: Callable[..., TenantRef]) -> None:
    school = committed_school(mode="live")
    with tenancy.use(school):
        with pytest.raises(DomainError):
            enrol(iin.synthetic(BORN, "m", 7))
        assert not Pupil.objects.exists()
