"""The files of FET (`.fet`, versions 5 to 7): read as a problem, and written back with the answer locked in place.

What a file asks and we do not understand is not dropped in silence: `Problem.unknown_rules` names and counts it.
"""

from __future__ import annotations

import gzip
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from modules.schedule.solver.fet_rules import FileRules
from modules.schedule.solver.problem import HARD, Activity, Agent, Problem, Room, Timetable

LOCKED_STARTS = "ConstraintActivityPreferredStartingTime"
LOCKED_ROOMS = "ConstraintActivityPreferredRoom"
NAMES = ("Preferred_Day", "Preferred_Hour", "Room", "Real_Room")


class NotFet(ValueError):
    """The file is not a timetable of FET, or says what cannot be understood; the text says what."""


@dataclass
class _Sets:
    """The hierarchy of students: each name with the smallest sets under it."""

    leaves: dict[str, frozenset[str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def read(self, years: list[etree._Element]) -> None:
        found: dict[str, set[str]] = {}
        for year in years:
            under_year = found.setdefault(_name(year), set())
            self._size(year)
            for group in year.findall("Group"):
                self._size(group)
                under_group = found.setdefault(_name(group), set())
                for subgroup in group.findall("Subgroup"):
                    self._size(subgroup)
                    under_group.add(_name(subgroup))
                    found[_name(subgroup)] = {_name(subgroup)}
                under_year |= under_group or {_name(group)}
        self.leaves = {name: frozenset(under or {name}) for name, under in found.items()}

    def _size(self, element: etree._Element) -> None:
        self.sizes[_name(element)] = int(element.findtext("Number_of_Students") or 0)


@dataclass
class FetFile:
    """A file as read: its tree, to be written back, and the problem."""

    tree: etree._ElementTree
    problem: Problem
    virtual: dict[int, str] = field(
        default_factory=dict
    )  # activities held in several rooms at once, and their name

    def write(self, timetable: Timetable, target: Path) -> None:
        """Write the file with each activity locked to its time and room, as FET itself does."""
        root = _parse(etree.tostring(self.tree))
        times, spaces = root.find("Time_Constraints_List"), root.find("Space_Constraints_List")
        problem = self.problem
        spelt = _spelt(root)
        starts, held = _Locks(times, LOCKED_STARTS, spelt), _Locks(spaces, LOCKED_ROOMS, spelt)
        for a, activity in enumerate(problem.activities):
            if activity.beside >= 0:
                continue
            day, hour = divmod(timetable.starts[a], problem.width)
            starts.add(
                activity.number,
                [("Preferred_Day", problem.days[day]), ("Preferred_Hour", problem.hours[hour])],
            )
            given = [a, *(n for n, other in enumerate(problem.activities) if other.beside == a)]
            names = [problem.rooms[r].name for n in given if (r := timetable.rooms[n]) is not None]
            if a in self.virtual and len(names) == len(given):
                several = [("Number_of_Real_Rooms", str(len(names))), *(("Real_Room", one) for one in names)]
                held.add(activity.number, [("Room", self.virtual[a]), *several])
            elif names:
                held.add(activity.number, [("Room", names[0])])
        written = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        target.write_bytes(gzip.compress(written) if target.suffix == ".gz" else written)


def read(source: Path) -> FetFile:
    """Read a `.fet` file, packed with gzip or not. Raises NotFet."""
    content = source.read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as refusal:
            raise NotFet(f"The file is packed, and the package is broken: {refusal}") from refusal
    return read_bytes(content, source.stem)


def read_bytes(content: bytes, name: str = "") -> FetFile:
    """Read the content of a `.fet` file. Raises NotFet."""
    root = _parse(content)
    if root.tag.lower() != "fet":
        raise NotFet(f"The file begins with <{root.tag}>, not with <fet>.")
    days, hours = _names(root, "Days_List/Day"), _names(root, "Hours_List/Hour")
    if not days or not hours:
        raise NotFet("The file names no days or no hours.")
    try:
        return _read_root(root, name, days, hours)
    except NotFet:
        raise
    except (ValueError, OverflowError) as refusal:
        raise NotFet(f"The file says a number that is none: {refusal}") from refusal


def _read_root(root: etree._Element, name: str, days: tuple[str, ...], hours: tuple[str, ...]) -> FetFile:
    sets = _Sets()
    sets.read(root.findall("Students_List/Year"))
    unknown: Counter[str] = Counter()
    mode = (root.findtext("Mode") or "Official").strip()
    if mode != "Official":
        unknown[f"Mode {mode}"] += 1
    activities, agents = _activities(root, sets)
    rooms, virtual = _rooms(root)
    rules = FileRules(days, hours, activities, agents, sets.leaves, rooms, virtual, unknown)
    rules.read(root.find("Time_Constraints_List"), root.find("Space_Constraints_List"))
    problem = Problem(
        name=name or (root.findtext("Institution_Name") or "").strip(),
        days=days,
        hours=hours,
        activities=tuple(activities),
        agents=rules.closed_agents(),
        rooms=rules.closed_rooms(),
        rules=tuple(rules.rules),
        breaks=frozenset(rules.breaks),
        unknown_rules=dict(unknown),
    )
    return FetFile(etree.ElementTree(root), problem, rules.held_in)


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as refusal:
        raise NotFet(f"The file is not well-formed XML: {refusal}") from refusal


def _name(element: etree._Element) -> str:
    return (element.findtext("Name") or "").strip()


def _spelt(root: etree._Element) -> dict[str, str]:
    """How the file spells its names, spaces around them included: FET finds them only so."""
    elements = (
        e for path in ("Days_List/Day", "Hours_List/Hour", "Rooms_List/Room") for e in root.findall(path)
    )
    return {_name(e): e.findtext("Name") or "" for e in elements}


def _names(root: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(_name(e) for e in root.findall(path))


def _texts(element: etree._Element, tag: str) -> tuple[str, ...]:
    return tuple((e.text or "").strip() for e in element.findall(tag))


def _activities(root: etree._Element, sets: _Sets) -> tuple[list[Activity], list[Agent]]:
    """Active activities, and the agents who have any."""
    parts: Counter[int] = Counter()
    found: list[tuple[etree._Element, int, int]] = []
    for element in root.findall("Activities_List/Activity"):
        series = int(element.findtext("Activity_Group_Id") or 0)
        parts[series] += 1
        if (element.findtext("Active") or "true").strip() not in ("true", "yes"):
            continue
        found.append((element, series, parts[series] if series else 1))
    places: dict[tuple[bool, str], int] = {}
    works: list[list[int]] = []
    activities = []
    for index, (element, series, part) in enumerate(found):
        teachers, students = _texts(element, "Teacher"), _texts(element, "Students")
        bound = [(True, t) for t in dict.fromkeys(teachers)]
        for name in students:
            if name not in sets.leaves:
                raise NotFet(f"Activity {element.findtext('Id')} names students {name}, whom the file lacks.")
        leaves = {leaf for name in students for leaf in sets.leaves[name]}
        bound += [(False, leaf) for leaf in sorted(leaves)]
        for key in bound:
            if key not in places:
                places[key] = len(works)
                works.append([])
            works[places[key]].append(index)
        size = element.findtext("Number_Of_Students")
        activities.append(
            Activity(
                number=int(element.findtext("Id") or 0),
                duration=int(element.findtext("Duration") or 1),
                agents=tuple(places[key] for key in bound),
                teachers=teachers,
                students=students,
                subject=(element.findtext("Subject") or "").strip(),
                tags=tuple(t for t in _texts(element, "Activity_Tag") if t),
                series=series,
                part=part,
                size=int(size) if size else sum(sets.sizes.get(s, 0) for s in students),
            )
        )
    agents = [Agent(name, teacher, tuple(works[n])) for (teacher, name), n in places.items()]
    return activities, agents


def _rooms(root: etree._Element) -> tuple[list[Room], dict[str, list[list[str]]]]:
    """The rooms, and the virtual ones with the sets from each of which they take a room."""
    rooms, virtual = [], {}
    for element in root.findall("Rooms_List/Room"):
        if (element.findtext("Virtual") or "false").strip() == "true":
            virtual[_name(element)] = [
                list(_texts(s, "Real_Room")) for s in element.findall("Set_of_Real_Rooms")
            ]
            continue
        capacity = int(element.findtext("Capacity") or 10_000)
        rooms.append(Room(_name(element), capacity, (element.findtext("Building") or "").strip()))
    return rooms, virtual


class _Locks:
    """Says where activities stand, by one kind of constraint; what the file said by it in full about them goes."""

    def __init__(self, constraints: etree._Element, tag: str, spelt: dict[str, str]) -> None:
        self.constraints, self.tag, self.spelt = constraints, tag, spelt
        self.old: defaultdict[str, list[etree._Element]] = defaultdict(list)
        for element in constraints.findall(tag):
            if float(element.findtext("Weight_Percentage") or 100) >= HARD:
                self.old[(element.findtext("Activity_Id") or "").strip()].append(element)

    def add(self, number: int, values: list[tuple[str, str]]) -> None:
        for element in self.old[str(number)]:
            self.constraints.remove(element)
        element = etree.SubElement(self.constraints, self.tag)
        fields = [("Weight_Percentage", "100"), ("Activity_Id", str(number)), *values]
        for key, value in [*fields, ("Permanently_Locked", "true"), ("Active", "true"), ("Comments", "")]:
            etree.SubElement(element, key).text = self.spelt.get(value, value) if key in NAMES else value
