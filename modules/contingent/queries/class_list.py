"""The list of classes: what it counts, and what it is narrowed by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from imports import normalise
from imports.people import People
from kernel.access import Actor
from kernel.names import fold
from kernel.ports import PortClosed
from modules.contingent import ports
from modules.contingent.models import Membership
from modules.contingent.queries.charges import on_day
from modules.contingent.queries.movement import day_within
from modules.contingent.queries.people import classes_of_year

Classes = QuerySet[Any, Any]  # of classes, with the annotations of `with_leaders`


def class_rows(actor: Actor, *, year: str) -> Classes:
    """Classes of the year with who leads them and how many `pupils` learn in each today."""
    here = (
        Membership.objects.filter(
            on_day(day_within(year)), school_class_id=OuterRef("pk"), pupil__removed_at=None
        )
        .order_by()
        .values("school_class_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = classes_of_year(actor=actor, year=year)
    return rows.annotate(pupils=Coalesce(Subquery(here), 0, output_field=IntegerField()))


def leader_names(ids: Iterable[UUID], *, actor: Actor) -> Mapping[UUID, str]:
    """Names of employees by id; nobody's when the staff's port is closed."""
    wanted = set(ids)
    try:
        return ports.employees().names(actor=actor, ids=wanted) if wanted else {}
    except PortClosed:
        return {}


def teachers_of(rows: Classes, *, actor: Actor) -> Mapping[UUID, str]:
    """Class teachers of the classes, by id."""
    ids = rows.order_by().values_list("class_teacher_id", flat=True)
    return leader_names(filter(None, ids), actor=actor)


def classes_called(rows: Classes, text: str, actor: Actor) -> Classes:
    """By grade and letter, by the home room, or by the class teacher."""
    wanted = Q(room__istartswith=text)
    if (read := normalise.school_class(text).value) is not None:
        grade, letter = read
        wanted |= Q(grade=grade, letter=letter) if letter else Q(grade=grade)
    elif len(text) == 1:
        wanted |= Q(letter__iexact=text)
    elif found := _led_by(rows, text, actor):
        wanted |= Q(class_teacher_id__in=found)
    return rows.filter(wanted)


def _led_by(rows: Classes, text: str, actor: Actor) -> list[UUID]:
    """Class teachers each of whose names begins as the words of the text do."""
    words = fold(text).split()
    teachers = {key: fold(name).split() for key, name in teachers_of(rows, actor=actor).items()}
    return [
        key
        for key, parts in teachers.items()
        if all(any(part.startswith(word) for part in parts) for word in words)
    ]


def classes_nearly_called(rows: Classes, text: str, actor: Actor) -> list[UUID]:
    """Classes of the teacher whose name is nearly so."""
    teachers = teachers_of(rows, actor=actor)
    known = {part for name in teachers.values() for part in name.split()}
    wanted = fold(People((UUID(int=n), part) for n, part in enumerate(sorted(known))).nearest(text))
    near = [key for key, name in teachers.items() if wanted and wanted in fold(name).split()]
    return list(rows.filter(class_teacher_id__in=near).values_list("pk", flat=True)) if near else []


def wanting(rows: Classes, what: str) -> Classes:
    """Classes that somebody must see to: `teacher` without a class teacher, `over` the places, with `free` ones."""
    if what == "teacher":
        return rows.filter(class_teacher_id=None)
    return rows.filter(pupils__gt=F("capacity")) if what == "over" else rows.filter(pupils__lt=F("capacity"))
