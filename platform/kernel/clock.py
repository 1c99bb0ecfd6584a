"""One clock for the product, in Kazakhstan's single time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

ALMATY = ZoneInfo("Asia/Almaty")


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return timezone.now().astimezone(ALMATY).date()


def school_year_of(day: date) -> str:
    """The code of the school year a day belongs to: "2026-27" from 1 August 2026 to 31 July 2027."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"
