"""What a dossier says, as tables that the screen and the paper share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kernel import iin
from modules.contingent.data import CITIZENSHIPS
from modules.transfers import parts
from modules.transfers.data import Table
from modules.transfers.letters import Card, Guardian, Status, Term
from tenants import reference

RELATIONS = {
    "mother": lambda: _("mother"),
    "father": lambda: _("father"),
    "guardian": lambda: _("lawful guardian"),
    "relative": lambda: _("relative"),
}


def card_of(dossier: Mapping[str, Any] | None) -> Card | None:
    """The card inside a kept dossier; None when there is no dossier."""
    return Card.model_validate(dossier["card"]) if dossier and dossier.get("card") else None


def tables(card: Card, contents: Mapping[str, Any], *, whole_iin: bool) -> list[Table]:
    """The whole dossier: who the child is, the family, the statuses, the movement, and the parts of the modules."""
    return [
        _identity(card, whole_iin=whole_iin),
        *_family(card.guardians),
        *_statuses(card.statuses),
        *_movement(card.terms),
        *parts.tables(contents),
    ]


def part_tables(code: str, content: Mapping[str, Any]) -> list[Table]:
    """One part alone."""
    return parts.tables({code: content})


def named(kind: str, code: str) -> str:
    """The name of a coded term, or the code that this release does not know."""
    found = reference.terms(kind).get(code)
    return found.name if found else code


def _identity(card: Card, *, whole_iin: bool) -> Table:
    rows = [
        (_("Full name"), " ".join(filter(None, (card.surname, card.name, card.patronymic)))),
        (_("IIN"), card.iin if whole_iin else iin.mask(card.iin)),
        (_("Sex"), _("male") if card.sex == "m" else _("female")),
        (_("Date of birth"), f"{card.birth_date:%d.%m.%Y}"),
        (_("Nationality"), named("nationalities", card.nationality)),
        (_("Citizenship"), str(CITIZENSHIPS.get(card.citizenship, card.citizenship))),
        (_("Personal file No."), card.file_number),
        (_("Address"), card.address),
        (_("Phone"), card.phone),
        (_("Enrolled"), f"{card.enrolled_date:%d.%m.%Y}" if card.enrolled_date else ""),
    ]
    return Table(str(_("Pupil")), (), tuple((label, value or "–") for label, value in rows))


def _family(guardians: Iterable[Guardian]) -> list[Table]:
    rows = tuple(
        (
            " ".join(filter(None, (one.surname, one.name, one.patronymic))),
            RELATIONS[one.relation]() if one.relation in RELATIONS else one.relation,
            one.phone or "–",
            _("yes") if one.may_see else _("no, by a decision"),
        )
        for one in guardians
    )
    head = (_("Full name"), _("Who it is to the child"), _("Phone"), _("May see the child"))
    return [Table(_("Guardians"), head, rows)] if rows else []


def _statuses(statuses: Iterable[Status]) -> list[Table]:
    rows = tuple(
        (
            named("privileges", one.code),
            f"{one.since:%d.%m.%Y}",
            f"{one.until:%d.%m.%Y}" if one.until else "–",
            one.ground or "–",
        )
        for one in statuses
    )
    head = (_("Status"), _("Since"), _("Until"), _("Ground"))
    return [Table(_("Privileges and statuses"), head, rows)] if rows else []


def _movement(terms: Iterable[Term]) -> list[Table]:
    rows = tuple(
        (
            one.class_label,
            one.year,
            f"{one.since:%d.%m.%Y}",
            f"{one.until:%d.%m.%Y}" if one.until else "–",
            one.order_number or "–",
        )
        for one in terms
    )
    head = (_("Class"), _("School year"), _("Since"), _("Until"), _("Order"))
    return [Table(_("Movement"), head, rows)] if rows else []
