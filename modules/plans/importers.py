"""Plans of many subjects from one spreadsheet: for each subject, grade and language a draft that is open to colleagues.

Teachers begin theirs from it, or correct it where it is. One's own table goes faster through the page “Paste a table”.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.api import Change, ChangeKind, Column, Importer, Read, Row, Steps, Verdict, error, register, uses
from kernel import clock
from kernel.access import Actor
from modules.plans import permissions, queries, services
from modules.plans.data import LENGTHS, Kind, NewLine
from modules.plans.rules import reading
from modules.plans.services.lines import MOST_LINES
from modules.staff import api as staff
from tenants import reference

PLAN = "plans.plan"
WEEKS = 34
_KINDS: dict[str, tuple[str, ...]] = {
    Kind.LESSON: ("сабақ", "урок"),
    Kind.SOR: ("БЖБ", "СОР"),
    Kind.SOCH: ("ТЖБ", "СОЧ"),
    Kind.REPETITION: ("қайталау", "повторение"),
    Kind.RESERVE: ("резерв",),
}
_Key = tuple[int, str, str]


def grade(value: Any) -> Read:
    """The grade alone: 7, “7 класс”."""
    read = normalise.school_class(value)
    if read.value is None:
        return read
    number, letter = read.value
    return error("grade_unread", value=normalise.clip(normalise.clean(value))) if letter else Read(number)


def quarter(value: Any) -> Read:
    """1 to 4, in Arabic or Roman figures."""
    line = normalise.clean(value)
    if not line:
        return Read()
    found = reading.quarter_in(line)
    return Read(found) if found else error("quarter_unread", value=normalise.clip(line))


def hours(value: Any) -> Read:
    line = normalise.clean(value)
    if not line:
        return Read(1)
    if not line.isdecimal() or not 1 <= int(line) <= 40:
        return error("line_hours", value=normalise.clip(line))
    return Read(int(line))


COLUMNS: tuple[Column, ...] = (
    Column(
        code="grade",
        kk="Сынып",
        ru="Класс",
        names=("параллель", "сыныбы"),
        read=grade,
        required=True,
        example_kk="7",
        example_ru="7",
    ),
    Column(
        code="subject",
        kk="Пән",
        ru="Предмет",
        names=("пәні", "учебный предмет"),
        read=normalise.words(staff.subject_words),
        required=True,
        example_kk="Алгебра",
        example_ru="Алгебра",
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
        code="quarter",
        kk="Тоқсан",
        ru="Четверть",
        read=quarter,
        required=True,
        example_kk="1",
        example_ru="1",
    ),
    Column(
        code="section",
        kk="Бөлім / Ортақ тақырыптар",
        ru="Раздел/ Сквозные темы",
        names=("бөлім", "раздел"),
        read=normalise.text(LENGTHS["section"]),
        example_kk="7.1А Дәреже",
        example_ru="7.1А Степень",
    ),
    Column(
        code="topic",
        kk="Сабақтың тақырыбы",
        ru="Тема урока",
        names=("тақырып", "тема"),
        read=normalise.text(LENGTHS["topic"]),
        required=True,
        example_kk="Натурал көрсеткішті дәреже",
        example_ru="Степень с натуральным показателем",
    ),
    Column(
        code="kind",
        kk="Түрі",
        ru="Вид",
        names=("тип", "вид работы"),
        read=normalise.words(lambda: _KINDS),
        example_kk="сабақ",
        example_ru="урок",
        choices_kk=("сабақ", "БЖБ", "ТЖБ", "қайталау", "резерв"),
        choices_ru=("урок", "СОР", "СОЧ", "повторение", "резерв"),
    ),
    Column(
        code="objectives",
        kk="Оқу мақсаттары",
        ru="Цели обучения",
        names=("мақсаттар", "цели"),
        read=normalise.text(LENGTHS["objectives"]),
        example_kk="7.1.2.1",
        example_ru="7.1.2.1",
    ),
    Column(
        code="hours",
        kk="Сағат саны",
        ru="Количество часов",
        names=("сағат", "часы", "часов"),
        read=hours,
        strict=True,
        example_kk="1",
        example_ru="1",
    ),
    Column(
        code="note",
        kk="Ескерту",
        ru="Примечание",
        read=normalise.text(LENGTHS["note"]),
    ),
)


@dataclass(slots=True)
class _Target:
    key: _Key


class Plans(Importer):
    """Drafts of plans for the running year; a file loaded twice makes them twice, so the second time is told."""

    code = "plans"
    title = _("Medium-term plans")
    permission = permissions.APPROVE
    columns = COLUMNS
    icon = "calendar-stats"
    list_url_name = "plans:index"
    named_by = (("grade", "subject", "topic"),)
    brings_title = _("Plans will be begun")
    messages = {
        "grade_unread": _("“{value}” is not a grade. Write the number alone."),
        "quarter_unread": _("“{value}” is not a quarter: 1, 2, 3 or 4."),
        "line_hours": _("Hours of a line are from 1 to 40; “{value}” is not."),
        "subject_grade": _("By the curriculum, {value} is not taught in grade {grade}."),
        "too_many_lines": _("A plan has {most} lines at most; this row is over it."),
    }

    def ties(self, row: Row) -> Iterable[str]:
        """Lines of one plan: their number has a limit."""
        key = (row.get("grade"), row.get("subject"), row.get("language"))
        return () if None in key else (" ".join(map(str, key)),)

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        counted: dict[_Key, int] = defaultdict(int)
        for row in rows:
            if row.is_blocked:
                continue
            subject = reference.subject(row.get("subject"))
            at = row.get("grade")
            if at not in subject.grades:
                row.error("subject", "subject_grade", value=subject.name, grade=str(at))
                continue
            key = (at, subject.code, row.get("language"))
            counted[key] += 1
            if counted[key] > MOST_LINES:
                row.error("topic", "too_many_lines", most=str(MOST_LINES))
                continue
            row.plan, row.verdict = _Target(key), Verdict.CREATE
            row.brings = f"{subject.name}, {at}"

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        lines: dict[_Key, list[NewLine]] = defaultdict(list)
        for row in steps.each(rows, self.title):
            lines[row.plan.key].append(_line(row))
        changes = []
        for (at, subject, language), found in steps.each(list(lines.items()), self.title):
            plan = services.make_plan(
                actor=actor,
                year=clock.school_year_of(clock.today()),
                subject_code=subject,
                grade=at,
                language=language,
                hours=_weekly(sum(one.hours for one in found)),
            )
            services.add_lines(actor=actor, plan_id=plan.pk, new=found)
            services.share_plan(actor=actor, plan_id=plan.pk, shared=True)
            changes.append(Change(PLAN, plan.pk, ChangeKind.CREATED))
        return changes

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        stays = self.what_stays(changes, actor=actor)
        for plan in queries.untouched(actor=actor, plan_ids=[one.object_id for one in changes]):
            services.delete_plan(actor=actor, plan_id=plan.pk)
        return stays

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        ids = [one.object_id for one in changes]
        free = {one.pk for one in queries.untouched(actor=actor, plan_ids=ids)}
        rows = queries.plans(actor=actor).filter(pk__in=ids).exclude(pk__in=free)
        return [f"{reference.subject(one.subject_code).name}, {one.grade}" for one in rows]


def _line(row: Row) -> NewLine:
    topic = row.get("topic")
    return NewLine(
        quarter=row.get("quarter"),
        kind=row.get("kind") or reading.kind_of(topic),
        section=row.get("section") or "",
        topic=topic,
        objectives=row.get("objectives") or "",
        hours=row.get("hours") or 1,
        note=row.get("note") or "",
    )


def _weekly(total: int) -> Decimal:
    """Hours a week by the hours of the year, in halves."""
    halves = (Decimal(total) / WEEKS * 2).quantize(Decimal(1), ROUND_HALF_UP)
    return min(Decimal(20), max(Decimal("0.5"), halves / 2))


@uses("schedule.course")
def courses_with_plans(ids: Iterable[UUID]) -> set[UUID]:
    """A course that follows a plan stays when a load is taken back."""
    return queries.followed(ids)


register(Plans())
