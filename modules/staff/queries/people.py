"""Employees in lists, on cards, and as others see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from kernel import clock, search
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
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

Employees = QuerySet[Employee, Any]
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


def employees(*, actor: Actor, text: str = "", subject: str = "", state: str = "here") -> Employees:
    """Employees for choices, in Kazakh order: `state` is here, away (on leave today), left or all."""
    require(actor, permissions.VIEW)
    rows = named(of_state(Employee.objects.all(), state), text, actor)
    return (teaching(rows, subject) if subject else rows).order_by(*ORDER)


def register_rows(actor: Actor) -> Employees:
    """Everybody who works or worked here, with `category`, `rates` of today and the `main_post`, for the list."""
    require(actor, permissions.VIEW)
    held = Position.objects.filter(on_day(clock.today()), employee_id=OuterRef("pk"))
    rates = held.order_by().values("employee_id").annotate(whole=Sum("rate")).values("whole")
    return with_category(Employee.objects.all()).annotate(
        rates=Coalesce(Subquery(rates), Value(Decimal(0))),
        main_post=Coalesce(Subquery(held.order_by("-rate", "post_code").values("post_code")[:1]), Value("")),
    )


def of_state(rows: Employees, state: str) -> Employees:
    """`here` work here, `away` are on leave today, `left` have left; anything else is everybody."""
    today = clock.today()
    if state == "away":
        rows = rows.filter(Exists(Leave.objects.filter(on_day(today), employee_id=OuterRef("pk"))))
    if state in ("here", "away"):
        return rows.filter(Q(left_date=None) | Q(left_date__gte=today))
    return rows.filter(left_date__lt=today) if state == "left" else rows


def in_post(rows: Employees, post: str) -> Employees:
    held = Position.objects.filter(on_day(clock.today()), employee_id=OuterRef("pk"), post_code=post)
    return rows.filter(Exists(held))


def teaching(rows: Employees, subject: str) -> Employees:
    return rows.filter(
        Exists(EmployeeSubject.objects.filter(employee_id=OuterRef("pk"), subject_code=subject))
    )


def named(rows: Employees, text: str, actor: Actor) -> Employees:
    """Whose name begins so; twelve digits find the ИИН, for who may see the cards."""
    digits = text.replace(" ", "")
    if len(digits) == 12 and digits.isdigit() and actor.reaches_school(permissions.CARD):
        return rows.filter(iin=digits)
    return rows.filter(search.begins(text))


def nearly_named(rows: Employees, text: str, _actor: Actor) -> list[UUID]:
    return search.alike(rows, text)


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


def find(*, actor: Actor, text: str, limit: int) -> list[tuple[Employee, Sequence[str]]]:
    """The first employees whose name begins so, or nearly so, with their posts: for the search of the whole product."""
    held = Position.objects.filter(on_day(clock.today()), employee_id=OuterRef("pk"))
    rows = (
        employees(actor=actor)
        .only("surname", "name", "patronymic")
        .annotate(codes=ArraySubquery(held.order_by("-rate", "post_code").values("post_code")))
    )
    digits = text.replace(" ", "").isdigit()
    found = list(named(rows, text, actor)[:limit]) if digits else search.first(rows, text, limit=limit)
    return [(row, row.codes) for row in found]


def work_here_count(*, actor: Actor) -> int:
    """How many work here, the first account's person among them."""
    return employees(actor=actor).order_by().count()


def ids_by_iin(iin: str) -> list[UUID]:
    """Whose number this is: for the sign-in, which tells nobody what it finds."""
    return list(Employee.objects.filter(iin=iin).values_list("pk", flat=True))


def iin_of(employee_id: UUID) -> str:
    """The number with which a signer's certificate is compared; empty when the card has none."""
    return Employee.objects.filter(pk=employee_id).values_list("iin", flat=True).first() or ""


def phones_of(employee_ids: Iterable[UUID], *, actor: Actor) -> dict[UUID, str]:
    """The numbers on these cards, for the accounts that follow them."""
    require(actor, permissions.EDIT)
    return dict(Employee.objects.filter(pk__in=list(employee_ids)).values_list("pk", "phone"))


def employee_names(ids: Iterable[str]) -> dict[str, str]:
    """Full names by id as text, for the security log."""
    return {str(row.pk): row.person_name.full for row in Employee.objects.filter(pk__in=list(ids))}
