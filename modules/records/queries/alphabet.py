"""The alphabetical book: entries with what cards and the book of movement say of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel.access import Actor, require
from kernel.names import kazakh_order
from modules.contingent import api as contingent
from modules.contingent.data import CITIZENSHIPS, MovementInfo, NewPupil
from modules.records import permissions
from modules.records.data import BookLine
from modules.records.models import AlphabetEntry
from tenants import reference


def entries(*, actor: Actor, letter: str = "", year: str = "", text: str = "") -> QuerySet[AlphabetEntry]:
    """Entries in the order of the book: by letter as the Kazakh alphabet goes, then by number."""
    require(actor, permissions.BOOKS)
    rows = AlphabetEntry.objects.order_by("letter", "number", "turn", "id")
    if letter:
        rows = rows.filter(letter=letter)
    if year:
        rows = rows.filter(year=year)
    if text:
        rows = rows.filter(_named(text, actor=actor))
    return rows


def _named(text: str, *, actor: Actor) -> Q:
    """By number as it is written, "Қ/13", by the name as it is now, or by the name as it was written."""
    letter, slash, number = text.replace(" ", "").partition("/")
    if slash and len(letter) == 1 and number.isdecimal():
        return Q(letter=letter.upper(), number=int(number))
    wanted = Q()
    for word in text.split()[:5]:
        wanted &= Q(surname__istartswith=word) | Q(name__istartswith=word) | Q(patronymic__istartswith=word)
    return wanted | Q(pupil_id__in=contingent.ids_like(actor=actor, text=text))


def years_of_book(*, actor: Actor) -> list[str]:
    """School years in which anybody was written in, the newest first."""
    require(actor, permissions.BOOKS)
    rows = AlphabetEntry.objects.order_by("-year").values_list("year", flat=True).distinct()
    return list(rows)


def lines_of(rows: Sequence[AlphabetEntry], *, actor: Actor) -> list[BookLine]:
    """The entries with all their columns; six statements, however many there are."""
    pupil_ids = {one.pupil_id for one in rows}
    cards = contingent.book_cards(actor=actor, pupil_ids=pupil_ids)
    came = _by_pupil(contingent.movements(actor=actor, direction="in", pupil_ids=pupil_ids))
    left = _by_pupil(contingent.movements(actor=actor, direction="out", pupil_ids=pupil_ids))
    return [
        _line(row, cards.get(row.pupil_id), came.get(row.pupil_id, []), left.get(row.pupil_id, []))
        for row in rows
    ]


def book_lines(*, actor: Actor, letter: str = "", year: str = "", text: str = "") -> list[BookLine]:
    """The whole book, or a part of it, for paper and for a spreadsheet."""
    return lines_of(list(entries(actor=actor, letter=letter, year=year, text=text)), actor=actor)


def _by_pupil(found: Iterable[MovementInfo]) -> dict[UUID, list[MovementInfo]]:
    by: dict[UUID, list[MovementInfo]] = defaultdict(list)
    for one in found:
        by[one.pupil.id].append(one)
    return by


def _line(
    row: AlphabetEntry, card: NewPupil | None, came: list[MovementInfo], left: list[MovementInfo]
) -> BookLine:
    arrival = came[row.turn - 1] if len(came) >= row.turn else None
    if card is None or arrival is None:
        return BookLine(
            number=row.written,
            letter=row.letter,
            pupil_id=row.pupil_id,
            full_name=row.person_name.full,
            year=row.year,
            is_struck=True,
        )
    following = came[row.turn].day if len(came) > row.turn else None
    departure = next(
        (one for one in left if one.day >= arrival.day and (following is None or one.day < following)), None
    )
    nations = reference.terms("nationalities")
    return BookLine(
        number=row.written,
        letter=row.letter,
        pupil_id=row.pupil_id,
        full_name=" ".join(filter(None, (card.surname, card.name, card.patronymic))),
        year=row.year,
        is_struck=False,
        birth_date=card.birth_date,
        sex=card.sex,
        nationality=nations[card.nationality].name if card.nationality in nations else card.nationality,
        address=card.address,
        came=arrival.day,
        came_class=arrival.class_label,
        came_from=place_of(arrival),
        came_order=order_of(arrival),
        left=departure.day if departure else None,
        left_class=departure.class_label if departure else "",
        left_to=place_of(departure) if departure else "",
        left_reason=reason_of(departure) if departure else "",
        left_order=order_of(departure) if departure else "",
        file_given=departure.file_given_date if departure else None,
    )


def place_of(one: MovementInfo) -> str:
    """From where or to where, in one line; a foreign country is named first."""
    country = CITIZENSHIPS.get(one.whereabouts.country) if one.whereabouts.country != "KZ" else None
    return ", ".join(filter(None, (str(country) if country else "", one.whereabouts.place)))


def reason_of(one: MovementInfo) -> str:
    kind = "arrival" if one.direction == "in" else "departure"
    found = reference.terms(kind).get(one.whereabouts.reason)
    return found.name if found else one.whereabouts.reason


def order_of(one: MovementInfo) -> str:
    """The number and the day of the order: 14-қ, 20.11.2026."""
    if not one.order_number:
        return ""
    return f"{one.order_number}, {one.order_date:%d.%m.%Y}" if one.order_date else one.order_number


def number_of(*, actor: Actor, pupil_id: UUID) -> str:
    """The pupil's number in the book, that of the last entry; empty when he is not written in yet.

    The caller has opened the pupil's card.
    """
    row = AlphabetEntry.objects.filter(pupil_id=pupil_id).order_by("-turn").first()
    return row.written if row else ""


def unwritten(*, actor: Actor, pupil_ids: Iterable[UUID] | None = None) -> list[tuple[MovementInfo, int]]:
    """Arrivals that have no entry yet, with their turn: by day, and by name as the Kazakh alphabet goes."""
    require(actor, permissions.KEEP)
    only = None if pupil_ids is None else set(pupil_ids)
    written = AlphabetEntry.objects.all() if only is None else AlphabetEntry.objects.filter(pupil_id__in=only)
    known = {*written.values_list("pupil_id", "turn")}
    found = []
    turns: dict[UUID, int] = defaultdict(int)
    for one in contingent.movements(actor=actor, direction="in", pupil_ids=only):
        turns[one.pupil.id] += 1
        if (one.pupil.id, turns[one.pupil.id]) not in known:
            found.append((one, turns[one.pupil.id]))
    return sorted(found, key=lambda pair: (pair[0].day, kazakh_order(pair[0].pupil.full_name)))
