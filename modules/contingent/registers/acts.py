"""What may be done with many pupils of the list at once, and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import clock
from kernel.access import Actor
from modules.contingent import forms, permissions, queries, services
from modules.orders import api as orders
from registers.api import Bulk, Done


def _move_form(data: Any, actor: Actor) -> Form:
    classes = list(queries.classes_of_year(actor=actor))
    return forms.MoveForm(data, classes=classes, initial={"since": clock.today()})


def _move(*, actor: Actor, keys: list[UUID], given: dict[str, Any]) -> Done:
    order = orders.draft(actor=actor, **services.move_order(actor=actor, pupil_ids=keys, **given))
    text = ngettext(
        "An order is drafted for %(n)s pupil.", "An order is drafted for %(n)s pupils.", len(keys)
    )
    return Done(
        text=text % {"n": len(keys)},
        undo={"order": str(order.id)},
        then=reverse("orders:order", args=[order.id]),
    )


def _unmove(*, actor: Actor, undo: dict[str, Any]) -> str:
    orders.discard(actor=actor, order_id=UUID(undo["order"]))
    return _("The draft is thrown away.")


def _status_form(data: Any, _actor: Actor) -> Form:
    return forms.StatusForm(data, initial={"since": clock.today()})


def _give_status(*, actor: Actor, keys: list[UUID], given: dict[str, Any]) -> Done:
    new = services.give_status_to(actor=actor, pupil_ids=keys, **given)
    had = len(keys) - len(new)
    text = ngettext("The status is given to %(n)s pupil.", "The status is given to %(n)s pupils.", len(new))
    said = text % {"n": len(new)}
    if had:
        said += " " + ngettext("%(n)s had it already.", "%(n)s had it already.", had) % {"n": had}
    return Done(text=said, undo={"statuses": [str(one) for one in new]} if new else None)


def _take_status_back(*, actor: Actor, undo: dict[str, Any]) -> str:
    taken = services.take_statuses_back(actor=actor, status_ids=[UUID(one) for one in undo["statuses"]])
    text = ngettext(
        "The status is taken back from %(n)s pupil.", "The status is taken back from %(n)s pupils.", taken
    )
    return text % {"n": taken}


BULKS = (
    Bulk(
        code="move",
        label=gettext_lazy("Move to another class"),
        icon="switch-horizontal",
        permission=permissions.EDIT,
        form=_move_form,
        question=gettext_lazy("A draft of the order opens; nothing changes until it is signed."),
        run=_move,
        undo=_unmove,
        most=200,
    ),
    Bulk(
        code="status",
        label=gettext_lazy("Give a status"),
        icon="flag",
        permission=permissions.EDIT,
        form=_status_form,
        run=_give_status,
        undo=_take_status_back,
    ),
)
