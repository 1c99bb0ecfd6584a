"""Days that differ from the ordinary: declared, changed, taken back and put in force again, with their lessons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.events import publish
from kernel.ids import uuid7
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.events import SpecialDaysChanged
from modules.schedule.models import SpecialDays
from modules.schedule.year import queries
from modules.schedule.year.models import BellSet
from modules.schedule.year.rules import NO_LESSONS, Special, YearCalendar
from modules.schedule.year.services.laying import Laying, Told, foresee, unheard
from modules.schedule.year.services.periods import DatesBackwards, OutsideYear, lock_year, settle

_FIELDS = (
    "kind", "start", "end", "title", "grades", "class_ids", "instead", "bell_set_id", "order_number", "order_date",
)  # fmt: skip


class YearNotOpened(DomainError):
    message = _("The quarters of this year are not set yet.")
    code = "year_not_opened"


class NoSuchClasses(DomainError):
    message = _("Some of the classes are not of this school year.")
    code = "no_such_classes"


class NobodyConcerned(DomainError):
    message = _("There are no such grades in the school this year.")
    code = "nobody_concerned"


class DeclaredAlready(DomainError):
    message = _("These days are declared already: {name}, {days}.")
    code = "declared_already"


class NotASchoolDay(DomainError):
    message = _("{day} is not a school day, so there is nothing to move.")
    code = "not_a_school_day"


class InsteadIsTaught(DomainError):
    message = _("{day} is a school day already. Choose a free Saturday or a day of the holidays.")
    code = "instead_is_taught"


class WhichBells(DomainError):
    message = _("Say by which bells the shortened lessons go.")
    code = "which_bells"


class WhichDayInstead(DomainError):
    message = _("Say on which date the day is taught instead.")
    code = "which_day_instead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Special days as somebody wants them."""

    kind: str
    start: date
    end: date
    title: str = ""
    grades: Sequence[int] = ()
    class_ids: Sequence[UUID] = ()
    instead: date | None = None
    bell_set_id: UUID | None = None
    order_number: str = ""
    order_date: date | None = None


def foresee_special(*, actor: Actor, year: str, wish: Wish, special_id: UUID | None = None) -> Laying:
    """What declaring these days, or changing those with the id so, would do to lessons.

    Refuses what `declare` and `change` refuse.
    """
    require(actor, permissions.SET_PERIODS)
    before, special, classes = _prepared(actor, year, wish, special_id)
    return foresee(before, before.with_special(special), classes)


@transaction.atomic
def declare(*, actor: Actor, year: str, wish: Wish, told: Told = unheard) -> tuple[Special, Laying]:
    """Put special days in force; lessons follow.

    Raises YearNotOpened, DatesBackwards, OutsideYear, DeclaredAlready, PeriodIsClosed, or a refusal of what is missing.
    """
    require(actor, permissions.SET_PERIODS)
    lock_year(year)
    before, special, classes = _prepared(actor, year, wish, None)
    SpecialDays.objects.create(id=special.id, year=year, code="", **_values(special))
    laying = foresee(before, before.with_special(special), classes)
    settle(laying, actor=actor, year=year, kind=special.kind, days=_spans(special), told=told)
    audit.record(
        actor=actor,
        action="schedule.special.declared",
        object_type="special_days",
        object_id=special.id,
        details=_told(special, laying),
    )
    _announce(actor, special)
    return special, laying


@transaction.atomic
def change(*, actor: Actor, special_id: UUID, wish: Wish, told: Told = unheard) -> tuple[Special, Laying]:
    """Have the days otherwise; lessons follow. Raises NotFound and what `declare` raises."""
    require(actor, permissions.SET_PERIODS)
    row = SpecialDays.objects.select_for_update().filter(pk=special_id, removed_at=None).first()
    if row is None:
        raise NotFound
    lock_year(row.year)
    old = queries.special_of(row)
    before, special, classes = _prepared(actor, row.year, wish, special_id)
    for name, value in _values(special).items():
        setattr(row, name, value)
    row.save(update_fields=list(_FIELDS))
    laying = foresee(before, before.with_special(special), classes)
    settle(
        laying,
        actor=actor,
        year=row.year,
        kind=special.kind,
        days=[*_spans(old), *_spans(special)],
        told=told,
    )
    audit.record(
        actor=actor,
        action="schedule.special.changed",
        object_type="special_days",
        object_id=special.id,
        details=_told(special, laying),
    )
    if _plain_days(old) != _plain_days(special):
        _announce(actor, special, old)
    return special, laying


def foresee_taking_back(*, actor: Actor, special_id: UUID) -> Laying:
    """What taking the days back would do to lessons; raises NotFound."""
    require(actor, permissions.SET_PERIODS)
    row = queries.get_special(special_id=special_id)
    before = queries.calendar(year=row.year)
    classes = contingent.classes(actor=actor, year=row.year)
    return foresee(before, before.without_special(row.pk), classes)


@transaction.atomic
def take_back(*, actor: Actor, special_id: UUID, told: Told = unheard) -> Laying:
    """Make the days ordinary again: their cancelled lessons come back where the place is still free.

    Doing it twice is once. Raises NotFound or PeriodIsClosed.
    """
    require(actor, permissions.SET_PERIODS)
    row = SpecialDays.objects.select_for_update().filter(pk=special_id).first()
    if row is None:
        raise NotFound
    if row.removed_at is not None:
        return Laying()
    lock_year(row.year)
    before = queries.calendar(year=row.year)
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    special, laying = _settled(actor, row, before, before.without_special(row.pk), told)
    audit.record(
        actor=actor,
        action="schedule.special.removed",
        object_type="special_days",
        object_id=special.id,
        details=_told(special, laying),
    )
    _announce(actor, special)
    return laying


@transaction.atomic
def put_back(*, actor: Actor, special_id: UUID) -> Laying:
    """Put days in force again that were taken back. Raises NotFound, DeclaredAlready or PeriodIsClosed."""
    require(actor, permissions.SET_PERIODS)
    row = SpecialDays.objects.select_for_update().filter(pk=special_id).first()
    if row is None:
        raise NotFound
    if row.removed_at is None:
        return Laying()
    lock_year(row.year)
    before = queries.calendar(year=row.year)
    special = queries.special_of(row)
    _refuse_twice(before, special)
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    special, laying = _settled(actor, row, before, before.with_special(special))
    audit.record(
        actor=actor,
        action="schedule.special.restored",
        object_type="special_days",
        object_id=special.id,
        details=_told(special, laying),
    )
    _announce(actor, special)
    return laying


def _announce(actor: Actor, *specials: Special) -> None:
    """Whom the days concern, or concerned before they were changed, hears of it."""
    classes = contingent.classes(actor=actor, year=specials[0].year)
    publish(
        SpecialDaysChanged(
            special_id=str(specials[0].id),
            class_ids=[str(one.id) for one in classes if any(days.is_for(one) for days in specials)],
        ),
        actor=actor,
    )


def _plain_days(special: Special) -> Special:
    """The days without the order, of which nobody but the office need hear."""
    return replace(special, order_number="", order_date=None)


def _settled(
    actor: Actor, row: SpecialDays, before: YearCalendar, after: YearCalendar, told: Told = unheard
) -> tuple[Special, Laying]:
    special = queries.special_of(row)
    laying = foresee(before, after, contingent.classes(actor=actor, year=row.year))
    settle(laying, actor=actor, year=row.year, kind=row.kind, days=_spans(special), told=told)
    return special, laying


def _prepared(
    actor: Actor, year: str, wish: Wish, special_id: UUID | None
) -> tuple[YearCalendar, Special, list[contingent.ClassInfo]]:
    """The calendar before, the days as they will be, and the year's classes; or a refusal."""
    before = queries.calendar(year=year)
    if before.start is None or before.end is None:
        raise YearNotOpened
    if wish.end < wish.start:
        raise DatesBackwards
    # Those who leave are examined when the others have gone home already.
    last = date(before.end.year, 7, 31) if wish.kind == SpecialDays.Kind.EXAMS else before.end
    for day in (wish.start, wish.end, wish.instead or wish.start):
        if not before.start <= day <= last:
            raise OutsideYear(start=f"{before.start:%d.%m.%Y}", end=f"{last:%d.%m.%Y}")
    classes = contingent.classes(actor=actor, year=year)
    if not set(wish.class_ids) <= {one.id for one in classes}:
        raise NoSuchClasses
    known = next((one for one in before.specials if one.id == special_id), None)
    special = Special(
        id=special_id or uuid7(),
        year=year,
        code=known.code if known else "",
        **{**_plain(wish), "grades": frozenset(wish.grades), "class_ids": frozenset(wish.class_ids)},
    )
    if classes and not any(special.is_for(one) for one in classes):
        raise NobodyConcerned
    others = before.without_special(special.id)
    _refuse_twice(others, special)
    _refuse_by_kind(others, special, classes)
    return before, special, classes


def _plain(wish: Wish) -> dict[str, Any]:
    """The wish as it is kept: only what the kind has."""
    is_moved, is_short = wish.kind == "moved", wish.kind == "short"
    return {
        "kind": wish.kind,
        "start": wish.start,
        "end": wish.start if is_moved else wish.end,
        "title": wish.title.strip(),
        "instead": wish.instead if is_moved else None,
        "bell_set_id": wish.bell_set_id if is_short else None,
        "order_number": wish.order_number.strip(),
        "order_date": wish.order_date,
    }


def _refuse_twice(others: YearCalendar, special: Special) -> None:
    for one in others.specials:
        same_people = one.grades == special.grades and one.class_ids == special.class_ids
        both_off = one.kind in NO_LESSONS and special.kind in NO_LESSONS
        meets = one.start <= special.end and special.start <= one.end
        if (
            same_people
            and meets
            and (one.kind == special.kind or (both_off and "moved" in {one.kind, special.kind}))
        ):
            days = f"{one.start:%d.%m}" if one.start == one.end else f"{one.start:%d.%m}–{one.end:%d.%m}"
            raise DeclaredAlready(name=queries.name_of(one), days=days)


def _refuse_by_kind(others: YearCalendar, special: Special, classes: Sequence[contingent.ClassInfo]) -> None:
    named = special.bell_set_id
    if special.kind == "short" and (named is None or not BellSet.objects.filter(pk=named).exists()):
        raise WhichBells
    if special.kind != "moved":
        return
    if special.instead is None:
        raise WhichDayInstead
    mine = [one for one in classes if special.is_for(one)]
    if mine and not any(others.day(one, special.start).is_school for one in mine):
        raise NotASchoolDay(day=f"{special.start:%d.%m.%Y}")
    if special.instead.isoweekday() < 6 and any(others.day(one, special.instead).is_school for one in mine):
        raise InsteadIsTaught(day=f"{special.instead:%d.%m.%Y}")


def _values(special: Special) -> dict[str, Any]:
    found = {name: getattr(special, name) for name in _FIELDS}
    return found | {"grades": sorted(special.grades), "class_ids": sorted(special.class_ids, key=str)}


def _spans(special: Special) -> list[tuple[date, date]]:
    return [(special.start, special.end)] + ([(special.instead, special.instead)] if special.instead else [])


def _told(special: Special, laying: Laying) -> dict[str, Any]:
    return {
        "kind": special.kind,
        "start": str(special.start),
        "end": str(special.end),
        "order": special.order_number,
        "cancelled": len(laying.cancelled),
        "added": len(laying.added) + len(laying.restored),
        "moved": len(laying.moved),
    }
