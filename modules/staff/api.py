"""What other modules may ask of the staff. Everything takes the actor and gives frozen data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from kernel.access import Actor
from kernel.errors import NotFound
from modules.staff import permissions, queries, services, terms
from modules.staff.data import Duty, EmployeeInfo, LeaveInfo, NewEmployee, Post, PostInfo

__all__ = [
    "Duty",
    "EmployeeInfo",
    "LeaveInfo",
    "NewEmployee",
    "Post",
    "PostInfo",
    "by_subject",
    "employees",
    "leaves",
    "named",
    "permissions",
    "role_of_post",
    "subject_words",
    "take_on",
    "teacher",
    "teachers",
]


def employees(*, actor: Actor, state: str = "here") -> list[EmployeeInfo]:
    """Employees who work here (`state` away, left or all for others), in Kazakh order; three queries."""
    rows = queries.with_posts(queries.employees(actor=actor, state=state))
    return [queries.info(row) for row in rows]


def teacher(*, actor: Actor, employee_id: UUID) -> EmployeeInfo:
    """One employee; raises NotFound."""
    found = teachers(actor=actor, employee_ids=[employee_id])
    if not found:
        raise NotFound
    return found[employee_id]


def teachers(*, actor: Actor, employee_ids: Iterable[UUID]) -> dict[UUID, EmployeeInfo]:
    """Employees by id, those who left too; three queries."""
    return {row.pk: queries.info(row) for row in queries.by_ids(actor=actor, employee_ids=employee_ids)}


def by_subject(*, actor: Actor, subject_code: str) -> list[EmployeeInfo]:
    """Who works here and can teach the subject."""
    rows = queries.with_posts(queries.employees(actor=actor, subject=subject_code))
    return [queries.info(row) for row in rows]


def named(*, actor: Actor, text: str) -> list[UUID]:
    """Ids of all employees, those who left too, whose name begins so."""
    return list(queries.employees(actor=actor, text=text, state="all").values_list("pk", flat=True))


def leaves(*, actor: Actor, employee_ids: Iterable[UUID]) -> list[LeaveInfo]:
    """Leaves and other absences of the employees, the first one first; for whoever may see all cards."""
    return queries.leaves_of(actor=actor, employee_ids=employee_ids)


def take_on(
    *,
    actor: Actor,
    employee: NewEmployee,
    posts: Iterable[Post],
    subjects: Iterable[str] = (),
    since: date,
) -> EmployeeInfo:
    """Take somebody on without an order and without an account: who worked here before orders were kept here."""
    row = services.take_on(actor=actor, employee=employee, posts=posts, subjects=subjects, since=since)
    return teacher(actor=actor, employee_id=row.pk)


def role_of_post(post_code: str) -> str:
    """The role that people of the post usually get with their login; empty when they need none."""
    return str(terms.ROLE_OF_POST.get(post_code, ""))


def subject_words() -> dict[str, tuple[str, ...]]:
    """What each subject is called in spreadsheets, by its code."""
    return terms.subject_words()
