"""What all orders on pupils have in common: who is chosen, what a line says, how it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access import Actor
from kernel.errors import DomainError
from modules.contingent import permissions, queries, services
from modules.contingent.data import CITIZENSHIPS, Whereabouts
from modules.contingent.models import Pupil, SchoolClass
from modules.orders.api import Choice, Fault, LineInfo, OrderInfo, OrderKind, Placeholder, Register, Words
from tenants import reference

MOST_CHOICES = 300
_CLASS = {"kk": "7 «А»", "ru": "7 «А»"}
BIRTH_DATE = Placeholder(
    "line.birth_date", gettext_lazy("date of birth"), {"kk": "05.04.2013", "ru": "05.04.2013"}, of_line=True
)
IN_CLASS = Placeholder("line.class", gettext_lazy("class"), _CLASS, of_line=True)
FROM_CLASS = Placeholder("line.from_class", gettext_lazy("class from which"), _CLASS, of_line=True)
TO_CLASS = Placeholder(
    "line.to_class", gettext_lazy("class to which"), {"kk": "7 «Ә»", "ru": "7 «Ә»"}, of_line=True
)
SINCE = Placeholder(
    "since",
    gettext_lazy("from the day"),
    {"kk": "2026 жылғы 23 қараша", "ru": "23 ноября 2026 г."},
)


class PupilKind(OrderKind):
    """An order on pupils: chosen by class or by name, taken back by what it left behind."""

    register = Register.CONTINGENT
    permission = permissions.EDIT
    subject = "pupil"

    def groups(self, *, actor: Actor) -> Sequence[tuple[str, str]]:
        return [(str(one.pk), one.label) for one in queries.classes_of_year(actor=actor)]

    def choices(self, *, actor: Actor, order: OrderInfo, text: str = "", group: str = "") -> Sequence[Choice]:
        """Pupils of the class, or those whose name begins so."""
        try:
            class_id = UUID(group) if group else None
        except ValueError:
            class_id = None
        if not text and class_id is None:
            return ()
        rows = list(queries.register(actor=actor, text=text, class_id=class_id)[:MOST_CHOICES])
        places = queries.places_of([row.pk for row in rows])
        return [
            Choice(
                row.pk, row.person_name.full, places[row.pk].school_class.label if row.pk in places else ""
            )
            for row in rows
        ]

    def names(self, ids: Iterable[UUID], *, actor: Actor) -> Mapping[UUID, str]:
        return {key: row.person_name.full for key, row in queries.pupils_in(ids).items()}

    def subject_url(self, subject_id: UUID) -> str:
        return reverse("contingent:pupil", args=[subject_id])

    def objections(self, order: OrderInfo, *, actor: Actor) -> Iterable[Fault]:
        return services.objections(order)

    def revert(self, order: OrderInfo, *, actor: Actor) -> None:
        services.take_back(actor=actor, order=order)

    def check(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        if not order.lines:
            yield Fault(_("There is nobody in the order yet."))
        else:
            yield from self.check_lines(order, actor=actor)

    def check_lines(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        return iter(())

    def words(self, order: OrderInfo, *, language: str) -> Words:
        pupils = queries.pupils_in(subject_ids(order))
        lines = []
        for line, said in zip(order.lines, self.line_words(order, language=language), strict=True):
            row = pupils.get(line.subject_id) if line.subject_id else None
            born = row.birth_date if row else day(line.values.get("birth_date"))
            lines.append({"line.birth_date": short(born), **said})
        return Words(self.head_words(order, language=language), lines)

    def head_words(self, order: OrderInfo, *, language: str) -> Mapping[str, str]:
        return {}

    def line_words(self, order: OrderInfo, *, language: str) -> Iterable[Mapping[str, str]]:
        return [{} for _line in order.lines]


def classes_to_choose(actor: Actor) -> list[SchoolClass]:
    """Classes of this school year, then those of the next that are open already."""
    year = queries.current_year()
    return [
        *queries.classes_of_year(actor=actor, year=year),
        *queries.classes_of_year(actor=actor, year=queries.next_year(year)),
    ]


def fault(line: LineInfo, refusal: DomainError | str) -> Fault:
    return Fault(f"{line.subject}: {refusal}", line.id)


def subject_ids(order: OrderInfo) -> list[UUID]:
    return [line.subject_id for line in order.lines if line.subject_id]


def pupil_of(line: LineInfo, pupils: Mapping[UUID, Pupil]) -> Pupil | None:
    return pupils.get(line.subject_id) if line.subject_id else None


def day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def head_day(order: OrderInfo, name: str = "since") -> date:
    """The day that the order names; the order's own until one is chosen."""
    return day(order.values.get(name)) or order.date


def key(value: Any) -> UUID | None:
    return UUID(value) if value else None


def class_key(order: OrderInfo, line: LineInfo) -> UUID | None:
    """The class of the line, or that of the whole order."""
    return key(line.values.get("class_id")) or key(order.values.get("class_id"))


def named(row: SchoolClass | None) -> str:
    """A class as orders write it: 7 «А»."""
    if row is None:
        return ""
    return f"{row.grade} «{row.letter}»" if row.letter else str(row.grade)


def short(value: date | None) -> str:
    return f"{value:%d.%m.%Y}" if value else ""


def term(kind: str, code: str) -> str:
    """The name of a coded reason, in the language that is switched on."""
    found = reference.terms(kind).get(code)
    return found.name if found else code


def whereabouts(values: Mapping[str, Any]) -> Whereabouts:
    return Whereabouts(
        reason=values.get("reason") or "",
        country=values.get("country") or "",
        region=values.get("region") or "",
        district=values.get("district") or "",
        organisation=values.get("organisation") or "",
        slip_number=values.get("slip_number") or "",
        slip_date=day(values.get("slip_date")),
    )


def place_in_words(values: Mapping[str, Any]) -> str:
    """Where from or where to, in one line: a foreign country is named, our own is not."""
    place = whereabouts(values)
    country = "" if place.country in ("", "KZ") else str(CITIZENSHIPS.get(place.country, place.country))
    return ", ".join(part for part in (country, place.place) if part)


def slip_in_words(values: Mapping[str, Any]) -> str:
    place = whereabouts(values)
    return f"№ {place.slip_number}, {short(place.slip_date)}".rstrip(", ") if place.slip_number else ""


def today() -> date:
    return clock.today()
