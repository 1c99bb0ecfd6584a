"""The door of identity: accounts, roles, and who is asking."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.hashers import make_password as password_hash

from identity import finding, permissions, queries, rights
from identity.data import Account, GivenRole, Held, HeldFilter, NewAccount, Slip
from identity.figures import CHOICES, FIGURES, Figure, chosen_by, longest_visit
from identity.finding import WayIn, ways_of
from identity.models import User, UserRole
from identity.proving import proved, sends, takes_away
from identity.queries import people_by_iin
from identity.review import all_access, page_of_access
from identity.services.accounts import (
    block,
    create_account,
    create_accounts,
    end_sessions,
    first_account,
    restore,
    set_password,
    start_reset,
)
from identity.services.phones import follow_cards, said_of_number
from identity.services.roles import give_role, take_role
from identity.services.second_person import approve_by_letter
from identity.services.tokens import actor_of_token, issue_token
from identity.services.visits import end_visit, enter_visit, lend, ticket_for
from identity.visiting import Guest, also_open, count_pages, guests, lendable, pages_of, visitor_card
from kernel import clock
from kernel.access import Actor

__all__ = [
    "CHOICES",
    "FIGURES",
    "Account",
    "Figure",
    "GivenRole",
    "Guest",
    "Held",
    "HeldFilter",
    "NewAccount",
    "Slip",
    "WayIn",
    "accounts_of",
    "actor_of_token",
    "actor_of_user",
    "actors_of",
    "all_access",
    "also_open",
    "approve_by_letter",
    "block",
    "chosen_by",
    "count_pages",
    "create_account",
    "create_accounts",
    "end_sessions",
    "end_visit",
    "enter_visit",
    "find_accounts",
    "first_account",
    "follow_cards",
    "give_role",
    "guests",
    "issue_token",
    "lend",
    "lendable",
    "longest_visit",
    "name_of",
    "page_of_access",
    "pages_of",
    "password_hash",
    "people_by_iin",
    "permissions",
    "proved",
    "restore",
    "role_codes",
    "role_labels",
    "roles_of",
    "roles_waiting",
    "said_of_number",
    "sends",
    "set_password",
    "start_reset",
    "take_role",
    "takes_away",
    "ticket_for",
    "user_of_login",
    "users_with_role",
    "visitor_card",
    "ways_of",
]


def actor_of_user(user_id: int) -> Actor:
    """The user as an actor, with the roles valid today. A blocked user is an actor without any right."""
    rows = rights.with_rights(User.objects.filter(pk=user_id), "id")
    user = rows.get()
    pairs = user.role_pairs if user.is_active else []
    return rights.actor_from(user, rights.rights_of(pairs, user.rights_stamp))


def find_accounts(text: str, *, limit: int = 20) -> list[Account]:
    """The first accounts that match a name or a login, or nearly. Callers check the right."""
    return [queries.account(user) for user in finding.first(text, limit=limit)]


def name_of(user_id: int) -> str:
    """The person of the account, a visitor's too; raises User.DoesNotExist."""
    return User.objects.get(pk=user_id).person_name.full


def accounts_of(person_ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Accounts by the person behind them; persons without one are left out."""
    return queries.accounts_of(person_ids)


def actors_of(person_ids: Iterable[UUID]) -> dict[UUID, Actor]:
    """Who of the persons has an account that is open, as actors with the rights of today: one statement."""
    rows = User.objects.filter(person_id__in=list(person_ids), is_active=True)
    return {
        user.person_id: rights.actor_from(user, rights.rights_of(user.role_pairs, user.rights_stamp))
        for user in rights.with_rights(rows, "id")
        if user.person_id is not None
    }


def role_codes() -> list[str]:
    """The tenant's roles: the given ones first, then its own."""
    return [role.code for role in queries.roles()]


def role_labels() -> dict[str, str]:
    """The tenant's roles with their names in the reader's language, in the same order."""
    return {role.code: str(rights.label_of(role)) for role in queries.roles()}


def roles_of(user_ids: Iterable[int]) -> dict[int, str]:
    """What each account is here today, in the reader's language: the names of its roles in one line."""
    today = clock.today()
    return {
        user_id: ", ".join(
            str(role.label)
            for role in roles
            if role.since <= today and (role.until is None or role.until >= today)
        )
        for user_id, roles in queries.given_roles(user_ids).items()
    }


def roles_waiting(user_id: int) -> frozenset[str]:
    """Codes of the roles that were asked for this user and wait for a second person."""
    return frozenset(request.role.code for request in queries.waiting_for(user_id))


def users_with_role(role: str) -> list[Account]:
    """Active accounts that have the role, or one made from it, today."""
    ids = (
        UserRole.objects.filter(rights.in_force(), role__base=role)
        .union(UserRole.objects.filter(rights.in_force(), role__code=role))
        .values_list("user_id", flat=True)
    )
    users = User.objects.filter(pk__in=list(ids), is_active=True).order_by("surname", "name", "id")
    return [queries.account(user) for user in users]


def user_of_login(username: str) -> int | None:
    """The number of the account with the login: for the operator's commands."""
    return User.objects.filter(username=username).values_list("pk", flat=True).first()
