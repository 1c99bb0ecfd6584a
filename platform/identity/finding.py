"""Accounts found and narrowed: for the list, for the search of the whole product, for choices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from identity import rights
from identity.credentials import plain_phone
from identity.models import ApiToken, Session, User, UserRole
from kernel import search
from kernel.access import Actor
from kernel.db.sealed import ENDING_LENGTH

Users = QuerySet[User, Any]
NAME = ("surname", "name", "patronymic")


def accounts(*, text: str = "", kind: str = "", state: str = "") -> Users:
    """Accounts in Kazakh order of names. The caller has checked the right."""
    rows = of_kind(in_state(residents(), state), kind)
    return (rows.filter(called(text)) if text else rows).order_by(*NAME, "pk")


def called(text: str, *, user: str = "") -> Q:
    """Words of the name or the login, typed from any place; or the end of a phone, four digits of it or more.

    `user` leads to the account from other rows: "user__".
    """
    found = search.holds(text, field=f"{user}search")
    if keys := _by_phone(text):
        found |= Q(**{f"{user}pk__in": keys})
    return found


def _by_phone(text: str) -> list[int]:
    """Phones are sealed: those with the same last four digits are opened and compared whole."""
    digits = re.sub(r"[\s()\-+]", "", text)
    if len(digits) < ENDING_LENGTH or not (digits.isascii() and digits.isdigit()):
        return []
    typed, end = plain_phone(text) or digits, digits[-ENDING_LENGTH:]
    alike = User.objects.filter(Q(phone__ending=end) | Q(phone_wanted__ending=end))
    return [
        key
        for key, *numbers in alike.values_list("pk", "phone", "phone_wanted")
        if any(number.endswith(typed) for number in numbers)
    ]


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


def residents() -> Users:
    """Accounts of the tenant's own people; visitors are the director's to see, on the page of visits."""
    return User.objects.exclude(person_kind=User.PersonKind.VISITOR)


def every(_actor: Actor) -> Users:
    return residents()


def matching(rows: Users, text: str, _actor: Actor) -> Users:
    return rows.filter(called(text))


def nearly(rows: Users, text: str, _actor: Actor) -> list[int]:
    return search.alike(rows, text, field="search")


def first(text: str, *, limit: int) -> list[User]:
    """The first accounts that match, or nearly match."""
    rows = residents().order_by(*NAME, "pk")
    found = list(rows.filter(called(text))[:limit])
    return found or list(rows.filter(pk__in=search.alike(rows, text, field="search", limit=limit)))


@dataclass(frozen=True, slots=True)
class WayIn:
    """A sign-in or a token of an account, as somebody chooses one from a list. `kind` is "session" or "token"."""

    kind: str
    id: int
    label: str


def ways_of(user_id: int, *, limit: int = 60) -> list[WayIn]:
    """Sign-ins and tokens of the account, also those that are over, the newest first. Callers check the right."""
    sessions = Session.objects.filter(user_id=user_id).order_by("-id")[:limit]
    tokens = ApiToken.objects.filter(user_id=user_id).order_by("-id")[:limit]

    def moment(at: datetime) -> str:
        return date_format(localtime(at), "SHORT_DATETIME_FORMAT")

    return [
        *(
            WayIn("session", one.pk, f"{one.device}, {one.address}, {moment(one.created_at)}")
            for one in sessions
        ),
        *(WayIn("token", one.pk, f"{one.label}, {moment(one.created_at)}") for one in tokens),
    ]


BY_SIGN_IN = (F("signed_in_at").asc(nulls_first=True),)
