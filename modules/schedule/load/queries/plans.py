"""Typical curricula, and the curriculum of a class read against its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kernel.access import Actor, require
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.load import rules
from modules.schedule.load.data import PlanLine, TypicalInfo
from modules.schedule.load.queries.groups import without_group
from modules.schedule.load.queries.lines import lines
from modules.schedule.models import Course, TypicalHours
from modules.school import api as school
from tenants import reference

# What counts towards the most hours of a pupil: the plan's own components.
_COUNTED = frozenset({Course.Kind.CORE, Course.Kind.VARIABLE})


def _own_plans(year: str) -> dict[tuple[int, str, str], TypicalInfo]:
    """Plans that the school loaded, each in its last edition not after the year."""
    found: dict[tuple[int, str, str], dict[str, list[TypicalHours]]] = {}
    for one in TypicalHours.objects.filter(year__lte=year):
        editions = found.setdefault((one.grade, one.language, one.direction), {})
        editions.setdefault(one.year, []).append(one)
    order = {code: n for n, code in enumerate(reference.subjects())}
    answer = {}
    for (grade, language, direction), editions in found.items():
        since = max(editions)
        rows = sorted(editions[since], key=lambda one: order.get(one.subject_code, 999))
        answer[grade, language, direction] = TypicalInfo(
            grade=grade,
            language=language,
            direction=direction,
            since=since,
            subjects={one.subject_code: one.hours for one in rows},
            electives=(),
            variable=None,
            maximum=_cap(grade),
            source=rows[0].source,
            is_sourced=True,
            is_own=True,
        )
    return answer


def own_hours(*, year: str) -> dict[tuple[int, str, str, str], Decimal]:
    """The hours that the school loaded for exactly this year, by grade, language, direction and subject."""
    rows = TypicalHours.objects.filter(year=year)
    return {
        (grade, language, direction, subject): hours
        for grade, language, direction, subject, hours in rows.values_list(
            "grade", "language", "direction", "subject_code", "hours"
        )
    }


def _cap(grade: int) -> Decimal | None:
    """The most hours a week of a pupil of the grade, where the order's figure is known."""
    for row in reference.raw("curriculum")["weekly_caps"]:
        if grade in row["grades"]:
            return Decimal(str(row["hours"]))
    return None


def _known(one: reference.TypicalPlan) -> TypicalInfo:
    return TypicalInfo(
        grade=one.grade,
        language=one.language,
        direction=one.direction,
        since=one.since,
        subjects={code: Decimal(str(hours)) for code, hours in one.subjects.items()},
        electives=one.electives,
        variable=Decimal(str(one.variable)),
        maximum=Decimal(str(one.maximum)),
        source=one.source,
        is_sourced=one.is_sourced,
    )


def typical_of(*, year: str, grade: int, language: str, direction: str = "") -> TypicalInfo | None:
    """The typical plan of the grade in the year: the school's own edition, else the known one."""
    own = _own_plans(year).get((grade, language, direction))
    if own is not None:
        return own
    return typical_known(year, grade, language, direction)


def typical_known(year: str, grade: int, language: str, direction: str) -> TypicalInfo | None:
    """The plan among the reference data, without asking the school's own."""
    known = reference.typical_plan(year=year, grade=grade, language=language, direction=direction)
    return _known(known) if known else None


def all_typical(*, actor: Actor, year: str) -> list[TypicalInfo]:
    """Every typical plan as it holds in the year, by grade, language and direction."""
    require(actor, permissions.SET_LOAD)
    found = {}
    for one in reference.typical_plans():
        plan = reference.typical_plan(
            year=year, grade=one.grade, language=one.language, direction=one.direction
        )
        if plan is not None:
            found[one.grade, one.language, one.direction] = _known(plan)
    found |= _own_plans(year)
    return [found[key] for key in sorted(found)]


# How typical plans call the directions of classes.
_DIRECTIONS = {"natural": "emn", "social": "ogn"}


def direction_of(one: contingent.ClassInfo) -> str:
    """The direction of the class as typical plans call it; empty for a class of no profile."""
    return _DIRECTIONS.get(one.direction, "")


def wants_direction(one: contingent.ClassInfo) -> bool:
    """Whether the class has a typical plan only by a direction, and has none yet."""
    return not one.direction and bool(reference.directions(one.grade, one.language))


@dataclass(slots=True)
class ClassCurriculum:
    """The working curriculum of a class with its totals, against the typical one."""

    school_class: contingent.ClassInfo
    typical: TypicalInfo | None
    direction: str
    wants_direction: bool
    parts: list[tuple[str, str, list[PlanLine]]]
    missing: list[tuple[str, str, Decimal]]
    offered: list[tuple[reference.Elective, list[tuple[str, str]], int]]
    pupils: int
    needs: int

    @property
    def lines(self) -> list[PlanLine]:
        return [one for _kind, _label, rows in self.parts for one in rows]

    def _hours(self, kinds: frozenset[str]) -> Decimal:
        return sum((one.hours for one in self.lines if one.kind in kinds), Decimal(0))

    @property
    def invariant(self) -> Decimal:
        return self._hours(frozenset({Course.Kind.CORE}))

    @property
    def counted(self) -> Decimal:
        """Hours a week of a pupil that count towards the most."""
        return self._hours(_COUNTED)

    @property
    def beside(self) -> Decimal:
        """Hours beyond the pupil's week: electives, clubs, a child at home, correction."""
        return sum((one.hours for one in self.lines if one.kind not in _COUNTED), Decimal(0))

    @property
    def of_teachers(self) -> Decimal:
        """Hours that teachers are paid for: every group counts."""
        return sum((course.hours for one in self.lines for course in one.courses), Decimal(0))

    @property
    def excess(self) -> Decimal:
        """Hours beyond the most that the plan allows; nothing where no figure is known."""
        most = self.typical.maximum if self.typical else None
        return max(self.counted - most, Decimal(0)) if most is not None else Decimal(0)

    @property
    def vacant(self) -> int:
        return sum(course.teacher_id is None for one in self.lines for course in one.courses)


def curriculum_of(*, actor: Actor, class_id: UUID) -> ClassCurriculum:
    """The class's curriculum as its lines of load say it; raises NotFound."""
    require(actor, permissions.SET_LOAD)
    one = contingent.school_class(actor=actor, class_id=class_id)
    direction = direction_of(one)
    typical = typical_of(year=one.year, grade=one.grade, language=one.language, direction=direction)
    pupils = len(contingent.pupils_of_class(actor=actor, class_id=class_id))
    needs = contingent.needs_in_classes(actor=actor, class_ids=[class_id]).get(class_id, 0)
    unplaced = without_group(actor=actor, year=one.year)
    grouped: dict[tuple[str, str, str], PlanLine] = {}
    for line in lines(actor=actor, year=one.year, school_class_id=class_id):
        circle = line.name if line.group >= rules.OWN_CIRCLE else ""
        key = (line.kind, line.subject_code, circle or str(line.group // rules.OWN_CIRCLE))
        row = grouped.get(key)
        if row is None:
            row = grouped[key] = PlanLine(
                kind=line.kind,
                subject_code=line.subject_code,
                title=line.name or line.subject,
                hours=line.hours,
                typical=typical.allowed(line.subject_code) if typical else (),
                reason=line.reason,
                unplaced=unplaced.get((class_id, line.subject_code), 0) if line.group else 0,
            )
            if line.kind in _COUNTED:
                row.division = rules.division(
                    subject_code=line.subject_code,
                    grade=one.grade,
                    pupils=pupils,
                    needs=needs,
                    in_village=in_village(),
                )
        row.courses.append(line)
        row.hours = max(row.hours, line.hours)
    labels = dict(Course.Kind.choices)
    parts = [
        (kind, str(labels[Course.Kind(kind)]), [row for row in grouped.values() if row.kind == kind])
        for kind in Course.Kind.values
    ]
    have = {row.subject_code for row in grouped.values() if row.kind in _COUNTED}
    return ClassCurriculum(
        school_class=one,
        typical=typical,
        direction=direction,
        wants_direction=wants_direction(one),
        parts=[part for part in parts if part[2]],
        missing=_missing(typical, have),
        offered=_offered(typical, grouped.values()),
        pupils=pupils,
        needs=needs,
    )


@dataclass(slots=True)
class ClassRow:
    """A class in the list of the load: its figures, and what is still to be done."""

    school_class: contingent.ClassInfo
    subjects: int = 0
    hours: Decimal = Decimal(0)
    of_teachers: Decimal = Decimal(0)
    most: Decimal | None = None
    vacant: int = 0
    to_divide: int = 0
    unplaced: int = 0

    @property
    def excess(self) -> Decimal:
        return max(self.hours - self.most, Decimal(0)) if self.most is not None else Decimal(0)


def overview(*, actor: Actor, year: str) -> list[ClassRow]:
    """Every class of the year with its hours, vacancies, and divisions that the law demands."""
    require(actor, permissions.SET_LOAD)
    rows = {one.id: ClassRow(one) for one in contingent.classes(actor=actor, year=year)}
    sizes = contingent.counts(actor=actor, year=year).by_class
    needs = contingent.needs_in_classes(actor=actor, class_ids=rows)
    own, village = _own_plans(year), in_village()
    for row in rows.values():
        one = row.school_class
        known = (one.grade, one.language, direction_of(one))
        plan = own.get(known) or typical_known(year, *known)
        row.most = plan.maximum if plan else None
    unplaced = without_group(actor=actor, year=year)
    seen: set[tuple[UUID, str]] = set()
    for line in lines(actor=actor, year=year):
        found = rows.get(line.school_class_id)
        if found is None:
            continue
        found.of_teachers += line.hours
        found.vacant += line.teacher_id is None
        key_of_line = (line.school_class_id, line.subject_code)
        if line.kind not in _COUNTED or key_of_line in seen:
            continue
        seen.add(key_of_line)
        found.subjects += 1
        found.hours += line.hours
        found.unplaced += unplaced.get(key_of_line, 0)
        if line.group == 0:
            asked = rules.division(
                subject_code=line.subject_code,
                grade=line.grade,
                pupils=sizes.get(line.school_class_id, 0),
                needs=needs.get(line.school_class_id, 0),
                in_village=village,
            )
            found.to_divide += bool(asked and asked.due == "must")
    return list(rows.values())


def in_village() -> bool:
    return bool(school.setting_values("schedule.place")["schedule.place"] == "village")


def _missing(typical: TypicalInfo | None, have: set[str]) -> list[tuple[str, str, Decimal]]:
    if typical is None:
        return []
    return [
        (code, reference.subject(code).name, hours)
        for code, hours in typical.subjects.items()
        if code not in have and code in reference.subjects()
    ]


def _offered(
    typical: TypicalInfo | None, rows: Iterable[PlanLine]
) -> list[tuple[reference.Elective, list[tuple[str, str]], int]]:
    """Choices of the plan with how many of them are still to be made."""
    if typical is None:
        return []
    taken = {row.subject_code: row.hours for row in rows if row.kind in _COUNTED}
    answer = []
    for choice in typical.electives:
        made = sum(taken.get(code) == Decimal(str(choice.hours)) for code in choice.of)
        free = [(code, reference.subject(code).name) for code in choice.of if code not in taken]
        left = choice.choose - made
        if left > 0:
            answer.append((choice, free, left))
    return answer
