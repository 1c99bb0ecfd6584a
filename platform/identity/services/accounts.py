"""Accounts: made, handed out on a slip, blocked and restored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import finding, permissions, policy, rights
from identity.credentials import login_base, one_time_password, plain_phone
from identity.data import NewAccount, Slip
from identity.models import Role, Session, User, UserRole
from identity.services import factors, phones
from identity.services import roles as role_services
from kernel import access, audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.tenancy import Kind, current


class LoginTaken(DomainError):
    message = _("The login {login} is taken.")
    code = "login_taken"


class PersonHasAccount(DomainError):
    message = _("This person already has an account.")
    code = "person_has_account"


class NotOnYourself(DomainError):
    message = _("You cannot do this to your own account.")
    code = "not_on_yourself"


class AccountAboveYours(NotAllowed):
    message = _("This person may do more than you. Ask the director.")
    code = "account_above_yours"


def create_account(
    *,
    actor: Actor,
    person_kind: str,
    person_id: UUID | None,
    surname: str,
    name: str,
    patronymic: str = "",
    language: str = "kk",
    phone: str = "",
    username: str | None = None,
    roles: Sequence[str] = (),
) -> Slip:
    """Make an account with its roles and a one-time password; the slip is the only place of the password."""
    new = NewAccount(
        person_kind=person_kind,
        person_id=person_id,
        surname=surname,
        name=name,
        patronymic=patronymic,
        language=language,
        phone=phone,
        username=username,
        roles=tuple(roles),
    )
    return create_accounts(actor=actor, accounts=[new])[0]


@transaction.atomic
def create_accounts(
    *,
    actor: Actor,
    accounts: Iterable[NewAccount],
    password: str | None = None,
    password_hash: str | None = None,
) -> list[Slip]:
    """Make many accounts at once. Hashing a password takes 25 ms each: call it from a job.

    A role with power over roles is only asked for: it waits for a second person and does not stand on the slip.

    `password` with its `password_hash` gives all of them the same known password and no duty to change it: for
    the demo, and refused in a live tenant.
    """
    require(actor, permissions.MANAGE_ACCOUNTS)
    if password is not None and current().mode == "live":
        raise NotAllowed
    asked = list(accounts)
    known_roles = {
        role.code: role for role in Role.objects.filter(code__in={r for a in asked for r in a.roles})
    }
    for new in asked:
        for code in new.roles:
            role_services.check_may_give(
                actor=actor, role=_role(known_roles, code), person_kind=new.person_kind
            )
    _refuse_second_accounts(asked)
    logins = _logins(asked)
    numbers = _numbers(asked)
    now = clock.now()
    life = policy.of(current()).one_time_password
    shared_hash = (password_hash or make_password(password)) if password is not None else ""
    passwords = [password or one_time_password() for _new in asked]
    users = [
        User(
            username=login,
            surname=new.surname.strip(),
            name=new.name.strip(),
            patronymic=new.patronymic.strip(),
            phone=phone,
            phone_wanted=wanted,
            language=new.language if new.language in ("kk", "ru") else current().language,
            person_kind=new.person_kind,
            person_id=new.person_id,
            password=shared_hash or make_password(secret),
            must_change_password=password is None,
            password_expires_at=now + life if life and password is None else None,
            created_at=now,
        )
        for new, login, secret, (phone, wanted) in zip(asked, logins, passwords, numbers, strict=True)
    ]
    for user in users:
        user.search = user.searchable()
    User.objects.bulk_create(users, batch_size=500)
    today = clock.today()
    asked_for = (
        set()
        if actor.system
        else {code for code, role in known_roles.items() if role_services.needs_second_person(role)}
    )
    UserRole.objects.bulk_create(
        (
            UserRole(user=user, role=known_roles[code], since=today, given_by_id=actor.user_id, given_at=now)
            for user, new in zip(users, asked, strict=True)
            for code in dict.fromkeys(new.roles)
            if code not in asked_for
        ),
        batch_size=1000,
    )
    for user, new in zip(users, asked, strict=True):
        for code in asked_for.intersection(new.roles):
            role_services.ask_for(actor=actor, user=user, role=known_roles[code], since=today, until=None)
    if len(users) == 1:
        audit.record(
            actor=actor,
            action="identity.account.created",
            object_type="user",
            object_id=users[0].pk,
            details={"roles": sorted(asked[0].roles), "person_kind": asked[0].person_kind},
        )
    elif users:
        audit.record(
            actor=actor,
            action="identity.accounts.created",
            object_type="user",
            details={"count": len(users), "first": users[0].pk, "last": users[-1].pk},
        )
    return [
        slip_of(
            user,
            secret,
            tuple(str(rights.label_of(known_roles[code])) for code in new.roles if code not in asked_for),
        )
        for user, secret, new in zip(users, passwords, asked, strict=True)
    ]


def _role(known: dict[str, Role], code: str) -> Role:
    try:
        return known[code]
    except KeyError:
        raise NotFound from None


def _refuse_second_accounts(asked: list[NewAccount]) -> None:
    persons = [new.person_id for new in asked if new.person_id is not None]
    if len(set(persons)) < len(persons) or User.objects.filter(person_id__in=persons).exists():
        raise PersonHasAccount


def _logins(asked: list[NewAccount]) -> list[str]:
    """A free login for each: the wished one, or the surname in Latin letters with the next free number."""
    wished = [new.username.strip().lower() for new in asked if new.username]
    bases = {login_base(new.surname) for new in asked if not new.username}
    pattern = r"^(" + "|".join(sorted(bases)) + r")[0-9]*$"
    taken = set(User.objects.filter(username__in=wished).values_list("username", flat=True))
    if taken or len(set(wished)) < len(wished):
        raise LoginTaken(login=min(taken or set(wished)))
    if bases:
        taken = set(User.objects.filter(username__regex=pattern).values_list("username", flat=True))
    taken |= set(wished)
    next_number = dict.fromkeys(bases, 1)
    logins = []
    for new in asked:
        if new.username:
            logins.append(new.username.strip().lower())
            continue
        base = login_base(new.surname)
        while (login := f"{base}{next_number[base]}") in taken:
            next_number[base] += 1
        taken.add(login)
        logins.append(login)
    return logins


def _numbers(asked: list[NewAccount]) -> list[tuple[str, str]]:
    """The number that opens each account, or the one that it only wants: the first who has a number keeps it."""
    phones.hold()
    given = [plain_phone(new.phone) for new in asked]
    taken = set(
        User.objects.filter(phone__in=set(given) - {""}, is_active=True).values_list("phone", flat=True)
    )
    numbers = []
    for number in given:
        numbers.append(("", number) if number in taken else (number, ""))
        taken |= {number} - {""}
    return numbers


def slip_of(user: User, password: str, roles: tuple[str, ...]) -> Slip:
    tenant = current()
    scheme, port = ("https", "") if settings.HTTPS else ("http", f":{settings.PORT}")
    host = tenant.host or f"{tenant.code}.{settings.BASE_HOST}"
    return Slip(
        user_id=user.pk,
        username=user.username,
        password=password,
        full_name=user.person_name.full,
        url=f"{scheme}://{host}{port}/",
        roles=roles,
        language=user.language,
        expires_at=user.password_expires_at,
    )


def first_account(*, actor: Actor, username: str, role: str) -> Slip:
    """The first account of a new tenant, made by the operator's command; refused when there is any other."""
    if not actor.system:
        raise NotAllowed
    if User.objects.exists():
        raise NotAllowed(_("The tenant already has accounts; its director gives new ones."))
    kind = {Kind.SCHOOL: "staff", Kind.FAMILY: "guardian"}.get(current().kind, "official")
    label = str(access.ROLE_LABELS[access.Role(role)])
    return create_account(
        actor=actor,
        person_kind=kind,
        person_id=None,
        surname=label,
        name=username,
        language=current().language,
        username=username,
        roles=[role],
    )


def target(*, actor: Actor, user_id: int) -> User:
    """The account under somebody's hands, locked. Nobody touches an account that can do more, nor one's own."""
    require(actor, permissions.MANAGE_ACCOUNTS)
    if user_id == actor.user_id:
        raise NotOnYourself
    user = finding.residents().select_for_update().get(pk=user_id)
    if not actor.system and not actor.may(permissions.GIVE_ROLES):
        theirs = rights.rights_of_user(user_id).grants
        if rights.dangerous(theirs) - set(actor.grants):
            raise AccountAboveYours
    return user


@transaction.atomic
def start_reset(*, actor: Actor, user_id: int) -> Slip:
    """Give a new one-time password and end every session; nobody chooses or sees another's own password."""
    user = target(actor=actor, user_id=user_id)
    password = one_time_password()
    life = policy.of(current()).one_time_password
    user.password = make_password(password)
    user.must_change_password = True
    user.password_expires_at = clock.now() + life if life else None
    user.save(update_fields=["password", "must_change_password", "password_expires_at"])
    _end_sessions(user.pk, at=clock.now())
    audit.record(actor=actor, action="identity.reset.started", object_type="user", object_id=user.pk)
    labels = tuple(
        str(rights.label_of(given.role))
        for given in user.user_roles.filter(rights.in_force()).select_related("role").order_by("id")
    )
    return slip_of(user, password, labels)


@transaction.atomic
def block(*, actor: Actor, user_id: int) -> None:
    """Close the account and end its sessions at once. Blocking twice is a no-op."""
    user = target(actor=actor, user_id=user_id)
    if not user.is_active:
        return
    user.is_active, user.blocked_at = False, clock.now()
    user.save(update_fields=["is_active", "blocked_at"])
    _end_sessions(user.pk, at=clock.now())
    phones.hold()
    phones.pass_on(actor=actor, number=user.phone)
    audit.record(actor=actor, action="identity.account.blocked", object_type="user", object_id=user.pk)


@transaction.atomic
def restore(*, actor: Actor, user_id: int) -> None:
    """Open a blocked account again."""
    user = target(actor=actor, user_id=user_id)
    user.is_active, user.blocked_at = True, None
    user.save(update_fields=["is_active", "blocked_at"])
    phones.hold()
    phones.claim_again(actor=actor, user=user)
    audit.record(actor=actor, action="identity.account.restored", object_type="user", object_id=user.pk)


@transaction.atomic
def drop_factors(*, actor: Actor, user_id: int) -> None:
    """Remove the second factors of a person who lost the phone. Only who gives roles may, because it weakens an account."""
    require(actor, permissions.GIVE_ROLES)
    user = target(actor=actor, user_id=user_id)
    factors.forget_factors(user_id=user.pk)
    _end_sessions(user.pk, at=clock.now())
    audit.record(actor=actor, action="identity.factors.dropped", object_type="user", object_id=user.pk)


@transaction.atomic
def end_sessions(*, actor: Actor, user_id: int) -> int:
    """Sign the person out everywhere; answer how many devices that were."""
    user = target(actor=actor, user_id=user_id)
    ended = _end_sessions(user.pk, at=clock.now())
    audit.record(
        actor=actor,
        action="identity.sessions.ended",
        object_type="user",
        object_id=user.pk,
        details={"count": ended},
    )
    return ended


def _end_sessions(user_id: int, *, at: datetime, but: int | None = None) -> int:
    rows = Session.objects.filter(user_id=user_id, ended_at=None)
    if but is not None:
        rows = rows.exclude(pk=but)
    return rows.update(ended_at=at)


@transaction.atomic
def set_password(
    *,
    actor: Actor,
    user_id: int,
    password: str = "",
    password_hash: str = "",
    must_change: bool = False,
) -> None:
    """Set a known password: for the product itself only (demo, tests). `password_hash` saves the hashing."""
    if not actor.system or current().mode == "live":
        raise NotAllowed
    User.objects.filter(pk=user_id).update(
        password=password_hash or make_password(password),
        must_change_password=must_change,
        password_expires_at=None,
        password_changed_at=clock.now(),
    )
