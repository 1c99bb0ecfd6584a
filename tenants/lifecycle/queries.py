"""What is known of a tenant's life: for the operator all of it, for its own director the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from kernel import clock, files, tenancy
from tenants.lifecycle import rules
from tenants.lifecycle.services import UnknownTenant
from tenants.models import Contract, LedgerEntry, Passage, SchemaState, Tenant


@dataclass(frozen=True, slots=True)
class Standing:
    """The current tenant's state and contract, as its director reads it."""

    state: str
    contract: Contract | None
    comes: rules.Step | None
    steps: list[rules.Step]
    passages: list[Passage]
    is_held: bool

    @property
    def until(self) -> date | None:
        """The last day on which everything works."""
        return self.contract.until if self.contract else None


def standing() -> Standing:
    """Where the current tenant stands: its own contract and passages are all that its role sees."""
    ref = tenancy.current()
    contract = own_contract()
    passages = list(Passage.objects.filter(tenant_id=ref.id).order_by("-id")[:20])
    held = bool(passages) and passages[0].by_hand and passages[0].state == ref.state
    return Standing(
        state=ref.state,
        contract=contract,
        comes=None if held else rules.next_step(contract, clock.today()),
        steps=rules.steps(contract) if contract else [],
        passages=passages,
        is_held=held,
    )


def own_contract() -> Contract | None:
    return Contract.objects.filter(tenant_id=tenancy.current().id).order_by("-until").first()


def known_of(code: str) -> dict[str, Any]:
    """All that the register knows of a tenant, with the size of what it holds. Raises UnknownTenant."""
    with tenancy.owner():
        row = (
            Tenant.objects.select_related("parent")
            .prefetch_related("domains", "passages")
            .filter(code=code)
            .first()
        )
        if row is None:
            raise UnknownTenant(code=code)
        contract = Contract.objects.filter(tenant=row).order_by("-until").first()
        schema = SchemaState.objects.filter(schema=row.schema_name).first()
        newest = LedgerEntry.objects.filter(kind=row.kind).count()
        rows, size = _measure(row.schema_name)
    comes = None if row.is_held else rules.next_step(contract, clock.today())
    return {
        "code": row.code,
        "kind": row.kind,
        "mode": row.mode,
        "state": row.state,
        "held": row.is_held,
        "name_kk": row.name_kk,
        "name_ru": row.name_ru,
        "parent": row.parent.code if row.parent else "",
        "hosts": [host.domain for host in row.domains.all()],
        "created": f"{row.created_at:%Y-%m-%d}",
        "contract": {
            "number": contract.number,
            "since": str(contract.since),
            "until": str(contract.until),
            "warning_days": contract.warning_days,
            "read_only_days": contract.read_only_days,
        }
        if contract
        else None,
        "next": {"state": comes.state, "on": str(comes.since)} if comes else None,
        "schema": row.schema_name,
        "position": schema.position if schema else None,
        "newest": newest,
        "rows": rows,
        "megabytes": round(size / 1024**2, 1),
        "file_megabytes": round(files.size_of(row.schema_name) / 1024**2, 1),
        "passages": [
            {
                "state": one.state,
                "at": f"{one.at:%Y-%m-%d %H:%M}",
                "by_hand": one.by_hand,
                "letter": one.letter,
            }
            for one in sorted(row.passages.all(), key=lambda one: one.pk)
        ],
    }


# By pg_depend, which has an index: pg_class has none by schema.
_TABLES = """
FROM pg_namespace n JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
  AND d.classid = 'pg_class'::regclass JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'r'
WHERE n.nspname = ANY(%s)
"""


def rows_of(schemas: list[str]) -> dict[str, int]:
    """How many rows each schema has, as the planner knows it: whatever may be read in its tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n.nspname, sum(greatest(c.reltuples, 0))::bigint {_TABLES} GROUP BY 1",
            [schemas],
        )
        return dict(cursor.fetchall())


def _measure(schema: str) -> tuple[int, int]:
    """Rows, as the planner knows them, and bytes of a schema's tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint {_TABLES}", [[schema]]
        )
        size = int(cursor.fetchone()[0])
    return rows_of([schema]).get(schema, 0), size
