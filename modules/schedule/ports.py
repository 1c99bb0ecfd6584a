"""What the schedule asks of rooms above it: what is planned at a lesson besides the lesson itself.

An upper module hands in a provider from its panels.py; it gets lessons by id and answers a short word for those
where something is planned (a summative work). Dates of works are no secret from whoever sees the lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

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
