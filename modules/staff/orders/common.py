"""What all orders on staff have in common: who is chosen, whose card it is, how days and posts are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access import Actor
from kernel.errors import DomainError
from modules.orders.api import Choice, Fault, LineInfo, OrderInfo, OrderKind, Placeholder, Register
from modules.staff import permissions, queries, terms
from modules.staff.data import EmployeeInfo

MOST_CHOICES = 300
POST = Placeholder(
    "line.post",
    gettext_lazy("post"),
    {"kk": "Пән мұғалімі", "ru": "Учитель-предметник"},
    of_line=True,
)
RATE = Placeholder("line.rate", gettext_lazy("rate"), {"kk": "1,25", "ru": "1,25"}, of_line=True)
SINCE = Placeholder(
    "line.since", gettext_lazy("from the day"), {"kk": "23.11.2026", "ru": "23.11.2026"}, of_line=True
)
UNTIL = Placeholder(
    "line.until", gettext_lazy("to the day"), {"kk": "22.12.2026", "ru": "22.12.2026"}, of_line=True
)


class EmployeeKind(OrderKind):
    """An order on employees, chosen by group of posts or by name."""

    register = Register.STAFF
    permission = permissions.EDIT
    subject = "employee"

    def groups(self, *, actor: Actor) -> Sequence[tuple[str, str]]:
        return [(code, str(label)) for code, label in terms.DEPARTMENTS.items()]

    def choices(self, *, actor: Actor, order: OrderInfo, text: str = "", group: str = "") -> Sequence[Choice]:
        """Who works here and is of the group, or whose name begins so."""
        if not text and group not in terms.DEPARTMENTS:
            return ()
        rows = queries.with_posts(queries.employees(actor=actor, text=text))
        people = [queries.info(row) for row in rows]
        if group:
            people = [
                one for one in people if any(terms.department(post.code) == group for post in one.posts)
            ]
        return [Choice(one.id, one.full_name, posts_of(one)) for one in people[:MOST_CHOICES]]

    def names(self, ids: Iterable[UUID], *, actor: Actor) -> Mapping[UUID, str]:
        return {row.pk: row.person_name.full for row in queries.by_ids(actor=actor, employee_ids=ids)}

    def subject_url(self, subject_id: UUID) -> str:
        return reverse("staff:employee", args=[subject_id])

    def check(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        if not order.lines:
            yield Fault(_("There is nobody in the order yet."))
            return
        for line in order.lines:
            missing = [name for name in self.needed if not line.values.get(name)]
            if missing:
                yield Fault(_("{name}: the line is not filled in.").format(name=line.subject), line.id)
                continue
            try:
                self.check_line(order, line, actor=actor)
            except DomainError as refusal:
                yield Fault(f"{line.subject}: {refusal}", line.id)

    # What a line cannot do without.
    needed: Sequence[str] = ()

    def check_line(self, order: OrderInfo, line: LineInfo, *, actor: Actor) -> None:
        """Raise the DomainError that keeps this line from being signed."""


def later_changes(order: OrderInfo) -> Iterator[Fault]:
    """Lines whose employee's posts a later order has changed: that one is cancelled first."""
    lines = {line.subject_id: line for line in order.lines if line.subject_id}
    for employee_id, number in queries.changed_after(order, lines):
        line = lines[employee_id]
        text = _("{name}: order No. {number} came after it. Cancel that one first.")
        yield Fault(text.format(name=line.subject, number=number), line.id)


def posts_in_words(employee_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Posts held today by each, in the language that is switched on."""
    held = queries.posts_held(one for one in employee_ids if one)
    return {key: ", ".join(terms.post_name(code) for code in codes) for key, codes in held.items()}


def posts_of(one: EmployeeInfo) -> str:
    """The posts held today, in the language that is switched on."""
    return ", ".join(terms.post_name(post.code) for post in one.posts)


def day(value: Any) -> date | None:
    """A day of a line, which JSON keeps as text."""
    return date.fromisoformat(value) if value else None


def sure_day(value: Any) -> date:
    """The same, where the check has seen to it that there is one."""
    found = day(value)
    assert found is not None
    return found


def short(value: Any) -> str:
    found = day(value) if isinstance(value, str) else value
    return f"{found:%d.%m.%Y}" if found else ""


def facts(order: OrderInfo, lines: Iterable[Mapping[str, str]], labels: Sequence[tuple[str, str]]) -> Any:
    """What each line says, for the page of the draft: only what is filled in."""
    return {
        line.id: [(label, said[code]) for label, code in labels if said.get(code)]
        for line, said in zip(order.lines, lines, strict=True)
    }
