"""The solver looks for places of a variant's cards, in a job that may be stopped at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import audit, jobs
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.schedule import permissions
from modules.schedule.timetabling import queries, school_problem
from modules.schedule.timetabling.models import Card, Timetable
from modules.schedule.timetabling.services.moves import locked, stand

SEARCH = "schedule.search_places"
WHY_SECONDS = 30.0
# How a job reckons beside its own thread: `JobContext.beside`.
Beside = Callable[[Callable[[Callable[[], bool]], Any], Callable[[], tuple[int, int, str]]], Any]


class NoCards(DomainError):
    message = _("There are no lessons to place. Give the teachers their load first.")
    code = "timetable_without_cards"


@transaction.atomic
def begin_search(
    *, actor: Actor, timetable_id: UUID, seconds: int, keep: bool, url: str, relaxed: Sequence[str] = ()
) -> UUID:
    """Put the search into the queue; answer the job. Raises NoCards.

    `keep` moves as few placed lessons as it can; `relaxed` demands are only wishes this time.
    """
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
        relaxed=[one for one in school_problem.RELAXABLE if one in relaxed],
    )
    row.job_id = job.pk
    row.save(update_fields=["job_id"])
    return job.pk


def search(
    *,
    actor: Actor,
    timetable_id: UUID,
    seconds: int,
    keep: bool,
    beside: Beside,
    relaxed: Sequence[str] = (),
) -> dict[str, Any]:
    """Find places and write the best of them into the draft as one step, which may be undone.

    When there is no timetable the answer says why, and nothing changes.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = queries.get_timetable(actor=actor, timetable_id=timetable_id)
    asked = school_problem.asked(queries.grid(actor=actor, row=row), keep=keep, relaxed=relaxed)
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
        changed = _write(actor, timetable_id, asked.places(answer.timetable))
        price = answer.verdict.soft_cost if answer.verdict else 0
        text = ngettext("{n} lesson changed its place.", "{n} lessons changed their places.", changed)
        broken = answer.verdict.soft if answer.verdict else ()
        said = [text.format(n=changed), *school_problem.price_in_words(broken, relaxed)]
        return {"solved": True, "said": said, "changed": changed, "price": price}
    if not answer.impossible:
        return {"solved": False, "said": [_("No timetable was found in this time; nothing was changed.")]}
    why = beside(lambda _stop: explain.conflict(asked.problem, seconds=WHY_SECONDS), told)
    against = school_problem.conflict_in_words(asked.problem, why.rules)
    if not against:
        return {"solved": False, "said": [_("There is no such timetable.")]}
    return {
        "solved": False,
        "said": [_("There is no timetable that keeps all of these together:")],
        "against": list(against.items()),
        "relaxed": list(relaxed),
    }


@transaction.atomic
def _write(actor: Actor, timetable_id: UUID, places: dict[UUID, Any]) -> int:
    """Pinned since then stays; cards that are gone are left out."""
    row: Timetable = locked(timetable_id)
    pinned = set(Card.objects.filter(timetable=row).exclude(pin="").values_list("pk", flat=True))
    changed = stand(actor, row, {key: place for key, place in places.items() if key not in pinned})
    audit.record(
        actor=actor,
        action="schedule.timetable.solved",
        object_type="timetable",
        object_id=row.pk,
        details={"changed": changed},
    )
    return changed
