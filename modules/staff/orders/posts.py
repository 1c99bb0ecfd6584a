"""Another post or rate, and a post beside the main one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access import Actor
from modules.orders.api import Fault, LineInfo, OrderInfo, Placeholder, Words
from modules.staff import queries, services, terms
from modules.staff.data import Post
from modules.staff.models import Position
from modules.staff.orders import common, forms
from modules.staff.orders.common import EmployeeKind


class _FromADay(EmployeeKind):
    """Every line begins a post on the day of the head."""

    head = forms.SinceHead
    needed = ("post",)

    def head_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo | None, **options: Any
    ) -> django_forms.Form:
        options["initial"] = {"since": order.date if order else clock.today()} | (
            options.get("initial") or {}
        )
        return self.head(data, **options)

    def objections(self, order: OrderInfo, *, actor: Actor) -> Iterable[Fault]:
        return common.later_changes(order)

    def revert(self, order: OrderInfo, *, actor: Actor) -> None:
        services.take_posts_back(order.id, [line.subject_id for line in order.lines if line.subject_id])

    def since(self, order: OrderInfo) -> Any:
        return common.day(order.values.get("since")) or order.date


class Transfer(_FromADay):
    code = services.TRANSFER
    title = gettext_lazy("Transfer to another post or rate")
    heading = gettext_lazy("On transfer to another post or rate")
    icon = "switch-horizontal"
    line = forms.TransferLine
    placeholders = (
        Placeholder(
            "line.from_post",
            gettext_lazy("post and rate before"),
            {"kk": "Пән мұғалімі, 1", "ru": "Учитель-предметник, 1"},
            of_line=True,
        ),
        common.POST,
        common.RATE,
        common.SINCE,
    )

    def check_line(self, order: OrderInfo, line: LineInfo, *, actor: Actor) -> None:
        since = self.since(order)
        before = self._before(line, since)
        if before is None:
            raise services.NotHeld
        services.refuse_post_beyond(before.employee_id, _post(line, before.form))
        services.refuse_change_of_post(before, _post(line, before.form), since)

    def words(self, order: OrderInfo, *, language: str) -> Words:
        since = self.since(order)
        lines = []
        for line in order.lines:
            before = self._before(line, since)
            held = f"{terms.post_name(before.post_code)}, {terms.rate(before.rate)}" if before else ""
            lines.append({"line.from_post": held, **_said(line), "line.since": common.short(since)})
        return Words(lines=lines)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        since = self.since(order)
        for line in order.lines:
            assert line.subject_id is not None
            services.locked(line.subject_id)
            before = self._before(line, since)
            if before is None:
                raise services.NotHeld
            services.change_post(before, _post(line, before.form), since=since, order_id=order.id)

    def _before(self, line: LineInfo, since: Any) -> Position | None:
        """The post that ends: the named one, or the main one of the day before."""
        if line.subject_id is None:
            return None
        return queries.post_to_change(
            line.subject_id, on=since - timedelta(days=1), code=str(line.values.get("from_post") or "")
        )


class PartTime(_FromADay):
    code = services.PART_TIME
    title = gettext_lazy("Part-time post")
    heading = gettext_lazy("On part-time work")
    icon = "circle-plus"
    line = forms.PartTimeLine
    placeholders = (
        common.POST,
        common.RATE,
        common.SINCE,
        Placeholder(
            "line.terms",
            gettext_lazy("form of employment, term of the contract"),
            {"kk": "ішкі қоса атқару", "ru": "внутреннее совместительство"},
            of_line=True,
        ),
    )

    def check_line(self, order: OrderInfo, line: LineInfo, *, actor: Actor) -> None:
        assert line.subject_id is not None
        since = self.since(order)
        if not queries.holds_a_post(line.subject_id, on=since):
            raise services.NotHere
        services.refuse_post_beyond(line.subject_id, _post(line))
        services.refuse_second_post(line.subject_id, _post(line), since)

    def words(self, order: OrderInfo, *, language: str) -> Words:
        since = self.since(order)
        lines = []
        for line in order.lines:
            form = str(Position.Form(line.values.get("form") or Position.Form.INTERNAL).label)
            until = common.short(line.values.get("agreed_until"))
            lines.append(
                {
                    **_said(line),
                    "line.since": common.short(since),
                    "line.terms": ", ".join([form, _("until {day}").format(day=until)]) if until else form,
                }
            )
        return Words(lines=lines)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            row = services.locked(line.subject_id)
            services.begin_post(row, _post(line), since=self.since(order), order_id=order.id)


def _post(line: LineInfo, form: str = "") -> Post:
    values = line.values
    return Post(
        str(values["post"]),
        Decimal(str(values.get("rate") or 1)),
        form or str(values.get("form") or Position.Form.INTERNAL),
        common.day(values.get("agreed_until")),
    )


def _said(line: LineInfo) -> Mapping[str, str]:
    rate = line.values.get("rate")
    return {
        "line.post": terms.post_name(str(line.values.get("post") or "")),
        "line.rate": terms.rate(Decimal(str(rate))) if rate else "",
    }
