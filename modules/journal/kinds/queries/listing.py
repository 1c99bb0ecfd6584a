"""The list of all journals: a line of load each, with the kind that `rules.kind_of` gives it, said in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Collate

from kernel import search
from kernel.access import Actor, Scope, require
from kernel.names import KK_COLLATION, PersonName, fold, kazakh_order
from modules.contingent import api as contingent
from modules.journal import permissions
from modules.journal.kinds.data import Kind
from modules.journal.kinds.models import Programme
from modules.journal.kinds.rules import ORDER, REST
from modules.journal.models import Sheet
from modules.schedule import api as schedule
from registers.api import place
from tenants import reference

# A journal is of a line of load: the table that every key of this module names.
_LINES: Any = Sheet._meta.get_field("course").related_model

_CLASS = "(SELECT k.{what} FROM contingent_schoolclass k WHERE k.id = schedule_course.school_class_id)"
_TEACHER = "(SELECT e.{what} FROM staff_employee e WHERE e.id = schedule_course.teacher_id)"
_NAMES: dict[str, tuple[str, Any]] = {
    "class_grade": (_CLASS.format(what="grade"), IntegerField()),
    "class_letter": (_CLASS.format(what="letter"), CharField()),
    "class_kind": (_CLASS.format(what="kind"), CharField()),
    "teacher_surname": (_TEACHER.format(what="surname"), CharField()),
    "teacher_name": (_TEACHER.format(what="name"), CharField()),
    "teacher_patronymic": (_TEACHER.format(what="patronymic"), CharField()),
}
_FIELDS = {"part": "kind", "class_kind": "class_kind", "grade": "class_grade"}


def _kind() -> Case:
    """`rules.kind_of` as the database reads it: the same table of what decides, in its order."""
    steps = [
        When(**{f"{_FIELDS[what]}__in": sorted(values, key=str)}, then=Value(kind.value))
        for kind, what, values in ORDER
    ]
    return Case(*steps, default=Value(REST.value), output_field=CharField())


def rows(actor: Actor, year: str) -> QuerySet[Any]:
    """Journals of the year: all of the school, or one's own and those of one's class."""
    scopes = require(actor, permissions.VIEW)
    found = _LINES._default_manager.filter(year=year)
    if Scope.SCHOOL not in scopes:
        mine = Q(school_class_id__in=_led(actor, year))
        if Scope.OWN_LESSONS in scopes and actor.person_id is not None:
            mine |= Q(teacher_id=actor.person_id)
        found = found.filter(mine)
    names = {key: RawSQL(text, [], field) for key, (text, field) in _NAMES.items()}  # noqa: S611 - constant texts
    own = Programme.objects.filter(course_id=OuterRef("pk"), until=None)
    return found.annotate(**names).annotate(journal_kind=_kind(), has_programmes=Exists(own))


@dataclass(frozen=True, slots=True)
class Line:
    """A journal with its names, as `rows` brought them."""

    row: Any
    opens_class: bool = False

    @property
    def class_label(self) -> str:
        return schedule.with_part(f"{self.row.class_grade}{self.row.class_letter}", self.row.group)

    @property
    def subject(self) -> str:
        return schedule.subject_title(self.row)

    @property
    def kind(self) -> Kind:
        return Kind(self.row.journal_kind)

    @property
    def teacher(self) -> str:
        if self.row.teacher_surname is None:
            return ""
        return PersonName(self.row.teacher_surname, self.row.teacher_name, self.row.teacher_patronymic).short


def lines(found: Sequence[Any], actor: Actor) -> list[Line]:
    """With who may open the journals of which classes."""
    everywhere = actor.reaches_school(permissions.VIEW)
    led = set() if everywhere or not found else _led(actor, found[0].year)
    return [Line(row, everywhere or row.school_class_id in led) for row in found]


def _led(actor: Actor, year: str) -> set[UUID]:
    """Classes in the actor's charge, whose journals are all open to him."""
    if Scope.OWN_CLASS not in actor.scopes(permissions.VIEW) or actor.person_id is None:
        return set()
    known = contingent.classes_of_teacher(actor=actor, employee_id=actor.person_id, year=year)
    return {one.id for one in known}


def by_subject(_rows: QuerySet[Any], _actor: Actor) -> list[Combinable]:
    """Subjects in Kazakh order of their titles."""
    known = sorted(reference.subjects().values(), key=lambda one: kazakh_order(one.name))
    return [place([one.code for one in known], "subject_code"), F("name")]


def by_class(_rows: QuerySet[Any], _actor: Actor) -> list[Combinable]:
    """Classes in their order, subjects in the curriculum's."""
    subject = place(list(reference.subjects()), "subject_code")
    return [F("class_grade"), Collate(F("class_letter"), KK_COLLATION), subject, F("group")]


BY_TEACHER = (Collate(F("teacher_surname"), KK_COLLATION), Collate(F("teacher_name"), KK_COLLATION))
BY_KIND = {"by_kind": F("journal_kind")}
IN_ORDER = (place([kind.value for kind in Kind], "journal_kind"),)


def called(found: QuerySet[Any], text: str, _actor: Actor) -> QuerySet[Any]:
    """By class, subject, the name of a club or teacher."""
    wanted = search.words(text)
    keys = []
    for line in map(Line, found.order_by()):
        said = fold(f"{line.class_label} {line.subject} {line.teacher}")
        if all(any(reading in said for reading in word) for word in wanted):
            keys.append(line.row.pk)
    return found.filter(pk__in=keys)


def grades(actor: Actor) -> list[tuple[str, str]]:
    """Grades of the school's classes."""
    return [(str(n), str(n)) for n in sorted({one.grade for one in contingent.classes(actor=actor)})]
