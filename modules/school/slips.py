"""Login slips for many people at once: who waits for one, and the sheet that is printed once.

This module stands above both identity, which gives one-time passwords, and documents, which prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from documents import api as documents
from documents.data import LoginSlip, Printed
from identity import api as identity
from identity.data import Account
from kernel import clock
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.school import queries

# Each password is hashed slowly on purpose; a class with its parents fits, and nobody waits long at the screen.
MOST_AT_ONCE = 80
Places = Callable[[Iterable[UUID]], Mapping[UUID, str]]
PLACES: list[Places] = []


class NobodyChosen(DomainError):
    message = _("Choose at least one person.")
    code = "nobody_chosen"


class TooMany(DomainError):
    message = _("Not more than {most} slips are printed at once. Choose fewer people.")
    code = "too_many"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An account whose owner has not signed in yet."""

    account: Account
    place: str
    roles: str


def places(provider: Places) -> None:
    """Let a module say where people belong: `provider(person_ids) -> {person_id: "7А"}`. For panels.py."""
    PLACES.append(provider)


def waiting(*, actor: Actor, kind: str = "", text: str = "") -> list[Waiting]:
    """Accounts that were made and never used, by name, each with the place of the person or the roles."""
    require(actor, identity.permissions.MANAGE_ACCOUNTS)
    accounts = queries.accounts_never_used(kind=kind, text=text, but=actor.user_id)
    known = _places_of(accounts)
    return [Waiting(one, known.get(one.id, ""), _roles_of(one)) for one in accounts]


@transaction.atomic
def print_for(
    *, actor: Actor, user_ids: list[int], language: str = "", shape: documents.Shape = "slips"
) -> Printed:
    """Give each a new one-time password and print slips or cards; the passwords stand on the paper alone.

    Only accounts that were never used: nobody who works is signed out by this. Raises NobodyChosen, TooMany.
    """
    require(actor, identity.permissions.MANAGE_ACCOUNTS)
    if not user_ids:
        raise NobodyChosen
    if len(user_ids) > MOST_AT_ONCE:
        raise TooMany(most=MOST_AT_ONCE)
    wanted = set(user_ids)
    chosen = [one for one in queries.accounts_never_used(but=actor.user_id) if one.id in wanted]
    if not chosen:
        raise NobodyChosen
    known = _places_of(chosen)
    slips = []
    for one in chosen:
        given = identity.start_reset(actor=actor, user_id=one.id)
        until = given.expires_at.astimezone(clock.ALMATY).date() if given.expires_at else None
        slips.append(
            LoginSlip(
                full_name=given.full_name,
                place=", ".join(filter(None, (_roles_of(one), known.get(one.id)))),
                username=given.username,
                password=given.password,
                url=given.url,
                language=given.language,
                valid_until=until,
                scan=given.scan,
            )
        )
    spoken = language or get_language() or "kk"
    return documents.print_slips(slips, language=spoken, actor=actor, shape=shape)


def _places_of(accounts: Iterable[Account]) -> dict[int, str]:
    by_person = {one.person_id: one.id for one in accounts if one.person_id}
    found: dict[int, str] = {}
    for provider in PLACES:
        for person_id, place in provider(list(by_person)).items():
            if person_id in by_person:
                found[by_person[person_id]] = place
    return found


def _roles_of(account: Account) -> str:
    return ", ".join(str(role.label) for role in account.roles)
