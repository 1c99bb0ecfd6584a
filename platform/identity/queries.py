"""Reads of identity. Callers in views have checked the right; functions with `actor=` check it themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef

from identity import figures, permissions, rights
from identity.credentials import plain_number
from identity.data import Account, GivenRole
from identity.models import ApiToken, Passkey, Role, RolePermission, RoleRequest, Session, User, UserRole
from kernel import access, clock
from kernel.access import REGISTER, ROLE_LABELS, Actor
from kernel.models import AuditEntry, ViewEntry
from kernel.tenancy import Kind, current

CROWD = "crowd"  # why a session ended, in its data


PeopleByIin = Callable[[str], Iterable[UUID]]
_PEOPLE: list[PeopleByIin] = []


def people_by_iin(provider: PeopleByIin) -> None:
    """Let a school's module find its people by IIN: `provider(iin) -> person_ids`. For panels.py."""
    _PEOPLE.append(provider)


def user_by_login(login: str) -> User | None:
    """The account that answers to a login name, a phone or an IIN; a number of several accounts names nobody.

    A number costs the same queries whether somebody has it or not.
    """
    name = login.strip().lower()
    user = User.objects.filter(username=name).first()
    if user is not None:
        return user
    number = plain_number(name)
    if len(number) == 12 and number[0] == "+":
        found = User.objects.filter(phone=number, is_active=True)
    elif number and current().kind is Kind.SCHOOL:
        persons = {person for provider in _PEOPLE for person in provider(number)}
        found = User.objects.filter(person_id__in=persons or {_NOBODY}, is_active=True)
    else:
        return None
    first_two = list(found[:2])
    return first_two[0] if len(first_two) == 1 else None


_NOBODY = UUID(int=0)


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
        phone_wanted=user.phone_wanted,
    )


def accounts_of(person_ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Accounts by the person behind them; persons without one are left out."""
    users = list(User.objects.filter(person_id__in=list(person_ids)))
    roles = given_roles(user.pk for user in users)
    return {
        user.person_id: account(user, roles.get(user.pk, ())) for user in users if user.person_id is not None
    }


_ROLE_ORDER = {str(role): place for place, role in enumerate(access.Role)}


def roles() -> list[Role]:
    """From the director to the observer; a copy stands behind the role that it was made from."""
    return sorted(
        Role.objects.all(),
        key=lambda role: (_ROLE_ORDER.get(role.base, len(_ROLE_ORDER)), not role.is_given, role.pk),
    )


def sessions_of(user_id: int, *, at: datetime) -> list[Session]:
    """Where the user is signed in now, the latest seen first; what was left alone too long is over."""
    rows = Session.objects.filter(user_id=user_id, ended_at=None, expires_at__gt=at)
    return [row for row in rows.order_by("-seen_at", "-id") if not row.is_idle(at)]


def crowded_out(user_id: int, *, since: datetime) -> list[Session]:
    """Devices that were signed out because the user came in from one too many, the latest first."""
    rows = Session.objects.filter(user_id=user_id, data__ended_by=CROWD, ended_at__gte=since)
    return list(rows.order_by("-ended_at", "-id")[:10])


def get_account(user_id: int) -> Account:
    user = User.objects.exclude(person_kind=User.PersonKind.VISITOR).get(pk=user_id)
    return account(user, given_roles([user_id]).get(user_id, ()))


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role in the list of roles."""

    code: str
    base: str
    label: Any
    base_label: Any
    is_given: bool
    name_kk: str
    name_ru: str
    people: int = 0
    rights: int = 0


def role_lines() -> list[RoleLine]:
    people = dict(
        UserRole.objects.filter(rights.in_force())
        .values("role_id")
        .annotate(n=Count("user_id", distinct=True))
        .values_list("role_id", "n")
    )
    given = dict(
        RolePermission.objects.filter(code__in=list(REGISTER))
        .values("role_id")
        .annotate(n=Count("code", distinct=True))
        .values_list("role_id", "n")
    )
    return [_line(role, people.get(role.pk, 0), given.get(role.pk, 0)) for role in roles()]


def _line(role: Role, people: int = 0, count: int = 0) -> RoleLine:
    known = role.base in set(access.Role)
    return RoleLine(
        code=role.code,
        base=role.base,
        label=rights.label_of(role),
        base_label=ROLE_LABELS[access.Role(role.base)] if known else role.base,
        is_given=role.is_given,
        name_kk=role.name_kk,
        name_ru=role.name_ru,
        people=people,
        rights=count,
    )


def get_role(code: str) -> RoleLine:
    return _line(Role.objects.get(code=code))


def grants_of_role(code: str) -> set[tuple[str, str]]:
    return set(RolePermission.objects.filter(role__code=code).values_list("code", "scope"))


@dataclass(frozen=True, slots=True)
class AuditFilter:
    action: str = ""
    person: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None


def audit_page(wanted: AuditFilter, number: str | None, *, size: int = 50) -> Page:
    """The security log, newest first."""
    rows = AuditEntry.objects.order_by("-id")
    if wanted.action:
        rows = rows.filter(action__startswith=wanted.action)
    if wanted.person:
        rows = rows.filter(actor_name__icontains=wanted.person)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.since:
        rows = rows.filter(at__date__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__date__lte=wanted.until)
    return Paginator(rows, size).get_page(number)


def names_of(user_ids: Iterable[str]) -> dict[str, str]:
    """Full names by the account's number as text, as the security log keeps it."""
    numbers = [int(one) for one in user_ids if one.isdecimal()]
    return {str(user.pk): user.person_name.full for user in User.objects.filter(pk__in=numbers)}


def role_names(codes: Iterable[str]) -> dict[str, str]:
    return {role.code: str(rights.label_of(role)) for role in Role.objects.filter(code__in=list(codes))}


@dataclass(frozen=True, slots=True)
class Asked:
    """A role that waits, or waited, for a second person."""

    id: int
    user_id: int
    person: str
    role: Any
    since: date
    until: date | None
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    outcome: str
    decided_by: str
    is_mine: bool
    may_decide: bool
    by: tuple[str, ...] = ()


def role_requests(*, actor: Actor) -> tuple[list[Asked], list[Asked]]:
    """Requests that wait, each with who could be the second person, and the latest that are over."""
    rows = list(RoleRequest.objects.select_related("role", "user").order_by("-id")[:100])
    known = {row.asked_by_id for row in rows} | {row.decided_by_id for row in rows if row.decided_by_id}
    names = names_of(str(one) for one in known)
    now = clock.now()
    waiting = [row for row in rows if not row.outcome and row.expires_at > now]
    over = [row for row in rows if row.outcome or row.expires_at <= now][:20]
    return (
        [_asked(row, actor, names, second_persons(row)) for row in waiting],
        [_asked(row, actor, names) for row in over],
    )


def _asked(row: RoleRequest, actor: Actor, names: Mapping[str, str], second: Iterable[User] = ()) -> Asked:
    outcome = RoleRequest.Outcome(row.outcome or RoleRequest.Outcome.EXPIRED)
    persons = list(second)
    return Asked(
        id=row.pk,
        user_id=row.user_id,
        person=row.user.person_name.full,
        role=rights.label_of(row.role),
        since=row.since,
        until=row.until,
        asked_by=names.get(str(row.asked_by_id), ""),
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        outcome=str(outcome.label),
        decided_by=names.get(str(row.decided_by_id), ""),
        is_mine=row.asked_by_id == actor.user_id,
        may_decide=actor.user_id in {user.pk for user in persons},
        by=tuple(user.person_name.full for user in persons),
    )


def waiting_for(user_id: int) -> list[RoleRequest]:
    """Roles that somebody asked for this person and nobody has decided on yet."""
    rows = RoleRequest.objects.filter(user_id=user_id, outcome="", expires_at__gt=clock.now())
    return list(rows.select_related("role").order_by("id"))


def to_decide(*, actor: Actor) -> list[RoleRequest]:
    """Requests in which the actor may be the second person."""
    rows = RoleRequest.objects.filter(outcome="", expires_at__gt=clock.now())
    me = rights.own_id(actor)
    others = rows.exclude(asked_by_id=me).exclude(user_id=me)
    return list(others.select_related("role", "user").order_by("id"))


def second_persons(request: RoleRequest) -> list[User]:
    """Who in the school can decide on the request, by name."""
    bases = {str(base) for base in permissions.APPROVE_ROLES.ceiling}
    holders = UserRole.objects.filter(
        rights.in_force(),
        role__base__in=bases,
        role__permissions__code=permissions.APPROVE_ROLES.code,
        user_id=OuterRef("pk"),
    )
    users = User.objects.filter(Exists(holders), is_active=True)
    others = users.exclude(pk__in=[request.asked_by_id, request.user_id]).order_by("surname", "name", "id")
    return [user for user in others if is_settled(user)]


_WEAKENING = ("identity.reset.started", "identity.factors.dropped")


def is_settled(user: User) -> bool:
    """Whether nobody else can have the account in hand: it is not new, and was not reset lately."""
    day = clock.now() - figures.settles_in()
    if user.created_at > day:
        return False
    weakened = AuditEntry.objects.filter(action__in=_WEAKENING, object_type="user", object_id=str(user.pk))
    return not weakened.filter(at__gt=day).exists()


def own_tokens(user_id: int, *, at: datetime) -> list[ApiToken]:
    return list(ApiToken.objects.filter(user_id=user_id, ended_at=None, expires_at__gt=at).order_by("-id"))


def own_passkeys(user_id: int) -> list[Passkey]:
    return list(Passkey.objects.filter(user_id=user_id).order_by("id"))


_SUBJECTS = ("pupil", "employee", "guardian")


def views_of_person(person_id: UUID, *, limit: int = 100) -> list[ViewEntry]:
    """Who looked at the person's records, newest first."""
    rows = ViewEntry.objects.filter(subject__in=_SUBJECTS, subject_id=person_id)
    return list(rows.order_by("-id")[:limit])
