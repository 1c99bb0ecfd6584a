"""Reads of identity. Callers in views have checked the right; functions with `actor=` check it themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from identity import rights
from identity.credentials import key_hash, plain_phone
from identity.data import Account, GivenRole
from identity.models import ApiToken, Role, Session, User, UserRole
from kernel.tenancy import current


def living_session(key: str, *, at: datetime) -> Session | None:
    """The session of the cookie with its user, roles and stamp of rights, in one query; None when it has ended."""
    rows = Session.objects.select_related("user").filter(
        key_hash=key_hash(key), tenant_id=current().id, ended_at=None, expires_at__gt=at, user__is_active=True
    )
    return rights.with_rights(rows, "user_id").first()


def living_token(key: str, *, at: datetime) -> ApiToken | None:
    rows = ApiToken.objects.select_related("user").filter(
        token_hash=key_hash(key), ended_at=None, expires_at__gt=at, user__is_active=True
    )
    return rights.with_rights(rows, "user_id").first()


def user_by_login(login: str) -> User | None:
    """The account that answers to a login name or a phone; a phone that several accounts share names nobody."""
    name = login.strip().lower()
    user = User.objects.filter(username=name).first()
    phone = plain_phone(name)
    if user is None and phone:
        found = list(User.objects.filter(phone=phone, is_active=True)[:2])
        user = found[0] if len(found) == 1 else None
    return user


def given_roles(user_ids: Iterable[int]) -> dict[int, tuple[GivenRole, ...]]:
    """Roles of users, those in force and those to come, by user."""
    found: dict[int, list[GivenRole]] = {}
    rows = (
        UserRole.objects.filter(user_id__in=list(user_ids))
        .select_related("role")
        .order_by("user_id", "since", "id")
    )
    for row in rows:
        found.setdefault(row.user_id, []).append(
            GivenRole(row.pk, row.role.code, rights.label_of(row.role), row.since, row.until)
        )
    return {user_id: tuple(roles) for user_id, roles in found.items()}


def account(user: User, roles: tuple[GivenRole, ...] = ()) -> Account:
    return Account(
        id=user.pk,
        username=user.username,
        full_name=user.person_name.full,
        person_kind=user.person_kind,
        person_id=user.person_id,
        phone=user.phone,
        language=user.language,
        is_active=user.is_active,
        must_change_password=user.must_change_password,
        signed_in_at=user.signed_in_at,
        roles=roles,
    )


def accounts_of(person_ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Accounts by the person behind them; persons without one are left out."""
    users = list(User.objects.filter(person_id__in=list(person_ids)))
    roles = given_roles(user.pk for user in users)
    return {
        user.person_id: account(user, roles.get(user.pk, ())) for user in users if user.person_id is not None
    }


def roles() -> QuerySet[Role]:
    return Role.objects.order_by("-is_given", "id")


def sessions_of(user_id: int, *, at: datetime) -> list[Session]:
    """Where the user is signed in now, the latest seen first."""
    rows = Session.objects.filter(user_id=user_id, ended_at=None, expires_at__gt=at)
    return list(rows.order_by("-seen_at", "-id"))
