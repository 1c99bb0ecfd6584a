"""Achievement and quality of knowledge by subject, class and teacher, and the pupils behind each figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.names import kazakh_order
from modules.journal import rules
from modules.journal.queries.choices import school_options
from modules.journal.queries.figures import standings_of
from modules.journal.reports.data import Marks, is_picked, together
from modules.journal.reports.queries.annual import years_in
from modules.journal.reports.queries.ground import CourseOf, Span, courses_of, names_of_pupils, rules_of

BY: dict[str, Any] = {"subject": _("By subject"), "class": _("By class"), "teacher": _("By teacher")}


@dataclass(frozen=True, slots=True)
class Narrow:
    """What the report is narrowed to; empty is everything."""

    subject: str = ""
    school_class: str = ""
    teacher: str = ""
    mine: bool = False

    def keeps(self, course: CourseOf) -> bool:
        return (
            (not self.subject or course.subject_code == self.subject)
            and (not self.school_class or str(course.school_class_id) == self.school_class)
            and (not self.teacher or str(course.teacher_id) == self.teacher)
            and (not self.mine or course.is_own)
        )


@dataclass(frozen=True, slots=True)
class Given:
    """One pupil's mark in one course."""

    course: CourseOf
    pupil_id: UUID
    mark: str | None
    is_final: bool
    is_points: bool = True


def given_marks(*, span: Span, courses: Iterable[CourseOf]) -> list[Given]:
    """Everybody's mark of the period in the courses: one statement a period of it, at most two; of the year, one."""
    known = {one.id: one for one in courses}
    if span.is_year:
        return _annual(span, known)
    found = []
    for part in span.parts:
        marked = [one.id for one in known.values() if one.period_kind == part.kind]
        if marked:
            found += [
                Given(
                    known[one.course_id],
                    one.pupil_id,
                    one.mark,
                    one.is_final,
                    one.mode is rules.Mode.POINTS,
                )
                for one in standings_of(period=part, course_ids=marked)
            ]
    return found


def _annual(span: Span, known: dict[UUID, CourseOf]) -> list[Given]:
    """Before the year is whole, whoever has any mark of it is without one of the year."""
    by, options = rules_of(known.values(), span.year), school_options()
    found = []
    for one in years_in(known):
        rule = by[one.course_id]
        result = one.marks.result(options)
        if rule.mode is not rules.Mode.NONE and result != "exempt":
            is_points = rule.mode is rules.Mode.POINTS
            found.append(Given(known[one.course_id], one.pupil_id, result, result is not None, is_points))
    return found


@dataclass(slots=True)
class Figures:
    """A line of the report: whose marks, and how many of each."""

    key: str
    title: str
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class Achievement:
    by: str
    lines: tuple[Figures, ...]
    total: Marks
    subjects: tuple[tuple[str, str], ...]
    classes: tuple[tuple[str, str], ...]
    teachers: tuple[tuple[str, str], ...]
    has_own: bool


def achievement(*, actor: Actor, span: Span, by: str, narrow: Narrow) -> Achievement:
    """Marks of the period by subject, class or teacher; at most three statements, however many journals there are."""
    courses = courses_of(actor=actor, span=span)
    lines: dict[str, Figures] = {}
    for one in given_marks(span=span, courses=[c for c in courses if narrow.keeps(c)]):
        key, title = _place(one.course, by)
        lines.setdefault(key, Figures(key, title)).marks.add(one.mark, is_final=one.is_final)
    places = {_place(c, by)[0]: n for n, c in reversed(list(enumerate(courses)))}
    found = sorted(
        lines.values(),
        key=lambda one: (places[one.key], []) if by == "class" else (0, kazakh_order(one.title)),
    )
    return Achievement(
        by=by,
        lines=tuple(found),
        total=together(one.marks for one in found),
        subjects=_choices(courses, "subject"),
        classes=tuple(dict.fromkeys(_place(c, "class") for c in courses)),
        teachers=tuple(one for one in _choices(courses, "teacher") if one[0]),
        has_own=any(c.is_own for c in courses),
    )


def _place(course: CourseOf, by: str) -> tuple[str, str]:
    """The key of the line in which the course counts, and what it is called."""
    if by == "class":
        return str(course.school_class_id), course.class_label
    if by == "teacher":
        return str(course.teacher_id or ""), course.teacher or str(_("No teacher"))
    return course.subject_code, course.subject


def _choices(courses: Iterable[CourseOf], by: str) -> tuple[tuple[str, str], ...]:
    found = dict(_place(one, by) for one in courses)
    return tuple(sorted(found.items(), key=lambda pair: kazakh_order(pair[1])))


def pupils_behind(
    *, actor: Actor, span: Span, narrow: Narrow, pick: str
) -> tuple[list[Given], dict[UUID, str]]:
    """The marks behind a figure with the names of their pupils, by class, subject and name."""
    courses = courses_of(actor=actor, span=span)
    found = [
        one
        for one in given_marks(span=span, courses=[c for c in courses if narrow.keeps(c)])
        if is_picked(pick, one.mark, is_final=one.is_final)
    ]
    names = names_of_pupils(list({one.pupil_id for one in found}))
    place = {one.id: n for n, one in enumerate(courses)}
    found.sort(key=lambda one: (place[one.course.id], kazakh_order(names.get(one.pupil_id, ""))))
    return found, names
