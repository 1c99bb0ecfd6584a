"""What the schedule asks of rooms above it: what is planned at a lesson besides the lesson itself, and whether a day of a
closed period is open for somebody.

An upper module hands in a provider from its panels.py; it gets lessons by id and answers a short word for those
where something is planned (a summative work). Dates of works are no secret from whoever sees the lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Protocol
from uuid import UUID

from kernel.access import Actor


class Opens(Protocol):
    """Whether what is written at the course's lessons of the day is open for the actor, although the period is closed."""

    def __call__(self, *, actor: Actor, course_id: UUID, period_id: UUID, day: date) -> bool: ...


OPENERS: list[Opens] = []


def open_days(provider: Opens) -> None:
    """Let the provider open days of closed periods for somebody."""
    OPENERS.append(provider)


def is_opened(*, actor: Actor, course_id: UUID, period_id: UUID, day: date) -> bool:
    return any(one(actor=actor, course_id=course_id, period_id=period_id, day=day) for one in OPENERS)


Signs = Callable[[Collection[UUID]], Mapping[UUID, str]]
PROVIDERS: list[Signs] = []


def sign_lessons(provider: Signs) -> None:
    """Let the provider put its words beside lessons in calendars."""
    PROVIDERS.append(provider)


def signs_of(lesson_ids: Collection[UUID]) -> dict[UUID, str]:
    """Words of all providers by lesson; nothing is asked without lessons."""
    found: dict[UUID, str] = {}
    for provider in PROVIDERS if lesson_ids else []:
        for key, word in provider(lesson_ids).items():
            found[key] = f"{found[key]}, {word}" if key in found else word
    return found
