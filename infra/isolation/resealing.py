"""Closed columns in a copy: what the source's key had closed is opened there and closed with the copy's own, with a token."""

from __future__ import annotations

import secrets
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from psycopg import sql

from infra.isolation import samples
from infra.isolation.canaries import LENGTH, mark_of
from kernel import tenancy
from kernel.db.sealed import Sealed, SealedJSONField, sealed_fields
from kernel.tenancy import TenantRef
from tenants import roles


def closed_columns(ref: TenantRef) -> set[str]:
    """Columns, as table.column, that hold nothing readable without the tenant's key."""
    return {f"{model._meta.db_table}.{field.column}" for model, fields in _closed(ref) for field in fields}


def reseal(source: TenantRef, target: TenantRef, *, other_keys: bool) -> None:
    """Close the source's values again in its copy."""
    mark = mark_of(target)
    for model, fields in _closed(source):
        with tenancy.owner(source):
            rows = list(model._base_manager.values_list("pk", *(field.attname for field in fields)))
        table = sql.Identifier(target.schema, model._meta.db_table)
        with tenancy.owner(target):
            roles.send([sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table)])
            with transaction.atomic():
                for key, *values in rows:
                    there = samples.elsewhere(key) if other_keys else key
                    closed = {
                        field.attname: _marked(field, value, mark)
                        for field, value in zip(fields, values, strict=True)
                    }
                    model._base_manager.filter(pk=there).update(**closed)
            roles.send([sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table)])


def _closed(ref: TenantRef) -> list[tuple[type[models.Model], list[Sealed]]]:
    labels = {name.rpartition(".")[2] for name in settings.TENANT_TYPES[ref.kind.value]["APPS"]}
    return [
        (model, fields)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels and model._meta.managed and (fields := sealed_fields(model))
    ]


def _marked(field: Sealed, value: Any, mark: str) -> Any:
    """The value with a token in it, where it has room and is not looked up whole."""
    token = f"qz{mark}{secrets.token_hex(6)}x"
    if isinstance(field, SealedJSONField):
        return {**value, "canary": token} if isinstance(value, dict) else value
    if not value or field.findable or (field.largest is not None and field.largest < LENGTH):
        return value
    room = (field.largest or 10_000) - LENGTH
    return f"{value[:room]}{token}"
