"""What plans ask of rooms above them: how many were at a lesson and how many were not, for the head of a lesson plan.

The journal hands in its provider from its panels.py; it answers None where the lesson is not marked.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Attendance = Callable[[UUID], tuple[int, int] | None]
PROVIDERS: list[Attendance] = []


def count_attendance(provider: Attendance) -> None:
    """Let the provider say who was there. There is one."""
    if PROVIDERS:
        raise ValueError("attendance already has a provider")
    PROVIDERS.append(provider)


def attendance_of(lesson_id: UUID) -> tuple[int, int] | None:
    """How many were at the lesson and how many were not; None where nobody knows."""
    return PROVIDERS[0](lesson_id) if PROVIDERS else None
