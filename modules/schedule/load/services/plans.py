"""The typical curriculum taken into a class in one press, and typical plans that a school loads itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.load import queries
from modules.schedule.load.services.courses import add_course
from modules.schedule.models import Course, TypicalHours


class NoTypicalPlan(DomainError):
    message = _(
        "No typical curriculum is known for this grade and language. Load it from a spreadsheet first."
    )
    code = "no_typical_plan"


class UnknownDirection(DomainError):
    message = _("The class has no direction yet. Set it on the page of the class first.")
    code = "unknown_direction"


@transaction.atomic
def take_typical(*, actor: Actor, class_id: UUID) -> int:
    """Put every subject of the typical plan that the class lacks into its load; answer how many. Doing it again adds none.

    Hours that the class has already stay as they are. Raises NotFound, NoTypicalPlan or UnknownDirection.
    """
    require(actor, permissions.SET_LOAD)
    one = contingent.school_class(actor=actor, class_id=class_id)
    if queries.wants_direction(one):
        raise UnknownDirection
    direction = queries.direction_of(one)
    plan = queries.typical_of(year=one.year, grade=one.grade, language=one.language, direction=direction)
    if plan is None:
        raise NoTypicalPlan
    have = set(
        Course.objects.filter(year=one.year, school_class_id=class_id).values_list("subject_code", flat=True)
    )
    taken = 0
    for subject_code, hours in plan.subjects.items():
        if subject_code not in have:
            add_course(actor=actor, school_class_id=class_id, subject_code=subject_code, hours=hours)
            taken += 1
    audit.record(
        actor=actor,
        action="schedule.curriculum.taken",
        object_type="class",
        object_id=class_id,
        details={"subjects": taken, "direction": direction},
    )
    return taken


@transaction.atomic
def put_typical(
    *,
    actor: Actor,
    year: str,
    grade: int,
    language: str,
    direction: str,
    hours: Mapping[str, Decimal],
    source: str = "",
) -> list[TypicalHours]:
    """Keep hours of a typical plan from the year on; a subject named again gets the new hours. Answer the rows."""
    require(actor, permissions.SET_LOAD)
    rows = []
    for subject_code, value in hours.items():
        row, _made = TypicalHours.objects.update_or_create(
            year=year,
            grade=grade,
            language=language,
            direction=direction,
            subject_code=subject_code,
            defaults={"hours": value, "source": source[:200]},
        )
        rows.append(row)
    audit.record(
        actor=actor,
        action="schedule.typical.loaded",
        object_type="year",
        object_id=year,
        details={"grade": grade, "language": language, "direction": direction, "subjects": len(rows)},
    )
    return rows


@transaction.atomic
def drop_typical(*, actor: Actor, row_ids: list[UUID]) -> int:
    """Take loaded hours of typical plans back; answer how many."""
    require(actor, permissions.SET_LOAD)
    gone, _by_model = TypicalHours.objects.filter(pk__in=row_ids).delete()
    if gone:
        audit.record(
            actor=actor, action="schedule.typical.dropped", object_type="year", details={"subjects": gone}
        )
    return gone


@transaction.atomic
def set_typical_hours(*, actor: Actor, hours: Mapping[UUID, Decimal]) -> None:
    """Give rows of loaded plans back the hours they had before."""
    require(actor, permissions.SET_LOAD)
    rows = TypicalHours.objects.select_for_update().filter(pk__in=list(hours))
    for row in rows:
        row.hours = hours[row.pk]
        row.save(update_fields=["hours"])
    if hours:
        audit.record(
            actor=actor,
            action="schedule.typical.dropped",
            object_type="year",
            details={"subjects": len(hours)},
        )
