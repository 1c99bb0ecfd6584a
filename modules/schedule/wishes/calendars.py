"""Busy times out of another school's iCalendar (RFC 5545): weekdays and hours, and none of its words.

Events of the four weeks from a day on are read; what is there in half of those weeks or more is a busy time of every week, so
that a lesson moved once does not close its hour for ever. An event that repeats weekly counts in each week until it ends.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kernel import clock
from modules.schedule.wishes.rules import Busy

WEEKS = 4
_DURATION = re.compile(r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?$")
_DAYS = {"MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6, "SU": 7}


class NotACalendar(ValueError):
    """The file is no iCalendar."""


@dataclass(frozen=True, slots=True)
class _Event:
    start: datetime
    end: datetime
    weekly: bool
    every: int
    until: date | None
    weekdays: tuple[int, ...]


def busy_times(content: bytes, *, since: date) -> list[Busy]:
    """When its owner is busy in an ordinary week from the day on, Sundays left out. Raises NotACalendar."""
    lines = list(_lines(content))
    if "BEGIN:VCALENDAR" not in lines[:5]:
        raise NotACalendar
    first = since - timedelta(days=since.weekday())
    weeks = [first + timedelta(weeks=n) for n in range(WEEKS)]
    seen: dict[Busy, set[date]] = defaultdict(set)
    for event in _events(lines):
        for day in _days(event, weeks):
            if day.isoweekday() <= 6:
                busy = Busy(day.isoweekday(), event.start.time(), event.end.time())
                seen[busy].add(day - timedelta(days=day.weekday()))
    used = {week for found in seen.values() for week in found}
    return sorted(
        (busy for busy, found in seen.items() if 2 * len(found) >= len(used)),
        key=lambda one: (one.weekday, one.start, one.end),
    )


def _lines(content: bytes) -> Iterator[str]:
    """Content lines with the folded ones put together."""
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    yield from re.sub(r"\n[ \t]", "", text).split("\n")


def _events(lines: list[str]) -> Iterator[_Event]:
    inside: dict[str, str] | None = None
    for line in lines:
        if line == "BEGIN:VEVENT":
            inside = {}
        elif line == "END:VEVENT" and inside is not None:
            with suppress(ValueError, OverflowError):  # numbers that are no time at all
                if event := _event(inside):
                    yield event
            inside = None
        elif inside is not None and ":" in line:
            name, _colon, value = line.partition(":")
            inside.setdefault(name.partition(";")[0].upper(), f"{name}:{value}")


def _event(fields: dict[str, str]) -> _Event | None:
    """The event when it makes its owner busy at a time of one day."""

    def value(name: str) -> str:
        return fields.get(name, "").rpartition(":")[2].strip().upper()

    if value("STATUS") == "CANCELLED" or value("TRANSP") == "TRANSPARENT":
        return None
    start = _moment(fields.get("DTSTART", ""))
    if start is None:
        return None
    end = _moment(fields.get("DTEND", ""))
    if end is None and (length := _DURATION.match(value("DURATION"))):
        days, hours, minutes = (int(part or 0) for part in length.groups())
        end = start + timedelta(days=days, hours=hours, minutes=minutes)
    if end is None or end <= start or end.date() != start.date():
        return None
    rule = dict(part.partition("=")[::2] for part in value("RRULE").split(";") if "=" in part)
    every = int(rule["INTERVAL"]) if rule.get("INTERVAL", "").isdigit() else 1
    last = _until(rule["UNTIL"]) if "UNTIL" in rule else _last_of(rule, start, every)
    weekdays = tuple(_DAYS[one] for one in rule.get("BYDAY", "").split(",") if one in _DAYS)
    return _Event(
        start,
        end,
        rule.get("FREQ") in ("WEEKLY", "DAILY"),
        max(1, every),
        last,
        (1, 2, 3, 4, 5, 6) if rule.get("FREQ") == "DAILY" else weekdays or (start.isoweekday(),),
    )


def _until(text: str) -> date | None:
    """The last day, written as a moment or as a day."""
    moment = _moment(f"X:{text}")
    return moment.date() if moment else date.fromisoformat(text[:8])


def _last_of(rule: dict[str, str], start: datetime, every: int) -> date | None:
    """The last day of an event that repeats so many times."""
    if not rule.get("COUNT", "").isdigit():
        return None
    days = max(1, len(rule.get("BYDAY", "").split(",")))
    return start.date() + timedelta(weeks=every * (-(-int(rule["COUNT"]) // days)) - 1, days=6)


def _moment(field: str) -> datetime | None:
    """The moment in the school's own zone; None for a day without an hour."""
    name, _colon, text = field.rpartition(":")
    text = text.strip()
    if not re.fullmatch(r"\d{8}T\d{6}Z?", text):
        return None
    try:
        moment = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the zone stands beside it
    except ValueError:
        return None
    zone = re.search(r"TZID=\"?([^;:\"]+)", name)
    moment = moment.replace(tzinfo=UTC if text.endswith("Z") else _zone(zone.group(1) if zone else ""))
    return moment.astimezone(clock.ALMATY)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else clock.ALMATY
    except (ZoneInfoNotFoundError, ValueError):
        return clock.ALMATY


def _days(event: _Event, weeks: list[date]) -> Iterator[date]:
    """Days of the weeks on which the event is."""
    begun = event.start.date()
    if not event.weekly:
        if weeks[0] <= begun < weeks[-1] + timedelta(days=7):
            yield begun
        return
    first = begun - timedelta(days=begun.weekday())
    for week in weeks:
        for weekday in event.weekdays:
            day = week + timedelta(days=weekday - 1)
            in_turn = ((week - first).days // 7) % event.every == 0
            if day >= begun and in_turn and (event.until is None or day <= event.until):
                yield day


def meets(busy: Busy, start: time, end: time) -> bool:
    """Whether a lesson from `start` to `end` runs while its teacher is busy."""
    return busy.start < end and start < busy.end
