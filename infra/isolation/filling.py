"""A row in every table that the demo leaves empty, so that each kind of object is there to be asked for."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, models, transaction

from identity.models import User
from infra.isolation import samples
from kernel import clock, tenancy
from kernel.tenancy import TenantRef


def fill_empty_tables(ref: TenantRef) -> tuple[int, list[str]]:
    """Answer how many rows were made, and the tables for which none could be made up."""
    made = 0
    with tenancy.owner(ref):
        empty = [model for model in _models(ref) if not model._default_manager.exists()]
        # What refers to another comes after it; three rounds are enough for chains of references.
        for _round in range(3):
            left = []
            for model in empty:
                try:
                    with transaction.atomic():
                        model._default_manager.bulk_create([model(**_values(model))])
                    made += 1
                except (DatabaseError, LookupError, ValueError):
                    left.append(model)
            empty = left
    tenancy.forget(ref.schema)
    return made, sorted(model._meta.db_table for model in empty)


def _models(ref: TenantRef) -> list[type[models.Model]]:
    names = settings.TENANT_TYPES[ref.kind.value]["APPS"]
    labels = {name.rpartition(".")[2] for name in names}
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels and model._meta.managed and not model._meta.proxy
    ]


def _values(model: type[models.Model]) -> dict[str, Any]:
    return {
        field.attname: value
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField) and (value := _value(field)) is not None
    }


def _value(field: models.Field[Any, Any]) -> Any:
    """Something that the field takes: a row of what it refers to, the first of its choices, or a plain value."""
    if field.is_relation:
        rows = field.related_model._default_manager.order_by("pk")  # type: ignore[union-attr]
        # Those who ask stand at both ends of the list; what is made up shall not trouble their own pages.
        row = (rows.reverse()[30:31].first() if field.related_model is User else None) or rows.first()
        if row is None and not field.null:
            raise LookupError(field.name)
        return None if row is None else getattr(row, field.target_field.attname)  # type: ignore[attr-defined]
    referred = samples.model_of(field.model._meta.app_label, field.attname)
    if referred is not None and referred is not field.model:
        row = referred._default_manager.order_by("pk").first()
        return row.pk if row is not None else None
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if field.choices:
        return next(value for value, _label in field.flatchoices if value not in ("", None))
    return _plain(field)


def _plain(field: models.Field[Any, Any]) -> Any:
    today = clock.today()
    plain: dict[str, Any] = {
        "UUIDField": UUID(int=1),
        "DateField": today,
        "DateTimeField": clock.now(),
        "TimeField": time(9, 0),
        "DurationField": timedelta(hours=1),
        "BooleanField": False,
        "DecimalField": Decimal(1),
        "JSONField": {},
        "BinaryField": b"\0" * 32,
        "ArrayField": [],
    }
    kind = field.get_internal_type()
    if kind in plain:
        return plain[kind]
    if "Integer" in kind:
        return 1
    if kind in ("CharField", "TextField", "SlugField"):
        return "сынақ"[: field.max_length or 5]
    raise LookupError(field.name)
