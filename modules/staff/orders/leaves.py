"""Leave: of one kind, for one or for many."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from kernel.access import Actor
from modules.orders.api import Fault, LineInfo, OrderInfo, Placeholder, Words
from modules.staff import queries, services, terms
from modules.staff.orders import common, forms
from modules.staff.orders.common import EmployeeKind


class GiveLeave(EmployeeKind):
    code = services.LEAVE
    title = gettext_lazy("Leave")
    heading = gettext_lazy("On leave")
    icon = "calendar-event"
    head, line = forms.LeaveHead, forms.TermLine
    needed = ("since", "until")
    placeholders = (
        Placeholder(
            "kind",
            gettext_lazy("kind of leave"),
            {"kk": "жыл сайынғы ақылы еңбек демалысы", "ru": "ежегодный оплачиваемый трудовой отпуск"},
        ),
        common.POST,
        common.SINCE,
        common.UNTIL,
        Placeholder("line.days", gettext_lazy("calendar days"), {"kk": "30", "ru": "30"}, of_line=True),
    )

    def check_line(self, order: OrderInfo, line: LineInfo, *, actor: Actor) -> None:
        assert line.subject_id is not None
        since, until = (common.sure_day(line.values.get(name)) for name in ("since", "until"))
        if not queries.holds_a_post(line.subject_id, on=since):
            raise services.NotHere
        services.refuse_leave(line.subject_id, since, until)

    def words(self, order: OrderInfo, *, language: str) -> Words:
        posts = common.posts_in_words(line.subject_id for line in order.lines)
        name = terms.name("leave_kinds", str(order.values.get("kind") or ""))
        lines = []
        for line in order.lines:
            since, until = (common.day(line.values.get(name)) for name in ("since", "until"))
            lines.append(
                {
                    "line.post": posts.get(line.subject_id, ""),
                    "line.since": common.short(since),
                    "line.until": common.short(until),
                    "line.days": str((until - since).days + 1) if since and until else "",
                }
            )
        return Words({"kind": name[:1].lower() + name[1:]}, lines)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.give_leave(
                actor=actor,
                employee_id=line.subject_id,
                kind=str(order.values["kind"]),
                since=common.sure_day(line.values.get("since")),
                until=common.sure_day(line.values.get("until")),
                order_id=order.id,
            )

    def objections(self, order: OrderInfo, *, actor: Actor) -> Iterable[Fault]:
        return ()

    def revert(self, order: OrderInfo, *, actor: Actor) -> None:
        services.take_leaves_back(order.id, actor=actor)
