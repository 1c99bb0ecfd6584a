"""What is somebody's own in a school: the children, classes and courses from which all they may reach follows.

Counted from the rows themselves and not by the product's queries: those are what is being tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from infra.isolation import samples

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
        own["pupil"] = _of("contingent.Guardianship", "pupil_id", guardian_id=person)
    elif user.person_kind == "pupil":
        own["pupil"] = {person}
    else:
        own["employee"] = {person}
        own["course"] = _of("schedule.Course", "pk", teacher_id=person)
        own["course"] |= _of("schedule.CourseTeacher", "course_id", teacher_id=person)
        own["lesson"] = _of("schedule.Lesson", "pk", teacher_id=person)
        own["course"] |= _of("schedule.Lesson", "course_id", pk__in=own["lesson"])
        own["class"] = _of("contingent.Charge", "school_class_id", employee_id=person)
    own["class"] |= _of("contingent.Membership", "school_class_id", pupil_id__in=own["pupil"])
    own["class"] |= _of("schedule.Course", "school_class_id", pk__in=own["course"])
    if own["employee"]:
        own["pupil"] = _of("contingent.Membership", "pupil_id", school_class_id__in=own["class"])
    own["course"] |= _of("schedule.Course", "pk", school_class_id__in=own["class"])
    own["lesson"] |= _of("schedule.Lesson", "pk", course_id__in=own["course"])
    own["guardian"] |= _of("contingent.Guardianship", "guardian_id", pupil_id__in=own["pupil"])
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


def _of(label: str, column: str, **wanted: Any) -> set[Any]:
    """The column of the rows of a model that are as wanted."""
    return set(apps.get_model(label)._default_manager.filter(**wanted).values_list(column, flat=True))
