"""Accounts found and narrowed: for the list, for the search of the whole product, for choices."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from identity import rights
from identity.models import User, UserRole
from kernel import search
from kernel.access import Actor

Users = QuerySet[User, Any]
NAME = ("surname", "name", "patronymic")


def accounts(*, text: str = "", kind: str = "", state: str = "") -> Users:
    """Accounts in Kazakh order of names. The caller has checked the right."""
    rows = of_kind(in_state(User.objects.all(), state), kind)
    return (rows.filter(search.holds(text, field="search")) if text else rows).order_by(*NAME, "pk")


def of_kind(rows: Users, kind: str) -> Users:
    return rows.filter(person_kind=kind) if kind in User.PersonKind.values else rows


def in_state(rows: Users, state: str) -> Users:
    """`never` signed in, has a `one_time` password, is in `use`, is `blocked`; anything else narrows nothing."""
    if state == "never":
        return rows.filter(signed_in_at=None, is_active=True)
    if state == "one_time":
        return rows.filter(must_change_password=True, is_active=True)
    if state == "use":
        return rows.filter(signed_in_at__isnull=False, must_change_password=False, is_active=True)
    return rows.filter(is_active=False) if state == "blocked" else rows


def with_role(rows: Users, code: str) -> Users:
    """Who holds the role today."""
    return rows.filter(
        Exists(UserRole.objects.filter(rights.in_force(), role__code=code, user_id=OuterRef("pk")))
    )


def every(_actor: Actor) -> Users:
    return User.objects.all()


def matching(rows: Users, text: str, _actor: Actor) -> Users:
    """Words of the name, the login or the phone, typed from any place."""
    return rows.filter(search.holds(text, field="search"))


def nearly(rows: Users, text: str, _actor: Actor) -> list[int]:
    return search.alike(rows, text, field="search")


def first(text: str, *, limit: int) -> list[User]:
    """The first accounts that match, or nearly match."""
    rows = User.objects.order_by(*NAME, "pk")
    found = list(rows.filter(search.holds(text, field="search"))[:limit])
    return found or list(rows.filter(pk__in=search.alike(rows, text, field="search", limit=limit)))


BY_SIGN_IN = (F("signed_in_at").asc(nulls_first=True),)
