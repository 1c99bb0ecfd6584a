"""The year's quarters and half-years: opened from the ministry's calendar, moved by an order, closed and reopened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import permutations
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.events import publish
from modules.contingent import api as contingent
from modules.schedule import permissions, queries
from modules.schedule.data import PeriodInfo
from modules.schedule.events import CalendarChanged, PeriodClosed, PeriodReopened
from modules.schedule.models import Period, SpecialDays
from modules.schedule.year import queries as year_queries
from modules.schedule.year.services.laying import Laying, Told, carry_out, foresee, unheard
from tenants import reference


class UnknownYear(DomainError):
    message = _("The calendar of {year} is not known. Set the dates of the quarters by hand.")
    code = "unknown_year"


class PeriodsOverlap(DomainError):
    message = _("The dates run into {other}.")
    code = "periods_overlap"


class PeriodsOutOfOrder(DomainError):
    message = _("Quarter {number} would come before the quarter that stands before it.")
    code = "periods_out_of_order"


class DatesBackwards(DomainError):
    message = _("The last day is before the first one.")
    code = "dates_backwards"


class OutsideYear(DomainError):
    message = _("The days must lie in the school year: from {start} to {end}.")
    code = "outside_year"


class PeriodIsClosed(DomainError):
    message = _("{period} is closed, and its lessons would change. Reopen it first.")
    code = "period_is_closed"


class NothingToTakeBack(DomainError):
    message = _("The dates of this period have not been changed yet.")
    code = "nothing_to_take_back"


# --- opening


@transaction.atomic
def open_year(*, actor: Actor, year: str, six_days: bool = False) -> list[PeriodInfo]:
    """Give the school the quarters, half-years and days off of the ministry's calendar; doing it again adds only what
    is missing, and what the school has changed or taken back stays so.

    Raises UnknownYear.
    """
    require(actor, permissions.SET_PERIODS)
    try:
        calendar = reference.school_year(year)
    except KeyError:
        raise UnknownYear(year=year) from None
    spans = calendar.quarters
    rows = [Period(year=year, kind="quarter", number=s.number, start=s.start, end=s.end) for s in spans]
    if len(spans) == 4:
        halves = ((1, spans[0].start, spans[1].end), (2, spans[2].start, spans[3].end))
        rows += [Period(year=year, kind="half_year", number=n, start=a, end=b) for n, a, b in halves]
    Period.objects.bulk_create(rows, ignore_conflicts=True)
    SpecialDays.objects.bulk_create(_days_off(calendar, six_days=six_days), ignore_conflicts=True)
    audit.record(actor=actor, action="schedule.year.opened", object_type="year", object_id=year)
    return queries.periods(year=year)


def _days_off(calendar: reference.SchoolYear, *, six_days: bool) -> list[SpecialDays]:
    """The country's days off that fall on the year, the extra week of grade 1 and the exams of those who leave."""
    found = [
        SpecialDays(
            year=calendar.code,
            kind="moved" if one.instead else "public",
            start=one.day,
            end=one.day,
            instead=one.instead,
            code=one.code,
        )
        for one in reference.public_days()
        if calendar.start <= one.day <= calendar.end and (one.is_for_six_days or not six_days)
    ]
    if calendar.grade1_break:
        found.append(
            SpecialDays(
                year=calendar.code,
                kind="holidays",
                start=calendar.grade1_break.start,
                end=calendar.grade1_break.end,
                grades=[1],
                code=reference.GRADE1_BREAK.code,
            )
        )
    found += [
        SpecialDays(
            year=calendar.code,
            kind="exams",
            start=span.start,
            end=span.end,
            grades=[grade],
            code=reference.EXAMS[grade].code,
        )
        for grade, span in calendar.exams.items()
    ]
    return found


def year_is_open(*, year: str) -> bool:
    return Period.objects.filter(year=year).exists()


# --- dates


def foresee_quarters(*, actor: Actor, year: str, days: Mapping[int, tuple[date, date]]) -> Laying:
    """What setting these dates would do to lessons; refuses what `set_quarters` refuses."""
    require(actor, permissions.SET_PERIODS)
    before = year_queries.calendar(year=year)
    check_dates(year, days)
    classes = contingent.classes(actor=actor, year=year)
    return foresee(before, before.with_quarters(days), classes)


@transaction.atomic
def set_period_dates(
    *,
    actor: Actor,
    period_id: UUID,
    start: date,
    end: date,
    order_number: str = "",
    order_date: date | None = None,
    told: Told = unheard,
) -> PeriodInfo:
    """Move the ends of a period; half-years follow their quarters.

    Raises DatesBackwards, OutsideYear, PeriodsOverlap, PeriodsOutOfOrder or PeriodIsClosed.
    """
    require(actor, permissions.SET_PERIODS)
    row = _locked_period(period_id)
    if row.kind == Period.Kind.QUARTER:
        set_quarters(
            actor=actor,
            year=row.year,
            days={row.number: (start, end)},
            order_number=order_number,
            order_date=order_date,
            told=told,
        )
    else:
        if row.closed_at is not None and (row.start, row.end) != (start, end):
            raise PeriodIsClosed(period=queries.info_of_period(row).label)
        _set_dates(actor, row.year, row.kind, {row.number: (start, end)}, order_number, order_date)
    return queries.get_period(period_id=period_id)


@transaction.atomic
def set_quarters(
    *,
    actor: Actor,
    year: str,
    days: Mapping[int, tuple[date, date]],
    order_number: str = "",
    order_date: date | None = None,
    told: Told = unheard,
) -> Laying:
    """Set the dates of several quarters at once, so that one may move into another's old place; lessons follow.

    Raises DatesBackwards, OutsideYear, PeriodsOverlap, PeriodsOutOfOrder or PeriodIsClosed.
    """
    require(actor, permissions.SET_PERIODS)
    lock_year(year)
    before = year_queries.calendar(year=year)
    _set_dates(actor, year, Period.Kind.QUARTER, days, order_number, order_date)
    _stretch_halves(year)
    if before.quarters and days:
        classes = contingent.classes(actor=actor, year=year)
        laying = foresee(before, before.with_quarters(days), classes)
    else:
        laying = Laying()
    return settle(laying, actor=actor, year=year, kind="quarters", days=days.values(), told=told)


def lock_year(year: str) -> None:
    """Let one person at a time change the calendar: a change stands on the calendar that was read before it."""
    list(Period.objects.select_for_update().filter(year=year).order_by("pk").values_list("pk"))


def settle(
    laying: Laying,
    *,
    actor: Actor,
    year: str,
    kind: str,
    days: Iterable[tuple[date, date]],
    told: Told = unheard,
) -> Laying:
    """Carry the change of lessons out and tell the others; refuses to touch lessons of a closed period."""
    refuse_closed(laying)
    if laying.size:
        carry_out(laying, actor=actor, at=clock.now(), told=told)
    if spans := list(days):
        publish(
            CalendarChanged(
                year=year,
                kind=kind,
                start=min(start for start, _end in spans).isoformat(),
                end=max(end for _start, end in spans).isoformat(),
                lessons=laying.size,
            ),
            actor=actor,
        )
    return laying


def refuse_closed(laying: Laying) -> None:
    """Raise PeriodIsClosed when a lesson of a closed quarter or half-year would change."""
    days = laying.days
    if not days:
        return
    closed = Period.objects.exclude(closed_at=None).filter(start__lte=max(days), end__gte=min(days))
    for period in closed.order_by("start", "kind"):
        if any(period.start <= day <= period.end for day in days):
            raise PeriodIsClosed(period=queries.info_of_period(period).label)


def check_dates(
    year: str, days: Mapping[int, tuple[date, date]], kind: str = Period.Kind.QUARTER
) -> dict[int, Period]:
    """The periods as they would stand, or a refusal."""
    rows = {one.number: one for one in Period.objects.select_for_update().filter(year=year, kind=kind)}
    first, last = date(int(year[:4]), 8, 1), date(int(year[:4]) + 1, 7, 31)
    for number, (start, end) in days.items():
        if end < start:
            raise DatesBackwards
        if start < first or end > last:
            raise OutsideYear(start=f"{first:%d.%m.%Y}", end=f"{last:%d.%m.%Y}")
        row = rows.setdefault(number, Period(year=year, kind=kind, number=number))
        row.start, row.end = start, end
    for one, other in permutations(rows.values(), 2):
        if one.number in days and other.start <= one.end and one.start <= other.end:
            raise PeriodsOverlap(other=queries.info_of_period(other).label)
    for one, other in permutations(rows.values(), 2):
        if one.number < other.number and one.start > other.start:
            raise PeriodsOutOfOrder(number=other.number)
    return rows


def _set_dates(
    actor: Actor,
    year: str,
    kind: str,
    days: Mapping[int, tuple[date, date]],
    order_number: str,
    order_date: date | None,
) -> None:
    rows = check_dates(year, days, kind)
    known = dict(_dates(year, kind))
    for number in days:
        row = rows[number]
        was = known.get(number)
        if was is not None and was != (row.start, row.end, order_number, order_date):
            row.was_start, row.was_end, row.was_order_number, row.was_order_date = was
        row.order_number, row.order_date = order_number, order_date
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save(update_fields=["start", "end", "order_number", "order_date", *_BEFORE])
        audit.record(
            actor=actor,
            action="schedule.period.moved",
            object_type="period",
            object_id=row.pk,
            details={"code": row.code, "start": str(row.start), "end": str(row.end), "order": order_number},
        )


_BEFORE = ("was_start", "was_end", "was_order_number", "was_order_date")


def _dates(year: str, kind: str) -> Iterable[tuple[int, tuple[date, date, str, date | None]]]:
    for row in Period.objects.filter(year=year, kind=kind):
        yield row.number, (row.start, row.end, row.order_number, row.order_date)


def _before(row: Period) -> tuple[date, date]:
    if row.was_start is None or row.was_end is None:
        raise NothingToTakeBack
    return row.was_start, row.was_end


def foresee_taking_dates_back(*, actor: Actor, period_id: UUID) -> Laying:
    """What having the quarter as it was before its last change would do to lessons.

    Raises NotFound, NothingToTakeBack and what `set_quarters` raises.
    """
    require(actor, permissions.SET_PERIODS)
    row = Period.objects.filter(pk=period_id).first()
    if row is None:
        raise NotFound
    days = _before(row)
    if row.kind != Period.Kind.QUARTER:
        return Laying()
    return foresee_quarters(actor=actor, year=row.year, days={row.number: days})


@transaction.atomic
def take_dates_back(*, actor: Actor, period_id: UUID, told: Told = unheard) -> PeriodInfo:
    """Have the period as it was before its last change, with that order; doing it again puts the change in force.

    Raises NotFound, NothingToTakeBack, and what `set_period_dates` raises.
    """
    require(actor, permissions.SET_PERIODS)
    row = _locked_period(period_id)
    start, end = _before(row)
    return set_period_dates(
        actor=actor,
        period_id=period_id,
        start=start,
        end=end,
        order_number=row.was_order_number,
        order_date=row.was_order_date,
        told=told,
    )


def _stretch_halves(year: str) -> None:
    quarters = {p.number: p for p in Period.objects.filter(year=year, kind=Period.Kind.QUARTER)}
    for half in Period.objects.filter(year=year, kind=Period.Kind.HALF_YEAR):
        first, last = quarters.get(half.number * 2 - 1), quarters.get(half.number * 2)
        if first and last:
            half.start, half.end = first.start, last.end
            half.save(update_fields=["start", "end"])


def _locked_period(period_id: UUID) -> Period:
    row = Period.objects.select_for_update().filter(pk=period_id).first()
    if row is None:
        raise NotFound
    return row


# --- closing


@transaction.atomic
def close_period(*, actor: Actor, period_id: UUID, at: datetime | None = None) -> PeriodInfo:
    """Close the period, so that no mark in it can change. Closing twice is a no-op."""
    require(actor, permissions.SET_PERIODS)
    row = _locked_period(period_id)
    if row.closed_at is None:
        row.closed_at = at or clock.now()
        row.save(update_fields=["closed_at"])
        publish(PeriodClosed(period_id=str(row.pk), year=row.year, code=row.code), actor=actor)
        audit.record(actor=actor, action="schedule.period.closed", object_type="period", object_id=row.pk)
    return queries.info_of_period(row)


@transaction.atomic
def reopen_period(*, actor: Actor, period_id: UUID) -> PeriodInfo:
    """Open a closed period again; the act stays in the security log."""
    require(actor, permissions.SET_PERIODS)
    row = _locked_period(period_id)
    if row.closed_at is not None:
        row.closed_at = None
        row.save(update_fields=["closed_at"])
        publish(PeriodReopened(period_id=str(row.pk), year=row.year, code=row.code), actor=actor)
        audit.record(actor=actor, action="schedule.period.reopened", object_type="period", object_id=row.pk)
    return queries.info_of_period(row)
