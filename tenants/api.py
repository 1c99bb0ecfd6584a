"""The door to the register of tenants: what a host name, a code or a schema stands for."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from kernel import tenancy
from kernel.tenancy import Kind, TenantRef, current
from tenants import reference
from tenants.models import Host, Tenant

State = Tenant.State
WRITING = (State.ACTIVE, State.WARNED)
LIVING = (*WRITING, State.READ_ONLY, State.CLOSED)  # something of it can still be opened
_KEPT_SECONDS = 5.0
_by_host: dict[str, tuple[float, TenantRef | None]] = {}


def by_host(host: str) -> TenantRef | None:
    """The tenant that answers at the host, whatever its state; remembered by the process for a few seconds."""
    known = _by_host.get(host)
    now = time.monotonic()
    if known is not None and known[0] > now:
        return known[1]
    with tenancy.register():
        row = Host.objects.select_related("tenant__cell").filter(domain=host).first()
    ref = row.tenant.ref(host) if row else None
    if len(_by_host) > 20_000:
        _by_host.clear()
    _by_host[host] = (now + _KEPT_SECONDS, ref)
    return ref


def forget_host(host: str | None = None) -> None:
    """Drop what this process remembers of a host, or of all."""
    if host is None:
        _by_host.clear()
    else:
        _by_host.pop(host, None)


def by_schema(schema: str) -> TenantRef | None:
    """The living tenant of the schema."""
    return _one(schema_name=schema, state__in=LIVING)


def by_code(code: str) -> TenantRef | None:
    """The tenant with the code, whatever its state."""
    return _one(code=code)


def refreshed(ref: TenantRef) -> TenantRef:
    """The tenant as the register has it at this moment; what the process remembers of hosts is forgotten."""
    forget_host()
    return by_code(ref.code) or ref


def by_id(tenant_id: UUID) -> TenantRef | None:
    return _one(pk=tenant_id)


def _one(**condition: object) -> TenantRef | None:
    with tenancy.register():
        row = _own().filter(**condition).prefetch_related("domains").first()
        return row.ref(_host(row)) if row else None


def all_open() -> list[TenantRef]:
    """Every tenant of which something can still be opened, by code."""
    return _listed(state__in=LIVING)


def all_living() -> list[TenantRef]:
    """Every tenant that has a schema with something in it, by code."""
    return _listed(state__in=[*LIVING, State.ARCHIVED])


def all_active(*kinds: Kind) -> list[TenantRef]:
    """Every tenant that works, of the kinds if any are named, by code."""
    return _listed(state__in=WRITING, kind__in=[kind.value for kind in kinds or Kind])


def _listed(**wanted: Any) -> list[TenantRef]:
    with tenancy.register():
        rows = _own().filter(**wanted).prefetch_related("domains").order_by("code")
        return [row.ref(_host(row)) for row in rows]


def _own() -> QuerySet[Tenant]:
    """Tenants, of which the register of another cell has copies: there, those that stand in it."""
    rows, server = Tenant.objects.select_related("cell"), tenancy.here()
    return rows if server is None else rows.filter(cell=server.cell)


def children(parent_id: UUID) -> list[TenantRef]:
    """The living tenants directly below an authority, by code, but for those for trials.

    Readable from any tenant: names of organisations only.
    """
    rows = Tenant.objects.filter(parent_id=parent_id, state__in=LIVING).exclude(mode__in=tenancy.SHUT_MODES)
    return [row.ref() for row in rows.select_related("cell").order_by("code")]


def names_of(ids: Iterable[UUID]) -> dict[UUID, TenantRef]:
    """Organisations by id, for tables of figures."""
    return {row.pk: row.ref() for row in Tenant.objects.filter(pk__in=list(ids)).select_related("cell")}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an organisation is: its district and its region by name, and whether they are the current tenant's."""

    district: str
    region: str
    same_district: bool
    same_region: bool


def standing(tenant_id: UUID) -> Standing:
    """Where the other tenant stands, seen from the current one; names in the reader's language."""
    rows = Tenant.objects.filter(pk__in=[tenant_id, current().id]).select_related("parent__parent")
    above = {row.pk: row.parent for row in rows}
    here, there = above.get(current().id), above.get(tenant_id)
    region, own_region = (one.parent if one else None for one in (there, here))
    return Standing(
        district=_place(there),
        region=_place(region),
        same_district=there is not None and here == there,
        same_region=region is not None and region == own_region,
    )


def _place(authority: Tenant | None) -> str:
    """The name of the place by its КАТО code, else that of the authority."""
    if authority is None:
        return ""
    found = reference.places().get(authority.kato)
    return found.name if found else authority.name


def rename(*, name_kk: str, name_ru: str) -> None:
    """Change the name under which the current tenant stands in the register, and no other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.tenants_rename(%s, %s)", [name_kk, name_ru])
    forget_host()


def url_of(ref: TenantRef, path: str = "/") -> str:
    """The address of a page at the tenant's host."""
    scheme = "https" if settings.HTTPS else "http"
    port = "" if settings.HTTPS else f":{settings.PORT}"
    return f"{scheme}://{ref.host}{port}{path}"


def _host(row: Tenant) -> str:
    hosts = sorted(row.domains.all(), key=lambda h: (not h.is_primary, h.domain))
    return hosts[0].domain if hosts else ""
