"""The rules of a school's week as cards: what each means, how much it weighs, what a subject and a course ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.schedule.rooms.rules import ORDINARY, RoomInfo
from tenants import reference


class Level(StrEnum):
    """How much a rule weighs, the lightest first."""

    OFF = "off"
    LITTLE = "little"
    RATHER = "rather"
    VERY = "very"
    MUST = "must"


# What one breach costs; a hundred may not be broken at all (see the solver).
WEIGHTS = {Level.LITTLE: 15.0, Level.RATHER: 50.0, Level.VERY: 95.0, Level.MUST: 100.0}
LEVEL_LABELS: dict[Level, Any] = {
    Level.OFF: pgettext_lazy("weight of a rule", "not at all"),
    Level.LITTLE: pgettext_lazy("weight of a rule", "a little"),
    Level.RATHER: pgettext_lazy("weight of a rule", "rather"),
    Level.VERY: pgettext_lazy("weight of a rule", "very much"),
    Level.MUST: pgettext_lazy("weight of a rule", "must"),
}


class Doubles(StrEnum):
    """Whether lessons of a course may stand, or stand, in pairs."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    ALWAYS = "always"


DOUBLES_LABELS: dict[Doubles, Any] = {
    Doubles.NEVER: pgettext_lazy("double lessons", "never"),
    Doubles.SOMETIMES: pgettext_lazy("double lessons", "sometimes"),
    Doubles.ALWAYS: pgettext_lazy("double lessons", "always"),
}


class Section(StrEnum):
    ALWAYS = "always"
    CLASSES = "classes"
    SUBJECTS = "subjects"
    TEACHERS = "teachers"
    ROOMS = "rooms"


SECTION_LABELS: dict[Section, Any] = {
    Section.ALWAYS: pgettext_lazy("rules of a timetable", "Always"),
    Section.CLASSES: pgettext_lazy("rules of a timetable", "Classes"),
    Section.SUBJECTS: pgettext_lazy("rules of a timetable", "Subjects"),
    Section.TEACHERS: pgettext_lazy("rules of a timetable", "Teachers"),
    Section.ROOMS: pgettext_lazy("rules of a timetable", "Rooms"),
}


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule in one sentence. A fixed one always holds; one with `on_off` is only switched."""

    code: str
    words: Any
    section: Section
    level: Level = Level.MUST
    is_fixed: bool = False
    on_off: bool = False
    note: Any = ""

    @property
    def levels(self) -> list[Level]:
        return [Level.OFF, Level.MUST] if self.on_off else list(Level)


_SCALE = _(
    "Here and in the rules below a subject is hard by the scale of I. G. Sivkov, as schools use it. The sanitary rules’ own "
    "table is not compared with it yet, so each subject’s rank may be changed."
)
_NORM = _(
    "Grade 1: 4 lessons, grades 2–4: 5, grades 5–6: 6, grades 7–11: 7; one more where the load does not fit otherwise. As "
    "schools take it from the sanitary rules; not compared with the text of the order yet."
)

CARDS: dict[str, RuleCard] = {
    card.code: card
    for card in (
        RuleCard(
            "meetings",
            _("Nobody is in two places at once; joined classes sit together"),
            Section.ALWAYS,
            is_fixed=True,
        ),
        RuleCard("shift", _("Lessons stand within the bells of their shift"), Section.ALWAYS, is_fixed=True),
        RuleCard("overlap", _("Nobody teaches in both shifts at one time"), Section.ALWAYS, is_fixed=True),
        RuleCard(
            "pinned",
            _("Pinned lessons stay where they are"),
            Section.ALWAYS,
            is_fixed=True,
            note=_("A lesson is pinned to its hour on the board, with a reason."),
        ),
        RuleCard("gaps", _("Classes have no gaps"), Section.CLASSES),
        RuleCard("early", _("Classes begin with the first lesson of their shift"), Section.CLASSES),
        RuleCard("least", _("A class has at least two lessons on a day"), Section.CLASSES),
        RuleCard("most", _("The lessons of a class are spread evenly over the days"), Section.CLASSES),
        RuleCard(
            "norm",
            _("A class has no more lessons a day than its grade may have"),
            Section.CLASSES,
            note=_NORM,
        ),
        RuleCard(
            "parallel",
            _("Groups of a class have their subject at the same time"),
            Section.CLASSES,
            note=_("Not asked where one teacher has both groups or there is one room for both."),
        ),
        RuleCard("spread", _("Lessons of one subject stand on different days"), Section.SUBJECTS, Level.VERY),
        RuleCard(
            "apart",
            _("Two lessons a week of a subject do not stand on neighbouring days"),
            Section.SUBJECTS,
            Level.LITTLE,
        ),
        RuleCard(
            "double",
            _("Double lessons stand in pairs where the load asks for them"),
            Section.SUBJECTS,
            note=_("Which courses have them is said with each subject, among the demands of subjects."),
        ),
        RuleCard(
            "late",
            _("Hard subjects do not stand late in the day"),
            Section.SUBJECTS,
            Level.LITTLE,
            note=_SCALE,
        ),
        RuleCard(
            "shared",
            _("Hard subjects of a class are shared out over the days"),
            Section.SUBJECTS,
            Level.LITTLE,
        ),
        RuleCard(
            "edges",
            _("The first and the last day of the week have no more hard lessons than the others"),
            Section.SUBJECTS,
            Level.LITTLE,
        ),
        RuleCard(
            "hours",
            _("Subjects stand at the hours that are set for them"),
            Section.SUBJECTS,
            note=_("The earliest and the latest lesson of a subject is set among the demands of subjects."),
        ),
        RuleCard(
            "beside_sport",
            _("A hard subject does not stand right beside physical training"),
            Section.SUBJECTS,
            Level.OFF,
        ),
        RuleCard(
            "away",
            _("Teachers do not teach on days and at hours at which they are not there"),
            Section.TEACHERS,
        ),
        RuleCard(
            "elsewhere",
            _("Teachers do not teach here while they are busy in another school"),
            Section.TEACHERS,
        ),
        RuleCard(
            "free_day",
            _("Teachers are free on the days and at the hours that they wish"),
            Section.TEACHERS,
            Level.RATHER,
        ),
        RuleCard("teacher_gaps", _("Teachers have at most two gaps a week"), Section.TEACHERS, Level.LITTLE),
        RuleCard(
            "methodical",
            _("Teachers with up to one rate have a day without lessons"),
            Section.TEACHERS,
            Level.OFF,
        ),
        RuleCard(
            "room_kind",
            _("Lessons that need a room of a kind do not meet in more classes than the rooms take"),
            Section.ROOMS,
            note=_(
                "Which kind a subject needs is set among the demands of subjects, and the rooms in their list."
            ),
        ),
        RuleCard(
            "home_room",
            _("A class has its lessons in its home room where no other is needed"),
            Section.ROOMS,
            on_off=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class SubjectDemand:
    """What a subject asks of the week; `is_own` when the school has changed it."""

    difficulty: int
    room_kind: str
    first: int | None = None
    last: int | None = None
    is_own: bool = False


MIDDLE = 5


def usual_demand(subject_code: str) -> SubjectDemand:
    """What the subject asks where the school says nothing."""
    known = reference.demands().get(subject_code)
    return SubjectDemand(known.difficulty, known.room) if known else SubjectDemand(MIDDLE, ORDINARY)


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch of a weekday at which a teacher is in another school."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that the school asks of a timetable, in memory."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    subjects: Mapping[str, SubjectDemand] = field(default_factory=dict)
    doubles: Mapping[UUID, Doubles] = field(default_factory=dict)
    rooms: tuple[RoomInfo, ...] = ()
    homes: Mapping[UUID, str] = field(default_factory=dict)
    sizes: Mapping[UUID, int] = field(default_factory=dict)
    grades: Mapping[UUID, int] = field(default_factory=dict)

    def level(self, code: str) -> Level:
        return self.levels.get(code, CARDS[code].level)

    def weight(self, code: str) -> float | None:
        """What one breach of the rule costs; None when it is switched off."""
        return WEIGHTS.get(self.level(code))

    def is_on(self, code: str) -> bool:
        return self.level(code) is not Level.OFF

    def is_demand(self, code: str) -> bool:
        """Whether the rule may not be broken at all."""
        return self.level(code) is Level.MUST

    def demand(self, subject_code: str) -> SubjectDemand:
        return self.subjects.get(subject_code) or usual_demand(subject_code)

    def doubles_of(self, course_id: UUID) -> Doubles:
        return self.doubles.get(course_id, Doubles.NEVER)
