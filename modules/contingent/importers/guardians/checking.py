"""Rows of guardians looked at together and against what the school has: the children, and who answers for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from imports.api import Row, Verdict
from kernel.names import fold
from modules.contingent import queries
from modules.contingent.importers.guardians.ties import Plan, Tie
from modules.contingent.importers.labels import text_of
from modules.contingent.importers.people import Person
from modules.contingent.models import Guardian, Guardianship, Membership, Pupil
from modules.contingent.queries import custody

MESSAGES = {
    "child_unknown": _("There is no such pupil in the school: {value}"),
    "child_several": _("Several pupils are called so. Write the IIN or the class: {name}"),
    "child_other_name": _("By the IIN this is {name}; the row says {value}."),
    "child_other_class": _("This pupil is in {now}; the row says {class}."),
    "guardian_nobody": _("There is no parent or guardian in the row."),
    "guardian_unnamed": _("The name of the guardian is missing; the number and the phone are left out."),
    "relation_missing": _("It does not say who it is to the child; taken as a lawful guardian."),
    "tie_twice": _("Row {row} says the same of this child. This row is left out."),
    "sight_unread": _("“{value}” is not understood. Write yes or no: who sees a child is never guessed."),
    "sight_closes": _("Loading closes the child’s data to her or him: {name}."),
    "sight_stays": _("A decision on the card closes the child’s data to {name}. A list does not lift it."),
    "ground_missing": _(
        "The decision is not named. Write it into the card afterwards: whose, its number and date."
    ),
    "no_longer_same": _("In the school: {before}. Loading puts {after}."),
}
# Stands for a decision that the list does not name, so that the child is closed rather than open.
_UNNAMED = _("By the list that was loaded")
WHO = ("mother", "father")


class Children:
    """The pupils who learn here, found by number or as people write their names."""

    def __init__(self) -> None:
        rows = Pupil.objects.filter(removed_at=None, left_date=None)
        self.places = {
            place.pupil_id: place.school_class
            for place in Membership.objects.filter(year=queries.current_year(), until=None).select_related(
                "school_class"
            )
        }
        self.by_id = {one.pk: one for one in rows.only("id", "iin", "surname", "name", "patronymic")}
        self.by_iin = {one.iin: one for one in self.by_id.values() if one.iin}
        self.by_name: dict[frozenset[str], list[Pupil]] = defaultdict(list)
        for one in self.by_id.values():
            self.by_name[_key(one.surname, one.name)].append(one)

    def named(self, row: Row) -> list[Pupil]:
        surname, name, patronymic = row.get("child")
        found = self.by_name.get(_key(surname, name), [])
        label = row.get("class")
        for narrower in (
            [one for one in found if label and self.label_of(one) == (label[0], label[1])],
            [one for one in found if patronymic and fold(one.patronymic) == fold(patronymic)],
        ):
            if len(found) > 1 and narrower:
                found = narrower
        return found

    def nearest(self, row: Row) -> str:
        """The pupil who is probably meant: of the class, if the row names one."""
        label = row.get("class")
        names = {
            fold(one.person_name.full): one.person_name.full
            for one in self.by_id.values()
            if not label or self.label_of(one) == (label[0], label[1])
        }
        found = get_close_matches(fold(" ".join(filter(None, row.get("child")))), names, n=1, cutoff=0.8)
        return names[found[0]] if found else ""

    def label_of(self, one: Pupil) -> tuple[int, str] | None:
        place = self.places.get(one.pk)
        return (place.grade, place.letter) if place else None


def _key(surname: str, name: str) -> frozenset[str]:
    return frozenset(fold(f"{surname} {name}").split())


def ties(row: Row) -> Iterator[str]:
    """The same guardian: by number, or by name."""
    for who in ("", *(f"{one}_" for one in WHO)):
        name, number = row.get(f"{who}name" if who else "full_name"), row.get(f"{who}iin")
        if name:
            yield f"iin {number}" if number else f"name {' '.join(sorted(_key(name[0], name[1])))}"


def check(rows: Sequence[Row]) -> None:
    """Set verdicts and plans."""
    children = Children()
    for row in rows:
        row.plan = Plan()
        _child(row, children)
        row.plan.ties = _ties(row)
    known = Known(rows)
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        if not row.is_blocked:
            _compare(row, known, seen)


def _child(row: Row, children: Children) -> None:
    number, name, label = row.get("child_iin"), row.get("child"), row.get("class")
    touched = {column for column, _found in row.findings}
    found = children.by_iin.get(number) if number else None
    if found is None and name:
        several = children.named(row)
        if len(several) > 1:
            row.error(
                "child",
                "child_several",
                name=", ".join(sorted({_with_class(one, children) for one in several})),
            )
            return
        found = several[0] if several else None
        if found is not None and number and found.iin and found.iin != number:
            found = None
    if found is None:
        if name:
            row.error("child", "child_unknown", children.nearest(row), value=row.shown.get("child", ""))
        elif number:
            row.error("child_iin", "child_unknown", value=row.shown.get("child_iin", ""))
        elif not touched & {"child", "child_iin"}:
            row.error("child", "required")
        return
    if name and number and _key(name[0], name[1]) != _key(found.surname, found.name):
        row.doubt("child", "child_other_name", name=found.person_name.full, value=row.shown.get("child", ""))
    now = children.label_of(found)
    if label and now and now != (label[0], label[1]):
        row.doubt(
            "class",
            "child_other_class",
            text_of(now),
            now=text_of(now),
            **{"class": text_of((label[0], label[1]))},
        )
    row.plan.pupil_id, row.target = found.pk, found.pk


def _with_class(one: Pupil, children: Children) -> str:
    label = children.label_of(one)
    return f"{one.person_name.full} ({text_of(label)})" if label else one.person_name.full


def _ties(row: Row) -> list[Tie]:
    touched = {column for column, _found in row.findings}
    found = []
    name = row.get("full_name")
    if name:
        relation = row.get("relation")
        if relation is None:
            row.doubt("relation", "relation_missing")
        surname, given, patronymic = name
        person = Person(
            relation or "guardian", surname, given, patronymic, row.get("iin") or "", row.get("phone") or ""
        )
        tie = Tie(person, row.get("email") or "", row.get("language") or "")
        if row.get("may_see") == "no":
            tie.ban = row.get("ground") or str(_UNNAMED)
        found.append(tie)
    elif (row.get("iin") or row.get("phone")) and "full_name" not in touched:
        row.doubt("full_name", "guardian_unnamed")
    for who in WHO:
        name, number, phone = row.get(f"{who}_name"), row.get(f"{who}_iin"), row.get(f"{who}_phone")
        if name:
            surname, given, patronymic = name
            found.append(Tie(Person(who, surname, given, patronymic, number or "", phone or "")))
        elif (number or phone) and f"{who}_name" not in touched:
            row.doubt(f"{who}_name", "guardian_unnamed")
    if not found and not row.is_blocked and not touched & {"full_name", "mother_name", "father_name"}:
        row.error("full_name", "guardian_nobody")
    return found


class Known:
    """Guardians and ties that the rows may mean."""

    def __init__(self, rows: Sequence[Row]) -> None:
        people = [tie.person for row in rows for tie in row.plan.ties]
        pupils = {row.plan.pupil_id for row in rows}
        links = custody.ties(pupil_ids=pupils - {None})
        self.links = {(one.pupil_id, one.guardian_id): one for one in links}
        self.bans = custody.unended_bans(pupils - {None})
        self.of_child: dict[UUID, list[Guardian]] = defaultdict(list)
        for one in self.links.values():
            self.of_child[one.pupil_id].append(one.guardian)
        for pupil_id, banned in custody.banned_guardians(pupils - {None}).items():
            self.of_child[pupil_id] += banned
        self.by_key: dict[tuple[str, ...], Guardian] = {}
        wanted = Q(iin__in=[one.iin for one in people if one.iin]) | Q(
            phone__in=[one.phone for one in people if one.phone]
        )
        for guardian in Guardian.objects.filter(wanted).order_by("pk"):
            for key in Person("", guardian.surname, guardian.name, "", guardian.iin, guardian.phone).keys:
                self.by_key.setdefault(key, guardian)

    def find(self, pupil_id: UUID, person: Person) -> Guardian | None:
        for key in person.keys:
            if key in self.by_key:
                return self.by_key[key]
        for one in self.of_child[pupil_id]:
            same = _key(one.surname, one.name) == _key(person.surname, person.name)
            if same and not (one.iin and person.iin and one.iin != person.iin):
                return one
        return None


def _compare(row: Row, known: Known, seen: dict[tuple[Any, ...], Row]) -> None:
    plan, fresh = row.plan, []
    for tie in plan.ties:
        person = tie.person
        key = (plan.pupil_id, person.iin or _key(person.surname, person.name))
        first = seen.setdefault(key, row)
        if first is not row:
            row.doubt("full_name", "tie_twice", row=first.where)
            continue
        fresh.append(tie)
        tie.guardian = known.find(plan.pupil_id, person)
        if tie.guardian is not None:
            _differences(row, tie, known.links.get((plan.pupil_id, tie.guardian.pk)))
        _sight_of(row, tie, known)
    plan.ties = [tie for tie in fresh if tie.does_something]
    if not plan.ties:
        row.verdict = Verdict.SKIP
    elif all(tie.guardian is None for tie in plan.ties):
        row.verdict = Verdict.CREATE
    else:
        row.verdict = Verdict.UPDATE


def _differences(row: Row, tie: Tie, link: Guardianship | None) -> None:
    one, person = tie.guardian, tie.person
    assert one is not None
    said = {
        "iin": person.iin, "surname": person.surname, "name": person.name, "patronymic": person.patronymic,
        "phone": person.phone, "email": tie.email, "language": tie.language,
    }  # fmt: skip
    tie.changes = {name: value for name, value in said.items() if value and getattr(one, name) != value}
    if tie.changes.keys() & {"surname", "name"}:
        before = one.person_name.full
        row.doubt(
            "full_name",
            "no_longer_same",
            before=before,
            after=f"{person.surname} {person.name} {person.patronymic}".strip(),
        )
    tie.link = link
    if link is None:
        return
    relation = person.relation if row.get("relation") or person.relation in WHO else link.relation
    if relation != link.relation:
        tie.turn["relation"] = relation


def _sight_of(row: Row, tie: Tie, known: Known) -> None:
    """A list closes a child to somebody; only a decision on the card opens it again."""
    person = tie.person
    name = f"{person.surname} {person.name} {person.patronymic}".strip()
    is_banned = tie.guardian is not None and (row.plan.pupil_id, tie.guardian.pk) in known.bans
    if is_banned:
        tie.ban = ""
        if row.get("may_see") == "yes":
            row.doubt("may_see", "sight_stays", name=name)
    elif tie.ban:
        row.doubt("may_see", "sight_closes", name=name)
        if not row.get("ground"):
            row.doubt("ground", "ground_missing")
