"""The start of a new school: steps that modules register, each answering from the data whether it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog
from django.urls import NoReverseMatch, reverse

from imports import api as imports
from kernel import cache
from kernel.access import Actor, Permission
from kernel.errors import NotFound
from modules.school import queries
from modules.school.data import Look, Skipped, Step, StepState

log = structlog.get_logger(__name__)
STEPS: dict[str, Step] = {}
_FINISHED = "school:start:finished"


def step(
    code: str,
    label: Any,
    url_name: str,
    look: Callable[..., Look],
    *,
    hint: Any = "",
    order: int = 50,
    importer: str = "",
    permission: Permission | None = None,
    may_skip: bool = True,
    goal: bool = False,
) -> None:
    """Register a step in a module's panels.py. `look(actor=…) -> Look` must be a query or two.

    `importer` names what can be loaded from a spreadsheet, `permission` who does the step by hand. The start is over
    when the step with `goal` is done.
    """
    if code in STEPS:
        raise ValueError(f"step {code} is registered twice")
    STEPS[code] = Step(code, label, url_name, look, hint, order, importer, permission, may_skip, goal)


def get(code: str) -> Step:
    """The step with the code; raises NotFound."""
    if code not in STEPS:
        raise NotFound
    return STEPS[code]


def labels(codes: Iterable[str]) -> dict[str, str]:
    """Names of steps by code, for the security log."""
    return {code: str(STEPS[code].label) for code in codes if code in STEPS}


def states(*, actor: Actor) -> list[StepState]:
    """Every step in order, with the ways to do it that are open to the actor."""
    skipped = queries.skipped_steps()
    loadable = imports.loadable(actor=actor)
    return [_state(one, actor, skipped, loadable) for one in _in_order()]


def unfinished(*, actor: Actor) -> list[StepState]:
    """The steps, or none when the goal is reached or nothing is left: that is remembered for an hour and costs nothing."""
    if cache.get(_FINISHED):
        return []
    found = states(actor=actor)
    if all(one.settled for one in found) or any(one.done for one in found if one.step.goal):
        cache.set(_FINISHED, True, 3600)
        return []
    return found


def card(steps: Sequence[StepState]) -> dict[str, Any]:
    """What the card of the start says: how far the school is, and what comes next for this person."""
    return {
        "steps": steps,
        "steps_done": sum(one.settled for one in steps),
        "next_step": next((one for one in steps if not one.settled and one.may), None),
    }


def reopen() -> None:
    """Forget that the start was finished: something about its steps has changed."""
    cache.delete(_FINISHED)


def _in_order() -> list[Step]:
    return sorted(STEPS.values(), key=lambda one: (one.order, one.code))


def _look(one: Step, actor: Actor) -> Look:
    """What the step says of itself; one whose module fails counts as not done, and its fault goes to the log."""
    try:
        return one.look(actor=actor)
    except Exception:  # a module's fault stays in the module
        log.exception("school.start.failed", step=one.code)
        return Look(False)


def _state(one: Step, actor: Actor, skipped: dict[str, Skipped], loadable: set[str]) -> StepState:
    look = _look(one, actor)
    may = one.permission is None or actor.may(one.permission)
    return StepState(
        step=one,
        done=look.done,
        said=look.said,
        url=_address(one.url_name) if may else "",
        importer=one.importer if one.importer in loadable else "",
        skipped=None if look.done else skipped.get(one.code),
        may=may,
    )


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
