"""What the staff adds to the frame: menu, search, a step of the start."""

from __future__ import annotations

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit
from kernel.access import STAFF, Actor, Role
from kernel.tenancy import Kind
from modules.school import api as school
from modules.staff import permissions, queries, terms
from ui import registry
from ui.registry import SearchHit

registry.menu(
    section="people",
    label=_("Employees"),
    url_name="staff:employees",
    permission=permissions.LISTS,
    icon="briefcase",
    order=30,
    kinds={Kind.SCHOOL},
    daily=STAFF - {Role.NURSE, Role.PSYCHOLOGIST, Role.CANTEEN, Role.LAB_ASSISTANT},
)
registry.action(
    label=_("Add an employee"),
    url_name="staff:add",
    icon="briefcase",
    permission=permissions.EDIT,
    order=20,
)


def _employees(query: str, *, actor: Actor, limit: int) -> Iterable[SearchHit]:
    all_cards = actor.reaches_school(permissions.CARD)
    for one in queries.find(actor=actor, text=query, limit=limit):
        posts = ", ".join(terms.post_name(post.code) for post in one.posts)
        if all_cards or one.id == actor.person_id:
            url = reverse("staff:employee", args=[one.id])
        else:
            url = f"{reverse('staff:employees')}?q={one.surname}"
        yield SearchHit(one.full_name, posts, url, "briefcase")


def _has_staff(*, actor: Actor) -> bool:
    return queries.work_here(actor=actor)


def _glance(*, actor: Actor) -> str:
    """On the first page of those who answer for the whole school: how many work here."""
    if not actor.reaches_school(permissions.CARD):
        return ""
    return render_to_string("staff/_glance.html", {"employees": queries.employees(actor=actor).count()})


school.places(queries.departments_of_people)
identity.people_by_iin(queries.ids_by_iin)
registry.search(_employees, label=_("Employees"), permission=permissions.LISTS, order=30)
registry.panel("school.home.figures", _glance, permission=permissions.CARD, order=20)
school.step(
    "staff.employees",
    _("Add the employees"),
    "staff:employees",
    _has_staff,
    hint=_("One by one with a login slip, or all at once from a spreadsheet."),
    order=30,
)
audit.words(
    actions={
        "staff.employee.taken": _("Employee taken on"),
        "staff.employee.changed": _("Employee's card changed"),
        "staff.employee.left": _("Employee left"),
        "staff.employees.exported": _("List of employees exported"),
    },
    objects={"employee": _("employee")},
    purposes={"staff.card": _("opened the card"), "staff.iin": _("saw the IIN in full")},
)
audit.naming("employee", queries.employee_names)
