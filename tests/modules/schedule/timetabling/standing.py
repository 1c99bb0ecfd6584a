"""Where cards of a variant stand."""

from __future__ import annotations

from datetime import date

from modules.schedule.models import Card, Course, Timetable

MONDAY = date(2026, 11, 30)


def card(variant: Timetable, course: Course, ordinal: int = 1) -> Card:
    return Card.objects.get(timetable=variant, course=course, ordinal=ordinal)


def place(one: Card) -> tuple[int | None, int | None]:
    one.refresh_from_db()
    return one.weekday, one.number
