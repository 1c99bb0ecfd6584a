"""The start of a new school: steps that modules register, each answering for itself whether it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.urls import NoReverseMatch, reverse

from kernel import cache
from kernel.access import Actor
from modules.school.data import Step, StepState

log = structlog.get_logger(__name__)
STEPS: dict[str, Step] = {}
_FINISHED = "school:start:finished"


def step(
    code: str,
    label: Any,
    url_name: str,
    done: Callable[..., bool],
    *,
    hint: Any = "",
    order: int = 50,
) -> None:
    """Register a step in a module's panels.py. `done(actor=…) -> bool` must be one cheap query."""
    if code in STEPS:
        raise ValueError(f"step {code} is registered twice")
    STEPS[code] = Step(code, label, url_name, done, hint, order)


def states(*, actor: Actor) -> list[StepState]:
    """Every step in order; one whose module fails counts as not done, and its fault goes to the log."""
    found = []
    for one in sorted(STEPS.values(), key=lambda one: (one.order, one.code)):
        try:
            done = one.done(actor=actor)
        except Exception:  # a module's fault stays in the module
            log.exception("school.start.failed", step=one.code)
            done = False
        found.append(StepState(one, done, _address(one.url_name)))
    return found


def unfinished(*, actor: Actor) -> list[StepState]:
    """The steps, or none when all are done: a finished start is remembered for an hour, so that it costs nothing."""
    if cache.get(_FINISHED):
        return []
    found = states(actor=actor)
    if all(one.done for one in found):
        cache.set(_FINISHED, True, 3600)
        return []
    return found


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
