"""The lists of classes and of their leaders: what they count, and what they are narrowed by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
from modules.contingent.queries.charges import on_day, with_first_days
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


def led_rows(actor: Actor, *, year: str) -> Classes:
    """Classes of the year with who leads them and since when."""
    return with_first_days(classes_of_year(actor=actor, year=year))


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


def leaders_of(rows: Classes, *, actor: Actor) -> Mapping[UUID, str]:
    """Class teachers and educators of the classes, by id."""
    ids = rows.order_by().values_list("leader_ids", flat=True)
    return leader_names((one for of_class in ids for one in of_class), actor=actor)


def classes_called(rows: Classes, text: str, actor: Actor) -> Classes:
    """By grade and letter, by the home room, or by the class teacher."""
    return _called(
        rows, text, lambda: Q(class_teacher_id__in=_begin_so(teachers_of(rows, actor=actor), text))
    )


def classes_led_by(rows: Classes, text: str, actor: Actor) -> Classes:
    """By grade and letter, by the home room, or by whoever answers for the class."""
    return _called(rows, text, lambda: Q(leader_ids__overlap=_begin_so(leaders_of(rows, actor=actor), text)))


def _called(rows: Classes, text: str, by_name: Callable[[], Q]) -> Classes:
    wanted = Q(room__istartswith=text)
    if (read := normalise.school_class(text).value) is not None:
        grade, letter = read
        wanted |= Q(grade=grade, letter=letter) if letter else Q(grade=grade)
    elif len(text) == 1:
        wanted |= Q(letter__iexact=text)
    else:
        wanted |= by_name()
    return rows.filter(wanted)


def _begin_so(names: Mapping[UUID, str], text: str) -> list[UUID]:
    """Those each of whose names begins as the words of the text do."""
    words = fold(text).split()
    parts = {key: fold(name).split() for key, name in names.items()}
    return [key for key, of in parts.items() if all(any(p.startswith(word) for p in of) for word in words)]


def classes_nearly_called(rows: Classes, text: str, actor: Actor) -> list[UUID]:
    """Classes of the teacher whose name is nearly so."""
    near = _nearly_so(teachers_of(rows, actor=actor), text)
    return list(rows.filter(class_teacher_id__in=near).values_list("pk", flat=True)) if near else []


def classes_nearly_led_by(rows: Classes, text: str, actor: Actor) -> list[UUID]:
    """Classes of the teacher or educator whose name is nearly so."""
    near = _nearly_so(leaders_of(rows, actor=actor), text)
    return list(rows.filter(leader_ids__overlap=near).values_list("pk", flat=True)) if near else []


def _nearly_so(names: Mapping[UUID, str], text: str) -> list[UUID]:
    known = {part for name in names.values() for part in name.split()}
    wanted = fold(People((UUID(int=n), part) for n, part in enumerate(sorted(known))).nearest(text))
    return [key for key, name in names.items() if wanted and wanted in fold(name).split()]


def wanting(rows: Classes, what: str) -> Classes:
    """Classes that somebody must see to: `teacher` without a class teacher, `over` the places, with `free` ones."""
    if what == "teacher":
        return without_teacher(rows)
    return rows.filter(pupils__gt=F("capacity")) if what == "over" else rows.filter(pupils__lt=F("capacity"))


def without_teacher(rows: Classes) -> Classes:
    return rows.filter(class_teacher_id=None)


def with_educators(rows: Classes) -> Classes:
    """Classes for which somebody answers besides the class teacher."""
    return rows.filter(Q(leader_ids__len__gt=1) | Q(leader_ids__len=1, class_teacher_id=None))
