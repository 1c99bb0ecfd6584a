"""Lists of tenants for the portal and for the vendor: names and states, nothing of what is inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.functions import Collate, Concat
from django.utils.translation import get_language

from kernel import tenancy
from kernel.names import KK_COLLATION, fold, folded
from kernel.tenancy import Kind, TenantRef
from tenants import api
from tenants.models import Tenant

MOST_FOUND = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A school or an authority as the portal shows it: its name, what it stands under, and its address."""

    name: str
    under: str
    ref: TenantRef


def find(*, query: str = "", under: str = "", kind: Kind = Kind.SCHOOL) -> tuple[list[Place], bool]:
    """Schools whose name has all the words, near letters alike, in Kazakh order; and whether there are more.

    `under` is the code of a district or a region.
    """
    name = "name_ru" if (get_language() or "kk").startswith("ru") else "name_kk"
    with tenancy.register():
        rows = _shown(kind)
        if under:
            rows = rows.filter(Q(parent__code=under) | Q(parent__parent__code=under))
        named = Concat(F("name_kk"), Value(" "), F("name_ru"), Value(" "), F("code"))
        rows = rows.annotate(folded=folded(named))
        for word in fold(query).split()[:6]:
            rows = rows.filter(folded__contains=word)
        rows = rows.select_related("parent", "cell").prefetch_related("domains")
        found = list(rows.order_by(Collate(name, KK_COLLATION), "code")[: MOST_FOUND + 1])
        places = [
            Place(row.name, row.parent.name if row.parent else "", row.ref(_host(row))) for row in found
        ]
    return places[:MOST_FOUND], len(places) > MOST_FOUND


def authorities() -> list[tuple[str, str]]:
    """(code, name) of districts and regions that have schools or districts below them, in Kazakh order."""
    name = "name_ru" if (get_language() or "kk").startswith("ru") else "name_kk"
    with tenancy.register():
        rows = _shown(Kind.AUTHORITY).filter(children__state__in=api.LIVING).distinct()
        return [(row.code, row.name) for row in sorted_by_name(rows, name)]


def sorted_by_name(rows: Any, name: str) -> list[Tenant]:
    return list(rows.annotate(shown=Collate(name, KK_COLLATION)).order_by("shown", "code"))


def _shown(kind: Kind) -> Any:
    rows = Tenant.objects.filter(kind=kind, state__in=api.LIVING)
    return rows.filter(mode=Tenant.Mode.LIVE) if settings.MODE == "live" else rows


def _host(row: Tenant) -> str:
    hosts = sorted(row.domains.all(), key=lambda h: (not h.is_primary, h.domain))
    return hosts[0].domain if hosts else ""


@dataclass(frozen=True, slots=True)
class Overview:
    """A tenant as the vendor sees it: how it stands technically, nothing of what is inside."""

    code: str
    kind: str
    mode: str
    state: str
    name_kk: str
    name_ru: str
    under: str
    host: str
    position: int
    newest: int
    refreshed_at: datetime | None
    recounted_at: datetime | None
    mismatches: int

    @property
    def name(self) -> str:
        return self.name_ru if (get_language() or "kk").startswith("ru") else self.name_kk

    @property
    def is_behind(self) -> bool:
        return self.position < self.newest


def overview() -> list[Overview]:
    """Every tenant with its schema's position and its figures' freshness. Answers the vendor's own role alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.tenants_overview()")
        return [Overview(*row) for row in cursor.fetchall()]
