"""What the office is told when a letter of another school changes a transfer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor, Role
from modules.transfers import permissions
from modules.transfers.data import in_language
from modules.transfers.models import Transfer
from notify import api as notify

TOPIC = "transfers"


def _school(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The other school in the reader's language."""
    return {"school": in_language(str(params.get("kk", "")), str(params.get("ru", "")))}


def _declared(code: str, title: Any, icon: str) -> str:
    notify.message(code, topic=TOPIC, title=title, body="{school}", icon=icon, values=_school)
    return code


notify.topic(
    TOPIC,
    _("Transfers between schools"),
    hint=_("Requests, answers and dossiers of other schools."),
    permission=permissions.VIEW,
)
ASKED = _declared("transfers.asked", _("A school asks for a pupil"), "user-minus")
AGREED = _declared("transfers.agreed", _("The old school agrees"), "user-check")
REFUSED = _declared("transfers.refused", _("The old school refuses"), "user-x")
CAME = _declared("transfers.dossier", _("The dossier of a pupil has come"), "package")
WITHDRAWN = _declared("transfers.withdrawn", _("The new school has withdrawn its request"), "user-x")
MISSING = _declared("transfers.missing", _("The pupil has not arrived in the new school"), "alert-circle")
RECALLED = _declared("transfers.recalled", _("The old school has cancelled the departure"), "alert-circle")
ARRIVED = _declared("transfers.arrived", _("The arrival of a pupil is confirmed"), "circle-check")


def tell_office(transfer: Transfer, message: str, *, actor: Actor) -> None:
    """Tell the secretaries, and whoever asked; names of children stay on the page."""
    people = [one.id for one in identity.users_with_role(Role.SECRETARY)]
    if transfer.asked_by_id and transfer.asked_by_id not in people:
        people.append(transfer.asked_by_id)
    notify.tell(
        people,
        TOPIC,
        message,
        {"kk": transfer.partner_kk, "ru": transfer.partner_ru},
        # A worker serves no host, so it has no routes of its own.
        reverse(
            "transfers:transfer", args=[transfer.pk], urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"])
        ),
        actor=actor,
        group=f"{message}:{transfer.pk}",
    )
