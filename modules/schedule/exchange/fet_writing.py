"""A week as a `.fet` file: its lessons, the rules of the school, and the places they have now. It opens in FET.

Pinned lessons are locked for good; the others stand where they are and may be unlocked there at one press.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from lxml import etree

from modules.schedule.exchange.queries import Week
from modules.schedule.solver.problem import Kind, Rule
from modules.schedule.timetabling.grid import Piece
from modules.schedule.timetabling.school_problem import RULES, Asked, asked

VERSION = "6.0.0"  # the oldest that reads all of this
Fields = Sequence[tuple[str, str]]

# What FET calls our rules about the days of a class or a teacher, and the name of their limit there.
_OF_AGENTS: Mapping[Kind, tuple[str, str]] = {
    Kind.GAPS_WEEK: ("MaxGapsPerWeek", "Max_Gaps"),
    Kind.EARLY: ("EarlyMaxBeginningsAtSecondHour", "Max_Beginnings_At_Second_Hour"),
    Kind.HOURS_MAX: ("MaxHoursDaily", "Maximum_Hours_Daily"),
    Kind.HOURS_MIN: ("MinHoursDaily", "Minimum_Hours_Daily"),
    Kind.DAYS_MAX: ("MaxDaysPerWeek", "Max_Days_Per_Week"),
}
# FET takes these as demands only.
_DEMANDS_ONLY = {Kind.GAPS_WEEK, Kind.EARLY, Kind.HOURS_MIN, Kind.DAYS_MAX}
# The same of rules about activities; those that FET takes as wishes too stand below.
_OF_ACTIVITIES: Mapping[Kind, tuple[str, str]] = {
    Kind.MIN_DAYS: ("MinDaysBetweenActivities", "MinDays"),
    Kind.MIN_GAPS_BETWEEN: ("MinGapsBetweenActivities", "MinGaps"),
    Kind.SAME_START: ("ActivitiesSameStartingTime", ""),
    Kind.GROUPED: ("TwoActivitiesGrouped", ""),
    Kind.OCCUPY_MAX: ("ActivitiesOccupyMaxTimeSlotsFromSelection", "Max_Number_of_Occupied_Time_Slots"),
    Kind.FROM_SET_MAX: ("MaxTotalActivitiesFromSetInSelectedTimeSlots", "Max_Number_of_Activities"),
    Kind.SIMULTANEOUS_MAX: (
        "ActivitiesMaxSimultaneousInSelectedTimeSlots",
        "Max_Number_of_Simultaneous_Activities",
    ),
}
_MAY_BE_WISHES = {Kind.MIN_DAYS, Kind.MIN_GAPS_BETWEEN, Kind.SAME_START, Kind.GROUPED}
# Shifts are closed hours there, and places stand as they are.
_SAID_OTHERWISE = {"shift", "pinned", "stay"}


def write(week: Week, *, name: str) -> bytes:
    """The file's content."""
    return _Writer(week, asked(week.grid, keep=False), name).content()


class _Writer:
    def __init__(self, week: Week, problem: Asked, name: str) -> None:
        self.pieces = week.grid.pieces
        self.asked, self.problem, self.name = problem, problem.problem, name
        self.root = etree.Element("fet", version=VERSION)
        self.times: etree._Element
        self.spaces: etree._Element
        self.hours = _hours(self.problem.hours, week)
        self.told: set[tuple[str, str, str]] = set()
        self.left_out: Counter[str] = Counter()

    def content(self) -> bytes:
        self._text(self.root, "Institution_Name", self.name)
        comments = etree.SubElement(self.root, "Comments")
        self._names("Days_List", "Number_of_Days", "Day", self.problem.days)
        self._names("Hours_List", "Number_of_Hours", "Hour", self.hours)
        self._students()
        self._named("Teachers_List", "Teacher", (one.teacher for one in self.pieces.values()))
        self._named("Subjects_List", "Subject", map(self._subject, self.asked.cards))
        etree.SubElement(self.root, "Activity_Tags_List")
        self._activities()
        etree.SubElement(self.root, "Buildings_List")
        self._rooms()
        self.times = etree.SubElement(self.root, "Time_Constraints_List")
        self.spaces = etree.SubElement(self.root, "Space_Constraints_List")
        self._constraint(self.times, "BasicCompulsoryTime", 100, [])
        self._constraint(self.spaces, "BasicCompulsorySpace", 100, [])
        self._closed()
        for rule in self.problem.rules:
            self._rule(rule)
        self._places()
        comments.text = "\n".join(f"{name}: {count}" for name, count in sorted(self.left_out.items()))
        etree.indent(self.root)
        return etree.tostring(self.root, encoding="UTF-8", xml_declaration=True)

    # --- lists

    @staticmethod
    def _text(parent: etree._Element, tag: str, text: str) -> None:
        etree.SubElement(parent, tag).text = text

    def _names(self, tag: str, count: str, one: str, names: Sequence[str]) -> None:
        parent = etree.SubElement(self.root, tag)
        self._text(parent, count, str(len(names)))
        for name in names:
            self._text(etree.SubElement(parent, one), "Name", name)

    def _named(self, tag: str, one: str, names: Iterable[str]) -> None:
        parent = etree.SubElement(self.root, tag)
        for name in dict.fromkeys(filter(None, names)):
            self._text(etree.SubElement(parent, one), "Name", name)

    def _students(self) -> None:
        """Every class a year of FET, its parts groups of it."""
        parts: dict[str, set[int]] = defaultdict(set)
        for one in self.pieces.values():
            parts[one.class_label].add(one.group)
        parent = etree.SubElement(self.root, "Students_List")
        for label, groups in parts.items():
            year = etree.SubElement(parent, "Year")
            self._text(year, "Name", label)
            self._text(year, "Number_of_Students", "0")
            for group in sorted(groups - {0}):
                part = etree.SubElement(year, "Group")
                self._text(part, "Name", students_of(label, group))
                self._text(part, "Number_of_Students", "0")

    def _subject(self, cards: Iterable[UUID]) -> str:
        """Of two halves that share a place by turns both."""
        return " / ".join(dict.fromkeys(self.pieces[card].subject for card in cards))

    def _activities(self) -> None:
        parent = etree.SubElement(self.root, "Activities_List")
        series: dict[object, list[int]] = defaultdict(list)
        for n, cards in enumerate(self.asked.cards):
            series[self.pieces[cards[0]].course_id].append(n)
        first = {n: some[0] for some in series.values() for n in some if len(some) > 1}
        for n, cards in enumerate(self.asked.cards):
            pieces = [self.pieces[card] for card in cards]
            element = etree.SubElement(parent, "Activity")
            for teacher in dict.fromkeys(one.teacher for one in pieces if one.teacher):
                self._text(element, "Teacher", teacher)
            self._text(element, "Subject", self._subject(cards))
            for students in dict.fromkeys(students_of(one.class_label, one.group) for one in pieces):
                self._text(element, "Students", students)
            together = len(series[pieces[0].course_id])
            for tag, value in (
                ("Duration", "1"),
                ("Total_Duration", str(together)),
                ("Id", str(n + 1)),
                ("Activity_Group_Id", str(first[n] + 1) if n in first else "0"),
                ("Active", "true"),
                ("Comments", ""),
            ):
                self._text(element, tag, value)

    def _rooms(self) -> None:
        parent = etree.SubElement(self.root, "Rooms_List")
        for name in dict.fromkeys(one.room for one in self.pieces.values() if one.room):
            room = etree.SubElement(parent, "Room")
            for tag, value in (("Name", name), ("Building", ""), ("Capacity", "30000"), ("Virtual", "false")):
                self._text(room, tag, value)

    # --- rules

    def _constraint(self, parent: etree._Element, name: str, weight: float, fields: Fields) -> etree._Element:
        element = etree.SubElement(parent, f"Constraint{name}")
        self._text(element, "Weight_Percentage", f"{weight:g}")
        for tag, value in fields:
            self._text(element, tag, value)
        self._text(element, "Active", "true")
        self._text(element, "Comments", "")
        return element

    def _closed(self) -> None:
        """The bells of the other shift are closed to a class."""
        done = set()
        for agent in self.problem.agents:
            if agent.is_teacher or not agent.closed or agent.name in done:
                continue
            done.add(agent.name)
            element = self._constraint(
                self.times, "StudentsSetNotAvailableTimes", 100, [("Students", agent.name)]
            )
            self._text(element, "Number_of_Not_Available_Times", str(len(agent.closed)))
            for slot in sorted(agent.closed):
                self._slot(element, "Not_Available_Time", slot, "Day", "Hour")

    def _slot(self, parent: etree._Element, tag: str, slot: int, day: str, hour: str) -> None:
        element = etree.SubElement(parent, tag)
        at, number = divmod(slot, self.problem.width)
        self._text(element, day, self.problem.days[at])
        self._text(element, hour, self.hours[number])

    def _rule(self, rule: Rule) -> None:
        if rule.name in _SAID_OTHERWISE:
            return
        if rule.kind in _OF_AGENTS and not rule.activities:
            self._rule_of_agents(rule)
        elif rule.kind is Kind.STARTS:
            self._starts(rule)
        elif rule.kind in _OF_ACTIVITIES and (rule.is_hard or rule.kind in _MAY_BE_WISHES):
            self._rule_of_activities(rule)
        else:
            self._leave(rule)

    def _leave(self, rule: Rule) -> None:
        """What FET cannot say so stands in the file's comments."""
        self.left_out[str(RULES.get(rule.name, rule.name))] += 1

    def _starts(self, rule: Rule) -> None:
        for n in rule.activities:
            fields = [
                ("Activity_Id", str(n + 1)),
                ("Number_of_Preferred_Starting_Times", str(len(rule.slots))),
            ]
            element = self._constraint(self.times, "ActivityPreferredStartingTimes", rule.weight, fields)
            for slot in sorted(rule.slots):
                self._slot(
                    element,
                    "Preferred_Starting_Time",
                    slot,
                    "Preferred_Starting_Day",
                    "Preferred_Starting_Hour",
                )

    def _rule_of_activities(self, rule: Rule) -> None:
        name, limit = _OF_ACTIVITIES[rule.kind]
        if rule.kind is Kind.GROUPED:
            first, second = rule.activities
            fields = [("First_Activity_Id", str(first + 1)), ("Second_Activity_Id", str(second + 1))]
            self._constraint(self.times, name, rule.weight, fields)
            return
        fields = [("Consecutive_If_Same_Day", "true")] if rule.kind is Kind.MIN_DAYS else []
        fields.append(("Number_of_Activities", str(len(rule.activities))))
        fields += [("Activity_Id", str(n + 1)) for n in rule.activities]
        if not rule.slots:
            self._constraint(
                self.times, name, rule.weight, [*fields, (limit, str(rule.limit))] if limit else fields
            )
            return
        fields.append(("Number_of_Selected_Time_Slots", str(len(rule.slots))))
        element = self._constraint(self.times, name, rule.weight, fields)
        for slot in sorted(rule.slots):
            self._slot(element, "Selected_Time_Slot", slot, "Selected_Day", "Selected_Hour")
        self._text(element, limit, str(rule.limit))

    def _rule_of_agents(self, rule: Rule) -> None:
        ending, limit = _OF_AGENTS[rule.kind]
        weight = 100.0 if rule.kind in _DEMANDS_ONLY else rule.weight
        if weight > rule.weight:
            self._leave(rule)  # a wish of ours would be a demand there
            return
        for n in rule.agents:
            agent = self.problem.agents[n]
            stem, tag = ("Teacher", "Teacher") if agent.is_teacher else ("StudentsSet", "Students")
            # The parts of a class are agents of their own, but FET asks of the class with all of them.
            key = (stem + ending, agent.name, str(rule.limit))
            if key in self.told:
                continue
            self.told.add(key)
            fields = [(tag, agent.name), (limit, str(rule.limit))]
            if rule.kind is Kind.HOURS_MIN:
                fields.append(("Allow_Empty_Days", "true" if rule.flag else "false"))
            self._constraint(self.times, stem + ending, weight, fields)

    # --- places

    def _places(self) -> None:
        column = {key: n for n, key in enumerate(self.asked.columns)}
        for n, cards in enumerate(self.asked.cards):
            pieces = [self.pieces[card] for card in cards]
            self._time(n, pieces, column)
            if room := next((one.room for one in pieces if one.room), ""):
                fields = [("Activity_Id", str(n + 1)), ("Room", room), ("Permanently_Locked", "true")]
                self._constraint(self.spaces, "ActivityPreferredRoom", 100, fields)

    def _time(self, n: int, pieces: Sequence[Piece], column: Mapping[tuple[int, int], int]) -> None:
        piece = pieces[0]
        if piece.place is None or (piece.shift, piece.place[1]) not in column:
            return
        pinned = any(one.pin for one in pieces)
        fields = [
            ("Activity_Id", str(n + 1)),
            ("Preferred_Day", self.problem.days[piece.place[0] - 1]),
            ("Preferred_Hour", self.hours[column[piece.shift, piece.place[1]]]),
            ("Permanently_Locked", "true" if pinned else "false"),
        ]
        element = self._constraint(self.times, "ActivityPreferredStartingTime", 100, fields)
        reason = next((one.pin for one in pieces if one.pin), "")
        comments = element.find("Comments")
        if comments is not None:
            comments.text = reason


def students_of(label: str, group: int) -> str:
    return f"{label} ({group})" if group else label


def _hours(columns: Sequence[str], week: Week) -> tuple[str, ...]:
    """Lessons of a day as FET and its reader see them: "1", or of several shifts "2/1 14:00"."""
    bells = week.grid.bells
    shifts = {text.partition("/")[0] for text in columns}
    names = []
    for text in columns:
        shift, _slash, number = text.partition("/")
        bell = bells.get((int(shift), int(number)))
        time = f" {bell[0]:%H:%M}" if bell else ""
        names.append(f"{number}{time}" if len(shifts) == 1 else f"{text}{time}")
    return tuple(names)
