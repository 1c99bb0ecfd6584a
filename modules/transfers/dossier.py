"""What the card itself puts into the dossier besides the letter's own: its lines and the bans to see the child."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access import Actor
from modules.contingent import api as contingent
from modules.transfers import parts
from modules.transfers.data import Table
from modules.transfers.services.papers import CARD_LINES


def collect(*, actor: Actor, pupil_id: UUID, on: date) -> Mapping[str, Any] | None:
    return contingent.lines_of_card(actor=actor, pupil_id=pupil_id) or None


def show(content: Mapping[str, Any]) -> Iterator[Table]:
    for title, head, rows in contingent.lines_in_words(content):
        yield Table(title, head, tuple(rows))
    bans = tuple(
        (
            " ".join(filter(None, (one["surname"], one["name"], one.get("patronymic", "")))),
            str(one["since"]),
            str(one.get("until") or "–"),
            one.get("ground") or "–",
        )
        for one in content.get("bans", ())
    )
    if bans:
        yield Table(
            str(_("May not see the child")), (_("Full name"), _("Since"), _("Until"), _("Ground")), bans
        )


parts.part(CARD_LINES, gettext_lazy("Card"), collect=collect, show=show, order=10)
