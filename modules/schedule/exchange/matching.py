"""Lessons of a file against the school: which class, which line of load, which place. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.api import Row, Verdict
from imports.normalise.words import key
from kernel import clock
from kernel.access import Actor
from modules.contingent import api as contingent
from modules.schedule import queries as base
from modules.schedule.exchange import queries
from modules.schedule.exchange.names import Staff, nearest
from modules.schedule.exchange.reading import Vocabulary
from modules.schedule.load.data import with_part
from modules.schedule.models import Course
from modules.schedule.rooms.queries import in_use
from modules.schedule.timetabling import queries as timetabling
from modules.schedule.timetabling.grid import Bells
from modules.schedule.timetabling.pairs import EVERY
from modules.staff import api as staff
from tenants import reference

MESSAGES = {
    "day_unread": _("“{value}” is not a day of the week."),
    "lesson_unread": _("“{value}” is neither a number nor a time of a lesson."),
    "weeks_unread": _("“{value}” is neither odd nor even weeks."),
    "half_not_in_load": _("The load has no half an hour of this: odd or even weeks alone do not fit."),
    "room_long": _("“{value}” is too long for a room: 20 signs at most."),
    "class_not_here": _("There is no class “{value}” in this school year."),
    "subject_not_here": _("“{value}” is not a subject that is known here."),
    "not_in_load": _("{class} has no “{value}” in the load. Add the line of load first, or choose another subject."),
    "teacher_not_here": _("There is no employee “{value}”. By the load {name} teaches this."),
    "teacher_needed": _(
        "There is no employee “{value}”, and without the teacher the group is not known."
    ),
    "teacher_among": _("Several employees are called so: {name}. Write the whole name."),
    "teacher_other": _("By the load {name} teaches this; the variant keeps to the load."),
    "group_needed": _("{class} is divided here: write the number of the group or its teacher."),
    "group_not_here": _("{class} has no group {value} here."),
    "group_whole": _("By the load the whole class learns this together; the group is left out."),
    "room_not_here": _("There is no room “{value}” in the school. It is written as it stands."),
    "hours_over": _("The load has {count} lessons of this a week; this one is too many."),
    "place_half": _("The day and the lesson go together: one of them is missing. The lesson waits beside the board."),
    "not_in_shift": _("Shift {count} has no lesson “{value}”. The lesson waits beside the board."),
    "sunday": _("There is no school on {day}. The lesson waits beside the board."),
    "lesson_twice": _("Row {row} is the same lesson. This row is left out."),
    "class_busy": _("The class has {name} then, too. The board will show it."),
}  # fmt: skip
_NEAR, _FAR = 10, 20  # minutes by which the bells of a file and of the school may differ


@dataclass(slots=True)
class Plan:
    """Which lesson of the load the row is, and where it stands."""

    course: Course | None = None
    place: tuple[int, int] | None = None
    room: str = ""
    pin: str = ""
    weeks: str = EVERY


@dataclass(slots=True)
class School:
    """What rows are compared with: read once, whatever the number of rows."""

    year: str
    classes: dict[tuple[int, str], contingent.ClassInfo]
    people: Staff
    courses: dict[UUID, list[Course]]
    bells: Bells
    subjects: dict[str, str]
    rooms: dict[str, str]  # as the school has described them, by the folded name; nothing when it has not
    left: dict[UUID, int] = field(
        default_factory=dict
    )  # hours not taken yet, of every week and of odd or even ones
    halves: dict[UUID, int] = field(default_factory=dict)

    @classmethod
    def now(cls, *, actor: Actor) -> School:
        year = clock.school_year_of(clock.today())
        courses: dict[UUID, list[Course]] = defaultdict(list)
        for course in base.lines_of_load(year=year):
            courses[course.school_class_id].append(course)
        found = cls(
            year=year,
            classes={(one.grade, one.letter): one for one in contingent.classes(actor=actor, year=year)},
            people=_staff(actor),
            courses=courses,
            bells=timetabling.bells(),
            subjects=_subjects(),
            rooms={key(one.name): one.name for one in in_use()},
        )
        for some in courses.values():
            for course in some:
                cards = timetabling.cards_of(course.hours_per_week)
                found.left[course.pk], found.halves[course.pk] = cards.whole, cards.half
        return found


def _staff(actor: Actor) -> Staff:
    return Staff((one.id, one.full_name) for one in staff.employees(actor=actor))


def _subjects() -> dict[str, str]:
    """Codes of subjects by their folded names."""
    found: dict[str, str] = {}
    for code, words in staff.subject_words().items():
        for word in words:
            found.setdefault(key(word), code)
    return found


def vocabulary(*, actor: Actor) -> Vocabulary:
    """Words by which cells of a wall sheet are taken apart."""
    rooms = queries.rooms() | {one.name for one in in_use()}
    return Vocabulary(frozenset(_subjects()), _staff(actor), rooms)


def options(column: str, *, actor: Actor) -> list[str]:
    """What the school has in the column, for whoever says what a word means."""
    year = clock.school_year_of(clock.today())
    if column == "class":
        return [one.label for one in contingent.classes(actor=actor, year=year)]
    if column == "teacher":
        return [one.full_name for one in staff.employees(actor=actor)]
    if column == "subject":
        codes = {one.subject_code for one in base.lines_of_load(year=year)}
        known = reference.subjects()
        return sorted(str(known[code].name) for code in codes if code in known)
    if column == "room":
        names = {one.name for one in in_use()} or queries.rooms()
        return sorted(names, key=lambda one: (len(one), one))
    return []


def class_of(line: str) -> str:
    """The class as a tie between rows, told by the cell alone."""
    read = normalise.school_class(line)
    return f"{read.value[0]}{read.value[1]}" if read.value else key(line)


def check(rows: Sequence[Row], *, actor: Actor) -> None:
    """Set verdicts and plans, and add what is wrong or doubtful."""
    school = School.now(actor=actor)
    standing: dict[tuple[UUID, int, int], list[tuple[Row, Course]]] = defaultdict(list)
    # Those that stand somewhere first: a lesson without a place must not take the hour of one that has it.
    for row in sorted(rows, key=lambda row: not row.get("day")):
        row.plan = Plan(room=row.get("room") or "", pin=row.get("pin") or "", weeks=row.get("weeks") or EVERY)
        if row.is_blocked:
            continue
        school_class = _class(row, school)
        cands = _courses(row, school, school_class) if school_class else []
        if school_class and cands:
            course = _course(row, school, school_class, cands)
            if course is not None:
                row.plan.course = course
                _room(row, school)
                row.plan.place = _place(row, school, course)
                _stand(row, school, course, school_class, standing)


def _class(row: Row, school: School) -> contingent.ClassInfo | None:
    line = row.get("class")
    read = normalise.school_class(line)
    found = school.classes.get(tuple(read.value)) if read.value else None
    if found is None:
        labels = {key(one.label): one.label for one in school.classes.values()}
        row.error("class", "class_not_here", labels.get(nearest(key(line), labels), ""), value=line)
    return found


def _courses(row: Row, school: School, school_class: contingent.ClassInfo) -> list[Course]:
    """The lines of load that the subject may mean; a club is known by its own name too."""
    mine = school.courses.get(school_class.id, [])
    said = row.get("subject")
    folded = key(said)
    code = school.subjects.get(folded)
    found = [one for one in mine if one.subject_code == code] if code else []
    found = found or [one for one in mine if one.name and key(one.name) == folded]
    if not found:
        offer = _offer(folded, row, school, mine)
        if code:
            row.error("subject", "not_in_load", offer, value=said, **{"class": school_class.label})
        else:
            row.error("subject", "subject_not_here", offer, value=said)
    return found


def _offer(folded: str, row: Row, school: School, mine: Iterable[Course]) -> str:
    """Which of the class's subjects was probably meant: by its name, else the only one of the teacher."""
    courses = list(mine)
    names: dict[str, str] = {}
    for course in courses:
        name = base.subject_title(course)
        for word, code in school.subjects.items():
            if code == course.subject_code:
                names[word] = name
        names[key(name)] = name
    if found := names.get(nearest(folded, names), ""):
        return found
    people = school.people.meant(row.get("teacher")) if row.get("teacher") else set()
    taught = {base.subject_title(one) for one in courses if one.teacher_id in people}
    return next(iter(taught)) if len(taught) == 1 else ""


def _course(
    row: Row, school: School, school_class: contingent.ClassInfo, cands: list[Course]
) -> Course | None:
    """The one line of load, by the group and the teacher; what is not certain is told."""
    people = _people(row, school)
    group = str(row.get("group") or "")
    label = {"class": school_class.label}
    if len(cands) == 1:
        only = cands[0]
        if group and not only.group:
            row.doubt("group", "group_whole")
        _whose(row, school, only, people)
        return only
    by_group = [one for one in cands if group.isdigit() and one.group == int(group)]
    by_teacher = [one for one in cands if people and one.teacher_id in people]
    both = [one for one in by_group if one in by_teacher]
    found = both or by_teacher or by_group
    if len(found) > 1:
        found = sorted(found, key=lambda one: -school.left[one.pk])[:1]
    if found:
        _whose(row, school, found[0], people)
        return found[0]
    if group.isdigit() and not by_group:
        row.error("group", "group_not_here", value=group, **label)
    elif row.get("teacher") and not people:
        said = row.get("teacher")
        row.error("teacher", "teacher_needed", school.people.nearest(said), value=said)
    else:
        row.error("group", "group_needed", **label)
    return None


def _people(row: Row, school: School) -> set[UUID]:
    return school.people.meant(row.get("teacher")) if row.get("teacher") else set()


def _whose(row: Row, school: School, course: Course, people: set[UUID]) -> None:
    """The variant takes the teacher of the load; tell where the file says another."""
    said = row.get("teacher")
    if not said:
        return
    name = school.people.names.get(course.teacher_id, "") if course.teacher_id else ""
    if not people:
        near = school.people.nearest(said) or name
        row.doubt("teacher", "teacher_not_here", near, value=said, name=name or "–")
    elif course.teacher_id not in people:
        if len(people) > 1 and course.teacher_id is None:
            names = ", ".join(sorted(school.people.names[one] for one in people))
            row.doubt("teacher", "teacher_among", name=names)
        else:
            row.doubt("teacher", "teacher_other", name=name or "–")


def _room(row: Row, school: School) -> None:
    """The room as the school calls it; one that it has not described is doubtful."""
    said = row.plan.room
    if not said or not school.rooms:
        return
    row.plan.room = school.rooms.get(key(said), said)
    if key(said) not in school.rooms:
        row.doubt("room", "room_not_here", school.rooms.get(nearest(key(said), school.rooms), ""), value=said)


def _place(row: Row, school: School, course: Course) -> tuple[int, int] | None:
    day, told = row.get("day"), row.get("number")
    if not day and not told:
        return None
    if not day or not told:
        row.doubt("number" if day else "day", "place_half")
        return None
    if day > 6:
        row.doubt("day", "sunday", day=str(WEEKDAYS[day - 1]).lower())
        return None
    number = number_in(school.bells, course.shift, *told)
    if number is None:
        said = " ".join(str(one) for one in told if one)
        row.doubt("number", "not_in_shift", value=said, count=str(course.shift))
        return None
    return day, number


def number_in(bells: Bells, shift: int, number: int | None, at: str) -> int | None:
    """The lesson of the shift that the file means: its number, unless the time says that it counts otherwise."""
    known = {n: bell[0] for (of, n), bell in bells.items() if of == shift}
    if not at:
        return number if number in known else None
    minutes = _minutes(time.fromisoformat(at))
    if number in known and abs(_minutes(known[number]) - minutes) <= _FAR:
        return number
    near = min(known, key=lambda n: abs(_minutes(known[n]) - minutes), default=None)
    if near is not None and abs(_minutes(known[near]) - minutes) <= _NEAR:
        return near
    # Times of another school year say nothing; the number does, if the shift has it.
    return number if number in known and shift == 1 else None


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _stand(
    row: Row,
    school: School,
    course: Course,
    school_class: contingent.ClassInfo,
    standing: dict[tuple[UUID, int, int], list[tuple[Row, Course]]],
) -> None:
    """Put the row into its place among the others: the same twice, too many, two things at once."""
    place = row.plan.place
    here = standing[(school_class.id, *place)] if place else []
    weeks = row.plan.weeks
    same = next(
        (other for other, of in here if of.pk == course.pk and other.plan.weeks in (weeks, EVERY)), None
    )
    if same is not None:
        row.doubt("subject", "lesson_twice", row=same.where)
        row.verdict = Verdict.SKIP
        return
    left = school.left if weeks == EVERY else school.halves
    left[course.pk] -= 1
    if left[course.pk] < 0 and weeks != EVERY and not timetabling.cards_of(course.hours_per_week).half:
        row.error("weeks", "half_not_in_load")
        return
    if left[course.pk] < 0:
        row.error("subject", "hours_over", count=f"{course.hours_per_week.normalize():f}")
        return
    meets = next((of for other, of in here if _meet(row, course, other, of)), None)
    if meets is not None:
        row.doubt("number", "class_busy", name=with_part(base.subject_title(meets), meets.group))
    if place:
        here.append((row, course))
    row.verdict = Verdict.CREATE


def _meet(row: Row, course: Course, other: Row, of: Course) -> bool:
    """Whether the same pupils would sit in both: not two groups, and not by turns."""
    by_turns = EVERY not in (row.plan.weeks, other.plan.weeks) and row.plan.weeks != other.plan.weeks
    return not by_turns and (not of.group or not course.group or of.group == course.group)


def plans_of(rows: Iterable[Row]) -> list[Plan]:
    """What the good rows want."""
    return [row.plan for row in rows if isinstance(row.plan, Plan) and row.plan.course is not None]
