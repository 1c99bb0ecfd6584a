"""What tells of a person stands sealed, and no list asks of a sealed column what it cannot answer."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from kernel.db import sealed

pytestmark = pytest.mark.requirement("SEC-04")

OF_PEOPLE = {"iin", "phone", "second_phone", "phone_wanted", "email", "address", "diploma", "dossier"}
# (model, field): of an organisation, or of a machine.
NOT_OF_PEOPLE = {
    ("school.SchoolProfile", "phone"),
    ("school.SchoolProfile", "email"),
    ("identity.Session", "address"),
    ("kernel.AuditEntry", "address"),
}


def of_people() -> list[tuple[type[models.Model], models.Field]]:
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if (field.name in OF_PEOPLE or field.name.endswith(("_iin", "_phone")))
        and (model._meta.label, field.name) not in NOT_OF_PEOPLE
    ]


def test_numbers_phones_and_addresses_of_people_are_sealed() -> None:
    found = of_people()
    assert len(found) > 10
    assert [
        f"{model._meta.label}.{field.name}" for model, field in found if not sealed.is_sealed(field)
    ] == []


def test_each_exception_is_still_there() -> None:
    for label, name in NOT_OF_PEOPLE:
        assert not sealed.is_sealed(apps.get_model(label)._meta.get_field(name))


def test_no_table_orders_or_is_unique_by_what_is_sealed() -> None:
    for model in apps.get_models():
        closed = {field.name for field in sealed.sealed_fields(model)}
        asked = {name for one in model._meta.constraints for name in getattr(one, "fields", ())}
        asked |= {name.lstrip("-") for one in model._meta.indexes for name in one.fields}
        assert not closed & asked, model._meta.label
