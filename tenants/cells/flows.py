"""What goes between the register and the cells: the register down, figures up, letters to where their reader is.

In production the register and the figures go by PostgreSQL's logical replication (decision 0028); this does the same by the minute
where it is not set up, and in tests. Every flow may be repeated and stopped at any row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models, transaction

from kernel import tenancy
from kernel.tenancy import Server
from tenants.models import (
    Cell,
    Contract,
    Envelope,
    EnvelopeContent,
    Host,
    Passage,
    PublicKey,
    RollupFact,
    RollupFreshness,
    Tenant,
)

# Names of organisations and where they answer: no person. What schemas are made of comes with each release (mektep migrate).
DOWN: tuple[type[models.Model], ...] = (Cell, Tenant, Host, Contract, Passage)


def down(server: Server) -> int:
    """Make the cell's copy of the register as the register is; answers how many rows it has."""
    count = 0
    copies = [(model, _rows(model)) for model in DOWN]
    keys = _rows(PublicKey)
    with tenancy.at(server), tenancy.owner(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # rows come in any order
        for model, rows in reversed(copies):  # what holds on to another goes before it
            model._default_manager.exclude(pk__in=[row.pk for row in rows]).delete()
        for model, rows in copies:
            _same(model, rows)
            count += len(rows)
        _add(PublicKey, keys)  # a school makes its own where it stands
    return count


def up(server: Server) -> int:
    """Bring the figures and the public keys of the schools in the cell to the register; answers how many changed."""
    with tenancy.at(server), tenancy.owner():
        schools = list(Tenant.objects.filter(cell=server.cell).values_list("pk", flat=True))
        there = _by_key(RollupFact.objects.filter(school_id__in=schools))
        fresh = list(RollupFreshness.objects.filter(school_id__in=schools))
        keys = list(PublicKey.objects.filter(tenant_id__in=schools))
    with tenancy.owner(), transaction.atomic():
        here = _by_key(RollupFact.objects.filter(school_id__in=schools))
        gone = [one.pk for key, one in here.items() if key not in there]
        RollupFact.objects.filter(pk__in=gone).delete()
        changed = 0
        for key, fact in there.items():
            if key in here and _values(here[key]) == _values(fact):
                continue
            fact.pk = here[key].pk if key in here else None
            fact.save(force_insert=key not in here, force_update=key in here)
            changed += 1
        RollupFreshness.objects.bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=["school_id"],
            update_fields=["refreshed_at", "recounted_at", "mismatches"],
        )
        _add(PublicKey, keys)
    return changed + len(gone)


def letters(server: Server) -> int:
    """Carry sealed letters to the cell where their reader is; answers how many. Twice is as once: a letter is taken once."""
    with tenancy.owner():
        inside = Tenant.objects.filter(cell=server.cell).values("pk")
        coming = list(Envelope.objects.filter(receiver_id__in=inside))
    with tenancy.at(server), tenancy.owner():
        own = Tenant.objects.filter(cell=server.cell).values("pk")
        leaving = list(Envelope.objects.exclude(receiver_id__in=own))
    _carry(coming, None, server)
    _carry(leaving, server, None)
    return len(coming) + len(leaving)


def _carry(covers: list[Envelope], source: Server | None, target: Server | None) -> None:
    ids = [cover.pk for cover in covers]
    with tenancy.at(source), tenancy.owner():
        contents = list(EnvelopeContent.objects.filter(envelope_id__in=ids))
    with tenancy.at(target), tenancy.owner(), transaction.atomic():
        _add(Envelope, covers)
        _add(EnvelopeContent, contents)
    with tenancy.at(source), tenancy.owner():
        Envelope.objects.filter(pk__in=ids).delete()


def _rows(model: type[models.Model]) -> list[Any]:
    with tenancy.owner():
        return list(model._default_manager.order_by("pk"))


def _same(model: type[models.Model], rows: list[Any]) -> None:
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    key = model._meta.pk
    assert key is not None
    model._default_manager.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=[key.name], update_fields=names
    )


def _add(model: type[models.Model], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(list(rows), batch_size=500, ignore_conflicts=True)


_KEY = ("school_id", "metric", "version", "year", "period", "dimension", "value")
_VALUES = ("numerator", "denominator", "people", "is_open")


def _by_key(facts: Iterable[RollupFact]) -> dict[tuple[Any, ...], RollupFact]:
    return {tuple(getattr(fact, name) for name in _KEY): fact for fact in facts}


def _values(fact: RollupFact) -> tuple[Any, ...]:
    return tuple(getattr(fact, name) for name in _VALUES)
