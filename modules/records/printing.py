"""The papers of this module: the alphabetical book, the book of movement, the personal file, certificates of study.

The columns of the two books follow what is remembered of the forms of order 130: no text of its annexes could be read.
A corrected form is another version with its own first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from documents.registry import form
from kernel.access import Actor
from modules.contingent import api as contingent
from modules.contingent.data import PupilCard
from modules.journal import api as journal
from modules.orders import api as orders
from modules.records import permissions, queries
from modules.records.data import BookLine
from modules.records.papers import (
    Alphabet,
    BalanceLine,
    ClassLine,
    FileTable,
    MovementBook,
    PersonalFile,
    Studies,
)
from modules.records.queries import MovementYear
from modules.records.rules import Balance
from tenants import reference

_STUDY = {
    "heading": _("Certificate No. {number}"),
    "given": _("Given to {name}, born on {day}, to certify that in the {year} school year"),
    "studies": _("he or she is a pupil of class {class}."),
    "teaching": _("Language of teaching: {language}."),
    "for": _("Given to be shown {place}."),
    "valid": _("Valid until {day} inclusive."),
    "check": _("Is the certificate genuine? Point the camera at the square: the page asks for no sign-in."),
}


def alphabet(lines: Sequence[BookLine], *, scope: str) -> Alphabet:
    letters = tuple((letter, tuple(group)) for letter, group in groupby(lines, key=lambda line: line.letter))
    return Alphabet(scope, letters, len(lines))


def movement_book(book: MovementYear, balance: Balance) -> MovementBook:
    """The lists of the term, the balances of all terms of the year, and the classes of the term."""
    rows = [*book.balances, *([book.total] if book.total else [])]
    classes = [
        line
        for grade, whole, lines in book.by_grade(balance)
        for line in (
            _class_line(gettext("Grade {number}").format(number=grade), whole, is_grade=True),
            *(_class_line(one.label, row) for one, row in lines),
        )
    ]
    return MovementBook(
        term=f"{book.year}" if balance is book.total else f"{balance.term.label}, {book.year}",
        opening=f"{balance.term.opening:%d.%m.%Y}",
        closing=f"{balance.term.closing:%d.%m.%Y}",
        arrived=tuple(queries.names(book.arrivals, balance.term)),
        departed=tuple(queries.names(book.departures, balance.term)),
        balances=tuple(_balance_line(one) for one in rows),
        classes=tuple(classes),
        has_leaves=any(one.whole.moved_in or one.whole.moved_out for one in rows),
    )


def _balance_line(one: Balance) -> BalanceLine:
    row = one.whole
    return BalanceLine(
        label=one.term.label,
        start=row.start,
        arrived=row.arrived,
        departed=row.departed,
        leave=row.moved_in - row.moved_out,
        end=row.end,
        adds_up=one.adds_up,
    )


def _class_line(label: str, row: Any, *, is_grade: bool = False) -> ClassLine:
    return ClassLine(
        label, is_grade, row.start, row.arrived, row.moved_in, row.departed, row.moved_out, row.end
    )


def personal_file(card: PupilCard, *, actor: Actor, language: str) -> PersonalFile:
    """All that the school's records say of the pupil, in the order of a personal file."""
    with translation.override(language):
        number = queries.number_of(actor=actor, pupil_id=card.id)
        last = card.last_term
        return PersonalFile(
            number=number or card.pupil.file_number,
            full_name=card.person.full,
            school_class=last.class_label if last else "",
            facts=_facts(card),
            tables=tuple(one for one in _tables(card, actor=actor) if one.rows),
            contents=(
                gettext("Application of the parents"),
                gettext("Copy of the birth certificate or of the identity card"),
                gettext("Medical passport (form 026/у-3)"),
                gettext("Two photographs, 3 × 4"),
                gettext("Report cards of the finished years"),
            ),
        )


def _facts(card: PupilCard) -> tuple[tuple[str, str], ...]:
    pupil = card.pupil
    nations = reference.terms("nationalities")
    sex = gettext("female") if pupil.sex == "f" else gettext("male")
    nation = nations[pupil.nationality].name if pupil.nationality in nations else pupil.nationality
    facts = (
        (gettext("IIN"), pupil.iin),
        (gettext("Date of birth"), f"{pupil.birth_date:%d.%m.%Y}"),
        (gettext("Sex"), sex),
        (gettext("Nationality"), nation),
        (gettext("Address"), pupil.address),
        (gettext("Phone"), pupil.phone),
        (gettext("Enrolled on"), f"{card.enrolled_date:%d.%m.%Y}" if card.enrolled_date else ""),
        (gettext("Left on"), f"{card.left_date:%d.%m.%Y}" if card.left_date else ""),
    )
    return tuple((label, value) for label, value in facts if value)


def _tables(card: PupilCard, *, actor: Actor) -> list[FileTable]:
    relations = {
        "mother": gettext("mother"),
        "father": gettext("father"),
        "guardian": gettext("lawful guardian"),
        "relative": gettext("relative"),
    }
    privileges = reference.terms("privileges")
    family = FileTable(
        pgettext("head of a paper", "Parents and guardians"),
        (gettext("Who"), gettext("Surname, name, patronymic"), gettext("Phone")),
        tuple(
            (
                relations.get(one.relation, one.relation),
                " ".join(filter(None, (one.surname, one.name, one.patronymic))),
                one.phone,
            )
            for one in card.guardians
        ),
    )
    statuses = FileTable(
        gettext("Statuses and privileges"),
        (gettext("Status"), gettext("Since"), gettext("Until"), gettext("Ground")),
        tuple(
            (
                privileges[one.code].name if one.code in privileges else one.code,
                f"{one.since:%d.%m.%Y}",
                f"{one.until:%d.%m.%Y}" if one.until else "",
                one.ground,
            )
            for one in card.statuses
        ),
    )
    places = FileTable(
        gettext("Classes"),
        (gettext("School year"), gettext("Class"), gettext("Since"), gettext("Until"), gettext("Order")),
        tuple(
            (
                one.year,
                one.class_label,
                f"{one.since:%d.%m.%Y}",
                f"{one.until:%d.%m.%Y}" if one.until else "",
                one.order_number,
            )
            for one in card.terms
        ),
    )
    return [family, statuses, places, *_movement(card.id, actor=actor), *_marks(card.id, actor=actor),
            _orders(card.id, actor=actor)]  # fmt: skip


def _movement(pupil_id: UUID, *, actor: Actor) -> list[FileTable]:
    found = contingent.movements_of(actor=actor, pupil_id=pupil_id)
    words = {"in": gettext("arrived"), "out": gettext("departed")}
    rows = tuple(
        (
            f"{one.day:%d.%m.%Y}",
            words[one.direction],
            one.class_label,
            ", ".join(filter(None, (queries.place_of(one), queries.reason_of(one)))),
            queries.order_of(one),
        )
        for one in sorted(found, key=lambda move: move.day)
    )
    head = (
        gettext("Date"), gettext("What"), gettext("Class"),
        gettext("Where from, where to, reason"), gettext("Order"),
    )  # fmt: skip
    return [FileTable(gettext("Arrivals and departures"), head, rows)]


def _marks(pupil_id: UUID, *, actor: Actor) -> list[FileTable]:
    """A table of each school year: subjects with the marks of their periods and of the year."""
    return [
        FileTable(
            gettext("Marks of {year}, class {class_label}").format(
                year=one.year, class_label=one.class_label
            ),
            (gettext("Subject"), *one.periods, gettext("Year")),
            tuple((line.subject, *line.marks, line.annual) for line in one.lines),
        )
        for one in journal.marks_of_years(actor=actor, pupil_id=pupil_id)
    ]


def _orders(pupil_id: UUID, *, actor: Actor) -> FileTable:
    found = [one for one in orders.orders_of(actor=actor, subject_id=pupil_id) if one.number and one.date]
    return FileTable(
        gettext("Orders"),
        (gettext("No."), gettext("Date"), gettext("About what")),
        tuple((one.number, f"{one.date:%d.%m.%Y}", one.title) for one in reversed(found)),
    )


form(
    "records.certificate",
    _("Certificate of study"),
    version=1,
    since="2020-08-01",
    template="certificate.typ",
    data=Studies,
    permission=permissions.ISSUE,
    texts=_STUDY,
)
form(
    "records.certificates",
    _("Certificates of study"),
    version=1,
    since="2020-08-01",
    template="certificate.typ",
    data=Studies,
    archived=False,
    texts=_STUDY,
)
form(
    "records.alphabet",
    _("Alphabetical book"),
    version=1,
    since="2020-08-01",
    template="alphabet.typ",
    data=Alphabet,
    archived=False,
    texts={
        "heading": _("Alphabetical book of pupils"),
        "no": _("No. (personal file)"),
        "full_name": _("Surname, name, patronymic"),
        "birth_date": _("Date of birth"),
        "sex": _("Sex"),
        "sex_f": pgettext_lazy("sex, short", "f"),
        "sex_m": pgettext_lazy("sex, short", "m"),
        "nationality": _("Nationality"),
        "came": _("Entered on, order"),
        "came_class": _("Into class"),
        "came_from": _("From where"),
        "address": _("Home address"),
        "left": _("Left on, order"),
        "left_class": _("From class"),
        "left_to": _("To where"),
        "left_reason": _("Reason"),
        "file": _("Personal file given out"),
        "struck": _("entry void: the order was cancelled or the load taken back"),
        "total": _("Entries: {n}"),
    },
)
form(
    "records.movement",
    _("Book of arrivals and departures"),
    version=1,
    since="2020-08-01",
    template="movement.typ",
    data=MovementBook,
    archived=False,
    texts={
        "heading": _("Book of arrivals and departures of pupils"),
        "balance": _("Balance"),
        "term": _("Term"),
        "start": _("At the beginning"),
        "arrived": _("Arrived"),
        "departed": _("Departed"),
        "leave": _("Academic leave, balance"),
        "end": _("At the end"),
        "wrong": _("does not add up"),
        "by_class": _("By classes: {opening} – {closing}"),
        "class": _("Class"),
        "moved_in": _("From other classes"),
        "moved_out": _("To other classes"),
        "list_in": _("Arrived"),
        "list_out": _("Departed"),
        "no": "№",
        "full_name": _("Surname, name, patronymic"),
        "birth_date": _("Date of birth"),
        "day_in": _("Arrived on"),
        "day_out": _("Departed on"),
        "from": _("From where"),
        "to": _("To where"),
        "reason": _("Reason"),
        "order": _("No. and date of the order"),
        "slip": _("No. and date of the slip"),
        "confirmation": _("Confirmation of arrival"),
        "nobody": _("Nobody."),
    },
)
form(
    "records.personal_file",
    _("Personal file"),
    version=1,
    since="2020-08-01",
    template="personal-file.typ",
    data=PersonalFile,
    archived=False,
    texts={
        "heading": _("Personal file No. {number}"),
        "heading_none": _("Personal file"),
        "class": _("Class"),
        "contents": _("Papers in the file"),
    },
)
