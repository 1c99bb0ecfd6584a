"""What other modules may ask of the contingent. Everything takes the actor and gives frozen data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from kernel.access import Actor
from modules.contingent import permissions, queries, services
from modules.contingent.data import (
    ChargeInfo,
    ClassInfo,
    Counts,
    GuardianInfo,
    HealthLine,
    HomeGround,
    LeaveInfo,
    MovementInfo,
    Newcomer,
    NewGuardian,
    NewPupil,
    PupilCard,
    PupilInfo,
    RollLine,
    StatusInfo,
    StayInfo,
    TermInfo,
    Whereabouts,
)
from modules.contingent.queries import custody
from modules.contingent.services import (
    draft_departure,
    draft_enrolment,
    draft_return,
    give_status,
    link_guardian,
    note_papers,
    refuse_iin,
    take_lines,
)

__all__ = [
    "ChargeInfo",
    "ClassInfo",
    "Counts",
    "GuardianInfo",
    "HealthLine",
    "HomeGround",
    "LeaveInfo",
    "MovementInfo",
    "NewGuardian",
    "NewPupil",
    "Newcomer",
    "PupilCard",
    "PupilInfo",
    "RollLine",
    "StatusInfo",
    "StayInfo",
    "TermInfo",
    "Whereabouts",
    "all_guardians",
    "appoint",
    "attestation_decided",
    "attested_here",
    "book_cards",
    "card",
    "cards_like",
    "change_class",
    "charges",
    "children_of",
    "class_of",
    "classes",
    "classes_of",
    "classes_of_teacher",
    "counts",
    "current_year",
    "draft_departure",
    "draft_enrolment",
    "draft_return",
    "enrol",
    "find",
    "give_status",
    "guardians",
    "health_lines",
    "home_ground",
    "ids_like",
    "kept_since",
    "leaves",
    "lines_in_words",
    "lines_of_card",
    "link_guardian",
    "move",
    "movements",
    "movements_of",
    "needs_in_classes",
    "note_papers",
    "open_class",
    "opens_card",
    "permissions",
    "pupil",
    "pupils",
    "pupils_of_class",
    "pupils_of_classes",
    "refuse_iin",
    "roll_of_class",
    "school_class",
    "stays",
    "take_lines",
    "terms_in_class",
    "watching",
]


def current_year() -> str:
    """The code of today's school year."""
    return queries.current_year()


def classes(*, actor: Actor, year: str | None = None) -> list[ClassInfo]:
    """Classes of the school year (today's by default), by grade and letter in Kazakh order."""
    return [queries.info_of_class(row) for row in queries.classes_of_year(actor=actor, year=year)]


def school_class(*, actor: Actor, class_id: UUID) -> ClassInfo:
    """One class; raises NotFound."""
    return queries.info_of_class(queries.get_class(actor=actor, class_id=class_id))


def classes_of_teacher(*, actor: Actor, employee_id: UUID, year: str | None = None) -> list[ClassInfo]:
    """Classes that are in the employee's charge today, as class teacher or as educator."""
    return [one for one in classes(actor=actor, year=year) if employee_id in one.leader_ids]


def charges(
    *,
    actor: Actor,
    class_id: UUID | None = None,
    employee_ids: Iterable[UUID] | None = None,
    year: str | None = None,
    on: date | None = None,
) -> list[ChargeInfo]:
    """Class teachers and educators with their terms; `on` leaves those in force on the day."""
    return queries.charges(actor=actor, class_id=class_id, employee_ids=employee_ids, year=year, on=on)


def pupils_of_class(*, actor: Actor, class_id: UUID, on: date | None = None) -> list[PupilInfo]:
    """Pupils in the class on the day (today by default), in Kazakh order; one query."""
    return queries.members(actor=actor, class_ids=[class_id], on=on)


def pupils_of_classes(*, actor: Actor, class_ids: Iterable[UUID], on: date | None = None) -> list[PupilInfo]:
    """The same for many classes in one query; `class_id` says whose."""
    return queries.members(actor=actor, class_ids=class_ids, on=on)


def terms_in_class(*, actor: Actor, class_id: UUID, start: date, end: date) -> list[PupilInfo]:
    """Everybody who was in the class at any time between the days, with `since` and `until` of each term."""
    return queries.members(actor=actor, class_ids=[class_id], during=(start, end))


def pupil(*, actor: Actor, pupil_id: UUID, on: date | None = None) -> PupilInfo:
    """One pupil with the class of the day; raises NotFound."""
    row = queries.get_pupil(actor=actor, pupil_id=pupil_id)
    return queries.info_of_pupil(row, queries.places_of([row.pk], on=on).get(row.pk))


def pupils(*, actor: Actor, pupil_ids: Iterable[UUID], on: date | None = None) -> dict[UUID, PupilInfo]:
    """Those of the pupils whom the actor may see, by id; two queries."""
    return queries.pupils_by_id(actor=actor, pupil_ids=pupil_ids, on=on)


def class_of(*, actor: Actor, pupil_id: UUID, on: date | None = None) -> ClassInfo | None:
    """The class in which the pupil is on the day."""
    return classes_of(actor=actor, pupil_ids=[pupil_id], on=on).get(pupil_id)


def classes_of(*, actor: Actor, pupil_ids: Iterable[UUID], on: date | None = None) -> dict[UUID, ClassInfo]:
    """The class of each pupil whom the actor may see."""
    seen = queries.pupils_by_id(actor=actor, pupil_ids=pupil_ids, on=on)
    places = queries.places_of(seen, on=on)
    known = queries.classes_by_id({place.school_class_id for place in places.values()})
    return {key: known[place.school_class_id] for key, place in places.items()}


def card(*, actor: Actor, pupil_id: UUID) -> PupilCard:
    """All that the card says; needs the right to it, and the ИИН its own. The caller logs the look."""
    return queries.card(actor=actor, pupil_id=pupil_id)


def lines_of_card(*, actor: Actor, pupil_id: UUID) -> dict[str, Any]:
    """Documents, addresses, needs, schooling at home and bans as JSON keeps them; never health. Needs the card."""
    return queries.lines_to_send(actor=actor, pupil_id=pupil_id)


def lines_in_words(content: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """The same as tables: title, head, rows."""
    return queries.lines_in_words(content)


def cards_like(
    *, actor: Actor, iin: str = "", surname: str = "", name: str = "", birth_date: date | None = None
) -> list[PupilCard]:
    """Cards of those who learn or learned here and may be this child, the last enrolled first."""
    found = queries.cards_like(actor=actor, iin=iin, surname=surname, name=name, birth_date=birth_date)
    return [queries.card(actor=actor, pupil_id=row.pk) for row in found]


def opens_card(*, actor: Actor, pupil_id: UUID) -> PupilInfo:
    """The pupil, if his card is open to the actor; raises NotFound otherwise."""
    row = queries.get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    return queries.info_of_pupil(row, queries.places_of([row.pk]).get(row.pk))


def watching(*, pupil_id: UUID, user_ids: Iterable[int]) -> list[int]:
    """Of the accounts, those to which the pupil's card is open today. Whoever tells a family of its child asks this."""
    return queries.watching(pupil_id=pupil_id, user_ids=user_ids)


def find(*, actor: Actor, text: str, limit: int = 20) -> list[PupilInfo]:
    """The first pupils who learn here and whose name begins so, with their class."""
    return queries.find(actor=actor, text=text, limit=limit)


def guardians(*, actor: Actor, pupil_id: UUID) -> list[GuardianInfo]:
    """The pupil's guardians; needs the right to the card."""
    return queries.guardians_of(actor=actor, pupil_id=pupil_id)


def all_guardians(*, actor: Actor, class_id: UUID | None = None) -> list[GuardianInfo]:
    """Guardians who may see the pupils of the class or of the school, one row for each child: for notices and accounts."""
    return custody.watchers(actor=actor, class_id=class_id)


def children_of(*, actor: Actor, guardian_id: UUID, on: date | None = None) -> list[PupilInfo]:
    """The children whom the guardian (a Guardian's id) may see; the guardian herself or the staff may ask."""
    return queries.children_of(actor=actor, guardian_id=guardian_id, on=on)


def counts(*, actor: Actor, year: str | None = None, on: date | None = None) -> Counts:
    """Classes and pupils of the year, in all and by class."""
    return queries.counts(actor=actor, year=year, on=on)


def needs_in_classes(*, actor: Actor, class_ids: Iterable[UUID], on: date | None = None) -> dict[UUID, int]:
    """How many pupils of each class have special needs on the day; a figure and no names."""
    return queries.needs_in_classes(actor=actor, class_ids=class_ids, on=on)


def movements(
    *,
    actor: Actor,
    direction: str,
    start: date = date.min,
    end: date = date.max,
    pupil_ids: Iterable[UUID] | None = None,
) -> list[MovementInfo]:
    """Who arrived ("in") or departed ("out") between the days, by day and name; for the school's books."""
    return queries.movements(actor=actor, direction=direction, start=start, end=end, pupil_ids=pupil_ids)


def stays(*, actor: Actor, start: date, end: date) -> list[StayInfo]:
    """Every term in a class that touches the days, the earliest of a pupil first; for counting who is where."""
    return queries.stays(actor=actor, start=start, end=end)


def leaves(*, actor: Actor, start: date, end: date) -> list[LeaveInfo]:
    """Academic leaves that touch the days."""
    return queries.leaves(actor=actor, start=start, end=end)


def kept_since(*, actor: Actor) -> date | None:
    """The first day on which anybody is in a class here."""
    return queries.kept_since(actor=actor)


def book_cards(*, actor: Actor, pupil_ids: Iterable[UUID]) -> dict[UUID, NewPupil]:
    """Cards by id as the alphabetical book writes them, without the ИИН."""
    return queries.book_cards(actor=actor, pupil_ids=pupil_ids)


def ids_like(*, actor: Actor, text: str) -> list[UUID]:
    """Pupils of now and of before whose name begins so."""
    return queries.ids_like(actor=actor, text=text)


def movements_of(*, actor: Actor, pupil_id: UUID) -> list[MovementInfo]:
    """Arrivals and departures of one pupil, the newest first; needs the right to the card."""
    return queries.movements_of(actor=actor, pupil_id=pupil_id)


def attested_here(*, actor: Actor, pupil_ids: Iterable[UUID], year: str, quarter: int) -> dict[UUID, bool]:
    """Whether each pupil is attested here for the quarter: as decided, else whoever is here on its last day."""
    return queries.attested_here(actor=actor, pupil_ids=pupil_ids, year=year, quarter=quarter)


def attestation_decided(
    *, actor: Actor, pupil_ids: Iterable[UUID], year: str, quarter: int
) -> dict[UUID, bool]:
    """Where it was decided whether a pupil is attested here for the quarter; the others follow its last day."""
    return queries.attestation_decided(actor=actor, pupil_ids=pupil_ids, year=year, quarter=quarter)


# --- changes


def open_class(
    *,
    actor: Actor,
    year: str,
    grade: int,
    letter: str,
    language: str,
    shift: int = 1,
    kind: str = "",
    direction: str = "",
    room: str = "",
    capacity: int | None = None,
    set_code: str = "",
    class_teacher_id: UUID | None = None,
) -> ClassInfo:
    """Open a class; raises services.ClassExists, services.DirectionOfSeniors."""
    row = services.open_class(
        actor=actor,
        year=year,
        grade=grade,
        letter=letter,
        language=language,
        shift=shift,
        kind=kind,
        direction=direction,
        room=room,
        capacity=capacity,
        set_code=set_code,
        class_teacher_id=class_teacher_id,
    )
    return school_class(actor=actor, class_id=row.pk)


def change_class(*, actor: Actor, class_id: UUID, **changes: object) -> ClassInfo:
    """Change fields of a class: set_code, shift, room, direction …"""
    services.change_class(actor=actor, class_id=class_id, **changes)
    return school_class(actor=actor, class_id=class_id)


def appoint(
    *,
    actor: Actor,
    class_id: UUID,
    employee_id: UUID,
    since: date,
    duty: str = "class_teacher",
    group: str = "",
    order_number: str = "",
) -> None:
    """Give the class into somebody's charge from the day on; the class teacher before ends the day before."""
    services.appoint(
        actor=actor,
        class_id=class_id,
        employee_id=employee_id,
        since=since,
        duty=duty,
        group=group,
        order_number=order_number,
    )


def enrol(
    *,
    actor: Actor,
    pupil: NewPupil,
    class_id: UUID,
    since: date,
    order_number: str = "",
    guardians: tuple[NewGuardian, ...] = (),
) -> PupilInfo:
    """Take a new pupil into the class."""
    row = services.enrol(
        actor=actor,
        pupil=pupil,
        class_id=class_id,
        since=since,
        order_number=order_number,
        guardians=guardians,
    )
    return queries.info_of_pupil(row, queries.places_of([row.pk], on=since).get(row.pk))


def move(*, actor: Actor, pupil_id: UUID, class_id: UUID, since: date, order_number: str = "") -> None:
    """Move the pupil to another class of the same year."""
    services.move(actor=actor, pupil_id=pupil_id, class_id=class_id, since=since, order_number=order_number)


def roll_of_class(*, actor: Actor, class_id: UUID) -> list[RollLine]:
    """Pupils now in the class whose card is open to the actor, with guardians. The caller logs the look."""
    return queries.roll_of_class(actor=actor, class_id=class_id)


def health_lines(*, actor: Actor, class_id: UUID) -> list[HealthLine]:
    """The class's health list in words, of those whose health is open to the actor. The caller logs the look."""
    return queries.health_lines(actor=actor, class_id=class_id)


def home_ground(*, actor: Actor, pupil_id: UUID) -> HomeGround | None:
    """Why the pupil is taught at home now; raises NotFound when the card is closed to the actor."""
    return queries.home_ground(actor=actor, pupil_id=pupil_id)
