"""Who learns in which group of a divided class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.contingent.data import PupilInfo
from modules.schedule import permissions
from modules.schedule.load import rules
from modules.schedule.load.data import LineInfo, Shared
from modules.schedule.load.queries.lines import line_of, lines
from modules.schedule.models import GroupMember


@dataclass(slots=True)
class GroupTable:
    """Pupils of the class in Kazakh order, each with the number of the group (0: in none yet)."""

    school_class: contingent.ClassInfo
    subject_code: str
    courses: list[LineInfo]
    pupils: list[tuple[PupilInfo, int]]
    sizes: dict[int, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.courses[0].subject if self.courses else ""

    @property
    def waiting(self) -> int:
        return self.sizes.get(0, 0)


def group_table(*, actor: Actor, class_id: UUID, subject_code: str, on: date | None = None) -> GroupTable:
    """The groups of the class in the subject; no courses where it is not divided. Raises NotFound."""
    require(actor, permissions.SET_LOAD)
    day = on or clock.today()
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    courses = [
        one
        for one in lines(actor=actor, year=school_class.year, school_class_id=class_id)
        if one.subject_code == subject_code and 0 < one.group < rules.OWN_CIRCLE
    ]
    group_of = {one.id: one.group for one in courses}
    # Who is put into a group from a coming day stands there already: it is what the page last said.
    rows = GroupMember.objects.filter(course_id__in=group_of).filter(Q(until=None) | Q(until__gte=day))
    place = {
        pupil: group_of[course]
        for pupil, course in rows.order_by("since").values_list("pupil_id", "course_id")
    }
    pupils = [
        (one, place.get(one.id, 0))
        for one in contingent.pupils_of_class(actor=actor, class_id=class_id, on=day)
    ]
    return GroupTable(
        school_class, subject_code, courses, pupils, dict(Counter(number for _one, number in pupils))
    )


def without_group(*, actor: Actor, year: str, on: date | None = None) -> dict[tuple[UUID, str], int]:
    """By class and divided subject, how many pupils are in no group: nobody marks them."""
    day = on or clock.today()
    divided: dict[UUID, list[tuple[UUID, str]]] = {}
    for one in lines(actor=actor, year=year):
        if 0 < one.group < rules.OWN_CIRCLE:
            divided.setdefault(one.school_class_id, []).append((one.id, one.subject_code))
    if not divided:
        return {}
    pupils: dict[UUID, set[UUID]] = {}
    for pupil in contingent.pupils_of_classes(actor=actor, class_ids=divided, on=day):
        if pupil.class_id is not None:
            pupils.setdefault(pupil.class_id, set()).add(pupil.id)
    placed: dict[UUID, set[UUID]] = {}
    rows = GroupMember.objects.filter(Q(until=None) | Q(until__gte=day), course__year=year)
    for course, pupil_id in rows.values_list("course_id", "pupil_id"):
        placed.setdefault(course, set()).add(pupil_id)
    answer: dict[tuple[UUID, str], int] = {}
    for class_id, courses in divided.items():
        for subject in {subject for _course, subject in courses}:
            inside = set().union(*(placed.get(course, set()) for course, code in courses if code == subject))
            left = len(pupils.get(class_id, set()) - inside)
            if left:
                answer[class_id, subject] = left
    return answer


def circle(*, actor: Actor, course_id: UUID) -> tuple[LineInfo, list[tuple[PupilInfo, bool]]]:
    """The pupils of the class, each with whether the circle has the pupil; raises NotFound for what is no circle."""
    require(actor, permissions.SET_LOAD)
    line = line_of(actor=actor, course_id=course_id)
    if not line.is_circle:
        raise NotFound
    rows = GroupMember.objects.filter(Q(until=None) | Q(until__gte=clock.today()), course_id=course_id)
    inside = set(rows.values_list("pupil_id", flat=True))
    pupils = contingent.pupils_of_class(actor=actor, class_id=line.school_class_id)
    return line, [(one, one.id in inside) for one in pupils]


def shared(*, actor: Actor, line: LineInfo) -> Shared | None:
    """The circle's lines in all its classes, and the classes that could be added; None for hours at home."""
    require(actor, permissions.SET_LOAD)
    if line.kind == "home":
        return None
    year = contingent.school_class(actor=actor, class_id=line.school_class_id).year
    mine = [line]
    if line.set_code:
        mine = [one for one in lines(actor=actor, year=year) if one.set_code == line.set_code]
    inside = {one.school_class_id for one in mine}
    others = [one for one in contingent.classes(actor=actor, year=year) if one.id not in inside]
    return Shared(tuple(mine), tuple((one.id, one.label) for one in others))


# --- what the journals ask


def members_between(*, course_id: UUID, start: date, end: date) -> frozenset[UUID] | None:
    """Whom the course taught between the days; None where it was the whole class on any of them."""
    rows = list(GroupMember.objects.filter(course_id=course_id).values_list("pupil_id", "since", "until"))
    if not rows or min(since for _pupil, since, _until in rows) > start:
        return None
    return frozenset(
        pupil for pupil, since, until in rows if since <= end and (until is None or until >= start)
    )


def closed_to(
    *, pupil_id: UUID, course_ids: Iterable[UUID], start: date, end: date | None = None
) -> set[UUID]:
    """Those of the courses that between the days teach other pupils of the class and never this one; one query."""
    last = end or start
    begun: dict[UUID, date] = {}
    open_ = set()
    rows = GroupMember.objects.filter(course_id__in=list(course_ids), since__lte=last)
    for course, pupil, since, until in rows.values_list("course_id", "pupil_id", "since", "until"):
        begun[course] = min(begun.get(course, since), since)
        if pupil == pupil_id and (until is None or until >= start):
            open_.add(course)
    return {course for course, since in begun.items() if since <= start and course not in open_}
