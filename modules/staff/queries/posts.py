"""Posts as orders ask for them. The caller has checked the right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, Value, When

from kernel import clock
from modules.orders.api import OrderInfo
from modules.staff.models import Dismissal, Position
from modules.staff.queries.people import on_day

# The main place of work first, then the largest rate.
_MAIN_FIRST = (
    Case(When(form=Position.Form.MAIN, then=Value(0)), default=Value(1), output_field=IntegerField()),
    F("rate").desc(),
    "post_code",
)


def post_to_change(employee_id: UUID, *, on: date, code: str = "") -> Position | None:
    """The named post that runs on the day, or the main one."""
    rows = Position.objects.filter(on_day(on), employee_id=employee_id).select_related("employee")
    if code:
        rows = rows.filter(post_code=code)
    return rows.order_by(*_MAIN_FIRST).first()


def holds_a_post(employee_id: UUID, *, on: date) -> bool:
    """Whether the person works here on the day."""
    return Position.objects.filter(on_day(on), employee_id=employee_id).exists()


def posts_held(employee_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Codes of the posts held today by each, the main one first."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Position.objects.filter(on_day(clock.today()), employee_id__in=list(employee_ids))
    for employee_id, code in rows.order_by(*_MAIN_FIRST).values_list("employee_id", "post_code"):
        found[employee_id].append(code)
    return dict(found)


def changed_after(order: OrderInfo, employee_ids: Iterable[UUID]) -> Iterator[tuple[UUID, str]]:
    """Employees whose posts an order signed later has begun or ended, with that order's number."""
    ids, at = list(employee_ids), order.signed_at
    told: dict[UUID, str] = {}
    for field in ("order", "end_order"):
        rows = Position.objects.filter(Q(**{f"{field}__signed_at__gt": at}), employee_id__in=ids)
        told |= dict(rows.values_list("employee_id", f"{field}__number_text"))
    leaving = Dismissal.objects.filter(order__signed_at__gt=at, employee_id__in=ids)
    told |= dict(leaving.values_list("employee_id", "order__number_text"))
    return iter(told.items())
