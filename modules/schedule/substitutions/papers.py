"""What stands on the papers of substitutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from modules.schedule.substitutions.queries import BookLine, HoursLine, HoursSheet


@dataclass(frozen=True, slots=True)
class BookRow:
    """A line of the book as it is printed."""

    date: str
    number: str
    school_class: str
    subject: str
    teacher: str
    reason: str
    substitute: str
    held_subject: str
    hours: str
    ground: str


@dataclass(frozen=True, slots=True)
class Book:
    """The body of the form schedule.substitutions."""

    scope: str
    lines: tuple[BookRow, ...]
    hours: str


@dataclass(frozen=True, slots=True)
class HoursRow:
    teacher: str
    by_reason: tuple[str, ...]
    total: str
    paid: str
    unpaid: str
    missed: str


@dataclass(frozen=True, slots=True)
class Hours:
    """The body of the form schedule.hours."""

    month: str
    reasons: tuple[str, ...]
    lines: tuple[HoursRow, ...]
    total: HoursRow
    cancelled: str
    moved: str
    uncovered: str


def book(lines: Sequence[BookLine], *, scope: str) -> Book:
    return Book(
        scope,
        tuple(
            BookRow(
                date=f"{one.date:%d.%m.%Y}",
                number=str(one.number),
                school_class=one.school_class,
                subject=one.subject,
                teacher=one.teacher,
                reason=one.reason,
                substitute=one.substitute,
                held_subject=one.held_subject,
                hours=_figure(one.hours),
                ground=one.ground,
            )
            for one in lines
        ),
        _figure(sum((one.hours for one in lines), Decimal(0))),
    )


def hours(sheet: HoursSheet, *, month: str) -> Hours:
    codes = [code for code, _word in sheet.reasons]

    def row(one: HoursLine, name: str) -> HoursRow:
        return HoursRow(
            name,
            tuple(_figure(one.by_reason.get(code, Decimal(0))) for code in codes),
            _figure(one.total),
            _figure(one.paid),
            _figure(one.unpaid),
            _figure(one.missed),
        )

    return Hours(
        month=month,
        reasons=tuple(word for _code, word in sheet.reasons),
        lines=tuple(row(one, one.teacher) for one in sheet.lines),
        total=row(sheet.total, _("Total")),
        cancelled=str(sheet.cancelled),
        moved=str(sheet.moved),
        uncovered=str(sheet.uncovered),
    )


def _figure(value: Decimal) -> str:
    return str(formats.localize(value.normalize() if value % 1 else int(value)))
