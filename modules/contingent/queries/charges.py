"""In whose charge classes are: today, for rights and lists, and over time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import DateField, Q, QuerySet, UUIDField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from kernel import clock
from kernel.access import Actor, require
from kernel.db.rows import Columns
from kernel.errors import NotFound
from modules.contingent import permissions
from modules.contingent.data import ChargeInfo, ClassInfo
from modules.contingent.models import Charge, SchoolClass
from tenants import reference


def on_day(day: date) -> Q:
    """Memberships and statuses in force on the day."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def info_of_class(row: SchoolClass) -> ClassInfo:
    """For rows read by `with_leaders`."""
    return ClassInfo(
        id=row.pk,
        year=row.year,
        grade=row.grade,
        letter=row.letter,
        language=row.language,
        shift=row.shift,
        kind=row.kind,
        capacity=row.capacity,
        set_code=row.set_code,
        class_teacher_id=row.class_teacher_id,  # type: ignore[attr-defined]
        leader_ids=frozenset(row.leader_ids),  # type: ignore[attr-defined]
        direction=row.direction,
        room=row.room,
    )


def led_by(employee_id: UUID) -> QuerySet[Charge, Any]:
    """Ids of classes that are in the employee's charge today, to be used inside another query."""
    return Charge.objects.filter(on_day(clock.today()), employee_id=employee_id).values("school_class_id")


# Who answers for a class today; of a year that has not begun, who is appointed to it. {of} is the class's table.
_CHARGED = """
    FROM contingent_charge c WHERE c.school_class_id = {of}.id AND (c.until IS NULL OR c.until >= %s)
    AND (c.since <= %s OR {of}.year = ANY(%s))"""
_CHARGED_FIRST = f"{_CHARGED} AND c.duty = 'class_teacher' ORDER BY c.since, c.id LIMIT 1"
_TEACHER = f"(SELECT c.employee_id {_CHARGED_FIRST})"
_SINCE = f"(SELECT c.since {_CHARGED_FIRST})"
_LEADERS = f"ARRAY(SELECT c.employee_id {_CHARGED} ORDER BY c.since, c.id)"


def _today() -> list[Any]:
    """What both parts want to know: today, and years that have not begun."""
    today = clock.today()
    to_come = [code for code, year in reference.school_years().items() if year.start > today]
    return [today, today, to_come]


def with_leaders(rows: QuerySet[SchoolClass]) -> QuerySet[SchoolClass]:
    """The classes with `class_teacher_id` and `leader_ids` of today, in the same query."""
    table, values = SchoolClass._meta.db_table, _today()
    return rows.annotate(
        class_teacher_id=RawSQL(_TEACHER.format(of=table), values, UUIDField()),  # noqa: S611 - constant text
        leader_ids=RawSQL(_LEADERS.format(of=table), values, ArrayField(UUIDField())),  # noqa: S611
    )


def with_first_days(rows: QuerySet[SchoolClass]) -> QuerySet[SchoolClass]:
    """The classes with `led_since`: the first day of their class teacher of today."""
    said = _SINCE.format(of=SchoolClass._meta.db_table)
    return rows.annotate(led_since=RawSQL(said, _today(), DateField()))  # noqa: S611 - constant text


class _Led:
    """A class by its id with its leaders, as SQL put together once: every save of a journal asks for it."""

    def __init__(self) -> None:
        self.columns = Columns(SchoolClass)
        self.statement = (
            f"SELECT {self.columns.listed('t')}, {_TEACHER.format(of='t')}, {_LEADERS.format(of='t')} "  # noqa: S608
            f"FROM {SchoolClass._meta.db_table} t WHERE t.id = %s"
        )

    def first(self, class_id: UUID) -> SchoolClass | None:
        with connection.cursor() as cursor:
            cursor.execute(self.statement, [*_today(), *_today(), class_id])
            found = cursor.fetchone()
        if found is None:
            return None
        *values, teacher, leaders = found
        row = self.columns.made(tuple(values))
        row.class_teacher_id, row.leader_ids = teacher, leaders  # type: ignore[attr-defined]
        return row


_LED = _Led()


def class_with_leaders(class_id: UUID) -> SchoolClass | None:
    """One class, with the same."""
    return _LED.first(class_id)


def class_teachers(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the employees in whose charge a class is or was."""
    rows = Charge.objects.filter(employee_id__in=list(ids))
    return set(rows.values_list("employee_id", flat=True))


def classes_by_id(class_ids: Iterable[UUID]) -> dict[UUID, ClassInfo]:
    """Callers have checked the right to the classes."""
    rows = with_leaders(SchoolClass.objects.filter(pk__in=list(class_ids)))
    return {row.pk: info_of_class(row) for row in rows}


def charges(
    *,
    actor: Actor,
    class_id: UUID | None = None,
    employee_ids: Iterable[UUID] | None = None,
    year: str | None = None,
    on: date | None = None,
) -> list[ChargeInfo]:
    """Who answers or answered for classes: the class teacher before educators, then the newest first.

    `on` leaves those in force on the day alone.
    """
    require(actor, permissions.LISTS)
    rows = Charge.objects.select_related("school_class")
    if class_id is not None:
        rows = rows.filter(school_class_id=class_id)
    if employee_ids is not None:
        rows = rows.filter(employee_id__in=list(employee_ids))
    if year is not None:
        rows = rows.filter(school_class__year=year)
    if on is not None:
        rows = rows.filter(on_day(on))
    day = on or clock.today()
    return [
        ChargeInfo(
            id=row.pk,
            class_id=row.school_class_id,
            class_label=row.school_class.label,
            year=row.school_class.year,
            employee_id=row.employee_id,
            duty=row.duty,
            duty_label=row.get_duty_display(),
            group=row.group,
            since=row.since,
            until=row.until,
            order_number=row.order_number,
            is_running=row.since <= day and (row.until is None or row.until >= day),
        )
        for row in rows.order_by(
            "school_class__grade",
            Length("school_class__letter"),
            "school_class__letter",
            "duty",
            "-since",
            "-id",
        )
    ]


def get_charge(*, actor: Actor, charge_id: UUID) -> Charge:
    require(actor, permissions.LISTS)
    row = Charge.objects.select_related("school_class").filter(pk=charge_id).first()
    if row is None:
        raise NotFound
    return row
