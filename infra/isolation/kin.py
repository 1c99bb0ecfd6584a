"""What is somebody's own in a school: the children, classes and courses from which all they may reach follows.

Counted from the rows themselves and not by the product's queries: those are what is being tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from infra.isolation import samples
from modules.contingent.models import Charge, Guardianship, Membership
from modules.schedule.load.models import CourseTeacher
from modules.schedule.models import Course, Lesson

# By which columns a row says whose it is; the second word is the kind of number in it.
_SAYS = {
    "pupil_id": "pupil",
    "school_class_id": "class",
    "class_id": "class",
    "course_id": "course",
    "lesson_id": "lesson",
    "guardian_id": "guardian",
    "teacher_id": "employee",
    "employee_id": "employee",
    "author_id": "employee",
    "person_id": "person",
    "user_id": "user",
}
_IS = {
    "contingent.Pupil": "pupil",
    "contingent.SchoolClass": "class",
    "contingent.Guardian": "guardian",
    "schedule.Course": "course",
    "schedule.Lesson": "lesson",
    "staff.Employee": "employee",
    "identity.User": "user",
}


@dataclass(frozen=True, slots=True)
class Kin:
    """Numbers of what is somebody's own, by kind."""

    own: dict[str, frozenset[Any]]

    @property
    def is_somebody(self) -> bool:
        """Whether anything hangs on the person at all: otherwise a newcomer asks the same."""
        return bool(self.own["pupil"] or self.own["course"])


def of_user(user: Any) -> Kin:
    """Of an account of the served school."""
    person, own = user.person_id, {name: set[Any]() for name in set(_SAYS.values())}
    own["user"], own["person"] = {user.pk}, {person}
    if user.person_kind == "guardian":
        own["guardian"] = {person}
        own["pupil"] = _set(Guardianship.objects.filter(guardian_id=person), "pupil_id")
    elif user.person_kind == "pupil":
        own["pupil"] = {person}
    else:
        own["employee"] = {person}
        own["course"] = _set(Course.objects.filter(teacher_id=person), "pk")
        own["course"] |= _set(CourseTeacher.objects.filter(teacher_id=person), "course_id")
        own["lesson"] = _set(Lesson.objects.filter(teacher_id=person), "pk")
        own["course"] |= _set(Lesson.objects.filter(pk__in=own["lesson"]), "course_id")
        own["class"] = _set(Charge.objects.filter(employee_id=person), "school_class_id")
    own["class"] |= _set(Membership.objects.filter(pupil_id__in=own["pupil"]), "school_class_id")
    own["class"] |= _set(Course.objects.filter(pk__in=own["course"]), "school_class_id")
    own["pupil"] |= (
        _set(Membership.objects.filter(school_class_id__in=own["class"]), "pupil_id")
        if own["employee"]
        else set()
    )
    own["course"] |= _set(Course.objects.filter(school_class_id__in=own["class"]), "pk")
    own["lesson"] |= _set(Lesson.objects.filter(course_id__in=own["course"]), "pk")
    own["guardian"] |= _set(Guardianship.objects.filter(pupil_id__in=own["pupil"]), "guardian_id")
    own["person"] |= own["pupil"] | own["guardian"]
    return Kin({name: frozenset(values) for name, values in own.items()})


def beside(kin: Kin, space: str, arguments: Iterable[str]) -> dict[str, Any]:
    """Values for the arguments that name objects, none of which has to do with the person; empty when one has no such row."""
    found: dict[str, Any] = {}
    for name in arguments:
        model = samples.model_of(space, name)
        if model is None:
            continue
        rows = _others(kin, model)
        if rows is None:
            return {}
        here = {field.attname for field in model._meta.concrete_fields}
        known = {other: value for other, value in found.items() if other in here}
        row = rows.filter(**known).first() or rows.first()
        if row is None:
            return {}
        found.setdefault(name, row.pk)
    return found


def _others(kin: Kin, model: type[Model]) -> QuerySet[Any] | None:
    """Rows that say whose they are, and name nobody and nothing of the person's; None when such rows say nothing."""
    columns = {f.attname: _SAYS[f.attname] for f in model._meta.concrete_fields if f.attname in _SAYS}
    if kind := _IS.get(model._meta.label):
        columns["pk"] = kind
    if not columns:
        return None
    says = Q()
    for column in columns:
        says |= Q(**{f"{column}__isnull": False})
    rows = model._default_manager.filter(says).order_by("pk")
    for column, kind in columns.items():
        rows = rows.exclude(**{f"{column}__in": kin.own[kind]})
    return rows


def _set(rows: QuerySet[Any], column: str) -> set[Any]:
    return set(rows.values_list(column, flat=True))
