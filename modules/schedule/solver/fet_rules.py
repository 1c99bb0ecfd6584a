"""What each constraint of a `.fet` file asks, in our own rules. The tables below are the list of what is understood."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from lxml import etree

from modules.schedule.solver.problem import HARD, Activity, Agent, Kind, Problem, Room, Rule

# About the days of teachers and students: the end of the constraint's name, our kind, the tag of the limit.
OF_AGENTS: dict[str, tuple[Kind, str]] = {
    "MaxGapsPerWeek": (Kind.GAPS_WEEK, "Max_Gaps"),
    "MaxGapsPerDay": (Kind.GAPS_DAY, "Max_Gaps"),
    "EarlyMaxBeginningsAtSecondHour": (Kind.EARLY, "Max_Beginnings_At_Second_Hour"),
    "MaxDaysPerWeek": (Kind.DAYS_MAX, "Max_Days_Per_Week"),
    "MinDaysPerWeek": (Kind.DAYS_MIN, "Minimum_Days_Per_Week"),
    "IntervalMaxDaysPerWeek": (Kind.DAYS_MAX, "Max_Days_Per_Week"),
    "MaxHoursDaily": (Kind.HOURS_MAX, "Maximum_Hours_Daily"),
    "MinHoursDaily": (Kind.HOURS_MIN, "Minimum_Hours_Daily"),
    "ActivityTagMaxHoursDaily": (Kind.HOURS_MAX, "Maximum_Hours_Daily"),
    "MaxHoursContinuously": (Kind.CONTINUOUS_MAX, "Maximum_Hours_Continuously"),
    "ActivityTagMaxHoursContinuously": (Kind.CONTINUOUS_MAX, "Maximum_Hours_Continuously"),
    "MaxSpanPerDay": (Kind.SPAN_MAX, "Max_Span"),
    "MinRestingHours": (Kind.REST_MIN, "Minimum_Resting_Hours"),
    "MaxBuildingChangesPerDay": (Kind.BUILDING_CHANGES, "Max_Building_Changes_Per_Day"),
    "MaxBuildingChangesPerWeek": (Kind.BUILDING_CHANGES, "Max_Building_Changes_Per_Week"),
    "MinGapsBetweenBuildingChanges": (Kind.BUILDING_GAPS, "Min_Gaps_Between_Building_Changes"),
}
# About activities named by number: our kind, the tag of the limit, the tag of the flag.
OF_ACTIVITIES: dict[str, tuple[Kind, str, str]] = {
    "MinDaysBetweenActivities": (Kind.MIN_DAYS, "MinDays", ""),
    "MaxDaysBetweenActivities": (Kind.MAX_DAYS_BETWEEN, "MaxDays", ""),
    "MinGapsBetweenActivities": (Kind.MIN_GAPS_BETWEEN, "MinGaps", ""),
    "ActivitiesSameStartingTime": (Kind.SAME_START, "", ""),
    "ActivitiesSameStartingDay": (Kind.SAME_DAY, "", ""),
    "ActivitiesSameStartingHour": (Kind.SAME_HOUR, "", ""),
    "ActivitiesNotOverlapping": (Kind.APART, "", ""),
    "TwoActivitiesConsecutive": (Kind.CONSECUTIVE, "", ""),
    "TwoActivitiesGrouped": (Kind.GROUPED, "", ""),
    "ThreeActivitiesGrouped": (Kind.GROUPED, "", ""),
    "TwoActivitiesOrdered": (Kind.ORDERED, "", ""),
    "TwoActivitiesOrderedIfSameDay": (Kind.ORDERED_SAME_DAY, "", ""),
    "ActivityEndsStudentsDay": (Kind.ENDS_DAY, "", ""),
    "ActivitiesOccupyMaxTimeSlotsFromSelection": (Kind.OCCUPY_MAX, "Max_Number_of_Occupied_Time_Slots", ""),
    "ActivitiesOccupyMinTimeSlotsFromSelection": (Kind.OCCUPY_MIN, "Min_Number_of_Occupied_Time_Slots", ""),
    "ActivitiesMaxSimultaneousInSelectedTimeSlots": (
        Kind.SIMULTANEOUS_MAX,
        "Max_Number_of_Simultaneous_Activities",
        "",
    ),
    "ActivitiesMinSimultaneousInSelectedTimeSlots": (
        Kind.SIMULTANEOUS_MIN,
        "Min_Number_of_Simultaneous_Activities",
        "Allow_Empty_Slots",
    ),
    "MaxTotalActivitiesFromSetInSelectedTimeSlots": (Kind.FROM_SET_MAX, "Max_Number_of_Activities", ""),
    "ActivitiesOccupyMaxDifferentRooms": (Kind.ROOMS_DIFFERENT, "Max_Number_of_Different_Rooms", ""),
    "ActivitiesSameRoomIfConsecutive": (Kind.ROOM_KEPT, "", ""),
}
# About where activities begin or lie; True: each of their hours, not the first alone.
PLACES = {
    "ActivityPreferredStartingTime": False,
    "ActivityPreferredStartingTimes": False,
    "ActivitiesPreferredStartingTimes": False,
    "SubactivitiesPreferredStartingTimes": False,
    "ActivityPreferredTimeSlots": True,
    "ActivitiesPreferredTimeSlots": True,
    "SubactivitiesPreferredTimeSlots": True,
    "ActivityPreferredDay": False,
}
PREFERRED_ROOMS = {
    stem + ending
    for stem in ("Activity", "Subject", "ActivityTag", "SubjectActivityTag")
    for ending in ("PreferredRoom", "PreferredRooms")
}
HOME_ROOMS = {stem + ending for stem in ("StudentsSet", "Teacher") for ending in ("HomeRoom", "HomeRooms")}
BASIC = {"BasicCompulsoryTime", "BasicCompulsorySpace"}


class FileRules:
    """Gathers the rules of one file."""

    def __init__(
        self,
        days: tuple[str, ...],
        hours: tuple[str, ...],
        activities: list[Activity],
        agents: Sequence[Agent],
        leaves: Mapping[str, frozenset[str]],
        rooms: Sequence[Room],
        virtual: Mapping[str, list[list[str]]],
        unknown: Counter[str],
    ) -> None:
        self.days = {name: n for n, name in enumerate(days)}
        self.hours = {name: n for n, name in enumerate(hours)}
        self.shape = Problem("", days, hours, tuple(activities), tuple(agents))
        self.activities, self.agents, self.leaves, self.rooms = activities, agents, leaves, rooms
        self.virtual, self.unknown = virtual, unknown
        self.held_in: dict[int, str] = {}  # activities held in a virtual room
        self.rules: list[Rule] = []
        self.breaks: set[int] = set()
        self.homes: list[Rule] = []
        self.by_number = {activity.number: n for n, activity in enumerate(activities)}
        self.room_by_name = {room.name: n for n, room in enumerate(rooms)}
        self.teachers = {agent.name: n for n, agent in enumerate(agents) if agent.is_teacher}
        self.students = {agent.name: n for n, agent in enumerate(agents) if not agent.is_teacher}
        self.agent_closed: defaultdict[int, set[int]] = defaultdict(set)
        self.room_closed: defaultdict[int, set[int]] = defaultdict(set)

    def read(self, *lists: etree._Element | None) -> None:
        for constraints in lists:
            for element in constraints if constraints is not None else ():
                self._read(element)
        self._home_rooms()

    def closed_agents(self) -> tuple[Agent, ...]:
        return tuple(
            replace(agent, closed=frozenset(self.agent_closed[n] | self.breaks))
            for n, agent in enumerate(self.agents)
        )

    def closed_rooms(self) -> tuple[Room, ...]:
        return tuple(
            replace(room, closed=frozenset(self.room_closed[n])) for n, room in enumerate(self.rooms)
        )

    def _read(self, element: etree._Element) -> None:
        name = element.tag.removeprefix("Constraint")
        weight = float(_text(element, "Weight_Percentage") or 100)
        if _text(element, "Active") in ("false", "no") or weight <= 0 or name in BASIC:
            return
        for reader in self._readers():
            rules = reader(element, name)
            if rules is not None:
                self.rules += [replace(rule, name=name, weight=weight) for rule in rules]
                return
        self.unknown[element.tag] += 1

    def _readers(self) -> list[Callable[[etree._Element, str], list[Rule] | None]]:
        return [
            self._of_activities,
            self._places,
            self._rooms,
            self._of_agents,
            self._closed_times,
            self._ends_day,
            self._tags_apart,
        ]

    # ── readers: None when the constraint is another's ─────────────────────────────────────────────────────────────

    def _of_activities(self, element: etree._Element, name: str) -> list[Rule] | None:
        if name not in OF_ACTIVITIES:
            return None
        kind, limit, flag = OF_ACTIVITIES[name]
        activities = self._numbered(element)
        pairwise = kind not in (Kind.ENDS_DAY, Kind.OCCUPY_MAX, Kind.OCCUPY_MIN, Kind.FROM_SET_MAX)
        pairwise = pairwise and kind not in (Kind.SIMULTANEOUS_MAX, Kind.SIMULTANEOUS_MIN)
        if len(activities) < (2 if pairwise else 1):
            return []
        told = ", ".join(str(self.activities[a].number) for a in activities)
        if _text(element, "Consecutive_If_Same_Day") in ("true", "yes"):
            # FET keeps this part whatever the constraint weighs.
            self.rules.append(Rule(Kind.BESIDE, name, told, activities=activities))
        return [
            Rule(
                kind,
                name,
                told,
                limit=int(_text(element, limit) or 0) if limit else 0,
                flag=_text(element, flag) in ("true", "yes") if flag else False,
                activities=activities,
                slots=self._slots(element),
            )
        ]

    def _places(self, element: etree._Element, name: str) -> list[Rule] | None:
        if name not in PLACES:
            return None
        if name.startswith("Activity"):
            activities = self._numbered(element)
        else:
            activities = self._filtered(element, int(_text(element, "Component_Number") or 0))
        slots = self._slots(element)
        if name == "ActivityPreferredDay":
            day = self.days.get(_text(element, "Preferred_Day", "Day"), -1)
            slots = frozenset(self.shape.day_slots(day)) if day >= 0 else frozenset()
        elif name == "ActivityPreferredStartingTime":
            slots = self._one_slot(element)
        return self._starting(activities, slots, whole=PLACES[name], told=self._told(element))

    def _rooms(self, element: etree._Element, name: str) -> list[Rule] | None:
        if name not in PREFERRED_ROOMS and name not in HOME_ROOMS:
            return None
        names = [(e.text or "").strip() for tag in ("Room", "Preferred_Room") for e in element.findall(tag)]
        if name in HOME_ROOMS:
            teacher, students = _text(element, "Teacher", "Teacher_Name"), _text(element, "Students")
            found = tuple(
                a
                for a, activity in enumerate(self.activities)
                if (activity.teachers == (teacher,) if teacher else activity.students == (students,))
            )
        elif name.startswith("ActivityPref"):
            found = self._numbered(element)
        else:
            found = self._filtered(element, 0)
        if any(n in self.virtual for n in names):
            return self._virtual(element, name, names, found)
        rooms = [self.room_by_name[n] for n in names if n in self.room_by_name]
        rules = []
        by_rooms: defaultdict[frozenset[int], list[int]] = defaultdict(list)
        for a in found:
            size = self.activities[a].size
            by_rooms[frozenset(r for r in rooms if self.rooms[r].capacity >= size)].append(a)
        for chosen, sharing in by_rooms.items():
            rules.append(Rule(Kind.ROOMS, name, self._told(element), activities=tuple(sharing), rooms=chosen))
        if name in HOME_ROOMS:
            weight = float(_text(element, "Weight_Percentage") or 100)
            self.homes += [replace(rule, weight=weight) for rule in rules]
            return []
        return rules

    def _virtual(
        self, element: etree._Element, name: str, names: list[str], found: Sequence[int]
    ) -> list[Rule]:
        """One virtual room is several rooms at once: the activity takes the first, others beside it take the rest."""
        weight = float(_text(element, "Weight_Percentage") or 100)
        if len(names) > 1 or weight < HARD or name in HOME_ROOMS or self.held_in.keys() & set(found):
            self.unknown[f"{element.tag} (virtual room)"] += 1
            return []
        rules = []
        for a in found:
            self.held_in[a] = names[0]
            for n, real in enumerate(self.virtual[names[0]]):
                holder = a
                if n:
                    holder = len(self.activities)
                    length = self.activities[a].duration
                    self.activities.append(Activity(0, length, (), beside=a))
                    rules.append(Rule(Kind.SAME_START, name, activities=(a, holder)))
                rooms = frozenset(self.room_by_name[one] for one in real if one in self.room_by_name)
                rules.append(Rule(Kind.ROOMS, name, self._told(element), activities=(holder,), rooms=rooms))
        return rules

    def _of_agents(self, element: etree._Element, name: str) -> list[Rule] | None:
        for stem in ("Teachers", "Teacher", "StudentsSet", "Students"):
            rest = name.removeprefix(stem)
            if rest != name and rest in OF_AGENTS:
                break
        else:
            return None
        kind, tag = OF_AGENTS[rest]
        agents = self._agents(element, stem)
        flag_of = {
            Kind.HOURS_MIN: _text(element, "Allow_Empty_Days")
            or ("true" if stem.startswith("T") else "false"),
            Kind.SPAN_MAX: _text(element, "Allow_One_Day_Exception_of_Plus_One"),
            Kind.REST_MIN: _text(element, "Circular"),
            Kind.BUILDING_CHANGES: "true" if rest.endswith("Week") else "false",
        }
        activities: tuple[int, ...] = ()
        if rest.startswith("ActivityTag"):
            wanted = _text(element, "Activity_Tag_Name", "Activity_Tag")
            activities = tuple(a for a, one in enumerate(self.activities) if wanted in one.tags)
            if not activities:
                return []
        slots: frozenset[int] = frozenset()
        if rest.startswith("Interval"):
            first = self.hours.get(_text(element, "Interval_Start_Hour"), 0)
            last = self.hours.get(_text(element, "Interval_End_Hour"), len(self.hours))
            slots = frozenset(s for s in self.shape.slots if first <= s % self.shape.width < last)
        return [
            Rule(
                kind,
                name,
                self._told(element),
                limit=int(_text(element, tag, "Minimum_Hours_Daily", "Maximum_Hours_Daily") or 0),
                flag=flag_of.get(kind) in ("true", "yes"),
                activities=activities,
                agents=agents,
                slots=slots,
            )
        ]

    def _closed_times(self, element: etree._Element, name: str) -> list[Rule] | None:
        if name == "BreakTimes":
            self.breaks |= self._slots(element)
            everyone = tuple(range(len(self.activities)))
            return self._starting(everyone, set(self.shape.slots) - self._slots(element), whole=True, told="")
        if name == "RoomNotAvailableTimes":
            self.room_closed[self.room_by_name.get(_text(element, "Room"), -1)] |= self._slots(element)
            return []
        if name not in ("TeacherNotAvailableTimes", "StudentsSetNotAvailableTimes"):
            return None
        slots = self._slots(element)
        rules = []
        for n in self._agents(element, name.removesuffix("NotAvailableTimes")):
            self.agent_closed[n] |= slots
            open_slots = set(self.shape.slots) - slots
            rules += self._starting(
                self.agents[n].activities, open_slots, whole=True, told=self._told(element)
            )
        return list(dict.fromkeys(rules))

    def _ends_day(self, element: etree._Element, name: str) -> list[Rule] | None:
        if name != "ActivitiesEndStudentsDay":
            return None
        found = self._filtered(element, 0)
        return [Rule(Kind.ENDS_DAY, name, self._told(element), activities=found)] if found else []

    def _tags_apart(self, element: etree._Element, name: str) -> list[Rule] | None:
        """No two activities of different named tags at once: for each pair of tags, one rule a pair of activities."""
        if name != "ActivityTagsNotOverlapping":
            return None
        tags = [(e.text or "").strip() for e in element.findall("Activity_Tag")]
        sharing = [[a for a, one in enumerate(self.activities) if tag in one.tags] for tag in tags]
        pairs = {
            (min(a, b), max(a, b))
            for n, first in enumerate(sharing)
            for second in sharing[n + 1 :]
            for a in first
            for b in second
            if a != b
        }
        return [Rule(Kind.APART, name, ", ".join(tags), activities=pair) for pair in sorted(pairs)]

    # ── parts of a constraint ──────────────────────────────────────────────────────────────────────────────────────

    def _home_rooms(self) -> None:
        """A home room is for activities that no other rule sends elsewhere."""
        placed = {a for rule in self.rules if rule.kind is Kind.ROOMS for a in rule.activities}
        for rule in self.homes:
            left = tuple(a for a in rule.activities if a not in placed)
            if left:
                self.rules.append(replace(rule, activities=left))

    def _starting(
        self, activities: Sequence[int], slots: set[int] | frozenset[int], *, whole: bool, told: str
    ) -> list[Rule]:
        """Rules on where activities begin; `whole`: all their hours lie in `slots`."""
        if not whole:
            return [Rule(Kind.STARTS, "", told, activities=tuple(activities), slots=frozenset(slots))]
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for a in activities:
            by_length[self.activities[a].duration].append(a)
        return [
            Rule(
                Kind.STARTS,
                "",
                told,
                activities=tuple(sharing),
                slots=self.shape.may_begin(sharing[0], slots),
            )
            for sharing in by_length.values()
        ]

    def _numbered(self, element: etree._Element) -> tuple[int, ...]:
        """The active activities that the constraint names, in its order."""
        tags = ("Activity_Id", "First_Activity_Id", "Second_Activity_Id", "Third_Activity_Id")
        numbers = [int(e.text or 0) for tag in tags for e in element.findall(tag)]
        return tuple(dict.fromkeys(self.by_number[n] for n in numbers if n in self.by_number))

    def _filtered(self, element: etree._Element, part: int) -> tuple[int, ...]:
        """The activities that agree with each filter the constraint fills in; students: who share any."""
        teacher = _text(element, "Teacher_Name", "Teacher")
        students = _text(element, "Students_Name", "Students")
        subject = _text(element, "Subject_Name", "Subject")
        tag = _text(element, "Activity_Tag_Name", "Activity_Tag")
        duration = _text(element, "Duration")
        wanted = self.leaves.get(students, frozenset())
        return tuple(
            a
            for a, one in enumerate(self.activities)
            if (not teacher or teacher in one.teachers)
            and (not subject or subject == one.subject)
            and (not tag or tag in one.tags)
            and (not duration or int(duration) == one.duration)
            and (not students or any(wanted & self.leaves[s] for s in one.students))
            and (not part or one.part == part)
        )

    def _agents(self, element: etree._Element, stem: str) -> tuple[int, ...]:
        if stem == "Teachers":
            return tuple(self.teachers.values())
        if stem == "Students":
            return tuple(self.students.values())
        if stem == "Teacher":
            name = _text(element, "Teacher_Name", "Teacher")
            return (self.teachers[name],) if name in self.teachers else ()
        leaves = self.leaves.get(_text(element, "Students", "Students_Name"), frozenset())
        return tuple(self.students[leaf] for leaf in sorted(leaves) if leaf in self.students)

    def _slots(self, element: etree._Element) -> frozenset[int]:
        return frozenset(slot for child in element if len(child) for slot in self._one_slot(child))

    def _one_slot(self, element: etree._Element) -> frozenset[int]:
        """The slot whose day and hour stand in the element; unknown names are no slot."""
        day = hour = None
        for child in element:
            if child.tag.endswith("Day"):
                day = self.days.get((child.text or "").strip())
            elif child.tag.endswith("Hour"):
                hour = self.hours.get((child.text or "").strip())
        return frozenset() if day is None or hour is None else frozenset({day * self.shape.width + hour})

    @staticmethod
    def _told(element: etree._Element) -> str:
        """Whom the constraint names, as the file writes it."""
        named = [
            *("Teacher", "Teacher_Name", "Students", "Students_Name", "Subject", "Subject_Name"),
            *("Activity_Tag", "Activity_Tag_Name", "Activity_Id", "Room"),
        ]
        return " · ".join(text for tag in named if (text := _text(element, tag)))


def _text(element: etree._Element, *tags: str) -> str:
    """The text of the first of the tags that stands there."""
    for tag in tags:
        found = element.findtext(tag)
        if found and found.strip():
            return found.strip()
    return ""
