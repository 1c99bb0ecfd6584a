"""A `.fet` file as lessons: its activities, and where constraints lock them. The solved one that FET writes is the same.

The rules of the file are not those of a variant; they are told by name with their number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lxml import etree

from imports.normalise import class_in, clean
from imports.reading.files import bad
from modules.schedule.exchange.reading.lines import Line, Reading
from modules.schedule.exchange.reading.words import group_of, weekday

_LONGEST = 12  # hours of an activity
_TIMES = "ConstraintActivityPreferredStartingTime"
_ROOMS = "ConstraintActivityPreferredRoom"
_BASIC = {"ConstraintBasicCompulsoryTime", "ConstraintBasicCompulsorySpace"}


def is_mine(root: etree._Element) -> bool:
    return root.tag.lower() == "fet" or root.tag in (
        "Activities_Timetable",
        "Students_Timetable",
        "Teachers_Timetable",
    )


@dataclass(frozen=True, slots=True)
class _Students:
    """The class and the part of it that a name of the file stands for."""

    school_class: str
    group: str


def read(root: etree._Element) -> Reading:
    """Raises BadFile for FET's reports, in which half of the words are missing."""
    if root.tag.lower() != "fet":
        raise bad("fet_report")
    into = Reading()
    days, hours = _names(root, "Days_List/Day"), _names(root, "Hours_List/Hour")
    students = _students(root)
    times, rooms = _locks(root, days, hours), _rooms(root)
    _rules(root, into)
    for activity in root.findall("Activities_List/Activity"):
        _activity(activity, students, times, rooms, hours, into)
    if not into.lines:
        raise bad("no_rows")
    return into


def _text(element: etree._Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


def _names(root: etree._Element, path: str) -> list[str]:
    return [_text(one, "Name") for one in root.findall(path)]


def _students(root: etree._Element) -> dict[str, _Students]:
    """Every set of students by its name: the class is the first of itself and of those above it that reads as one."""
    found: dict[str, _Students] = {}
    for year in root.findall("Students_List/Year"):
        found[_text(year, "Name")] = _set_of([_text(year, "Name")], 0)
        for n, group in enumerate(year.findall("Group"), 1):
            chain = [_text(group, "Name"), _text(year, "Name")]
            found.setdefault(chain[0], _set_of(chain, n))
            for m, under in enumerate(group.findall("Subgroup"), 1):
                chain = [_text(under, "Name"), _text(group, "Name"), _text(year, "Name")]
                found.setdefault(chain[0], _set_of(chain, m))
    return found


def _set_of(chain: list[str], place: int) -> _Students:
    for depth, name in enumerate(chain):
        group, rest = group_of(name)
        if label := _class(rest):
            return _Students(label, group if group or depth == 0 else _part(chain[0], place))
    return _Students(chain[0], "")


def _part(name: str, place: int) -> str:
    """The number of the part: as its name ends, else by its place."""
    return name[-1] if name[-1:].isdigit() and name[-1] != "0" else str(place)


def _class(name: str) -> str:
    label = class_in(name)
    return label if any(letter.isalpha() for letter in label) else ""


@dataclass(frozen=True, slots=True)
class _Lock:
    day: int
    hour: int
    pin: str


def _locks(root: etree._Element, days: list[str], hours: list[str]) -> dict[str, _Lock]:
    """Where activities stand, by their numbers; what is locked for good is pinned."""
    day_of = {name: weekday(name) or n for n, name in enumerate(days, 1)}
    hour_of = {name: n for n, name in enumerate(hours)}
    found = {}
    for one in root.iterfind(f"Time_Constraints_List/{_TIMES}"):
        day, hour = day_of.get(_text(one, "Preferred_Day")), hour_of.get(_text(one, "Preferred_Hour"))
        if day is None or hour is None or _text(one, "Active") in ("false", "no"):
            continue
        locked = _text(one, "Permanently_Locked") in ("true", "yes")
        found[_text(one, "Activity_Id")] = _Lock(
            day, hour, (_text(one, "Comments") or "FET") if locked else ""
        )
    return found


def _rooms(root: etree._Element) -> dict[str, str]:
    found = {}
    for one in root.iterfind(f"Space_Constraints_List/{_ROOMS}"):
        if _text(one, "Active") not in ("false", "no"):
            # A virtual room stands for real ones, of which the first is the lesson's.
            found[_text(one, "Activity_Id")] = _text(one, "Real_Room") or _text(one, "Room")
    return found


def _rules(root: etree._Element, into: Reading) -> None:
    taken = {_TIMES, _ROOMS, *_BASIC}
    count: Counter[str] = Counter()
    for parent in ("Time_Constraints_List", "Space_Constraints_List"):
        for one in root.iterfind(f"{parent}/*"):
            if isinstance(one.tag, str) and one.tag not in taken:
                count[one.tag.removeprefix("Constraint")] += 1
    for name, number in sorted(count.items()):
        into.tell("rule", name, number)


def _activity(
    activity: etree._Element,
    students: dict[str, _Students],
    times: dict[str, _Lock],
    rooms: dict[str, str],
    hours: list[str],
    into: Reading,
) -> None:
    number, subject = _text(activity, "Id"), _text(activity, "Subject")
    if _text(activity, "Active") in ("false", "no"):
        into.tell("inactive", f"{number} {subject}".strip())
        return
    sets = [students.get(name, _Students(name, "")) for name in _texts(activity, "Students")]
    if not sets:
        into.tell("no_class", f"{number} {subject}".strip())
        return
    text = _text(activity, "Duration")
    length = int(text) if text.isdigit() and 1 <= int(text) <= _LONGEST else 1
    lock, room = times.get(number), rooms.get(number, "")
    teachers = _texts(activity, "Teacher") or [""]
    for one in dict.fromkeys(sets):
        for teacher in teachers[:1] if len(sets) > 1 else teachers:
            _put(one, subject, teacher, number, length, lock, room, hours, into)


def _put(
    whom: _Students,
    subject: str,
    teacher: str,
    number: str,
    length: int,
    lock: _Lock | None,
    room: str,
    hours: list[str],
    into: Reading,
) -> None:
    for n in range(length):
        if lock is None or lock.hour + n >= len(hours):
            into.lines.append(Line(whom.school_class, subject, teacher, whom.group, where=f"№{number}"))
            continue
        name = hours[lock.hour + n]
        told = name if any(sign.isdigit() for sign in name) else str(lock.hour + n + 1)
        into.lines.append(
            Line(
                whom.school_class,
                subject,
                teacher,
                whom.group,
                lock.day,
                told,
                room,
                lock.pin,
                where=f"№{number}",
            )
        )


def _texts(element: etree._Element, tag: str) -> list[str]:
    return [text for one in element.findall(tag) if (text := clean(one.text))]
