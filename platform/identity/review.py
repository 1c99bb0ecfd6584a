"""The review of access: who holds which role, since when, from whom, and whether they ever came in."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from identity import finding, permissions, queries, rights
from identity.data import Held, HeldFilter
from identity.models import Passkey, RolePermission, UserRole
from kernel import clock
from kernel.access import Actor, require

STATES = ("never", "no_factor", "term", "blocked")
_ORDERS = {
    "name": ("user__surname", "user__name", "user_id", "role__code", "id"),
    "role": ("role__base", "role__code", "user__surname", "user__name", "id"),
    "since": ("since", "user__surname", "user__name", "id"),
    "seen": ("user__signed_in_at", "user__surname", "user__name", "id"),
}


def page_of_access(
    *, actor: Actor, wanted: HeldFilter, number: str | None, size: int = 50
) -> tuple[Page, list[Held]]:
    """One page of the review: five queries at any size."""
    require(actor, permissions.READ_AUDIT)
    page = Paginator(_rows(wanted), size).get_page(number)
    return page, _held(list(page.object_list))


def all_access(*, actor: Actor, wanted: HeldFilter) -> list[Held]:
    """The whole review as it is filtered."""
    require(actor, permissions.READ_AUDIT)
    return _held(list(_rows(wanted)))


def _rows(wanted: HeldFilter) -> QuerySet[UserRole]:
    codes = TOTPDevice.objects.filter(user_id=OuterRef("user_id"), confirmed=True)
    keys = Passkey.objects.filter(user_id=OuterRef("user_id"))
    rows = UserRole.objects.filter(Q(until=None) | Q(until__gte=clock.today()))
    rows = rows.select_related("user", "role").annotate(has_factor=Exists(codes) | Exists(keys))
    if wanted.search:
        rows = rows.filter(finding.called(wanted.search, user="user__"))
    if wanted.role:
        rows = rows.filter(role__code=wanted.role)
    if wanted.kind:
        rows = rows.filter(user__person_kind=wanted.kind)
    if wanted.state == "blocked":
        rows = rows.filter(user__is_active=False)
    else:
        rows = rows.filter(user__is_active=True)
    if wanted.state == "never":
        rows = rows.filter(user__signed_in_at=None)
    elif wanted.state == "no_factor":
        rows = rows.filter(has_factor=False, role__code__in=_with_closed_data())
    elif wanted.state == "term":
        rows = rows.exclude(until=None)
    field = wanted.sort.lstrip("-")
    order: list[Any] = list(_ORDERS.get(field, _ORDERS["name"]))
    if field == "seen":
        first = F("user__signed_in_at")
        order[0] = first.desc(nulls_last=True) if wanted.sort.startswith("-") else first.asc(nulls_first=True)
    elif wanted.sort.startswith("-"):
        order[0] = f"-{order[0]}"
    return rows.order_by(*order)


def _with_closed_data() -> set[str]:
    """Codes of the roles that open others' closed data."""
    by_role: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for role, *grant in RolePermission.objects.values_list("role__code", "role__base", "code", "scope"):
        by_role[role].append((grant[0], grant[1], grant[2]))
    return {
        role
        for role, rows in by_role.items()
        if rights.Rights(frozenset({role}), frozenset(), rights.clipped(rows)).are_sensitive
    }


def _held(rows: list[UserRole]) -> list[Held]:
    names = queries.names_of({str(row.given_by_id) for row in rows if row.given_by_id is not None})
    closed = _with_closed_data()
    return [
        Held(
            user_id=row.user_id,
            person=row.user.person_name.full,
            username=row.user.username,
            is_active=row.user.is_active,
            role=rights.label_of(row.role),
            closed_data=row.role.code in closed,
            since=row.since,
            until=row.until,
            given_by=names.get(str(row.given_by_id), ""),
            signed_in_at=row.user.signed_in_at,
            second_factor=row.has_factor,  # type: ignore[attr-defined]
        )
        for row in rows
    ]
