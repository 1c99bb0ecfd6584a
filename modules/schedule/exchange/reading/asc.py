"""The XML that aSc Timetables exports: periods, days, subjects, teachers, classes, groups, rooms, lessons and cards.

Both of its dialects: cards with a mask of days ("10000", since 2012) and with the number of the day (before).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from imports.reading.files import bad
from modules.schedule.exchange.reading.lines import Line, Reading
from modules.schedule.exchange.reading.words import group_of, weekday

_MOST_PERIODS = 40
# What the file may hold beside the timetable; of these we say that they are not taken.
_BESIDE = ("student", "studentsubject", "building")


def is_mine(root: etree._Element) -> bool:
    return root.tag.lower() == "timetable" and root.find("lessons") is not None


@dataclass(frozen=True, slots=True)
class _Part:
    """A group of a class; the whole class has no number."""

    class_id: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class _Card:
    day: int
    period: int
    rooms: tuple[str, ...]
    weeks: str = ""


def read(root: etree._Element) -> Reading:
    return _File(root).read()


class _File:
    def __init__(self, root: etree._Element) -> None:
        self.root, self.into = root, Reading()
        self.subjects = self._names("subject")
        self.teachers = {one.get("id", ""): _person(one) for one in self._all("teacher")}
        self.rooms = self._names("classroom")
        self.classes = self._names("class")
        self.parts = self._parts()
        self.times = {one.get("period", ""): one.get("starttime", "") for one in self._all("period")}
        self.days = self._days()

    def _all(self, tag: str) -> Iterable[etree._Element]:
        plural = {"class": "classes"}.get(tag, f"{tag}s")
        return self.root.findall(f"{plural}/{tag}")

    def _names(self, tag: str) -> dict[str, str]:
        return {one.get("id", ""): one.get("name") or one.get("short") or "" for one in self._all(tag)}

    def _days(self) -> dict[int, int]:
        """Days of the file by their place in the mask, from 0; a name that is no day counts by its place."""
        named = {}
        for one in self._all("daysdef"):
            mask = one.get("days", "")
            if mask.count("1") == 1 and "," not in mask:
                named[mask.index("1")] = weekday(one.get("name")) or mask.index("1") + 1
        for one in self.root.findall("days/day"):
            text = one.get("day", "")
            if text.isdigit():
                named.setdefault(int(text), weekday(one.get("name")) or int(text) + 1)
        return named

    def _parts(self) -> dict[str, _Part]:
        """Groups by id; those of a division are numbered in the order of the file when their names say no number."""
        found: dict[str, _Part] = {}
        places: dict[tuple[str, str], int] = defaultdict(int)
        for one in self._all("group"):
            class_id, name = one.get("classid", ""), one.get("name", "")
            if one.get("entireclass") == "1":
                found[one.get("id", "")] = _Part(class_id, "", "")
                continue
            key = (class_id, one.get("divisiontag", ""))
            places[key] += 1
            number = group_of(name)[0] or str(places[key])
            found[one.get("id", "")] = _Part(class_id, number, name)
        return found

    def read(self) -> Reading:
        cards = self._cards()
        for lesson in self._all("lesson"):
            self._lesson(lesson, cards.get(lesson.get("id", ""), []))
        for tag in _BESIDE:
            count = sum(1 for _one in self._all(tag))
            if count:
                self.into.tell("not_taken", tag, count)
        if not self.into.lines:
            raise bad("no_rows")
        return self.into

    def _cards(self) -> dict[str, list[_Card]]:
        width = max((len(one.get("weeks") or "") for one in self._all("card")), default=0)
        found: dict[str, list[_Card]] = defaultdict(list)
        for one in self._all("card"):
            lesson, period = one.get("lessonid", ""), one.get("period", "")
            if not period.isdigit():
                continue
            mask = one.get("weeks") or ""
            weeks = {"10": "odd", "01": "even"}.get(mask, "") if width == 2 else ""
            if width > 2 and "0" in mask:
                self.into.tell("turns", self.titles.get(lesson, lesson))
                continue
            rooms = _ids(one.get("classroomids") or one.get("classroomid") or "")
            for day in self._of_mask(one):
                found[lesson].append(
                    _Card(day, int(period), tuple(self.rooms.get(r, "") for r in rooms), weeks)
                )
        return found

    @cached_property
    def titles(self) -> Mapping[str, str]:
        return {
            one.get("id", ""): ", ".join(
                filter(
                    None,
                    [
                        *(self.classes.get(key, "") for key in _ids(one.get("classids"))),
                        self.subjects.get(one.get("subjectid", ""), ""),
                    ],
                )
            )
            for one in self._all("lesson")
        }

    def _of_mask(self, card: etree._Element) -> list[int]:
        mask, day = card.get("days") or "", card.get("day") or ""
        if not mask and day.isdigit():
            return [self.days.get(int(day), int(day) + 1)]
        # Several days in one mask mean any of them; several masks stand behind commas.
        return [
            self.days.get(place, place + 1)
            for one in mask.split(",")
            if one.count("1") == 1
            for place in [one.index("1")]
        ]

    def _lesson(self, lesson: etree._Element, cards: list[_Card]) -> None:
        subject = self.subjects.get(lesson.get("subjectid", ""), "")
        teachers = [self.teachers[key] for key in _ids(lesson.get("teacherids")) if key in self.teachers] or [
            ""
        ]
        usual = [self.rooms[key] for key in _ids(lesson.get("classroomids")) if key in self.rooms]
        whom = self._whom(lesson)
        if not subject or not whom:
            self.into.tell("no_class", subject or lesson.get("id", ""))
            return
        places = self._places(lesson, cards)
        per_week = lesson.get("periodsperweek") or lesson.get("periods") or ""
        try:
            wanted = min(int(float(per_week)), _MOST_PERIODS) if per_week else 0
        except (ValueError, OverflowError):
            wanted = 0
        waiting = max(0, wanted - len(places))
        for part in whom:
            for teacher in teachers[:1] if len(whom) > 1 else teachers:
                self._put(part, subject, teacher, places, usual)
                self._wait(part, subject, teacher, waiting)

    def _whom(self, lesson: etree._Element) -> list[_Part]:
        found = [self.parts[key] for key in _ids(lesson.get("groupids")) if key in self.parts]
        named = {part.class_id for part in found}
        return [
            *found,
            *(
                _Part(key, "", "")
                for key in _ids(lesson.get("classids"))
                if key in self.classes and key not in named
            ),
        ]

    @staticmethod
    def _places(lesson: etree._Element, cards: list[_Card]) -> list[_Card]:
        """A card of two lessons takes both, where the export has not named each of them itself."""
        text = lesson.get("periodspercard") or "1"
        length = int(text) if text.isdigit() and int(text) <= 6 else 1
        taken = {(card.day, card.period) for card in cards}
        doubled = any((card.day, card.period + 1) in taken for card in cards)
        if length == 1 or doubled:
            return cards
        return [
            _Card(card.day, card.period + n, card.rooms, card.weeks) for card in cards for n in range(length)
        ]

    def _put(self, part: _Part, subject: str, teacher: str, cards: list[_Card], usual: list[str]) -> None:
        for card in cards:
            rooms = [room for room in card.rooms if room] or usual[:1]
            time = self.times.get(str(card.period), "")
            self.into.lines.append(
                Line(
                    self.classes.get(part.class_id, ""),
                    subject,
                    teacher,
                    part.number,
                    card.day,
                    f"{card.period} {time}".strip(),
                    rooms[0] if rooms else "",
                    weeks=card.weeks,
                    where=part.name,
                )
            )

    def _wait(self, part: _Part, subject: str, teacher: str, count: int) -> None:
        name = self.classes.get(part.class_id, "")
        self.into.lines += [Line(name, subject, teacher, part.number, where=part.name)] * count


def _person(element: etree._Element) -> str:
    """The name with the surname first, as the school writes it."""
    surname, name = element.get("lastname") or "", element.get("firstname") or ""
    return f"{surname} {name}".strip() or element.get("name") or element.get("short") or ""


def _ids(text: str | None) -> list[str]:
    return [one for one in (text or "").replace(";", ",").split(",") if one]
