"""A school with a row in every table, as the demonstration fills it: written out, put in, and copied for trials."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import transaction

from demo import fill
from demo.district import SMALL
from identity.models import User
from infra.isolation import filling
from kernel import tenancy
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Pupil
from modules.staff.models import Employee
from tenants.clones import services
from tenants.contents import reading, register
from tenants.exports import loading, package, writing
from tenants.models import Clone
from tests import world

pytestmark = pytest.mark.requirement("TEN-05", "DEM-02")


@pytest.fixture(scope="module")
def school(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TenantRef]:
    files = configured.FILES_ROOT
    configured.FILES_ROOT = tmp_path_factory.mktemp("stored")
    with django_db_blocker.unblock():
        ref = world.found_school(mode="demo")
        random.seed(7)
        fill.one_school(ref, SMALL, lambda line: None)
        filling.fill_empty_tables(ref)
        yield ref
        world.raze(ref)
    configured.FILES_ROOT = files


def rows_by_table(ref: TenantRef) -> dict[str, list[str]]:
    with tenancy.owner(ref), transaction.atomic():
        return {
            name: list(reading.texts(ref.schema, shape))
            for name, shape in reading.shapes(ref.schema).items()
            if name != "kernel_keypair"
        }


def test_it_comes_out_of_an_export_equal_in_every_table(
    school: TenantRef, tmp_path: Path, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        folder = tmp_path / "export"
        with tenancy.owner(school):
            manifest = writing.write(school, folder, letter="1", place=writing.place_of(school))
        filled = [table.name for table in manifest.tables if table.rows]
        assert len(filled) > 90
        other = world.found_school()
        try:
            loading.load(folder, other)
            with tenancy.owner(other):
                found = writing.digests(other)
            assert {one.name: found[one.name] for one in manifest.tables if one.name != package.LOG} == {
                one.name: one.sha256 for one in manifest.tables if one.name != package.LOG
            }
        finally:
            world.raze(other)


def test_a_copy_has_all_of_its_shape_and_nobody_of_its_people(
    school: TenantRef, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        made = services.clone(school, f"trial-{school.code[-8:]}")
        world.COMMITTED.add(made.ref.schema)
        try:
            before, after = rows_by_table(school), rows_by_table(made.ref)
            real = {part for ref in (school,) for part in everybody(ref)}
        finally:
            with tenancy.owner():
                Clone.objects.filter(tenant_id=made.ref.id).delete()
            world.raze(made.ref)
    known = register.tables()
    for name, rows in after.items():
        if name not in ("kernel_auditentry", "kernel_storedfile"):
            assert len(rows) == (len(before[name]) if known[name].copied else 0), name
    # By whole words, and only where words of people may stand: a subject or a street of the law may be called so too.
    said = {
        name: set(re.findall(r"[\w@.+-]+", "\n".join(_but_kept(name, rows)).casefold()))
        for name, rows in after.items()
    }
    assert len(real) > 300
    assert {name: found for name, words in said.items() if (found := sorted(words & real)[:5])} == {}


def everybody(ref: TenantRef) -> Iterator[str]:
    """Every name, number, phone and address of mail of the school's people."""
    with tenancy.use(ref):
        for model in (Pupil, Guardian, Employee, User):
            for row in model.objects.all():
                for column in ("surname", "name", "patronymic", "iin", "phone", "second_phone", "email"):
                    if value := getattr(row, column, ""):
                        yield value.casefold()


def _but_kept(name: str, rows: list[str]) -> Iterator[str]:
    """The values of the columns that are not kept as they are."""

    kept = {column for column, kind in register.tables()[name].columns.items() if kind == register.KEPT}
    for line in rows:
        yield " ".join(str(value) for column, value in json.loads(line).items() if column not in kept)
