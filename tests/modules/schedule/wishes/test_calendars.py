"""Busy times out of another school's calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from modules.schedule.wishes.calendars import NotACalendar, busy_times
from modules.schedule.wishes.rules import Busy

MONDAY = date(2026, 11, 30)


def calendar(*events: str) -> bytes:
    body = "\r\n".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT" for one in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}\r\nEND:VCALENDAR\r\n".encode()


def at(day: date, start: str, end: str) -> str:
    """As the feeds of this product write it: in UTC, five hours behind Almaty."""
    moments = [datetime.combine(day, time.fromisoformat(text), UTC) for text in (start, end)]
    return "\r\n".join(
        f"{name}:{moment:%Y%m%dT%H%M%S}Z" for name, moment in zip(("DTSTART", "DTEND"), moments, strict=True)
    )


def test_dated_lessons_become_the_hours_of_a_week_and_no_word_is_kept() -> None:
    weeks = [date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14)]
    events = [at(day, "03:00", "03:45") + "\r\nSUMMARY:7А · Алгебра" for day in weeks]
    assert busy_times(calendar(*events), since=MONDAY) == [Busy(1, time(8), time(8, 45))]


def test_a_lesson_moved_once_closes_no_hour_and_every_second_week_does() -> None:
    weekly = [at(date(2026, 11, 30), "03:00", "03:45")] + [
        at(date(2026, 12, day), "03:00", "03:45") for day in (7, 14, 21)
    ]
    moved = at(date(2026, 12, 2), "04:00", "04:45")
    odd = [at(date(2026, 12, day), "05:00", "05:45") for day in (3, 17)]
    found = busy_times(calendar(*weekly, moved, *odd), since=MONDAY)
    assert found == [Busy(1, time(8), time(8, 45)), Busy(4, time(10), time(10, 45))]


def test_weekly_events_count_until_they_end() -> None:
    repeats = (
        "DTSTART;TZID=Asia/Almaty:20260901T140000\r\nDTEND;TZID=Asia/Almaty:20260901T154500\r\n"
        "RRULE:FREQ=WEEKLY;BYDAY=TU,FR"
    )
    ended = "DTSTART;TZID=Asia/Almaty:20260902T140000\r\nDURATION:PT45M\r\nRRULE:FREQ=WEEKLY;UNTIL=20261031T000000Z"
    on_a_day = ended.replace("20260902T", "20260903T").replace("20261031T000000Z", "20261031")
    counted = ended.replace("20260902T", "20260904T").replace("UNTIL=20261031T000000Z", "COUNT=3")
    assert busy_times(calendar(repeats, ended, on_a_day, counted), since=MONDAY) == [
        Busy(2, time(14), time(15, 45)),
        Busy(5, time(14), time(15, 45)),
    ]


def test_whole_days_cancelled_and_free_ones_and_sundays_close_nothing() -> None:
    day = "DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261202"
    events = [
        day,
        at(date(2026, 12, 1), "03:00", "03:45") + "\r\nSTATUS:CANCELLED",
        at(date(2026, 12, 1), "03:00", "03:45") + "\r\nTRANSP:TRANSPARENT",
        at(date(2026, 12, 6), "03:00", "03:45"),
        at(date(2026, 12, 2), "04:00", "03:45"),
        "DTSTART:nonsense\r\nDTEND:20261201T034500Z",
    ]
    assert busy_times(calendar(*events), since=MONDAY) == []


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=WEEKLY;COUNT=99999999999999",
        "RRULE:FREQ=WEEKLY;UNTIL=never",
        "RRULE:FREQ=WEEKLY;INTERVAL=²",
        "DURATION:P99999999999D",
    ],
)
def test_numbers_that_are_no_time_close_nothing(rule: str) -> None:
    good = at(date(2026, 11, 30), "03:00", "03:45")
    start = "DTSTART:20261201T030000Z" + ("" if "DURATION" in rule else "\r\nDTEND:20261201T034500Z")
    ancient = "DTSTART:00010101T000000Z\r\nDTEND:00010101T010000Z"
    found = busy_times(calendar(good, f"{start}\r\n{rule}", ancient), since=MONDAY)
    assert found == [Busy(1, time(8), time(8, 45))]


def test_folded_lines_are_put_together() -> None:
    folded = at(date(2026, 11, 30), "03:00", "03:45").replace("DTSTART:2026", "DTSTART:\r\n 2026")
    assert busy_times(calendar(folded), since=MONDAY) == [Busy(1, time(8), time(8, 45))]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "Мұғалім,сынып".encode()])
def test_another_file_is_refused(content: bytes) -> None:
    with pytest.raises(NotACalendar):
        busy_times(content, since=MONDAY)
