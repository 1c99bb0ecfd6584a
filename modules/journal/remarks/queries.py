"""Remarks on journals: of one journal, of the school, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel import search
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from kernel.names import fold
from modules.contingent import api as contingent
from modules.journal import permissions
from modules.journal.queries.sheets import SheetLine, with_names
from modules.journal.remarks.models import Remark

State = Remark.State


def remarks(actor: Actor, **around: Any) -> QuerySet[Any]:
    """All of the school for who checks journals; else those on one's own journals, for a class teacher on those of the
    class too. Of the year when given."""
    scopes = require(actor, permissions.REMARKS)
    rows = with_names(Remark.objects.all())
    if "year" in around:
        rows = rows.filter(course__year=around["year"])
    if Scope.SCHOOL in scopes:
        return rows
    if actor.person_id is None:
        return rows.none()
    mine = Q(course__teacher_id=actor.person_id)
    if Scope.OWN_CLASS in scopes:
        led = contingent.classes_of_teacher(actor=actor, employee_id=actor.person_id, year=around.get("year"))
        mine |= Q(course__school_class_id__in=[one.id for one in led])
    return rows.filter(mine)


def remark(*, actor: Actor, remark_id: UUID) -> Remark:
    """A remark that the actor may see; raises NotFound."""
    found: Remark | None = remarks(actor).filter(pk=remark_id).first()
    if found is None:
        raise NotFound
    return found


def of_course(*, course_id: UUID) -> list[Remark]:
    """The page of the journal, as it is written: the oldest first. The caller has checked the right to the course."""
    return list(Remark.objects.filter(course_id=course_id).order_by("date", "pk"))


def of_courses(*, actor: Actor, course_ids: Iterable[UUID]) -> list[Remark]:
    """What stands on the pages of these journals that are open to the actor, the oldest first; one statement."""
    rows = remarks(actor).filter(course_id__in=list(course_ids)).exclude(state=State.TAKEN_BACK)
    return list(rows.order_by("date", "pk"))


def to_put_right(*, actor: Actor) -> list[Remark]:
    """Remarks on the actor's own journals that wait for the answer, the first due first."""
    if actor.person_id is None or not actor.may(permissions.REMARKS):
        return []
    rows = Remark.objects.filter(course__teacher_id=actor.person_id, state=State.OPEN)
    return list(rows.select_related("course").order_by("due_date", "date", "pk"))


def to_look_at(*, actor: Actor) -> int:
    """How many answers of teachers wait for the mark of execution; whoever made the remark looks first."""
    require(actor, permissions.MAKE_REMARKS)
    return Remark.objects.filter(state=State.ANSWERED, made_by=actor.user_id or 0).count()


def lines(rows: Sequence[Any], _actor: Actor) -> list[SheetLine]:
    return [SheetLine(row) for row in rows]


def called(rows: QuerySet[Any], text: str, _actor: Actor) -> QuerySet[Any]:
    """By class, subject, teacher or what the remark says."""
    wanted = search.words(text)
    found = []
    for line in map(SheetLine, rows.order_by()):
        said = fold(f"{line.class_label} {line.subject} {line.teacher} {line.row.text}")
        if all(any(reading in said for reading in word) for word in wanted):
            found.append(line.row.pk)
    return rows.filter(pk__in=found)
