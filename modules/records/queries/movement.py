"""The book of arrivals and departures of a school year: terms, balances, and the names behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from kernel import clock
from kernel.access import Actor, require
from kernel.names import kazakh_order
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo, MovementInfo, PupilInfo
from modules.records import permissions, rules
from modules.records.data import MoveLine
from modules.records.queries.alphabet import order_of, place_of, reason_of
from modules.records.rules import Balance, Row, Term
from modules.schedule import api as schedule
from modules.school import api as school

FIRST_DAY = "records.first_day"
AT_BEGINNING, AS_ARRIVED = "at_beginning", "as_arrived"
Step = Literal["months", "quarters", "year"]


@dataclass(frozen=True, slots=True)
class MovementYear:
    """A year's book: the balance of each term, of the whole year, and the classes by id."""

    year: str
    balances: tuple[Balance, ...]
    total: Balance | None
    classes: dict[UUID, ClassInfo]
    arrivals: tuple[MovementInfo, ...]
    departures: tuple[MovementInfo, ...]

    def of(self, code: str) -> Balance | None:
        """The balance of the term with the code, of the year when it is empty or unknown."""
        return next((one for one in self.balances if one.term.code == code), self.total)

    def by_grade(self, balance: Balance) -> list[tuple[int, Row, list[tuple[ClassInfo, Row]]]]:
        """Grades with their classes, in the order of the school."""
        found: dict[int, list[tuple[ClassInfo, Row]]] = {}
        for class_id, row in balance.classes.items():
            if (one := self.classes.get(class_id)) is not None:
                found.setdefault(one.grade, []).append((one, row))
        for lines in found.values():
            lines.sort(key=lambda pair: (pair[0].year, len(pair[0].letter), kazakh_order(pair[0].letter)))
        return [
            (grade, rules.whole_of(row for _one, row in lines), lines)
            for grade, lines in sorted(found.items())
        ]

    def by_language(self, balance: Balance) -> list[tuple[str, Row]]:
        spoken = {class_id: one.language for class_id, one in self.classes.items()}
        return sorted((str(key), row) for key, row in rules.by(balance.classes, spoken).items() if key)


def movement_of_year(*, actor: Actor, year: str, step: Step = "months") -> MovementYear:
    """The book of the year, from the rows of the contingent; the same number of statements for any school."""
    require(actor, permissions.BOOKS)
    start, end = _bounds(year)
    kept_since = contingent.kept_since(actor=actor)
    known = {one.id: one for one in contingent.classes(actor=actor, year=year)}
    if kept_since is None:
        return MovementYear(year, (), None, known, (), ())
    counts_at_once = school.setting(FIRST_DAY) == AT_BEGINNING
    opening = start if counts_at_once else start - rules.ONE_DAY
    today = clock.today()
    shape = {"opening": opening, "today": today, "kept_since": kept_since}
    terms = rules.terms(ends=_ends(year, step, end), **shape)
    whole = rules.terms(ends=[("", _("Year"), end)], **shape)
    arrivals = contingent.movements(actor=actor, direction="in", start=start - timedelta(days=31), end=end)
    departures = contingent.movements(actor=actor, direction="out", start=start - timedelta(days=31), end=end)
    roll = rules.Roll(
        contingent.stays(actor=actor, start=start - timedelta(days=150), end=end + timedelta(days=150)),
        arrivals=arrivals,
        departures=departures,
        leaves=contingent.leaves(actor=actor, start=start, end=end),
    )
    balances = tuple(roll.balance(one) for one in terms)
    total = roll.balance(whole[0]) if whole else None
    return MovementYear(
        year,
        balances,
        total,
        known,
        tuple(one for one in arrivals if total and one.day in total.term),
        tuple(one for one in departures if total and one.day in total.term),
    )


def _bounds(year: str) -> tuple[date, date]:
    """From the first day of the year to the eve of the next one: the summer belongs to the year that ends."""
    first = int(year[:4])
    quarters = schedule.periods(year=year, kind="quarter")
    start = quarters[0].start if quarters else date(first, 9, 1)
    return start, date(first + 1, 8, 31)


def _ends(year: str, step: Step, end: date) -> list[tuple[str, str, date]]:
    first = int(year[:4])
    if step == "year":
        return []
    if step == "quarters":
        found = [(one.code, one.label, one.end) for one in schedule.periods(year=year, kind="quarter")]
        return [*found, ("summer", _("Summer"), end)]
    months = [date(first, month, 1) for month in (9, 10, 11, 12)] + [
        date(first + 1, month, 1) for month in range(1, 9)
    ]
    return [(f"m{day:%m}", month_name(day), _last_of(day)) for day in months]


def _last_of(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - rules.ONE_DAY


def month_name(day: date) -> str:
    names = (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
        _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
    )  # fmt: skip
    return names[day.month - 1]


def names(
    found: Sequence[MovementInfo],
    term: Term | None,
    *,
    class_id: UUID | None = None,
    grade: int | None = None,
) -> list[MoveLine]:
    """Arrivals or departures of the term, of one class or grade when it is named; by day, then as they came."""
    return [
        _line(one)
        for one in found
        if (term is None or one.day in term)
        and (class_id is None or one.class_id == class_id)
        and (grade is None or one.grade == grade)
    ]


def _line(one: MovementInfo) -> MoveLine:
    slip = one.whereabouts.slip_number
    day = one.whereabouts.slip_date
    sure = one.confirmation
    return MoveLine(
        pupil_id=one.pupil.id,
        full_name=one.pupil.full_name,
        birth_date=one.pupil.birth_date,
        school_class=one.class_label,
        day=one.day,
        place=place_of(one),
        reason=reason_of(one),
        order=order_of(one),
        slip=f"{slip}, {day:%d.%m.%Y}" if slip and day else slip,
        confirmation=f"{sure}, {one.confirmed_date:%d.%m.%Y}" if sure and one.confirmed_date else sure,
        order_id=one.order_id,
    )


def strays(balance: Balance, *, actor: Actor) -> list[tuple[PupilInfo, int]]:
    """Names of those because of whom the term does not add up, in Kazakh order."""
    found = contingent.pupils(actor=actor, pupil_ids=[one.pupil_id for one in balance.strays])
    pairs = [(found[one.pupil_id], one.surplus) for one in balance.strays if one.pupil_id in found]
    return sorted(pairs, key=lambda pair: kazakh_order(pair[0].full_name))
