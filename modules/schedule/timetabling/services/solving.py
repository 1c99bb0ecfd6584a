"""The solver looks for places of a variant's cards, in a job that may be stopped at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import audit, jobs
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.schedule import permissions
from modules.schedule.timetabling import queries, school_problem, seating, telling
from modules.schedule.timetabling.models import Card, Timetable
from modules.schedule.timetabling.services.moves import Spots, locked, stand
from modules.schedule.wishes.rules import Level
from modules.schedule.wishes.services import weigh

SEARCH = "schedule.search_places"
WHY_SECONDS = 30.0
# How a job reckons beside its own thread: `JobContext.beside`.
Beside = Callable[[Callable[[Callable[[], bool]], Any], Callable[[], tuple[int, int, str]]], Any]


class NoCards(DomainError):
    message = _("There are no lessons to place. Give the teachers their load first.")
    code = "timetable_without_cards"


@transaction.atomic
def begin_search(*, actor: Actor, timetable_id: UUID, seconds: int, keep: bool, url: str) -> UUID:
    """Put the search into the queue; answer the job. `keep` moves as few placed lessons as it can. Raises NoCards."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id)
    if not Card.objects.filter(timetable=row).exists():
        raise NoCards
    job = jobs.start(
        SEARCH,
        actor=actor,
        timetable_id=str(row.pk),
        seconds=seconds,
        keep=keep,
        url=url,
    )
    row.job_id = job.pk
    row.save(update_fields=["job_id"])
    return job.pk


@transaction.atomic
def relax(
    *, actor: Actor, timetable_id: UUID, code: str, level: Level, seconds: int, keep: bool, url: str
) -> Level:
    """Make a rule that stands in the way weigh otherwise and look again; answer what it weighed before.

    Raises NotFound, AlwaysHolds, Published or NoCards.
    """
    before = weigh(actor=actor, code=code, level=level)
    begin_search(actor=actor, timetable_id=timetable_id, seconds=seconds, keep=keep, url=url)
    return before


def search(
    *,
    actor: Actor,
    timetable_id: UUID,
    seconds: int,
    keep: bool,
    beside: Beside,
) -> dict[str, Any]:
    """Find places and rooms and write the best of them into the draft as one step, which may be undone.

    When there is no timetable the answer says why, and nothing changes.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = queries.get_timetable(actor=actor, timetable_id=timetable_id)
    grid = queries.grid_for_search(actor=actor, row=row)
    asked = school_problem.asked(grid, keep=keep)
    from modules.schedule.solver import explain
    from modules.schedule.solver.search import Answer, Progress, solve

    last: list[Progress] = []

    def told() -> tuple[int, int, str]:
        if not last:
            return 0, seconds, _("Looking for the first timetable…")
        best = last[-1]
        if best.preparing:
            return 0, seconds, _("The search is being prepared; this happens once and takes a minute…")
        words = (
            _("A timetable is found, its broken wishes weigh {price}.").format(
                price=round(best.wishes or 0, 1)
            )
            if best.timetable is not None
            else _("Still to be placed or mended: {n}.").format(n=round(best.broken))
        )
        return min(seconds, int(best.seconds)), seconds, words

    def work(stop: Callable[[], bool]) -> Answer:
        return solve(asked.problem, seconds=seconds, current=asked.current, report=last.append, stop=stop)

    answer: Answer = beside(work, told)
    if answer.timetable is not None:
        rooms = seating.rooms_of(grid, asked.places(answer.timetable))
        changed, is_as_seen = _write(
            actor, timetable_id, asked.spots(answer.timetable, grid), rooms, seen=row.version
        )
        price = answer.verdict.soft_cost if answer.verdict else 0
        text = ngettext("{n} lesson changed its place.", "{n} lessons changed their places.", changed)
        broken = answer.verdict.soft if answer.verdict else ()
        said = [text.format(n=changed)]
        if not is_as_seen:
            said.append(
                _(
                    "The variant was changed while the search ran, and its places stand over that: undo takes them back."
                )
            )
        if homeless := seating.homeless(grid, rooms):
            said.append(
                ngettext(
                    "{n} lesson has no room: {lessons}", "{n} lessons have no room: {lessons}", len(homeless)
                ).format(n=len(homeless), lessons=telling.lesson_names(grid, homeless))
            )
        return {
            "solved": True,
            "said": said,
            "changed": changed,
            "price": price,
            "broken": telling.price_in_words(broken),
        }
    if not answer.impossible:
        return {"solved": False, "said": [_("No timetable was found in this time; nothing was changed.")]}
    why = beside(lambda _stop: explain.conflict(asked.problem, seconds=WHY_SECONDS), told)
    against = telling.conflict_in_words(asked, grid, why.rules)
    if not against:
        return {"solved": False, "said": [_("There is no such timetable.")]}
    return {
        "solved": False,
        "said": [_("There is no timetable that keeps all of these together:")],
        "against": [asdict(one) for one in against],
    }


@transaction.atomic
def _write(
    actor: Actor, timetable_id: UUID, spots: Spots, rooms: dict[UUID, str], *, seen: int
) -> tuple[int, bool]:
    """Pinned since then stays; cards that are gone are left out. Answer how many changed, and whether the variant was
    still as the search had seen it."""
    row: Timetable = locked(timetable_id)
    is_as_seen = row.version == seen
    pinned = set(Card.objects.filter(timetable=row).exclude(pin="").values_list("pk", flat=True))
    changed = stand(actor, row, {key: spot for key, spot in spots.items() if key not in pinned}, rooms)
    audit.record(
        actor=actor,
        action="schedule.timetable.solved",
        object_type="timetable",
        object_id=row.pk,
        details={"changed": changed},
    )
    return changed, is_as_seen
