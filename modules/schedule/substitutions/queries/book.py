"""The book of substituted lessons and the sheet of hours for the accountant: the same lines, told twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from modules.schedule import permissions, queries
from modules.schedule.substitutions.models import Substitution
from modules.schedule.substitutions.queries import candidates, choices
from modules.staff import api as staff
from tenants import reference

State = Substitution.State


def book_rows(actor: Actor) -> QuerySet[Substitution]:
    """Lines of the book: every lesson whose day has come and that another teacher took; moved and cancelled ones are
    counted apart."""
    return _taken(actor).filter(date__lte=clock.today())


def _taken(actor: Actor) -> QuerySet[Substitution]:
    require(actor, permissions.SUBSTITUTION_BOOK)
    return Substitution.objects.filter(state__in=candidates.TAKEN).select_related("lesson__course", "absence")


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line in the book's legal form, in the reader's language."""

    id: UUID
    date: date
    number: int
    school_class: str
    subject: str
    teacher: str
    reason: str
    substitute: str
    held_subject: str
    hours: Decimal
    is_paid: bool
    is_joined: bool
    ground: str


def lines(rows: Sequence[Substitution], *, actor: Actor) -> list[BookLine]:
    """The rows with their names: classes of a year in one read, people in three."""
    names = _names(actor, rows)
    classes: dict[UUID, Any] = {}
    for year in {clock.school_year_of(row.date) for row in rows}:
        classes |= queries.class_names(actor=actor, year=year)
    return [
        BookLine(
            id=row.pk,
            date=row.date,
            number=row.number,
            school_class=classes[row.lesson.school_class_id].label
            if row.lesson.school_class_id in classes
            else "",
            subject=queries.subject_title(row.lesson.course),
            teacher=names.get(row.teacher_id, ""),
            reason=choices.reason_word(row.absence.reason),
            substitute=names.get(row.substitute_id, "") if row.substitute_id else "",
            held_subject=_held(row),
            hours=row.hours,
            is_paid=row.is_paid,
            is_joined=row.state == State.JOINED,
            ground=row.ground or row.absence.ground,
        )
        for row in rows
    ]


def _held(row: Substitution) -> str:
    """What was taught: the lesson's own course, unless the book says that it was another subject."""
    course = row.lesson.course
    if row.subject_code in ("", course.subject_code):
        return queries.subject_title(course)
    return subject_name(row.subject_code)


def subject_name(code: str) -> str:
    subject = reference.subjects().get(code)
    return str(subject.name) if subject else code


def _names(actor: Actor, rows: Sequence[Substitution]) -> dict[UUID, str]:
    ids = {one for row in rows for one in (row.teacher_id, row.substitute_id) if one}
    return {key: one.short_name for key, one in staff.teachers(actor=actor, employee_ids=ids).items()}


def of_month(rows: QuerySet[Substitution], month: str) -> QuerySet[Substitution]:
    """The lines of a month written 2026-11; anything else narrows to nothing."""
    first = month_of(month)
    return rows.filter(date__year=first.year, date__month=first.month) if first else rows.none()


def of_teacher(rows: QuerySet[Substitution], teacher_id: str) -> QuerySet[Substitution]:
    """Lines in which the teacher was absent or stood in."""
    try:
        key = UUID(teacher_id)
    except ValueError:
        return rows.none()
    return rows.filter(Q(teacher_id=key) | Q(substitute_id=key))


def of_person(rows: QuerySet[Substitution], text: str, actor: Actor) -> QuerySet[Substitution]:
    """Lines in which somebody of that name was absent or stood in."""
    ids = staff.named(actor=actor, text=text)
    return rows.filter(Q(teacher_id__in=ids) | Q(substitute_id__in=ids))


def by_person(field: str) -> Callable[[QuerySet[Substitution], Actor], list[Combinable]]:
    """Sorts the lines by the person of the field, in Kazakh order."""

    def order(rows: QuerySet[Substitution], actor: Actor) -> list[Combinable]:
        ids = {one for one in rows.order_by().values_list(field, flat=True).distinct() if one}
        return [_places(field, staff.teachers(actor=actor, employee_ids=ids))]

    return order


def by_class(rows: QuerySet[Substitution], actor: Actor) -> list[Combinable]:
    """Sorts the lines by class, those of one class by day."""
    years = rows.order_by().values_list("lesson__course__year", flat=True).distinct()
    known = [key for year in sorted(years) for key in queries.class_names(actor=actor, year=year)]
    return [_places("lesson__school_class_id", known), F("date")]


def _places(field: str, keys: Iterable[UUID]) -> Combinable:
    """The place of the field's value among the keys: what the database cannot sort by itself."""
    cases = [When(**{field: key}, then=Value(place)) for place, key in enumerate(keys)]
    return Case(*cases, default=Value(len(cases)), output_field=IntegerField())


def month_of(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None


def months() -> list[date]:
    """Months from the first line of the book to today's, the newest first."""
    first = Substitution.objects.filter(state__in=candidates.TAKEN).aggregate(first=Min("date"))["first"]
    today = clock.today().replace(day=1)
    found, month = [], today
    while month >= (first or today).replace(day=1):
        found.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return found


def people_of_book(actor: Actor) -> list[tuple[str, str]]:
    """Teachers who stand in the book, for its filter."""
    rows = book_rows(actor).values_list("teacher_id", "substitute_id").order_by().distinct()
    ids = {one for pair in rows for one in pair if one}
    people = staff.teachers(actor=actor, employee_ids=ids)
    return [(str(key), one.full_name) for key, one in people.items()]


def get_line(*, actor: Actor, substitution_id: UUID) -> tuple[Substitution, BookLine]:
    """One line; raises NotFound for a lesson that nobody took."""
    row = _taken(actor).filter(pk=substitution_id).first()
    if row is None:
        raise NotFound
    return row, lines([row], actor=actor)[0]


# --- the sheet of hours


@dataclass(slots=True)
class HoursLine:
    """A teacher's month: hours stood in by the reason of the absence, paid and not."""

    teacher_id: UUID
    teacher: str
    by_reason: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    paid: Decimal = Decimal(0)
    unpaid: Decimal = Decimal(0)
    missed: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.paid + self.unpaid


@dataclass(frozen=True, slots=True)
class HoursSheet:
    """The month for the accountant. The totals are sums of the lines, and those are sums of the book's lines."""

    month: date
    reasons: tuple[tuple[str, str], ...]
    lines: tuple[HoursLine, ...]
    total: HoursLine
    cancelled: int
    moved: int
    uncovered: int


def hours_sheet(*, actor: Actor, month: date) -> HoursSheet:
    """Hours of the month, until today, by teacher: stood in by reason, paid and unpaid, and held for her by others."""
    require(actor, permissions.SUBSTITUTION_BOOK)
    today = clock.today()
    rows = list(
        Substitution.objects.filter(date__year=month.year, date__month=month.month, date__lte=today)
        .exclude(state=State.WITHDRAWN)
        .select_related("absence")
    )
    taken = [row for row in rows if row.state in candidates.TAKEN and row.substitute_id]
    names = _names(actor, taken)
    found: dict[UUID, HoursLine] = {}
    total = HoursLine(UUID(int=0), "")

    def line(key: UUID) -> HoursLine:
        return found.setdefault(key, HoursLine(key, names.get(key, "")))

    for row in taken:
        assert row.substitute_id is not None
        for one in (line(row.substitute_id), total):
            one.by_reason[row.absence.reason] += row.hours
            if row.is_paid:
                one.paid += row.hours
            else:
                one.unpaid += row.hours
        for one in (line(row.teacher_id), total):
            one.missed += row.hours
    used = {row.absence.reason for row in taken}
    return HoursSheet(
        month=month,
        reasons=tuple((code, word) for code, word in choices.reason_words() if code in used),
        lines=tuple(sorted(found.values(), key=lambda one: (kazakh_order(one.teacher), str(one.teacher_id)))),
        total=total,
        cancelled=sum(row.state == State.CANCELLED for row in rows),
        moved=sum(row.state == State.MOVED for row in rows),
        uncovered=sum(row.state == State.OPEN and row.date < today for row in rows),
    )
