"""Everybody of the school whose IIN is known comes in by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kernel import iin, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.contingent import api as contingent
from modules.contingent import services as contingent_services
from modules.staff import api as staff
from modules.staff import services
from tests.conftest import PASSWORD, Accounts, ClientFor
from tests.modules.contingent import people

pytestmark = pytest.mark.requirement("SIS-04")
SYSTEM = Actor.system_actor


def come(client: Any, number: str) -> int:
    status: int = client.post("/sign-in/", {"username": number, "password": PASSWORD}).status_code
    return status


def test_a_pupil_her_mother_and_a_teacher_come_in_by_their_numbers_at_their_school_only(
    client_for: ClientFor, account: Accounts, school_a: TenantRef, school_b: TenantRef
) -> None:
    of_mother = iin.synthetic(date(1986, 3, 8), "f", 1)
    of_teacher = iin.synthetic(date(1979, 5, 9), "m", 2)
    with tenancy.use(school_a):
        pupil = people.new_pupil(people.new_class())
        contingent_services.link_guardian(
            actor=SYSTEM("tests"), pupil_id=pupil.pk, guardian=people.mother(iin=of_mother)
        )
        teacher = services.take_on(
            actor=SYSTEM("tests"),
            employee=staff.NewEmployee(surname="Қасымов", name="Болат", sex="m", iin=of_teacher),
            posts=[staff.Post("teacher_subject", Decimal(1))],
            subjects=(),
            since=date(2024, 9, 1),
        )
        [mother] = contingent.guardians(actor=SYSTEM("tests"), pupil_id=pupil.pk)
    account(Role.PUPIL, username="pupil", person_id=pupil.pk)
    account(Role.PARENT, username="mother", person_id=mother.id)
    account(Role.TEACHER, username="teacher", person_id=teacher.pk)
    numbers = (pupil.iin, of_mother, of_teacher)
    assert [come(client_for(), number) for number in numbers] == [302, 302, 302]
    assert [come(client_for(school=school_b), number) for number in numbers] == [422, 422, 422]
