"""Lists of employees, parents and classes that nobody has seen load without a hand laid on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from imports import services
from imports.models import ImportBatch
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardianship, Membership, SchoolClass
from modules.staff.models import Position
from tests.imports import unlike, unlike_lists


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def load(clerk: Actor, importer: str, content: bytes) -> ImportBatch:
    batch = services.receive(actor=clerk, importer_code=importer, name="тізім", content=content)
    services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
    batch = services.check(actor=clerk, batch_id=batch.pk)
    assert batch.counts["error"] == 0, [(row.number, row.raw, row.problems) for row in batch.rows.all()]
    return services.load(actor=clerk, batch_id=batch.pk)


def people() -> set[tuple[Any, ...]]:
    rows = Membership.objects.select_related("pupil", "school_class")
    return {
        (
            m.pupil.surname,
            m.pupil.name,
            m.pupil.patronymic,
            m.pupil.birth_date.isoformat(),
            m.school_class.label,
        )
        for m in rows
    }


@pytest.mark.requirement("SIS-16")
@pytest.mark.parametrize("name", list(unlike_lists.PUPILS))
def test_pupils(clerk: Actor, name: str) -> None:
    content, expected = unlike_lists.PUPILS[name]
    load(clerk, "pupils", content())
    assert people() == expected


@pytest.mark.requirement("SIS-16")
@pytest.mark.parametrize("name", list(unlike_lists.EMPLOYEES))
def test_employees(clerk: Actor, name: str) -> None:
    batch = load(clerk, "staff", unlike_lists.EMPLOYEES[name]())
    found = {
        (
            p.employee.surname,
            p.employee.name,
            p.employee.patronymic,
            p.employee.birth_date.isoformat() if p.employee.birth_date else "",
            p.post_code,
        )
        for p in Position.objects.select_related("employee")
    }
    assert {(*one[:4], one[4].replace("teacher_math", "teacher_subject")) for one in found} == (
        unlike_lists.STAFF
    )
    assert batch.counts["create"] == 2


@pytest.mark.requirement("SIS-16")
@pytest.mark.parametrize("name", list(unlike_lists.PARENTS))
def test_parents_with_phones_behind_their_names(clerk: Actor, name: str) -> None:
    load(clerk, "pupils", unlike.an_open_document())
    load(clerk, "guardians", unlike_lists.PARENTS[name]())
    found = {
        (link.relation, g.surname, g.name, g.patronymic, g.phone)
        for link in Guardianship.objects.select_related("guardian", "pupil").filter(pupil__surname="Ахметов")
        for g in [link.guardian]
    }
    assert found == {("mother", *unlike_lists.MOTHER), ("father", *unlike_lists.FATHER)}


@pytest.mark.requirement("SIS-16")
@pytest.mark.parametrize("name", list(unlike_lists.GRADES))
def test_classes(clerk: Actor, name: str) -> None:
    load(clerk, "classes", unlike_lists.GRADES[name]())
    found = {
        (f"{one.grade}{one.letter}", one.language, one.shift, one.capacity)
        for one in SchoolClass.objects.all()
    }
    assert found == unlike_lists.OPENED
