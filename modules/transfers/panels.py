"""What transfers add to the frame: menu, cards of today, settings, and a panel on the pupil's card."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor
from kernel.tenancy import Kind
from modules.school import api as school
from modules.transfers import permissions, queries
from modules.transfers.data import Side
from ui import registry
from ui.registry import TodayCard

registry.menu(
    section="people",
    label=_("Transfers"),
    url_name="transfers:index",
    permission=permissions.VIEW,
    icon="switch-horizontal",
    order=40,
    kinds={Kind.SCHOOL},
    match="transfers:",
)


def _today(*, actor: Actor) -> Iterable[TodayCard]:
    waits = queries.waiting(actor=actor)
    soon = clock.today() + timedelta(days=1)
    if actor.may(permissions.ANSWER) and (found := waits["answer"]):
        first = found[0]
        yield _card(
            gettext("A school asks for a pupil"),
            ngettext("{n} request to answer", "{n} requests to answer", len(found)).format(n=len(found))
            + f" · {first.partner}",
            found,
            "user-minus",
            urgency="now" if first.valid_until <= soon else "soon",
        )
    if actor.may(permissions.ASK) and (found := waits["take"]):
        yield _card(
            gettext("A dossier has come"),
            ngettext("{n} pupil to take in", "{n} pupils to take in", len(found)).format(n=len(found))
            + f" · {found[0].partner}",
            found,
            "package",
            urgency="soon",
        )
    if actor.may(permissions.ASK) and (found := waits["unanswered"]):
        yield _card(
            gettext("A school has not answered"),
            gettext("Its slip is valid until today: call the school or ask again."),
            found,
            "hourglass",
            urgency="now",
        )
    if actor.may(permissions.ANSWER) and (found := waits["unconfirmed"]):
        yield _card(
            gettext("Arrival not confirmed"),
            ngettext(
                "{n} pupil has left, and no school says that he has come",
                "{n} pupils have left, and no school says that they have come",
                len(found),
            ).format(n=len(found)),
            found,
            "alert-triangle",
            urgency="now",
        )


def _card(title: str, text: str, found: list[Any], icon: str, *, urgency: Any) -> TodayCard:
    """One transfer opens at once; several open the list."""
    if len(found) == 1:
        url = reverse("transfers:transfer", args=[found[0].pk])
    else:
        url = reverse("transfers:index") + ("?side=out" if found[0].side == Side.OUT else "")
    return TodayCard(title, text, url, icon, urgency=urgency, count=len(found))


def _on_card(*, actor: Actor, pupil_id: UUID, **_more: object) -> str:
    """On a pupil's card: where he came from, with his old marks; and the way to another school."""
    may_view = actor.may(permissions.VIEW)
    found = queries.arrivals_of(actor=actor, pupil_id=pupil_id) if may_view else []
    brought = (
        queries.brought(actor=actor, pupil_ids=[pupil_id], part=queries.MARKS).get(pupil_id, [])
        if actor.may(permissions.BROUGHT)
        else []
    )
    lets_go = actor.may(permissions.ANSWER) and queries.may_go(actor=actor, pupil_id=pupil_id)
    if not (found or brought or lets_go):
        return ""
    context = {"transfers": found, "brought": brought, "pupil_id": pupil_id, "lets_go": lets_go}
    return render_to_string("transfers/_on_card.html", context)


registry.today(_today, permission=permissions.VIEW)
registry.panel("contingent.pupil", _on_card, permission=(permissions.VIEW, permissions.BROUGHT), order=30)

school.declare_setting(
    "transfers.slip_days",
    _("How long an accepting slip is valid"),
    default=3,
    minimum=1,
    maximum=10,
    section=_("Transfers between schools"),
    unit=_("working days"),
    source=_("Order 564 of 12.10.2018, paragraph 20"),
    order=60,
)
school.declare_setting(
    "transfers.confirm_days",
    _("When to ask whether a pupil who left has arrived"),
    default=5,
    minimum=1,
    maximum=30,
    section=_("Transfers between schools"),
    unit=_("working days"),
    source=_("The product's own choice"),
    order=61,
)
audit.words(
    actions={
        "transfers.step": _("Step of a transfer between schools"),
        "transfers.printed": _("Paper of a transfer printed"),
        "transfers.letter_ignored": _("Letter of another school changed nothing: it came too late"),
    },
    objects={"transfer": pgettext_lazy("of the security log", "transfer between schools")},
    purposes={
        "transfers.match": _("checked whether another school asks for this pupil"),
        "transfers.dossier": _("read the dossier from the old school"),
        "transfers.extract": _("printed the extract for another school"),
        "transfers.brought": _("read the marks of the old school"),
    },
)
audit.naming("transfer", queries.names)
