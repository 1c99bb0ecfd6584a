"""Rows of pupils looked at together and against what the school has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from imports.api import Row, Verdict
from modules.contingent import queries
from modules.contingent.importers.labels import Label, text_of
from modules.contingent.importers.people import Person
from modules.contingent.importers.pupils.cells import GUARDIANS, as_day, found_at
from modules.contingent.models import Guardian, Guardianship, Membership, Pupil, PupilStatus, SchoolClass
from modules.contingent.queries import custody
from tenants import reference

MESSAGES = {
    "birth_from_iin": _("There is no date of birth; taken from the IIN: {suggestion}."),
    "sex_from_iin": _("There is no sex; taken from the IIN: {suggestion}."),
    "guardian_unnamed": _("The name of the guardian is missing; the number and the phone are left out."),
    "class_language": _("The class {class} is taught in the other language; the class stays as it is."),
    "pupil_left": _("This pupil has left the school on {date}. Take him back on his card."),
    "class_moves": _("Now in {now}; loading moves the pupil to {class}."),
    "no_longer_same": _("In the school: {before}. Loading puts {after}."),
}
FIELDS = {  # column of the file: field of the pupil
    "iin": "iin",
    "surname": "surname",
    "name": "name",
    "patronymic": "patronymic",
    "sex": "sex",
    "birth_date": "birth_date",
    "nationality": "nationality",
    "citizenship": "citizenship",
    "file_number": "file_number",
    "address": "address",
    "phone": "phone",
    "enrolled": "enrolled_date",
    "order_number": "enrolled_order",
}
FLAGS = {
    "special_needs": "special_educational_needs",
    "home": "home_education",
    "transport": "school_transport",
}


@dataclass(slots=True)
class Plan:
    """What loading the row will do."""

    pupil: Pupil | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    label: Label = (0, "")
    moves_from: Membership | None = None
    needs_place: bool = True
    guardians: list[Person] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """What the school has of the rows' people."""

    year: str
    start: date
    by_iin: dict[str, Pupil] = field(default_factory=dict)
    by_name: dict[tuple[str, str, str], Pupil] = field(default_factory=dict)
    places: dict[UUID, Membership] = field(default_factory=dict)
    classes: dict[Label, SchoolClass] = field(default_factory=dict)
    statuses: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    guardians: dict[UUID, list[Guardian]] = field(default_factory=lambda: defaultdict(list))


def year_start(year: str) -> date:
    try:
        return reference.school_year(year).start
    except KeyError:
        return date(int(year[:4]), 9, 1)


def known_of(rows: Sequence[Row]) -> Known:
    """Read all that the rows can touch, in seven queries."""
    year = queries.current_year()
    known = Known(year, year_start(year))
    numbers = [row.get("iin") for row in rows if row.get("iin")]
    alive = Pupil.objects.filter(removed_at=None)
    known.by_iin = {one.iin: one for one in alive.filter(iin__in=numbers)}
    surnames = {row.get("surname") for row in rows if not row.get("iin")} | {
        row.get("surname") for row in rows if row.get("iin") not in known.by_iin
    }
    for one in alive.filter(surname__in=[s for s in surnames if s]).order_by("pk"):
        known.by_name[name_key(one.surname, one.name, one.birth_date.isoformat())] = one
    ids = [one.pk for one in (*known.by_iin.values(), *known.by_name.values())]
    places = Membership.objects.filter(pupil_id__in=ids, year=year, until=None).select_related("school_class")
    known.places = {one.pupil_id: one for one in places}
    known.classes = {(one.grade, one.letter): one for one in SchoolClass.objects.filter(year=year)}
    for pupil_id, code in PupilStatus.objects.filter(pupil_id__in=ids, until=None).values_list(
        "pupil_id", "code"
    ):
        known.statuses[pupil_id].add(code)
    for link in Guardianship.objects.filter(pupil_id__in=ids).select_related("guardian"):
        known.guardians[link.pupil_id].append(link.guardian)
    for pupil_id, banned in custody.banned_guardians(ids).items():
        known.guardians[pupil_id] += banned
    return known


def name_key(surname: str, name: str, birth_date: str) -> tuple[str, str, str]:
    return surname.lower(), name.lower(), birth_date


def ties(row: Row) -> Iterator[str]:
    """The same number, the same person, and the rows that tell in which language the class is taught."""
    if row.get("iin"):
        yield f"iin {row.get('iin')}"
    who = _who(row)
    if who:
        yield f"name {' '.join(who)}"
    label = _label(row)
    if label and row.get("language"):
        yield f"class {text_of(label)}"


def check(rows: Sequence[Row]) -> None:
    """Set verdicts and plans, and which class loading will open."""
    known = known_of(rows)
    _twice(rows)
    languages = class_languages(rows)
    for row in rows:
        _plan(row, known)
        label = _label(row)
        spoken = row.get("language")
        if label and spoken:
            present = known.classes.get(label)
            real = present.language if present else languages[label]
            if real != spoken:
                row.doubt("language", "class_language", **{"class": text_of(label)})
        if label and label not in known.classes:
            row.brings = text_of(label)


def class_languages(rows: Sequence[Row]) -> dict[Label, str]:
    """The language that most rows of a class give; Kazakh where none does."""
    return {label: found or "kk" for label, found in _most(rows, "language").items()}


def class_shifts(rows: Sequence[Row]) -> dict[Label, int]:
    """The shift that most rows of a class give."""
    found = _most(rows, "shift")
    return {label: int(shift or 1) for label, shift in found.items()}


def _most(rows: Sequence[Row], column: str) -> dict[Label, str]:
    counted: dict[Label, Counter[str]] = defaultdict(Counter)
    for row in rows:
        label = _label(row)
        if label:
            counted[label].update([row.get(column)] if row.get(column) else [])
    return {label: (found.most_common(1) or [("", 0)])[0][0] for label, found in counted.items()}


def _label(row: Row) -> Label | None:
    found = row.get("class")
    return (found[0], found[1]) if found else None


def _twice(rows: Sequence[Row]) -> None:
    """The same ИИН, or the same name and birth date, twice in the file: the first one stands."""
    seen: dict[str, Row] = {}
    named: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        number = row.get("iin")
        who = _who(row)
        first = seen.get(number) if number else None
        if first is not None:
            _second(row, first, who)
        elif number:
            seen[number] = row
        if first is None and who is not None:
            twin = named.get(who)
            if twin is not None and not (number and twin.get("iin")):
                row.doubt("surname", "name_twice", row=twin.where, name=_name(twin))
            named.setdefault(who, row)


def _who(row: Row) -> tuple[str, str, str] | None:
    surname, name, born = row.get("surname"), row.get("name"), row.get("birth_date")
    return name_key(surname, name, born) if surname and name and born else None


def _second(row: Row, first: Row, who: tuple[str, str, str] | None) -> None:
    same = who is not None and who == name_key(
        first.get("surname") or "", first.get("name") or "", first.get("birth_date") or ""
    )
    if same:
        row.doubt("iin", "row_twice", row=first.where)
        row.verdict = Verdict.SKIP
    else:
        row.error("iin", "iin_twice", row=first.where, name=_name(first))


def _name(row: Row) -> str:
    return " ".join(filter(None, (row.get("surname"), row.get("name"), row.get("patronymic"))))


# --- the plan


def _plan(row: Row, known: Known) -> None:
    row.plan = plan = Plan(label=_label(row) or (0, ""))
    plan.guardians = _guardians(row)
    plan.statuses = _statuses(row)
    if row.is_blocked or row.verdict is Verdict.SKIP:
        return
    pupil = known.by_iin.get(row.get("iin") or "") or _same_without_number(row, known)
    if pupil is None:
        row.verdict = Verdict.CREATE
        return
    plan.pupil, row.target = pupil, pupil.pk
    if pupil.left_date is not None:
        row.error("iin", "pupil_left", date=as_day(pupil.left_date))
        return
    _changes(row, plan, pupil, known)


def _same_without_number(row: Row, known: Known) -> Pupil | None:
    """The pupil of the same name and birth date, when one of the two has no ИИН yet."""
    found = known.by_name.get(name_key(row.get("surname"), row.get("name"), row.get("birth_date")))
    if found is None or (found.iin and row.get("iin") and found.iin != row.get("iin")):
        return None
    return found


def _changes(row: Row, plan: Plan, pupil: Pupil, known: Known) -> None:
    """What differs from the card. An empty cell takes nothing away."""
    for column, name in FIELDS.items():
        value = row.get(column)
        if value is None:
            continue
        if name.endswith("_date"):
            value = date.fromisoformat(value)
        before = getattr(pupil, name)
        if before != value:
            plan.changes[name] = value
            if name in ("surname", "name", "birth_date", "sex") and before:
                row.doubt(column, "no_longer_same", before=_shown(before), after=_shown(value))
    place = known.places.get(pupil.pk)
    plan.needs_place = place is None
    if place is not None and (place.school_class.grade, place.school_class.letter) != plan.label:
        plan.moves_from = place
        row.doubt("class", "class_moves", now=place.school_class.label, **{"class": text_of(plan.label)})
    plan.guardians = [one for one in plan.guardians if not _is_there(one, known.guardians.get(pupil.pk, []))]
    plan.statuses = [code for code in plan.statuses if code not in known.statuses.get(pupil.pk, ())]
    does_something = plan.changes or plan.moves_from or plan.needs_place or plan.guardians or plan.statuses
    row.verdict = Verdict.UPDATE if does_something else Verdict.SKIP


def _shown(value: Any) -> str:
    return as_day(value) if isinstance(value, date) else str(value)


def _is_there(one: Person, have: Sequence[Guardian]) -> bool:
    return any(
        (one.iin and one.iin == other.iin) or (one.surname, one.name) == (other.surname, other.name)
        for other in have
    )


def _guardians(row: Row) -> list[Person]:
    found = []
    for who in GUARDIANS:
        name, number, phone = row.get(f"{who}_name"), row.get(f"{who}_iin"), row.get(f"{who}_phone")
        if name:
            found.append(Person(who, name[0], name[1], name[2], number or "", phone or ""))
        elif (number or phone) and not found_at(row, f"{who}_name"):
            row.doubt(f"{who}_name", "guardian_unnamed")
    return found


def _statuses(row: Row) -> list[str]:
    codes = list(row.get("privilege") or [])
    codes += [code for column, code in FLAGS.items() if row.get(column)]
    return list(dict.fromkeys(codes))
