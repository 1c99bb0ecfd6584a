"""Dismissal: the posts end with the last day, and the login closes."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from kernel.access import Actor
from kernel.errors import DomainError
from modules.orders.api import Fault, LineInfo, OrderInfo, Placeholder, Words
from modules.staff import services, terms
from modules.staff.models import Dismissal
from modules.staff.orders import common, forms
from modules.staff.orders.common import EmployeeKind


class OnYourself(DomainError):
    message = gettext_lazy("somebody else signs an order about the signer")
    code = "on_yourself"


class Dismiss(EmployeeKind):
    code = services.DISMISS
    title = gettext_lazy("Dismissal")
    heading = gettext_lazy("On the end of the employment contract")
    icon = "user-minus"
    line = forms.DismissLine
    needed = ("last_day",)
    placeholders = (
        common.POST,
        Placeholder(
            "line.last_day",
            gettext_lazy("last working day"),
            {"kk": "30.11.2026", "ru": "30.11.2026"},
            of_line=True,
        ),
        Placeholder(
            "line.ground",
            gettext_lazy("ground of the dismissal"),
            {"kk": "қызметкердің бастамасы бойынша", "ru": "по инициативе работника"},
            of_line=True,
        ),
    )

    def check_line(self, order: OrderInfo, line: LineInfo, *, actor: Actor) -> None:
        assert line.subject_id is not None
        if line.subject_id == actor.person_id and order.number:
            raise OnYourself
        services.refuse_leaving(line.subject_id, common.sure_day(line.values.get("last_day")))

    def words(self, order: OrderInfo, *, language: str) -> Words:
        posts = common.posts_in_words(line.subject_id for line in order.lines)
        return Words(
            lines=[
                {
                    "line.post": posts.get(line.subject_id, ""),
                    "line.last_day": common.short(line.values.get("last_day")),
                    "line.ground": terms.dismissal_ground(str(line.values.get("ground") or "")),
                }
                for line in order.lines
            ]
        )

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.let_go(
                actor=actor,
                employee_id=line.subject_id,
                last_day=common.sure_day(line.values.get("last_day")),
                ground=str(line.values.get("ground") or ""),
                closing=str(line.values.get("closing") or Dismissal.Closing.AT_ONCE),
                order_id=order.id,
            )

    def objections(self, order: OrderInfo, *, actor: Actor) -> Iterable[Fault]:
        return common.later_changes(order)

    def revert(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.stay(employee_id=line.subject_id, order_id=order.id)
