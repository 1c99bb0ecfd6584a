"""Where the frame leads to report cards: the menu, a pupil's card, a class, a family's page of a child."""

from __future__ import annotations

from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor
from kernel.errors import NotFound
from modules.journal import permissions
from modules.journal.cards import queries
from ui import registry

registry.menu(
    section="journals",
    label=_("Report cards"),
    url_name="journal:cards",
    permission=permissions.CARDS,
    icon="report",
    order=40,
    match="journal:card",
)


def _of_pupil(*, actor: Actor, pupil_id: UUID, **_more: object) -> str:
    """On a pupil's page, for whom his card is open."""
    try:
        queries.open_pupil(actor=actor, pupil_id=pupil_id)
    except NotFound:
        return ""
    return render_to_string("journal/_to_card.html", {"pupil_id": pupil_id})


def _of_class(*, actor: Actor, class_id: UUID, **_more: object) -> str:
    """On the page of a class, for whom its cards are open."""
    try:
        queries.open_class(actor=actor, class_id=class_id)
    except NotFound:
        return ""
    return render_to_string("journal/_to_cards.html", {"class_id": class_id})


registry.panel("contingent.pupil", _of_pupil, permission=permissions.CARDS, order=30)
registry.panel("family.child", _of_pupil, permission=permissions.CARDS, order=5)
registry.panel("contingent.class", _of_class, permission=permissions.CARDS, order=30)
audit.words(
    actions={"journal.cards.exported": _("Report cards printed or saved")},
    purposes={
        "journal.card": _("opened the report card"),
        "journal.cards.taken": _("printed or saved the report card"),
    },
)
