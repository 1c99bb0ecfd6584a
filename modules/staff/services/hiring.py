"""Taking somebody on by an order: the card, the posts, and the quick way with a login in the same form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.events import publish
from modules.orders import api as orders
from modules.staff.data import NewEmployee, Post
from modules.staff.events import EmployeeTaken
from modules.staff.models import Employee, Position
from modules.staff.services import cards, leaving, posts

HIRE, TRANSFER, PART_TIME, LEAVE, DISMISS, ACT = (
    f"staff.{name}" for name in ("hire", "transfer", "part_time", "leave", "dismiss", "acting")
)
_DATES = ("birth_date", "category_date", "teaching_since")


class WorksHere(DomainError):
    message = _("The person works here already: a part-time post is another order.")
    code = "works_here"


def newcomer(values: Mapping[str, Any]) -> NewEmployee:
    """The person of a line of an order of hiring, which keeps days as text."""
    given: dict[str, Any] = {name: values.get(name) or "" for name in NewEmployee.__slots__}
    return NewEmployee(**given | {name: _day(values.get(name)) for name in _DATES})


def posts_in(values: Mapping[str, Any]) -> list[Post]:
    """The posts of the line. The second post of whoever works here in the first place is a part-time one."""
    form = values.get("form") or Position.Form.MAIN
    until = _day(values.get("agreed_until"))
    pairs = [(values.get(f"post_{n}"), values.get(f"rate_{n}")) for n in range(2)]
    beside = Position.Form.INTERNAL if form == Position.Form.MAIN else form
    return [
        Post(str(code), Decimal(str(rate or 1)), form if place == 0 else beside, until)
        for place, (code, rate) in enumerate(pairs)
        if code
    ]


def subjects_in(values: Mapping[str, Any]) -> list[str]:
    return [str(value) for name, value in values.items() if name.startswith("subject_") and value]


def hiring_line(values: Mapping[str, Any], employee_id: UUID) -> orders.NewLine:
    """A line of an order of hiring about a card that is open already."""
    name = " ".join(filter(None, (values.get(part) for part in ("surname", "name", "patronymic"))))
    return orders.NewLine(employee_id, name, values)


def refuse_hiring(values: Mapping[str, Any], employee_id: UUID | None) -> None:
    """Raise what keeps the line from being signed: WrongIin, IinTaken, WorksHere, HeldAlready."""
    row = Employee.objects.filter(pk=employee_id).first() if employee_id else None
    since = _day(values.get("since"))
    assert since is not None
    if row is None:
        cards.refuse_iin(str(values.get("iin") or ""))
        return
    if posts.open_ones(row.pk, since - timedelta(days=1)):
        raise WorksHere
    for post in posts_in(values):
        posts.refuse_second(row.pk, post, since)


def hire(*, actor: Actor, employee_id: UUID, values: Mapping[str, Any], order_id: UUID) -> Employee:
    """Make the line so: open the card unless it is open, and begin the posts."""
    since = _day(values.get("since"))
    assert since is not None
    row = Employee.objects.select_for_update().filter(pk=employee_id).first()
    if row is None:
        row = cards.write_card(
            actor=actor, employee=newcomer(values), subjects=subjects_in(values), id=employee_id
        )
    for post in posts_in(values):
        posts.begin(row, post, since=since, order_id=order_id)
    if row.left_date is not None:
        row.left_date = None
        row.save(update_fields=["left_date", "changed_at"])
    publish(EmployeeTaken(employee_id=str(row.pk), since=since.isoformat()), actor=actor)
    return row


def take_hiring_back(*, employee_id: UUID, since: date, order_id: UUID) -> None:
    """Take an order of hiring back: the posts are gone, and with them, of one who never worked here, the login."""
    row = cards.locked(employee_id)
    posts.take_back(order_id, [row.pk])
    row.left_date = leaving.left_on(row)
    if not row.positions.exists():
        row.left_date = since - timedelta(days=1)
        account = identity.accounts_of([row.pk]).get(row.pk)
        if account is not None and account.is_active:
            identity.block(actor=Actor.system_actor(leaving.SIGNATURE), user_id=account.id)
    row.save(update_fields=["left_date", "changed_at"])


@transaction.atomic
def hire_at_once(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    roles: Iterable[str] = (),
    language: str = "",
) -> tuple[Employee, orders.OrderInfo, identity.Slip | None]:
    """The quick way: the card, the order of hiring, and a login with its slip when roles are given.

    Who signs orders has it in force at once; others lay the draft before the director, and the posts wait for it.
    Raises what the card, the order and the account raise; then nothing is written.
    """
    row = cards.open_card(actor=actor, employee=newcomer(values), subjects=subjects_in(values))
    line = hiring_line(values, row.pk)
    if actor.may(orders.permissions.SIGN):
        order = orders.draft_and_sign(actor=actor, kind=HIRE, lines=[line])
    else:
        order = orders.draft(actor=actor, kind=HIRE, lines=[line])
        order = orders.submit(actor=actor, order_id=order.id)
    asked = list(roles)
    slip = (
        cards.give_login(actor=actor, employee_id=row.pk, roles=asked, language=language) if asked else None
    )
    return row, order, slip


def _day(value: Any) -> date | None:
    if isinstance(value, date) or not value:
        return value or None
    return date.fromisoformat(str(value))
