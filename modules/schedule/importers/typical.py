"""Typical curricula from a spreadsheet: a row says how many hours a subject has in a grade.

What is loaded holds for the school from the running year on, in place of the known plan of the same grade, language and
direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.api import Change, ChangeKind, Column, Importer, Read, Row, Steps, Verdict, error
from kernel import clock
from kernel.access import Actor
from modules.schedule import permissions
from modules.schedule.importers.columns import hours
from modules.schedule.load import queries, services
from modules.staff import api as staff
from tenants import reference

HOURS = "schedule.typical"
_DIRECTIONS: dict[str, tuple[str, ...]] = {
    "emn": ("ЕМН", "ЖМБ", "естественно-математическое", "жаратылыстану-математика", "жаратылыстану-математикалық"),
    "ogn": ("ОГН", "ҚГБ", "общественно-гуманитарное", "қоғамдық-гуманитарлық"),
}  # fmt: skip
_Key = tuple[int, str, str, str]


def grade(value: Any) -> Read:
    """The grade alone: 7, “7 класс”."""
    read = normalise.school_class(value)
    if read.value is None:
        return read
    number, letter = read.value
    return error("grade_unread", value=normalise.clip(normalise.clean(value))) if letter else Read(number)


COLUMNS: tuple[Column, ...] = (
    Column(
        code="grade",
        kk="Сынып",
        ru="Класс",
        names=("параллель", "сыныбы", "класс (параллель)"),
        read=grade,
        required=True,
        example_kk="7",
        example_ru="7",
    ),
    Column(
        code="language",
        kk="Оқыту тілі",
        ru="Язык обучения",
        names=("язык", "тілі", "оқу тілі"),
        read=normalise.language,
        required=True,
        example_kk="қазақ",
        example_ru="казахский",
        choices_kk=("қазақ", "орыс"),
        choices_ru=("казахский", "русский"),
    ),
    Column(
        code="direction",
        kk="Бағыты",
        ru="Направление",
        names=("бағыт", "профиль", "бейін"),
        read=normalise.words(lambda: _DIRECTIONS),
        example_kk="ЖМБ",
        example_ru="ЕМН",
        choices_kk=("ЖМБ", "ҚГБ"),
        choices_ru=("ЕМН", "ОГН"),
    ),
    Column(
        code="subject",
        kk="Пән",
        ru="Предмет",
        names=("пәні", "оқу пәні", "учебный предмет", "наименование предмета", "пән атауы"),
        read=normalise.words(staff.subject_words),
        required=True,
        example_kk="Алгебра",
        example_ru="Алгебра",
    ),
    Column(
        code="hours",
        kk="Аптасына сағат",
        ru="Часов в неделю",
        names=("сағат", "часы", "часов", "количество часов", "сағат саны"),
        read=hours,
        required=True,
        strict=True,
        example_kk="3",
        example_ru="3",
    ),
    Column(
        code="source",
        kk="Негізі",
        ru="Основание",
        names=("бұйрық", "приказ", "источник", "дереккөз"),
        read=normalise.text(200),
        example_kk="№ 500 бұйрық, 7-қосымша",
        example_ru="Приказ № 500, приложение 7",
    ),
)


@dataclass(slots=True)
class Plan:
    """What loading the row will set."""

    key: _Key | None = None
    hours: Decimal = Decimal(0)


class Typical(Importer):
    """Hours of typical curricula for the running year, known again by grade, language, direction and subject."""

    code = "typical"
    title = _("Typical curricula")
    permission = permissions.SET_LOAD
    columns = COLUMNS
    icon = "list-check"
    list_url_name = "schedule:load_typical"
    named_by = (("grade", "subject"),)
    messages = {
        "grade_unread": _("“{value}” is not a grade. Write the number alone."),
        "subject_grade": _("By the curriculum, {value} is not taught in grade {grade}."),
        "hours_bounds": _("Hours a week are from 0.5 to 20, in halves; “{value}” is not."),
        "line_twice": _("Row {row} is the same subject of the same plan. This row is left out."),
        "hours_change": _("Now it is {before}."),
    }

    def ties(self, row: Row) -> Iterable[str]:
        """The same subject of the same plan."""
        yield " ".join(str(row.get(code) or "") for code in ("grade", "language", "direction", "subject"))

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        known = queries.own_hours(year=_year())
        seen: dict[_Key, Row] = {}
        for row in rows:
            row.plan = Plan()
            if not row.is_blocked:
                _plan(row, known, seen)

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        known = queries.own_hours(year=_year())
        changes = []
        for row in steps.each(rows, self.title):
            at, language, direction, subject = row.plan.key
            [made] = services.put_typical(
                actor=actor,
                year=_year(),
                grade=at,
                language=language,
                direction=direction,
                hours={subject: row.plan.hours},
                source=row.get("source") or "",
            )
            before = known.get(row.plan.key)
            changes.append(
                Change(HOURS, made.pk, ChangeKind.CREATED)
                if before is None
                else Change(
                    HOURS,
                    made.pk,
                    ChangeKind.UPDATED,
                    {"hours": f"{before:f}"},
                    {"hours": f"{row.plan.hours:f}"},
                )
            )
        return changes

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        made = [one.object_id for one in changes if one.kind is ChangeKind.CREATED]
        services.drop_typical(actor=actor, row_ids=made)
        services.set_typical_hours(
            actor=actor,
            hours={
                one.object_id: Decimal(one.before["hours"])
                for one in changes
                if one.kind is ChangeKind.UPDATED
            },
        )
        return []


def _year() -> str:
    return clock.school_year_of(clock.today())


def _plan(row: Row, known: dict[_Key, Decimal], seen: dict[_Key, Row]) -> None:
    plan = row.plan
    subject = reference.subject(row.get("subject"))
    at = row.get("grade")
    if at not in subject.grades:
        row.doubt("subject", "subject_grade", value=subject.name, grade=str(at))
    plan.key = key = (at, row.get("language"), row.get("direction") or "", subject.code)
    plan.hours = Decimal(row.get("hours"))
    first = seen.setdefault(key, row)
    if first is not row:
        row.doubt("subject", "line_twice", row=first.where)
        row.verdict = Verdict.SKIP
        return
    before = known.get(key)
    if before is None:
        row.verdict = Verdict.CREATE
    elif before == plan.hours:
        row.verdict = Verdict.SKIP
    else:
        row.verdict = Verdict.UPDATE
        row.doubt("hours", "hours_change", before=f"{before.normalize():f}")
