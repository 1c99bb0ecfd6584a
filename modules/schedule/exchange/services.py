"""Checked lessons of a file become a variant of the timetable; taken back, the variant goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from uuid import UUID

from django.utils.translation import gettext as _

from imports.api import Change, ChangeKind, Row, Steps
from kernel import audit, clock
from kernel.access import Actor, require
from modules.schedule import permissions
from modules.schedule.exchange import matching
from modules.schedule.exchange.matching import Plan
from modules.schedule.timetabling import services as timetabling
from modules.schedule.timetabling.models import Card, Step, Timetable
from modules.schedule.timetabling.pairs import EVERY

TIMETABLE = "schedule.timetable"


def load(rows: Sequence[Row], *, actor: Actor, steps: Steps, file_name: str) -> list[Change]:
    """A new draft with the lessons of the load, placed as the file says; what it does not name waits beside the board."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    year = clock.school_year_of(clock.today())
    plans = matching.plans_of(rows)
    days = 6 if any(plan.place and plan.place[0] == 6 for plan in plans) else 5
    name = free_name(year, PurePath(file_name).stem)
    row = timetabling.make(actor=actor, year=year, name=name, days=days, from_present=False)
    steps.tell(0.5, _("Lessons are put into their places"))
    placed = _place(row, plans)
    audit.record(
        actor=actor,
        action="schedule.timetable.loaded",
        object_type="timetable",
        object_id=row.pk,
        details={"name": name, "placed": placed, "lessons": len(plans)},
    )
    return [Change(TIMETABLE, row.pk, ChangeKind.CREATED)]


def free_name(year: str, wanted: str) -> str:
    """The file's name, numbered when a variant of the year is called so already."""
    base = " ".join(wanted.split())[:70] or _("From a file")
    taken = set(Timetable.objects.filter(year=year, name__startswith=base).values_list("name", flat=True))
    name, number = base, 2
    while name in taken:
        name, number = f"{base} ({number})", number + 1
    return name


def _place(row: Timetable, plans: Iterable[Plan]) -> int:
    """Give the cards of each line of load their places, in the order of the week; answer how many are placed."""
    cards: dict[UUID, list[Card]] = defaultdict(list)
    for card in Card.objects.filter(timetable=row).order_by("course_id", "ordinal"):
        cards[card.course_id].append(card)
    by_course: dict[UUID, list[Plan]] = defaultdict(list)
    for plan in plans:
        if plan.course is not None:
            by_course[plan.course.pk].append(plan)
    changed = []
    for course_id, some in by_course.items():
        some.sort(key=lambda plan: plan.place or (9, 0))
        for card, plan in _pairs(cards.get(course_id, []), some):
            card.weeks = plan.weeks
            if plan.place is not None:
                card.weekday, card.number = plan.place
                card.pin = plan.pin[:200]
            card.room = plan.room[:20]
            changed.append(card)
    Card.objects.bulk_update(changed, ["weekday", "number", "weeks", "room", "pin"], batch_size=500)
    return sum(card.weekday is not None for card in changed)


def _pairs(cards: list[Card], plans: list[Plan]) -> Iterator[tuple[Card, Plan]]:
    """Whole hours with whole hours, halves with halves."""
    for is_half in (False, True):
        yield from zip(
            [card for card in cards if (card.weeks != EVERY) is is_half],
            [plan for plan in plans if (plan.weeks != EVERY) is is_half],
            strict=False,
        )


def staying(changes: Sequence[Change]) -> dict[UUID, str]:
    """Variants that somebody has changed or published since, with their names."""
    made = [change.object_id for change in changes if change.object_type == TIMETABLE]
    rows = Timetable.objects.filter(pk__in=made)
    moved = set(Step.objects.filter(timetable_id__in=made).values_list("timetable_id", flat=True))
    return {row.pk: row.name for row in rows if row.state != Timetable.State.DRAFT or row.pk in moved}


def undo(changes: Sequence[Change], *, actor: Actor) -> list[str]:
    """Throw away the variants that nobody has touched since; answer the names of the others."""
    stays = staying(changes)
    there = set(
        Timetable.objects.filter(pk__in=[one.object_id for one in changes]).values_list("pk", flat=True)
    )
    for change in changes:
        if change.object_id in there and change.object_id not in stays:
            timetabling.drop(actor=actor, timetable_id=change.object_id)
    return sorted(stays.values())
