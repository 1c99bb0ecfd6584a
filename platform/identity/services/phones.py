"""Numbers by which people sign in: they follow the cards, and nobody gets a number that opens another's account.

A number that another open account has is only noted as wanted; it comes by itself when that account lets it go.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from identity import permissions
from identity.credentials import plain_phone
from identity.models import User
from kernel import audit
from kernel.access import Actor, require

# Two cards may get the same number at once: the second waits here, then meets the first.
_HOLD = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.identity.phone'))"


@transaction.atomic
def follow_cards(*, actor: Actor, phones: Mapping[UUID, str]) -> None:
    """Let accounts be found by the numbers that stand on their people's cards now. Twice is as once."""
    require(actor, permissions.MANAGE_ACCOUNTS)
    hold()
    for user in User.objects.select_for_update().filter(person_id__in=phones).order_by("pk"):
        if user.person_id is not None:
            _take(actor, user, plain_phone(phones[user.person_id]))


def hold() -> None:
    """Let nobody else change numbers until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)


def pass_on(*, actor: Actor, number: str) -> None:
    """Give a number that has become free to the account that has waited longest for it."""
    waiting = User.objects.select_for_update().filter(phone_wanted=number, is_active=True).order_by("pk")
    if number and (first := waiting.first()):
        _take(actor, first, number)


def claim_again(*, actor: Actor, user: User) -> None:
    """An account is open again: its number is its own, unless another has got it meanwhile."""
    _take(actor, user, user.phone or user.phone_wanted)


def holder_of(number: str, *, but: int | None = None) -> User | None:
    """The open account that the number opens now."""
    found = User.objects.filter(phone=number, is_active=True) if number else User.objects.none()
    if but is not None:
        found = found.exclude(pk=but)
    return found.order_by("pk").first()


def said_of_number(*, person_id: UUID, phone: str) -> str:
    """Words for who has just put on a card a number that opens another's account; empty when all is well."""
    user = User.objects.filter(person_id=person_id).first()
    other = holder_of(plain_phone(phone), but=user.pk) if user else None
    if user is None or other is None:
        return ""
    return _("By this number {other} signs in, so {person} signs in by the login only.").format(
        other=other.person_name.full, person=user.person_name.full
    )


def _take(actor: Actor, user: User, number: str) -> None:
    other = holder_of(number, but=user.pk)
    phone, wanted = ("", number) if other else (number, "")
    freed = user.phone
    if (freed, user.phone_wanted) == (phone, wanted):
        return
    user.phone, user.phone_wanted = phone, wanted
    user.search = user.searchable()
    user.save(update_fields=["phone", "phone_wanted", "search"])
    audit.record(
        actor=actor,
        action="identity.phone.followed",
        object_type="user",
        object_id=user.pk,
        outcome="refused" if other else "ok",
        details={"held_by": other.pk} if other else {},
    )
    if freed != phone:
        pass_on(actor=actor, number=freed)
