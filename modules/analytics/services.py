"""Keep figures equal to the marks: note what changed, count it again, publish the sums, check it all at night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q

from kernel import audit, clock, jobs
from kernel.access import Actor
from modules.analytics.data import NOW, ClassFigure
from modules.analytics.models import ChangedJournal, ClassFact
from modules.analytics.queries import facts, metrics, sources
from modules.schedule.data import PeriodInfo
from tenants import rollups

log = structlog.get_logger(__name__)
_OF_MARKS = metrics.codes(metrics.OF_MARKS)
_OF_PERIOD = metrics.codes(metrics.OF_PERIOD)
_PUPILS = [metrics.PUPILS.code]
EVERY_SUBJECT = "*"


def note_changed(*, actor: Actor, period_id: UUID, school_class_id: UUID, subject_code: str) -> None:
    """Remember that a journal's figures are older than its marks, and see to it that they are counted soon."""
    _note(actor, {(period_id, school_class_id, subject_code)})


def note_classes_changed(*, actor: Actor, class_ids: Iterable[UUID]) -> None:
    """Somebody came to the classes or left them: all their journals of open periods are counted again."""
    year = clock.school_year_of(clock.today())
    periods = [period.id for period in sources.periods(year=year) if not period.is_closed]
    _note(actor, {(period, one, EVERY_SUBJECT) for one in class_ids for period in periods})


def note_all_changed(*, actor: Actor) -> None:
    """Points become marks by another rule: every journal is counted again, of closed periods too, where a pupil
    without a mark of the period counts by the forecast.
    """
    journals = {
        (period.id, class_id, EVERY_SUBJECT)
        for period in _periods(None)
        for class_id in sources.classes(actor=actor, year=period.year)
    }
    _note(actor, journals)


@transaction.atomic(savepoint=False)
def _note(actor: Actor, journals: Iterable[tuple[UUID, UUID, str]]) -> None:
    """Many changes of one journal are one line, and many lines are one count: it waits for whoever is noting.

    Who notes what another is noting waits for him; in one order they never wait for each other.
    """
    rollups.hold_shared()
    rows = [
        ChangedJournal(period_id=period_id, school_class_id=class_id, subject_code=subject_code)
        for period_id, class_id, subject_code in sorted(journals)
    ]
    ChangedJournal.objects.bulk_create(rows, ignore_conflicts=True)
    ask_refresh(actor=actor)


def ask_refresh(*, actor: Actor) -> None:
    """Put a count in the queue unless one already waits there."""
    if not facts.is_refresh_waiting():
        jobs.start(facts.REFRESH, actor=actor)


def refresh(*, actor: Actor) -> int:
    """Count the noted journals again and publish the sums; answer how many public facts changed."""
    at = clock.now()
    with transaction.atomic():
        rollups.hold()
        changed = _count_noted(actor, at) + _count_pupils(actor, at)
        rollups.refreshed(at=at)
    rollups.fold()
    return changed


def _count_noted(actor: Actor, at: datetime) -> int:
    """Count again what was noted, and nothing else; answer how many public facts changed."""
    rows = list(ChangedJournal.objects.all())
    noted: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        noted[row.period_id][row.subject_code].add(row.school_class_id)
    changed = 0
    for period_id, subjects in noted.items():
        period = sources.period(period_id)
        if period is None:
            continue
        slice_: dict[str, Any] = {"year": period.year, "period": period.code, "at": at}
        stored = 0
        for subject, class_ids in subjects.items():
            one = None if subject == EVERY_SUBJECT else subject
            counted = sources.marks(actor=actor, period=period, class_ids=class_ids, subject_code=one)
            scope = Q(metric__in=_OF_MARKS, school_class_id__in=class_ids)
            scope &= Q(subject_code=one) if one else Q()
            stored += _store(counted, scope=scope, **slice_)
        present = set().union(*subjects.values())
        counted = sources.attendance(actor=actor, period=period, class_ids=present)
        scope = Q(metric=metrics.ATTENDANCE.code, school_class_id__in=present)
        stored += _store(counted, scope=scope, **slice_)
        if stored:
            changed += _publish(_OF_PERIOD, **slice_)
    ChangedJournal.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return changed


def _count_pupils(actor: Actor, at: datetime) -> int:
    year = clock.school_year_of(clock.today())
    wanted = sources.pupils(actor=actor, year=year)
    if not _store(wanted, year=year, period=NOW, scope=Q(), at=at):
        return 0
    return _publish(_PUPILS, year=year, period=NOW, at=at)


def _store(wanted: Iterable[ClassFigure], *, year: str, period: str, scope: Q, at: datetime) -> int:
    """Make the stored figures of classes within `scope` equal to `wanted`; answer how many differed."""
    target = {one.key: one for one in wanted}
    fresh, moved, gone = [], [], []
    for row in ClassFact.objects.filter(scope, year=year, period=period):
        one = target.pop((row.metric, row.version, row.school_class_id, row.subject_code), None)
        if one is None:
            gone.append(row.pk)
        elif (row.numerator, row.denominator, row.people, row.grade, row.language) != (
            one.numerator,
            one.denominator,
            one.people,
            one.grade,
            one.language,
        ):
            row.numerator, row.denominator, row.people = one.numerator, one.denominator, one.people
            row.grade, row.language, row.as_of = one.grade, one.language, at
            moved.append(row)
    for one in target.values():
        fresh.append(
            ClassFact(
                metric=one.metric,
                version=one.version,
                year=year,
                period=period,
                school_class_id=one.school_class_id,
                grade=one.grade,
                language=one.language,
                subject_code=one.subject_code,
                numerator=one.numerator,
                denominator=one.denominator,
                people=one.people,
                as_of=at,
            )
        )
    ClassFact.objects.bulk_create(fresh, batch_size=1000)
    ClassFact.objects.bulk_update(
        moved, ["numerator", "denominator", "people", "grade", "language", "as_of"], batch_size=500
    )
    if gone:
        ClassFact.objects.filter(pk__in=gone).delete()
    return len(fresh) + len(moved) + len(gone)


def _publish(codes: Collection[str], *, year: str, period: str, at: datetime) -> int:
    figures = facts.sums(metrics=codes, year=year, period=period)
    return rollups.write(figures, metrics=codes, year=year, period=period, at=at)


def _periods(asked: Collection[str] | None) -> list[PeriodInfo]:
    """Periods of the asked years; by default of this year, the last one, and every year with figures."""
    if asked is not None:
        return [period for year in sorted(asked) for period in sources.periods(year=year)]
    today = clock.school_year_of(clock.today())
    last = clock.school_year_of(clock.today() - timedelta(days=365))
    years = {today, last, *(year for year, __ in facts.known_slices())}
    return [period for year in sorted(years) for period in sources.periods(year=year)]


def _store_marks(actor: Actor, period: PeriodInfo, slice_: dict[str, Any]) -> int:
    counted = sources.marks(actor=actor, period=period)
    return _store(counted, scope=Q(metric__in=_OF_MARKS), **slice_)


def _store_attendance(actor: Actor, period: PeriodInfo, slice_: dict[str, Any]) -> int:
    counted = sources.attendance(actor=actor, period=period)
    return _store(counted, scope=Q(metric=metrics.ATTENDANCE.code), **slice_)


def recount(
    *, actor: Actor, years: Collection[str] | None = None, ctx: jobs.JobContext | None = None
) -> dict[str, int]:
    """Count every figure of every period anew; what differs from the folded figures is mended and alarmed.

    What was noted and not yet counted is counted first, so that only true faults are alarmed. The first count of a
    school, after an import, finds nothing to compare with and alarms nobody.
    """
    is_first = not any(code != NOW for __, code in facts.known_slices())
    refresh(actor=actor)
    periods = _periods(years)
    known = {(one.year, one.code) for one in periods}
    classes_off = public_off = 0
    for number, period in enumerate(periods):
        slice_: dict[str, Any] = {"year": period.year, "period": period.code, "at": clock.now()}
        with transaction.atomic():
            rollups.hold()
            _count_noted(actor, slice_["at"])
            # Attendance grows with every lesson held, of which there is no news: growth is not a fault.
            grown = _store_attendance(actor, period, slice_)
            told = _publish([metrics.ATTENDANCE.code], **slice_)
            public_off += 0 if grown else told
            classes_off += _store_marks(actor, period, slice_)
            public_off += _publish(_OF_MARKS, **slice_)
        if ctx is not None:
            ctx.progress(number + 1, len(periods))
    for year, code in facts.known_slices():
        if years is None and code != NOW and (year, code) not in known:  # the period itself is gone
            with transaction.atomic():
                rollups.hold()
                classes_off += _store([], year=year, period=code, scope=Q(), at=clock.now())
                public_off += _publish(_OF_PERIOD, year=year, period=code, at=clock.now())
    found = {"periods": len(periods), "classes": classes_off, "public": public_off}
    faults = 0 if is_first else classes_off + public_off
    with transaction.atomic():
        rollups.refreshed(at=clock.now(), recounted=True, mismatches=faults)
        if faults:
            audit.record(
                actor=actor,
                action="analytics.recount.mismatch",
                outcome="mended",
                object_type="figures",
                details=found,
            )
    rollups.fold()
    if faults:
        log.error("analytics.recount.mismatch", **found)
    return found
