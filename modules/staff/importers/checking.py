"""Rows of employees looked at together and against what the school has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from imports.api import Row, Verdict
from kernel import clock, iin
from modules.staff import terms
from modules.staff.importers.words import PRIMARY
from modules.staff.models import Attestation, Education, Employee, EmployeeSubject, Position, Training

MESSAGES = {
    "sex_from_iin": _("There is no sex; taken from the IIN: {suggestion}."),
    "rate_bounds": _("A rate is from 0.05 to 2.5; “{value}” is left out and 1 is taken."),
    "no_subject": _("A teacher without a subject: add it to the card."),
    "no_longer_same": _("In the school: {before}. Loading puts {after}."),
    "second_post": _("Row {row} is the same person; this row adds the post to it."),
    "post_by_order": _("This post is held by an order on {before} rates; another rate needs another order."),
    "category_undated": _("There is no date of the category; the card keeps the one it has: {before}."),
    "course_undated": _("There is no date of the course, so it is left out."),
    "year_far": _("This cannot be the year of finishing: {value}"),
    "hours_far": _("A course has from 1 to 2000 hours; “{value}” is left out."),
}
FIELDS = {
    "iin": "iin",
    "surname": "surname",
    "name": "name",
    "patronymic": "patronymic",
    "sex": "sex",
    "birth_date": "birth_date",
    "phone": "phone",
    "email": "email",
    "teaching_since": "teaching_since",
    "nationality": "nationality",
    "address": "address",
}
DATES = ("birth_date", "teaching_since")
_SEX_WORD = {"m": ("ер", "м"), "f": ("әйел", "ж")}


@dataclass(slots=True)
class Plan:
    """What loading the row will do."""

    employee: Employee | None = None
    follows: Row | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    posts: dict[str, Decimal] = field(default_factory=dict)
    subjects: list[str] = field(default_factory=list)
    # What stands on the card in lines of its own: rows to be added, without the employee.
    records: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """What the school has of the people in the rows."""

    by_iin: dict[str, Employee]
    by_name: dict[tuple[str, ...], Employee]
    posts: dict[UUID, dict[str, Position]]
    subjects: dict[UUID, set[str]]
    educations: dict[UUID, list[Education]]
    attestations: dict[UUID, list[Attestation]]
    trainings: dict[UUID, list[Training]]


def check(rows: Sequence[Row]) -> None:
    """Set verdicts and plans."""
    _twice(rows)
    known = _known(rows)
    for row in rows:
        _plan(row, known)


def _known(rows: Sequence[Row]) -> Known:
    numbers = [row.get("iin") for row in rows if row.get("iin")]
    by_iin = {one.iin: one for one in Employee.objects.filter(iin__in=numbers)}
    surnames = [row.get("surname") for row in rows if row.get("iin") not in by_iin and row.get("surname")]
    by_name = {name_key(one): one for one in Employee.objects.filter(surname__in=surnames).order_by("pk")}
    ids = [one.pk for one in (*by_iin.values(), *by_name.values())]
    posts: dict[UUID, dict[str, Position]] = defaultdict(dict)
    held = Position.objects.filter(employee_id__in=ids, until=None, form=Position.Form.MAIN)
    for position in held:
        posts[position.employee_id][position.post_code] = position
    subjects: dict[UUID, set[str]] = defaultdict(set)
    for employee_id, code in EmployeeSubject.objects.filter(employee_id__in=ids).values_list(
        "employee_id", "subject_code"
    ):
        subjects[employee_id].add(code)
    return Known(
        by_iin,
        by_name,
        posts,
        subjects,
        *(_of_people(model, ids) for model in (Education, Attestation, Training)),
    )


def _of_people(model: Any, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for one in model.objects.filter(employee_id__in=ids):
        found[one.employee_id].append(one)
    return found


def name_key(one: Employee) -> tuple[str, ...]:
    return one.surname.lower(), one.name.lower(), one.birth_date.isoformat() if one.birth_date else ""


def _row_key(row: Row) -> tuple[str, ...]:
    return (row.get("surname") or "").lower(), (row.get("name") or "").lower(), row.get("birth_date") or ""


def complete(row: Row) -> None:
    """Take the parts of the name from the whole one, what is missing from the ИИН."""
    whole = row.values.pop("full_name", None)
    if whole:
        for part, value in zip(("surname", "name", "patronymic"), whole, strict=True):
            if value:
                row.values.setdefault(part, value)
    touched = {column for column, _found in row.findings}
    for part in ("surname", "name"):
        if not row.get(part) and not touched & {part, "full_name"}:
            row.error(part, "required")
    number = row.get("iin")
    if not number:
        if "iin" not in touched:
            row.doubt("iin", "iin_missing")
        if not row.get("sex") and "sex" not in touched:
            row.error("sex", "required")
        return
    _compare_with_iin(row, number, touched)


def _compare_with_iin(row: Row, number: str, touched: set[str]) -> None:
    told = iin.parse(number)
    word = _word(told.sex, row)
    if not row.get("sex"):
        if "sex" in touched:
            row.findings = [
                (where, replace(found, suggestion=word) if where == "sex" else found)
                for where, found in row.findings
            ]
        elif told.sex:
            row.values["sex"] = told.sex
            row.doubt("sex", "sex_from_iin", word)
        else:
            row.error("sex", "required")
    elif told.sex and told.sex != row.get("sex") and "sex" not in touched:
        row.doubt("sex", "iin_sex", word, value=row.shown.get("sex", ""))
    born, said = _birth_of(number), row.get("birth_date")
    if said and born and date.fromisoformat(said) != born and "birth_date" not in touched:
        row.doubt("birth_date", "iin_birth_date", _ours(born), value=_ours(date.fromisoformat(said)))
    elif not said and born and "birth_date" not in touched:
        row.values["birth_date"] = born.isoformat()


def _word(code: str | None, row: Row) -> str:
    if not code:
        return ""
    kk, ru = _SEX_WORD[code]
    return ru if row.shown.get("sex", "").strip().lower()[:1] in ("м", "ж") else kk


def _birth_of(number: str) -> date | None:
    """The date the number tells. Made-up employees are grown up: their years are of the last century if need be."""
    told = iin.parse(number)
    if told.birth_date or not told.synthetic:
        return told.birth_date
    year = 2000 + int(number[:2])
    if year > clock.today().year - 15:
        year -= 100
    try:
        return date(year, int(number[2:4]), int(number[4:6]))
    except ValueError:
        return None


def _ours(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _twice(rows: Sequence[Row]) -> None:
    """A second row of the same person adds its posts and subjects; the same ИИН with another name is an error."""
    seen: dict[str, Row] = {}
    for row in rows:
        row.plan = Plan()
        number = row.get("iin")
        if not number:
            continue
        first = seen.setdefault(number, row)
        if first is row:
            continue
        if _row_key(first)[:2] != _row_key(row)[:2]:
            name = " ".join(filter(None, (first.get("surname"), first.get("name"), first.get("patronymic"))))
            row.error("iin", "iin_twice", row=first.where, name=name)
        elif (first.get("post"), first.get("subject"), first.get("rate")) == (
            row.get("post"),
            row.get("subject"),
            row.get("rate"),
        ):
            row.doubt("iin", "row_twice", row=first.where)
            row.verdict = Verdict.SKIP
        else:
            row.doubt("post", "second_post", row=first.where)
            row.plan.follows = first


def _plan(row: Row, known: Known) -> None:
    plan = row.plan
    _posts_and_subjects(row)
    if row.is_blocked or row.verdict is Verdict.SKIP:
        return
    one = known.by_iin.get(row.get("iin") or "") or _by_name(row, known.by_name)
    plan.records = _records(row, one, known)
    if one is None:
        row.verdict = Verdict.CREATE
        if plan.follows is not None and plan.follows.is_blocked:
            plan.follows = None
        return
    plan.employee, row.target, plan.follows = one, one.pk, None
    for column, name in FIELDS.items():
        value = row.get(column)
        if value is None:
            continue
        if name in DATES:
            value = date.fromisoformat(value)
        before = getattr(one, name)
        if before != value:
            plan.changes[name] = value
            if name in ("surname", "name", "birth_date") and before:
                row.doubt(column, "no_longer_same", before=_shown(before), after=_shown(value))
    held = known.posts.get(one.pk, {})
    for code, rate in list(plan.posts.items()):
        if code in held and held[code].rate == rate:
            del plan.posts[code]
        elif code in held and held[code].order_id is not None:
            row.doubt("rate", "post_by_order", before=f"{held[code].rate:f}")
            del plan.posts[code]
    plan.subjects = [code for code in plan.subjects if code not in known.subjects.get(one.pk, ())]
    does_something = plan.changes or plan.posts or plan.subjects or plan.records
    row.verdict = Verdict.UPDATE if does_something else Verdict.SKIP


def _records(row: Row, one: Employee | None, known: Known) -> list[Any]:
    """The diploma, the category and the course of the row, as far as the card has not got them."""
    educations = known.educations.get(one.pk, []) if one else []
    attestations = known.attestations.get(one.pk, []) if one else []
    trainings = known.trainings.get(one.pk, []) if one else []
    found: list[Any] = []
    schooling = {
        "level": row.get("education") or "",
        "institution": row.get("institution") or "",
        "speciality": row.get("speciality") or "",
        "diploma": row.get("diploma") or "",
        "year": int(row.get("graduated")) if row.get("graduated") else None,
    }
    if any(schooling.values()) and not any(_says(two, schooling) for two in educations):
        found.append(Education(**schooling))
    category, given = row.get("category"), row.get("category_date")
    day = date.fromisoformat(given) if given else None
    if category and not any(
        two.category == category and (day is None or two.date == day) for two in attestations
    ):
        if day is None and attestations:
            before = terms.category_name(attestations[-1].category)
            row.doubt("category", "category_undated", before=str(before))
        else:
            found.append(Attestation(category=category, date=day))
    theme, ended = row.get("course_theme") or "", row.get("course_date")
    if ended:
        until = date.fromisoformat(ended)
        if not any(two.until == until and (not theme or two.theme == theme) for two in trainings):
            hours = row.get("course_hours")
            found.append(Training(theme=theme, until=until, hours=int(hours) if hours else None))
    elif theme:
        row.doubt("course_theme", "course_undated")
    return found


def _says(row: Education, wanted: dict[str, Any]) -> bool:
    """Whether the diploma of the card says all that the file says."""
    return all(not value or getattr(row, name) == value for name, value in wanted.items())


def _shown(value: Any) -> str:
    return _ours(value) if isinstance(value, date) else str(value)


def _by_name(row: Row, by_name: dict[tuple[str, ...], Employee]) -> Employee | None:
    found = by_name.get(_row_key(row))
    if found is None or (found.iin and row.get("iin") and found.iin != row.get("iin")):
        return None
    return found


def _posts_and_subjects(row: Row) -> None:
    rate = Decimal(row.get("rate") or "1")
    if not Decimal("0.05") <= rate <= Decimal("2.5"):
        row.doubt("rate", "rate_bounds", value=row.shown.get("rate", ""))
        rate = Decimal("1")
    codes = list(row.get("post") or [])
    subjects = list(row.get("subject") or [])
    primary = PRIMARY in subjects
    subjects = [code for code in subjects if code != PRIMARY]
    if codes == ["teacher_subject"]:
        if primary:
            codes = ["teacher_primary"]
        elif subjects == ["physical_education"]:
            codes = ["teacher_pe"]
        elif not subjects and not any(where == "subject" for where, _found in row.findings):
            row.doubt("subject", "no_subject")
    share = (rate / len(codes)).quantize(Decimal("0.01")) if codes else rate
    row.plan.posts = dict.fromkeys(codes, share)
    row.plan.subjects = subjects
