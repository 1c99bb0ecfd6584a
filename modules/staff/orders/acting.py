"""Acting director for a term."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access import Actor
from modules.orders.api import Fault, LineInfo, OrderInfo, Placeholder, Words
from modules.staff import services
from modules.staff.orders import common, forms
from modules.staff.orders.common import EmployeeKind
from modules.staff.orders.leaving import OnYourself


class ActingDirector(EmployeeKind):
    code = services.ACT
    title = gettext_lazy("Acting director")
    heading = gettext_lazy("On the acting director")
    icon = "user-star"
    head = forms.ActingHead
    placeholders = (
        common.POST,
        common.SINCE,
        common.UNTIL,
        Placeholder(
            "reason",
            gettext_lazy("because of what"),
            {"kk": "директордың еңбек демалысы", "ru": "трудовой отпуск директора"},
        ),
    )

    def head_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo | None, **options: Any
    ) -> django_forms.Form:
        options["initial"] = {"since": clock.today()} | (options.get("initial") or {})
        return self.head(data, **options)

    def check(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        yield from super().check(order, actor=actor)
        if len(order.lines) > 1:
            yield Fault(_("One person is the acting director."))
        if not order.values.get("since") or not order.values.get("until"):
            yield Fault(_("Say from which day to which."))

    def check_line(self, order: OrderInfo, line: LineInfo, *, actor: Actor) -> None:
        assert line.subject_id is not None
        if line.subject_id == actor.person_id and order.number:
            raise OnYourself
        since, until = (common.day(order.values.get(name)) for name in ("since", "until"))
        if since and until:
            services.refuse_acting(line.subject_id, since=since, until=until)

    def words(self, order: OrderInfo, *, language: str) -> Words:
        posts = common.posts_in_words(line.subject_id for line in order.lines)
        return Words(
            {"reason": str(order.values.get("reason") or "")},
            [
                {
                    "line.post": posts.get(line.subject_id, ""),
                    "line.since": common.short(order.values.get("since")),
                    "line.until": common.short(order.values.get("until")),
                }
                for line in order.lines
            ],
        )

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.appoint_acting(
                actor=actor,
                employee_id=line.subject_id,
                since=common.sure_day(order.values.get("since")),
                until=common.sure_day(order.values.get("until")),
                order_id=order.id,
            )

    def revert(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.end_acting(actor=actor, employee_id=line.subject_id, order_id=order.id)
