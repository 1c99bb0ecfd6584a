"""Bells: the usual ones and the sets of other days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.schedule import permissions
from modules.schedule.models import BellTime
from modules.schedule.year import queries
from modules.schedule.year.models import BellSet
from modules.schedule.year.services.periods import DatesBackwards

Times = Mapping[tuple[int, int], tuple[time, time]]  # by shift and lesson


class BellsBackwards(DomainError):
    message = _("Lesson {number} of shift {shift} ends before it begins.")
    code = "bells_backwards"


class BellsOverlap(DomainError):
    message = _("Lesson {number} of shift {shift} begins before the one before it has ended.")
    code = "bells_overlap"


class SetNamedTwice(DomainError):
    message = _("There are bells with this name already.")
    code = "set_named_twice"


class SetInUse(DomainError):
    message = _("These bells ring on days of the calendar. Take those days back or change them first.")
    code = "set_in_use"


class NoTimes(DomainError):
    message = _("Write when at least one lesson begins and ends.")
    code = "no_times"


def default_bells() -> list[BellTime]:
    """Lessons of 45 minutes with breaks of 5, two of them 15; the second shift follows the first."""
    return [
        BellTime(shift=shift, number=number, start=start, end=end)
        for (shift, number), (start, end) in even_times(45, 5, 15).items()
    ]


def even_times(
    minutes: int, pause: int, long_pause: int, *, second: time = time(14, 0)
) -> dict[tuple[int, int], tuple[time, time]]:
    """Eight lessons of each shift, with long breaks after the second and the third."""
    found = {}
    for shift, begin in ((1, time(8, 0)), (2, second)):
        moment = datetime.combine(date(2000, 1, 1), begin)
        for number in range(1, 9):
            end = moment + timedelta(minutes=minutes)
            found[shift, number] = (moment.time(), end.time())
            moment = end + timedelta(minutes=long_pause if number in (2, 3) else pause)
    return found


def put_default_bells() -> None:
    """Give the school the usual bells where it has none."""
    BellTime.objects.bulk_create(default_bells(), ignore_conflicts=True)


@transaction.atomic
def set_usual_bells(*, actor: Actor, times: Times) -> None:
    """Have these times on ordinary days. Raises NoTimes, BellsBackwards or BellsOverlap."""
    require(actor, permissions.SET_PERIODS)
    _put_times(None, times)
    audit.record(actor=actor, action="schedule.bells.set", object_type="bells")


@transaction.atomic
def save_set(
    *,
    actor: Actor,
    name: str,
    times: Times,
    grades: Sequence[int] = (),
    weekdays: Sequence[int] = (),
    since: date | None = None,
    until: date | None = None,
    is_on_call: bool = False,
    set_id: UUID | None = None,
) -> BellSet:
    """Make a set of bells, or change the one with the id.

    Raises NotFound, SetNamedTwice, DatesBackwards, NoTimes, BellsBackwards or BellsOverlap.
    """
    require(actor, permissions.SET_PERIODS)
    if since and until and until < since:
        raise DatesBackwards
    row = BellSet()
    if set_id is not None:
        row = BellSet.objects.select_for_update().filter(pk=set_id).first() or row
        if row._state.adding:
            raise NotFound
    row.name, row.grades, row.weekdays = name.strip(), sorted(grades), sorted(weekdays)
    row.since, row.until, row.is_on_call = since, until, is_on_call
    try:
        with transaction.atomic():
            if row._state.adding:
                row.save(force_insert=True)
            else:
                row.save(update_fields=["name", "grades", "weekdays", "since", "until", "is_on_call"])
    except IntegrityError as clash:
        raise SetNamedTwice from clash
    _put_times(row.pk, times)
    audit.record(actor=actor, action="schedule.bells.set", object_type="bells", object_id=row.pk)
    return row


@transaction.atomic
def drop_set(*, actor: Actor, set_id: UUID) -> None:
    """Take a set away that no day names. Raises NotFound or SetInUse."""
    require(actor, permissions.SET_PERIODS)
    row = BellSet.objects.select_for_update().filter(pk=set_id).first()
    if row is None:
        raise NotFound
    if set_id in queries.sets_in_use():
        raise SetInUse
    row.delete()
    audit.record(actor=actor, action="schedule.bells.dropped", object_type="bells", object_id=set_id)


def _put_times(set_id: UUID | None, times: Times) -> None:
    if not times:
        raise NoTimes
    last: dict[int, time] = {}
    for (shift, number), (start, end) in sorted(times.items()):
        if end <= start:
            raise BellsBackwards(number=number, shift=shift)
        if shift in last and start < last[shift]:
            raise BellsOverlap(number=number, shift=shift)
        last[shift] = end
    BellTime.objects.filter(bell_set_id=set_id).delete()
    BellTime.objects.bulk_create(
        BellTime(bell_set_id=set_id, shift=shift, number=number, start=start, end=end)
        for (shift, number), (start, end) in times.items()
    )
