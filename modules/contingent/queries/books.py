"""What the school's books are counted from: every stay in a class, every leave, and the cards as the books write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Min, Q

from kernel import search
from kernel.access import Actor, Scope, require
from kernel.errors import NotAllowed, NotFound
from modules.contingent import permissions
from modules.contingent.data import LeaveInfo, MovementInfo, NewPupil, StayInfo
from modules.contingent.models import AcademicLeave, Membership, PeriodDecision, Pupil
from modules.contingent.queries.movement import movements, presents, quarters


def stays(*, actor: Actor, start: date, end: date) -> list[StayInfo]:
    """Every term in a class that touches the days, the earliest of a pupil first; one query."""
    _whole_school(actor)
    rows = Membership.objects.filter(
        Q(until=None) | Q(until__gte=start), since__lte=end, pupil__removed_at=None
    ).order_by("pupil_id", "since", "id")
    return [
        StayInfo(*one) for one in rows.values_list("pupil_id", "school_class_id", "year", "since", "until")
    ]


def leaves(*, actor: Actor, start: date, end: date) -> list[LeaveInfo]:
    """Academic leaves that touch the days."""
    _whole_school(actor)
    rows = AcademicLeave.objects.filter(
        Q(ended_date=None) | Q(ended_date__gte=start), since__lte=end, pupil__removed_at=None
    )
    return [LeaveInfo(*one) for one in rows.values_list("pupil_id", "since", "ended_date")]


def kept_since(*, actor: Actor) -> date | None:
    """The first day on which anybody is in a class here; None in an empty school."""
    _whole_school(actor)
    found: date | None = Membership.objects.filter(pupil__removed_at=None).aggregate(first=Min("since"))[
        "first"
    ]
    return found


def book_cards(*, actor: Actor, pupil_ids: Iterable[UUID]) -> dict[UUID, NewPupil]:
    """Cards by id as the alphabetical book writes them, without the ИИН; one query."""
    _whole_school(actor)
    names = [name for name in NewPupil.__slots__ if name != "iin"]
    rows = Pupil.objects.filter(pk__in=set(pupil_ids), removed_at=None).values("pk", *names)
    return {row.pop("pk"): NewPupil(**row) for row in rows}


def ids_like(*, actor: Actor, text: str) -> list[UUID]:
    """Pupils of now and of before whose name begins so, near letters folded."""
    _whole_school(actor)
    return list(Pupil.objects.filter(search.begins(text), removed_at=None).values_list("pk", flat=True))


def _whole_school(actor: Actor) -> None:
    if Scope.SCHOOL not in require(actor, permissions.CARD):
        raise NotAllowed


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A pupil who came or left within a quarter: what the rule says of him, and what was decided."""

    move: MovementInfo
    here_by_rule: bool
    decision: PeriodDecision | None

    @property
    def is_attested_here(self) -> bool:
        return self.here_by_rule if self.decision is None else self.decision.attested_here


def on_the_way(*, actor: Actor, year: str, quarter: int) -> list[OnTheWay]:
    """Who came or left from the end of the quarter before to the end of this one, the latest first."""
    require(actor, permissions.ATTEST)
    span = next((one for one in quarters(year) if one.number == quarter), None)
    if span is None:
        raise NotFound
    before = [one.end for one in quarters(year) if one.number < quarter]
    # On the very first day of the year everybody comes: nobody has to be asked where he learned before.
    start = (before[-1] if before else span.start) + timedelta(days=1)
    found = [
        *movements(actor=actor, direction="in", start=start, end=span.end),
        *movements(actor=actor, direction="out", start=start, end=span.end),
    ]
    ids = {one.pupil.id for one in found}
    here = set(presents(ids, on=span.end))
    rows = PeriodDecision.objects.filter(pupil_id__in=ids, year=year, quarter=quarter)
    decided = {row.pupil_id: row for row in rows}
    lines = [OnTheWay(one, one.pupil.id in here, decided.get(one.pupil.id)) for one in found]
    return sorted(lines, key=lambda line: line.move.day, reverse=True)
