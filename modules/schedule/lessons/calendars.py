"""Lessons as an iCalendar (RFC 5545): what a phone's calendar subscribes to. No pupil and no teacher is named in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from kernel import clock
from modules.schedule.data import TimetableLine, WeekDay

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def ical(days: Iterable[WeekDay], *, host: str, is_teachers: bool) -> bytes:
    """The days as one calendar; days that differ are events of the whole day."""
    name = _("School timetable")
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mektep//Timetable//KK",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "X-WR-TIMEZONE:Asia/Almaty",
        "REFRESH-INTERVAL;VALUE=DURATION:PT2H",
        "X-PUBLISHED-TTL:PT2H",
    ]
    stamp = f"{clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for one in days:
        if one.note and (one.lines or one.day.isoweekday() < 6):
            rows += _event(f"day-{one.day}@{host}", stamp, str(one.note), one.day, None, None)
        for line in one.lines:
            rows += _lesson(line, host, stamp, is_teachers)
    rows.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for row in rows for piece in _folded(row)).encode()


def _lesson(line: TimetableLine, host: str, stamp: str, is_teachers: bool) -> Iterator[str]:
    title = f"{line.class_label} · {line.subject}" if is_teachers else line.subject
    if line.is_cancelled:
        title = _("Cancelled: {lesson}").format(lesson=title)
    place = _("room {room}").format(room=line.room) if line.room else ""
    yield from _event(
        f"{line.lesson_id}@{host}",
        stamp,
        title,
        line.date,
        line.start,
        line.end,
        place=place,
        is_off=line.is_cancelled,
    )


def _event(
    uid: str,
    stamp: str,
    title: str,
    day: date,
    start: time | None,
    end: time | None,
    *,
    place: str = "",
    is_off: bool = False,
) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{stamp}"
    if start is None or end is None:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    else:
        yield f"DTSTART:{_moment(day, start)}"
        yield f"DTEND:{_moment(day, end)}"
    yield f"SUMMARY:{_text(title)}"
    if place:
        yield f"LOCATION:{_text(place)}"
    if is_off:
        yield "STATUS:CANCELLED"
    yield "END:VEVENT"


def _moment(day: date, at: time) -> str:
    return f"{datetime.combine(day, at, clock.ALMATY).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: object) -> str:
    return str(value).translate(_ESCAPED)


def _folded(row: str) -> Iterator[str]:
    """Lines of at most 75 octets; a letter of several octets is not cut."""
    piece, size, limit = "", 0, 75
    for sign in row:
        width = len(sign.encode())
        if size + width > limit:
            yield piece
            piece, size, limit = " ", 1, 75
        piece += sign
        size += width
    yield piece
