"""Employees in lists, on cards, and as others see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import (
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from kernel.names import fold
from modules.staff import permissions, terms
from modules.staff.data import EmployeeInfo, PostInfo
from modules.staff.models import (
    Attestation,
    Employee,
    EmployeeLanguage,
    EmployeeSubject,
    Leave,
    Position,
)

ORDER = ("surname", "name", "patronymic", "id")


def on_day(day: date) -> Q:
    """Posts and leaves that run on the day."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def _beside() -> list[Prefetch]:
    held = Position.objects.filter(on_day(clock.today()))
    return [
        Prefetch("positions", queryset=held.order_by("-rate", "post_code"), to_attr="held"),
        Prefetch("subjects", queryset=EmployeeSubject.objects.order_by("subject_code"), to_attr="taught"),
    ]


def with_posts(rows: QuerySet[Employee]) -> QuerySet[Employee]:
    """The employees with the posts they hold now and their subjects, in two more queries."""
    return rows.prefetch_related(*_beside())


def add_posts(rows: list[Employee]) -> list[Employee]:
    """The same for rows that are read already."""
    prefetch_related_objects(rows, *_beside())
    return rows


def with_category(rows: QuerySet[Employee]) -> QuerySet[Employee]:
    """The employees with `category` and `category_date`, those given last, in the same query."""
    last = Attestation.objects.filter(employee_id=OuterRef("pk")).order_by(
        F("date").desc(nulls_last=True), "-id"
    )
    return rows.annotate(
        category=Coalesce(Subquery(last.values("category")[:1]), Value("")),
        category_date=Subquery(last.values("date")[:1]),
    )


def info(row: Employee) -> EmployeeInfo:
    """For rows read by `with_posts`."""
    return EmployeeInfo(
        id=row.pk,
        surname=row.surname,
        name=row.name,
        patronymic=row.patronymic,
        sex=row.sex,
        posts=tuple(PostInfo(p.post_code, p.rate, p.form) for p in row.held),  # type: ignore[attr-defined]
        subjects=tuple(s.subject_code for s in row.taught),  # type: ignore[attr-defined]
        left_date=row.left_date,
    )


def employees(
    *,
    actor: Actor,
    text: str = "",
    post: str = "",
    subject: str = "",
    state: str = "here",
    category: str = "",
    sort: str = "name",
) -> QuerySet[Employee]:
    """Employees for lists, in Kazakh order: `state` is here, away (on leave today), left or all."""
    require(actor, permissions.VIEW)
    rows = Employee.objects.all()
    today = clock.today()
    if state == "away":
        rows = rows.filter(Exists(Leave.objects.filter(on_day(today), employee_id=OuterRef("pk"))))
    if state in ("here", "away"):
        rows = rows.filter(Q(left_date=None) | Q(left_date__gte=today))
    elif state == "left":
        rows = rows.filter(left_date__lt=today)
    if post:
        held = Position.objects.filter(on_day(today), employee_id=OuterRef("pk"), post_code=post)
        rows = rows.filter(Exists(held))
    if category:
        rows = with_category(rows).filter(Q(category="" if category == "none" else category))
    if subject:
        rows = rows.filter(
            Exists(EmployeeSubject.objects.filter(employee_id=OuterRef("pk"), subject_code=subject))
        )
    digits = text.replace(" ", "")
    if len(digits) == 12 and digits.isdigit() and actor.reaches_school(permissions.CARD):
        rows = rows.filter(iin=digits)
    else:
        for word in fold(text).split()[:5]:
            rows = rows.filter(Q(folded__startswith=word) | Q(folded__contains=f" {word}"))
    back = "-" if sort == "-name" else ""
    return rows.order_by(*(f"{back}{field}" for field in ORDER))


def by_ids(*, actor: Actor, employee_ids: Iterable[UUID]) -> list[Employee]:
    require(actor, permissions.VIEW)
    return list(with_posts(Employee.objects.filter(pk__in=list(employee_ids))).order_by(*ORDER))


def get_employee(*, actor: Actor, employee_id: UUID) -> Employee:
    """The employee whose card the actor may see; raises NotFound."""
    scopes = require(actor, permissions.CARD)
    if Scope.SCHOOL not in scopes and actor.person_id != employee_id:
        raise NotFound
    row = Employee.objects.filter(pk=employee_id).first()
    if row is None:
        raise NotFound
    return row


def positions_of(*, actor: Actor, employee_id: UUID) -> list[Position]:
    """Every post held here, the newest first."""
    get_employee(actor=actor, employee_id=employee_id)
    return list(Position.objects.filter(employee_id=employee_id).order_by("-since", "post_code"))


def get_position(*, actor: Actor, position_id: UUID) -> Position:
    require(actor, permissions.EDIT)
    row = Position.objects.select_related("employee").filter(pk=position_id).first()
    if row is None:
        raise NotFound
    return row


def languages_of(*, actor: Actor, employee_id: UUID) -> dict[str, bool]:
    """Languages that the employee knows; true for those in which lessons are given."""
    get_employee(actor=actor, employee_id=employee_id)
    rows = EmployeeLanguage.objects.filter(employee_id=employee_id).order_by("-teaches", "code")
    return dict(rows.values_list("code", "teaches"))


def subjects_of(*, actor: Actor, employee_id: UUID) -> list[str]:
    get_employee(actor=actor, employee_id=employee_id)
    rows = EmployeeSubject.objects.filter(employee_id=employee_id).order_by("subject_code")
    return list(rows.values_list("subject_code", flat=True))


def departments_of_people(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The department of each who works here, by the post with the largest rate: for login slips."""
    held = Position.objects.filter(
        Q(until=None) | Q(until__gte=clock.today()), employee_id__in=list(person_ids)
    )
    found: dict[UUID, str] = {}
    for employee_id, code in held.order_by("-rate", "post_code").values_list("employee_id", "post_code"):
        found.setdefault(employee_id, terms.department_of(code))
    return {employee_id: name for employee_id, name in found.items() if name}


def find(*, actor: Actor, text: str, limit: int) -> list[EmployeeInfo]:
    """The first employees whose name begins so, for the search of the whole product."""
    return [info(row) for row in with_posts(employees(actor=actor, text=text))[:limit]]


def work_here_count(*, actor: Actor) -> int:
    """How many work here, the first account's person among them."""
    return employees(actor=actor).order_by().count()


def ids_by_iin(iin: str) -> list[UUID]:
    """Whose number this is: for the sign-in, which tells nobody what it finds."""
    return list(Employee.objects.filter(iin=iin).values_list("pk", flat=True))


def employee_names(ids: Iterable[str]) -> dict[str, str]:
    """Full names by id as text, for the security log."""
    return {str(row.pk): row.person_name.full for row in Employee.objects.filter(pk__in=list(ids))}
