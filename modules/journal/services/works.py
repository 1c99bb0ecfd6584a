"""СОР and СОЧ: put at a lesson with their maximum, with the rules of the order told as they are broken."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from kernel import audit
from kernel.access import Actor
from kernel.errors import DomainError, NotFound
from modules.journal import queries, rules
from modules.journal.models import Mark, SummativeWork
from modules.journal.planner import queries as planner
from modules.journal.planner import telling


class MaximumOutOfBounds(DomainError):
    message = gettext_lazy("The maximum is from {low} to {high} points.")
    code = "maximum_out_of_bounds"


class SummativeDayTaken(DomainError):
    message = gettext_lazy("This lesson has a summative work already.")
    code = "summative_day_taken"


class WorkHasMarks(DomainError):
    message = gettext_lazy("The work has marks. Clear them first.")
    code = "work_has_marks"


class NoSummativeHere(DomainError):
    message = gettext_lazy("This subject has no such works.")
    code = "no_summative_here"


@transaction.atomic
def add_work(
    *, actor: Actor, course_id: UUID, lesson_id: UUID, kind: str, maximum: int, title: str = ""
) -> SummativeWork:
    """Put a СОР or a СОЧ at the lesson. Raises NotFound, NoSummativeHere, MaximumOutOfBounds or SummativeDayTaken."""
    course = planner.open_course(actor=actor, course_id=course_id)
    planner.lesson_of(course_id=course.id, lesson_id=lesson_id)
    rule = queries.rule_of(course)
    if (kind == "sor" and not rule.sor) or (kind == "soch" and not rule.soch) or kind not in {"sor", "soch"}:
        raise NoSummativeHere
    low, high = rules.sor_bounds(course.grade) if kind == "sor" else (1, 100)
    if not low <= maximum <= high:
        raise MaximumOutOfBounds(low=low, high=high)
    try:
        with transaction.atomic():
            row = SummativeWork.objects.create(
                lesson_id=lesson_id, kind=kind, maximum=maximum, title=title[:200]
            )
    except IntegrityError as taken:
        raise SummativeDayTaken from taken
    audit.record(
        actor=actor,
        action="journal.work.added",
        object_type="work",
        object_id=row.pk,
        details={"kind": kind, "maximum": maximum},
    )
    return row


@transaction.atomic
def remove_work(*, actor: Actor, course_id: UUID, work_id: UUID) -> None:
    """Take the work off its lesson while it has no marks. Raises NotFound or WorkHasMarks."""
    planner.open_course(actor=actor, course_id=course_id)
    row = (
        SummativeWork.objects.select_for_update(of=("self",))
        .filter(pk=work_id, lesson__course_id=course_id)
        .first()
    )
    if row is None:
        raise NotFound
    if Mark.objects.filter(lesson_id=row.lesson_id, kind=row.kind, points__isnull=False).exists():
        raise WorkHasMarks
    row.delete()
    audit.record(actor=actor, action="journal.work.removed", object_type="work", object_id=work_id)


def warnings_for(*, actor: Actor, course_id: UUID, lesson_id: UUID, kind: str) -> list[str]:
    """Rules of the order that a work at this lesson would break, as sentences; empty when none."""
    course = queries.open_course(actor=actor, course_id=course_id)
    return telling.words(planner.broken_by(course=course, lesson_id=lesson_id, kind=kind))
