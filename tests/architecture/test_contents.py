"""The register of contents is whole: every column of every tenant's table is placed, so that a new one fails until it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from kernel.db.sealed import Sealed
from tenants.clones.pseudonyms import Pseudonyms
from tenants.contents import register

pytestmark = pytest.mark.requirement("TEN-05", "DEM-02")
SAYS_SOMETHING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    ArrayField,
    Sealed,
)
KINDS = {register.KEPT, register.EMPTIED, *Pseudonyms()._kinds}


def tables() -> Iterator[tuple[type[models.Model], register.Table | None]]:
    named = {
        name
        for kind in ("school", "authority", "family", "vendor")
        for name in settings.TENANT_TYPES[kind]["APPS"]
    }
    for config in apps.get_app_configs():
        if config.name in named:
            for model in config.get_models(include_auto_created=True):
                if model._meta.managed:
                    yield model, register.tables().get(model._meta.db_table)


def columns(model: type[models.Model]) -> list[models.Field]:
    return [one for one in model._meta.local_concrete_fields if not isinstance(one, models.GeneratedField)]


def test_every_table_is_in_the_register_and_no_other() -> None:
    found = {model._meta.db_table: table for model, table in tables()}
    assert len(found) > 100
    assert [name for name, table in found.items() if table is None] == []
    assert sorted(register.tables().keys() - found.keys()) == []


def test_every_column_that_can_tell_something_is_kept_emptied_or_pseudonymised() -> None:
    unplaced = [
        f"{model._meta.db_table}.{one.column}"
        for model, table in tables()
        if table and table.copied
        for one in columns(model)
        if isinstance(one, SAYS_SOMETHING)
        and one.column not in table.columns
        and one.column not in table.hidden
    ]
    assert unplaced == [], "place it in tenants/contents: kept, emptied, or the kind of its pseudonym"


def test_days_of_birth_are_moved() -> None:
    for model, table in tables():
        for one in columns(model):
            if table and table.copied and "birth" in one.column and isinstance(one, models.DateField):
                assert table.columns.get(one.column) == "birth_date", f"{table.name}.{one.column}"


def test_what_is_sealed_is_never_kept() -> None:
    kept = [
        f"{model._meta.db_table}.{one.column}"
        for model, table in tables()
        if table
        for one in columns(model)
        if isinstance(one, Sealed) and table.columns.get(one.column) == register.KEPT
    ]
    assert kept == []


def test_nothing_is_placed_that_is_not_there() -> None:
    for model, table in tables():
        if table:
            there = {one.column for one in columns(model)}
            assert (table.columns.keys() | table.hidden) <= there, table.name
            assert set(table.columns.values()) <= KINDS, table.name


def test_ways_in_are_never_copied_nor_written_out() -> None:
    for name in (
        "identity_session",
        "identity_apitoken",
        "identity_passkey",
        "kernel_keypair",
        "schedule_feed",
    ):
        table = register.tables()[name]
        assert table.stays == "secret"
        assert not table.copied


def test_every_column_that_is_written_out_has_words_in_both_languages() -> None:
    wanted = {one.column for model, table in tables() if table and not table.stays for one in columns(model)}
    assert sorted(wanted - register.words().keys()) == []
    for words in register.words().values():
        assert all(words[language] for language in ("kk", "ru"))
