"""Rows of classes looked at together and against what the school has: what they are, who leads them, which are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.api import Row, Verdict
from imports.people import People
from kernel import clock
from kernel.access import Actor
from kernel.ports import PortClosed
from modules.contingent import permissions, ports, queries
from modules.contingent.importers.labels import Label, text_of
from modules.contingent.models import Charge, SchoolClass

_SET_LENGTH = 12
_FIELDS = ("language", "shift", "kind", "direction", "room", "capacity")
_WORDS: dict[str, type[TextChoices]] = {
    "language": SchoolClass.Language,
    "kind": SchoolClass.Kind,
    "direction": SchoolClass.Direction,
}
_BETWEEN = re.compile(r"[,;+&]|\s(?:и|және|мен|пен)\s")
MESSAGES = {
    "number_bounds": _("“{value}” cannot be here; it is left out."),
    "class_twice": _("Row {row} is the same class. This row is left out."),
    "class_no_longer_same": _("In the school: {before}. Loading puts {after}."),
    "teacher_unknown": _("There is no employee “{value}”. The class stays without a class teacher."),
    "teacher_several": _("Several employees are called so: {name}. Write the whole name."),
    "teacher_changes": _("Now {before} leads the class; from today it will be {after}."),
    "teacher_later": _("Somebody is appointed from {date} on; change that on the page of the class."),
    "teacher_no_right": _(
        "Class teachers are appointed by those who have the right to; this cell is left out."
    ),
    "direction_of_seniors": _("Only classes from grade 10 on have a direction; this cell is left out."),
    "joined_unread": _("“{value}” is too long for a name of joined classes; it is left out."),
}


@dataclass(slots=True)
class Plan:
    """What loading the row will do."""

    label: Label = (0, "")
    present: SchoolClass | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    teacher_id: UUID | None = None
    since: date | None = None


def complete(row: Row) -> None:
    """The class from one column or from two."""
    found = row.get("class")
    touched = {column for column, _found in row.findings}
    if found is None and row.get("grade") is not None:
        found = [row.get("grade"), row.get("letter") or ""]
    elif found is not None and not found[1] and row.get("letter"):
        found = [found[0], row.get("letter")]
    if found is not None:
        row.values["class"] = found
    elif not touched & {"class", "grade"}:
        row.error("class", "required")


def ties(row: Row) -> Iterator[str]:
    """The same class, and those with which it is taught together."""
    label = _label(row)
    if label:
        yield f"class {text_of(label)}"
        for one in _together(row) or ():
            yield f"class {text_of(one)}"


def _label(row: Row) -> Label | None:
    found = row.get("class")
    return (found[0], found[1]) if found else None


def _together(row: Row) -> list[Label] | None:
    """The classes named in the cell of joined ones; None when it holds a word of its own."""
    read = [
        normalise.school_class(part).value for part in _BETWEEN.split(row.get("joined") or "") if part.strip()
    ]
    return [(one[0], one[1]) for one in read if one] if all(read) else None


def check(rows: Sequence[Row], *, actor: Actor) -> None:
    """Set verdicts and plans."""
    year = queries.current_year()
    known = {
        (one.grade, one.letter): one for one in queries.with_leaders(SchoolClass.objects.filter(year=year))
    }
    teachers = People(_choices(actor) if any(row.get("teacher") for row in rows) else ())
    latest = _latest_charges(year)
    for row in rows:
        row.plan = Plan(_label(row) or (0, ""))
    joined = _joined(rows)
    seen: dict[Label, Row] = {}
    for row in rows:
        _plan(row, known, joined, seen)
        _teacher(row, teachers, latest, actor)


def _choices(actor: Actor) -> list[tuple[UUID, str]]:
    try:
        return ports.employees().choices(actor=actor)
    except PortClosed:
        return []


def _joined(rows: Sequence[Row]) -> dict[Label, str]:
    """The word that classes taught together share: made of their labels, or the word of the file itself."""
    groups: dict[Label, set[Label]] = {}
    words: dict[Label, str] = {}
    for row in rows:
        line = row.get("joined")
        if not line or not row.get("class"):
            continue
        named = _together(row)
        if named is None:
            if len(line) > _SET_LENGTH:
                row.doubt("joined", "joined_unread", value=normalise.clip(line))
            else:
                words[row.plan.label] = line
            continue
        together = {row.plan.label, *named}
        for label in list(together):
            together |= groups.get(label, set())
        for label in together:
            groups[label] = together
    for label, together in groups.items():
        words[label] = "+".join(text_of(one) for one in sorted(together))[:_SET_LENGTH]
    return words


def _plan(
    row: Row, known: Mapping[Label, SchoolClass], joined: Mapping[Label, str], seen: dict[Label, Row]
) -> None:
    plan = row.plan
    if row.is_blocked:
        return
    first = seen.setdefault(plan.label, row)
    if first is not row:
        row.doubt("class", "class_twice", row=first.where)
        row.verdict = Verdict.SKIP
        return
    plan.present = present = known.get(plan.label)
    if row.get("direction") and plan.label[0] < SchoolClass.SENIOR:
        row.doubt("direction", "direction_of_seniors")
        row.values.pop("direction")
    wanted = {name: row.get(name) for name in _FIELDS}
    wanted["set_code"] = joined.get(plan.label)
    if present is None:
        plan.changes = {name: value for name, value in wanted.items() if value is not None}
        row.verdict = Verdict.CREATE
        return
    row.target = present.pk
    plan.changes = {
        name: value for name, value in wanted.items() if value is not None and getattr(present, name) != value
    }
    for name, value in plan.changes.items():
        before, words = getattr(present, name), _WORDS.get(name)
        if words is not None and before:
            said = {"before": str(words(before).label), "after": str(words(value).label)}
            row.doubt(name, "class_no_longer_same", **said)
    row.verdict = Verdict.UPDATE if plan.changes else Verdict.SKIP


def _latest_charges(year: str) -> dict[UUID, date]:
    """The day from which the newest class teacher of each class leads it."""
    rows = Charge.objects.filter(school_class__year=year, duty=Charge.Duty.CLASS_TEACHER)
    return dict(rows.order_by("since").values_list("school_class_id", "since"))


def _teacher(row: Row, teachers: People, latest: Mapping[UUID, date], actor: Actor) -> None:
    said, plan = row.get("teacher"), row.plan
    if not said or row.is_blocked or (row.verdict is Verdict.SKIP and plan.present is None):
        return
    if not actor.may(permissions.APPOINT):
        row.doubt("teacher", "teacher_no_right")
        return
    found = teachers.find(said)
    if len(found) != 1:
        if found:
            row.doubt(
                "teacher", "teacher_several", name=", ".join(sorted(teachers.names[one] for one in found))
            )
        else:
            row.doubt("teacher", "teacher_unknown", teachers.nearest(said), value=said)
        return
    [employee_id] = found
    now = plan.present.class_teacher_id if plan.present else None
    if now == employee_id:
        return
    today, last = clock.today(), latest.get(plan.present.pk) if plan.present else None
    if last is not None and last >= today:
        row.doubt("teacher", "teacher_later", date=f"{last:%d.%m.%Y}")
        return
    if now is not None:
        row.doubt(
            "teacher",
            "teacher_changes",
            before=teachers.names.get(now, "?"),
            after=teachers.names[employee_id],
        )
    plan.teacher_id, plan.since = employee_id, today if last else None
    if row.verdict is Verdict.SKIP:
        row.verdict = Verdict.UPDATE
