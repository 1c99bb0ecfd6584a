"""Papers of a transfer: the accepting slip of the new school, the departure slip and the extract of the old one.

The words of the slips are in no order that could be read; the columns follow forms 9 and 14 (order 130) and the
steps of order 564, paragraphs 20-22.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from documents.registry import form
from modules.transfers import reading
from modules.transfers.letters import Card
from modules.transfers.models import Transfer
from tenants import reference


@dataclass(frozen=True, slots=True)
class AcceptingSlip:
    """The body of the form transfers.accepting_slip."""

    full_name: str
    birth_date: date | None
    iin: str
    school_class: str
    arrival_date: date
    partner_kk: str
    partner_ru: str
    place: str
    ground_kk: str
    ground_ru: str
    ground_paper: str
    asked_on: date
    valid_until: date
    contact: str


@dataclass(frozen=True, slots=True)
class DepartureSlip:
    """The body of the form transfers.departure_slip; what is empty becomes a line to write on."""

    full_name: str
    birth_date: date | None
    school_class: str
    last_day: date | None
    partner_kk: str
    partner_ru: str
    place: str
    ground_kk: str
    ground_ru: str
    order_number: str
    order_date: date | None
    accepting_number: str
    accepting_date: date


@dataclass(frozen=True, slots=True)
class PrintedTable:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Extract:
    """The body of the form transfers.extract: the dossier on paper and the list of the personal file."""

    full_name: str
    school_class: str
    last_day: date | None
    partner: str
    tables: tuple[PrintedTable, ...]
    file: tuple[str, ...]


def accepting_slip(row: Transfer) -> AcceptingSlip:
    ground = reference.terms("transfer_grounds").get(row.ground)
    return AcceptingSlip(
        full_name=row.person_name.full,
        birth_date=row.birth_date,
        iin=row.iin,
        school_class=row.class_label,
        arrival_date=row.arrival_date,
        partner_kk=row.partner_kk,
        partner_ru=row.partner_ru,
        place=row.partner_place,
        ground_kk=ground.name_kk if ground else "",
        ground_ru=ground.name_ru if ground else "",
        ground_paper=row.ground_paper,
        asked_on=row.asked_on,
        valid_until=row.valid_until,
        contact=row.contact,
    )


def departure_slip(row: Transfer) -> DepartureSlip:
    ground = reference.terms("transfer_grounds").get(row.ground)
    return DepartureSlip(
        full_name=row.person_name.full,
        birth_date=row.birth_date,
        school_class=row.class_label,
        last_day=row.last_day,
        partner_kk=row.partner_kk,
        partner_ru=row.partner_ru,
        place=row.partner_place,
        ground_kk=ground.name_kk if ground else "",
        ground_ru=ground.name_ru if ground else "",
        order_number=row.order_number,
        order_date=row.order_date,
        accepting_number=row.slip_number,
        accepting_date=row.asked_on,
    )


def extract(
    row: Transfer, card: Card, contents: Mapping[str, Any], *, language: str, whole_iin: bool
) -> Extract:
    with translation.override(language):
        tables = tuple(
            PrintedTable(one.title, one.head, one.rows, one.note)
            for one in reading.tables(card, contents, whole_iin=whole_iin)
        )
        file = (
            gettext("Personal file"),
            gettext("Copy of the birth certificate or of the identity card"),
            gettext("Medical passport (form 026/у-3)"),
            gettext("Extract of the results of the running year"),
            gettext("Report card"),
        )
        partner = row.partner
    return Extract(row.person_name.full, row.class_label, row.last_day, partner, tables, file)


form(
    "transfers.accepting_slip",
    _("Slip of arrival"),
    version=1,
    since="2020-08-01",
    template="accepting-slip.typ",
    data=AcceptingSlip,
    texts={
        "heading": _("Slip of arrival No. {number}"),
        "is_given": _("Given to certify that the pupil will be taken into class {class} of our school."),
        "full_name": _("Surname, name, patronymic"),
        "birth_date": _("Date of birth"),
        "iin": _("IIN"),
        "class": _("Class"),
        "arrival": _("First day in our school"),
        "from": _("From the school"),
        "ground": _("Ground"),
        "paper": _("Paper"),
        "given_on": _("Given on"),
        "valid": _("Valid until {day} inclusive (order 564, paragraph 20)."),
        "contact": _("Who to call"),
        "hand_in": _("To be handed in at the school that the pupil leaves."),
    },
)
form(
    "transfers.departure_slip",
    _("Slip of departure"),
    version=1,
    since="2020-08-01",
    template="departure-slip.typ",
    data=DepartureSlip,
    texts={
        "heading": _("Slip of departure No. {number}"),
        "is_given": _("Given to certify that the pupil has left our school."),
        "full_name": _("Surname, name, patronymic"),
        "birth_date": _("Date of birth"),
        "class": _("Class"),
        "last_day": _("Last day in our school"),
        "to": _("Leaves for the school"),
        "ground": _("Ground"),
        "order": _("Order of departure"),
        "number_and_day": _("No. {number} of {day}"),
        "accepting": _("Slip of arrival of the new school"),
        "file": _("The personal file is handed over together with this slip."),
        "confirmation": _("Confirmation of arrival"),
        "confirmation_hint": _("Filled in by the new school and sent back to the old one."),
        "taken": _("The pupil is taken into class"),
        "by_order": _("by order No."),
        "of": pgettext_lazy("date of an order", "of"),
        "school": _("School"),
    },
)
form(
    "transfers.extract",
    _("Extract of results"),
    version=1,
    since="2020-08-01",
    template="extract.typ",
    data=Extract,
    texts={
        "heading": _("Extract for a transfer to another school"),
        "to": _("To the school"),
        "class": _("Class"),
        "last_day": _("Last day in our school"),
        "file": _("Papers that go along"),
    },
)
