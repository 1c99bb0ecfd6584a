"""Hiring: of a newcomer, who gets a card by it, or of somebody whose card is open already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access import Actor
from modules.orders.api import Fault, LineInfo, OrderInfo, Placeholder, Words
from modules.staff import services, terms
from modules.staff.forms import NewcomerForm
from modules.staff.models import Position
from modules.staff.orders import common
from modules.staff.orders.common import EmployeeKind


class Hire(EmployeeKind):
    code = services.HIRE
    title = gettext_lazy("Hiring")
    heading = gettext_lazy("On hiring")
    icon = "user-plus"
    line = NewcomerForm
    long_lines, chosen = True, False
    needed = ("surname", "name", "sex", "since", "post_0")
    placeholders = (
        common.POST,
        common.RATE,
        common.SINCE,
        Placeholder(
            "line.terms",
            gettext_lazy("form of employment, term of the contract"),
            {"kk": "негізгі жұмыс орны", "ru": "основное место работы"},
            of_line=True,
        ),
    )

    def line_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo, **options: Any
    ) -> django_forms.Form:
        options["initial"] = {"since": clock.today()} | (options.get("initial") or {})
        return self.line(data, **options)

    def subject_name(self, values: Mapping[str, Any]) -> str:
        parts = (values.get(name) for name in ("surname", "name", "patronymic"))
        return " ".join(part for part in parts if part)

    def check_line(self, order: OrderInfo, line: LineInfo, *, actor: Actor) -> None:
        services.refuse_hiring(line.values, line.subject_id)

    def words(self, order: OrderInfo, *, language: str) -> Words:
        return Words(lines=list(self._said(order)))

    def _said(self, order: OrderInfo) -> Iterable[dict[str, str]]:
        for line in order.lines:
            posts = services.posts_in(line.values)
            form = str(Position.Form(line.values.get("form") or Position.Form.MAIN).label)
            until = common.short(line.values.get("agreed_until"))
            yield {
                "line.post": "; ".join(terms.post_name(post.code) for post in posts),
                "line.rate": "; ".join(terms.rate(post.rate) for post in posts),
                "line.since": common.short(line.values.get("since")),
                "line.terms": ", ".join([form, _("until {day}").format(day=until)]) if until else form,
            }

    def line_facts(self, order: OrderInfo, *, actor: Actor) -> Mapping[UUID, Sequence[tuple[str, str]]]:
        labels = [
            (_("Post"), "line.post"),
            (_("Rate"), "line.rate"),
            (_("From the day"), "line.since"),
            (_("Form of employment"), "line.terms"),
        ]
        return common.facts(order, self._said(order), labels)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.hire(actor=actor, employee_id=line.subject_id, values=line.values, order_id=order.id)

    def objections(self, order: OrderInfo, *, actor: Actor) -> Iterable[Fault]:
        return common.later_changes(order)

    def revert(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.take_hiring_back(
                employee_id=line.subject_id,
                since=common.sure_day(line.values.get("since")),
                order_id=order.id,
            )
