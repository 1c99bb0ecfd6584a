"""The cells of an installation: which there are, and what is in each."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from psycopg import sql

from kernel import clock, tenancy
from kernel.errors import DomainError
from kernel.tenancy import Server
from tenants import provisioning, roles, waves
from tenants.cells import flows
from tenants.models import Cell, LedgerEntry, SchemaState, Tenant


class UnknownCell(DomainError):
    message = "There is no cell {code}."
    code = "unknown_cell"


class CellKnown(DomainError):
    message = "There is a cell {code} already."
    code = "cell_known"


class NotEmpty(DomainError):
    message = "The database of the cell has tables already; a new cell begins with an empty one."
    code = "not_empty"


def add(*, code: str, host: str, port: int, database: str, capacity: int) -> Cell:
    """Take a cell in: its public tables, its templates and its copy of the register are made, from the register's own ledger.

    Safe to repeat after a break. Raises CellKnown, NotEmpty and ValidationError.
    """
    row = Cell(code=code, host=host, port=port, database=database, capacity=capacity, added_at=clock.now())
    with tenancy.owner():
        if Cell.objects.filter(pk=code).exists():
            raise CellKnown(code=code)
        row.clean_fields()
    server = row.server
    _prepare(server)
    with tenancy.owner():
        row.save(force_insert=True)
    flows.down(server)
    return row


def _prepare(server: Server) -> None:
    """Public and the templates. The templates are made by the ledger, so that all cells have one."""
    with tenancy.owner():
        entries = list(LedgerEntry.objects.order_by("kind", "position"))
    with tenancy.at(server):
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.tenants_schemastate') IS NOT NULL")
            if cursor.fetchone()[0] and SchemaState.objects.exclude(kind="public").exists():
                raise NotEmpty
        waves.prepare_public()
        with tenancy.owner():
            LedgerEntry.objects.bulk_create(entries, batch_size=100, ignore_conflicts=True)
        for kind in provisioning.PREFIX:
            _make_template(kind, [one for one in entries if one.kind == kind])


def _make_template(kind: Any, entries: list[LedgerEntry]) -> None:
    ref = provisioning.template(kind)
    with tenancy.owner(ref), transaction.atomic():
        roles.send(
            [
                sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(ref.schema)),
                sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(ref.schema)),
                sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(ref.schema)),
                *(provisioning.as_sql(entry.sql) for entry in entries),
            ]
        )


def every() -> list[Cell]:
    with tenancy.owner():
        return list(Cell.objects.order_by("code"))


def get(code: str) -> Cell:
    """Raises UnknownCell."""
    with tenancy.owner():
        row = Cell.objects.filter(pk=code).first()
    if row is None:
        raise UnknownCell(code=code)
    return row


def close(code: str, *, full: bool) -> Cell:
    """Say whether the cell takes tenants."""
    row = get(code)
    row.state = Cell.State.FULL if full else Cell.State.OPEN
    with tenancy.owner():
        row.save(update_fields=["state"])
    return row


def filled() -> dict[str, int]:
    """How many tenants stand in each cell."""
    with tenancy.owner():
        found = Tenant.objects.exclude(cell=None).values_list("cell_id").annotate(count=Count("pk"))
        return dict.fromkeys(Cell.objects.values_list("code", flat=True), 0) | dict(found)


def sync() -> dict[str, dict[str, int]]:
    """All flows of all cells, once; one that does not answer is told of by the exception."""
    return {
        cell.code: {
            "register": flows.down(cell.server),
            "figures": flows.up(cell.server),
            "letters": flows.letters(cell.server),
        }
        for cell in every()
    }
