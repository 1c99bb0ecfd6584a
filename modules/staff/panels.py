"""What the staff adds to the frame: menu, search, today's cards, a step of the start, its rules as settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from documents import api as documents
from identity import api as identity
from kernel import audit, clock, concerned
from kernel.access import STAFF, Actor, Role
from kernel.tenancy import Kind
from modules.school import api as school
from modules.staff import permissions, queries, terms
from modules.staff.data import HandOver, Vacancy
from modules.staff.models import Employee
from modules.staff.rules.ages import is_round, later
from ui import registry
from ui.registry import SearchHit, TodayCard

WEEK = timedelta(days=6)
NAMED = 3

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
    for one, codes in queries.find(actor=actor, text=query, limit=limit):
        posts = ", ".join(map(terms.post_name, codes))
        if all_cards or one.pk == actor.person_id:
            url = reverse("staff:employee", args=[one.pk])
        else:
            url = f"{reverse('staff:employees')}?q={one.surname}"
        yield SearchHit(one.person_name.full, posts, url, "briefcase")


def _today(*, actor: Actor) -> Iterable[TodayCard]:
    """What the staff needs of those who answer for all of it."""
    people = queries.everybody(actor=actor)
    yield from _attestation(people)
    yield from _left_behind(queries.hand_overs(actor=actor))
    yield from _vacancies(queries.vacant(actor=actor))
    yield from _birthdays(people)


def _attestation(people: Iterable[Employee]) -> Iterable[TodayCard]:
    due = queries.attestation_due(people, until=later(clock.today(), months=3))
    if due:
        text = ngettext("%(n)s employee within three months", "%(n)s employees within three months", len(due))
        yield TodayCard(
            gettext("Attestation is due"),
            text % {"n": len(due)},
            f"{reverse('staff:dates')}?what=attestation",
            "certificate",
            urgency="soon" if any(one.is_late for one in due) else "normal",
            count=len(due),
        )


def _left_behind(left: Sequence[HandOver]) -> Iterable[TodayCard]:
    if left:
        yield TodayCard(
            gettext("To be handed over"),
            ", ".join(one.name for one in left[:NAMED]),
            reverse("staff:hand_overs"),
            "switch-horizontal",
            urgency="now" if any(one.last_day < clock.today() for one in left) else "soon",
            count=sum(len(one.duties) for one in left),
        )


def _vacancies(vacant: Sequence[Vacancy]) -> Iterable[TodayCard]:
    if vacant:
        yield TodayCard(
            gettext("Vacancies"),
            gettext("{rates} rates: {posts}").format(
                rates=terms.rate(sum((one.vacant for one in vacant), Decimal(0))),
                posts=", ".join(terms.post_name(one.post_code) for one in vacant[:NAMED]),
            ),
            reverse("staff:staffing"),
            "briefcase",
            count=len(vacant),
        )


def _birthdays(people: Iterable[Employee]) -> Iterable[TodayCard]:
    """Who is to be congratulated: today's by name, the week's when today has none."""
    today = clock.today()
    week = queries.birthdays_between(people, start=today, end=today + WEEK)
    now = [one for one in week if one.day == today]
    coming = now or week
    if not coming:
        return
    shown = [
        f"{one.name}, {_jubilee(one.years)}" if one.years and is_round(one.years) else one.name
        for one in coming[:NAMED]
    ]
    if len(coming) > NAMED:
        more = len(coming) - NAMED
        shown.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
    yield TodayCard(
        gettext("Birthday today") if now else gettext("Birthdays this week"),
        "; ".join(shown),
        reverse("staff:dates"),
        "gift",
        count=len(coming),
    )


def _jubilee(years: int) -> str:
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def _staff_ready(*, actor: Actor) -> school.Look:
    found = queries.work_here_count(actor=actor)
    if found < 2:
        return school.Look(False)
    return school.Look(True, "{}: {}".format(gettext("Employees"), found))


def _glance(*, actor: Actor) -> str:
    """On the first page of those who answer for the whole school: how many work here."""
    if not actor.reaches_school(permissions.CARD):
        return ""
    return render_to_string("staff/_glance.html", {"employees": queries.employees(actor=actor).count()})


school.places(queries.departments_of_people)
identity.people_by_iin(queries.ids_by_iin)
documents.iin_of_signers(queries.iin_of)
registry.today(_today, permission=permissions.OVERVIEW, order=40)
registry.search(_employees, label=_("Employees"), permission=permissions.LISTS, order=30)
registry.panel("school.home.figures", _glance, permission=permissions.CARD, order=20)
school.step(
    "staff.employees",
    _("Add the employees"),
    "staff:employees",
    _staff_ready,
    hint=_("One by one with a login slip, or all at once from a spreadsheet."),
    order=25,
    importer="staff",
    permission=permissions.EDIT,
    may_skip=False,
)
audit.words(
    actions={
        "staff.employee.taken": _("Employee taken on"),
        "staff.employee.changed": _("Employee's card changed"),
        "staff.employee.left": _("Employee left"),
        "staff.employees.exported": _("List of employees exported"),
        "staff.card.removed": _("Employee's card removed"),
        "staff.record.added": _("Line of an employee's card added"),
        "staff.record.changed": _("Line of an employee's card changed"),
        "staff.record.removed": _("Line of an employee's card removed"),
        "staff.post.noted": _("Post from before orders noted"),
        "staff.post.corrected": _("Post from before orders corrected"),
        "staff.post.removed": _("Post from before orders removed"),
        "staff.photo.set": _("Employee's photo set"),
        "staff.photo.dropped": _("Employee's photo removed"),
        "staff.staffing.approved": _("Staffing table changed"),
        "staff.staffing.exported": _("Staffing table exported"),
        "staff.service.exported": _("Length of service exported"),
        "staff.dates.exported": _("List of dates exported"),
    },
    objects={"employee": _("employee"), "staffing": _("line of the staffing table")},
    purposes={"staff.card": _("opened the card"), "staff.iin": _("saw the IIN in full")},
)
audit.naming("employee", queries.employee_names)
concerned.reaching("employee", queries.employee_addressees)

UNCERTAIN = _("The texts of the orders leave it open; the school decides")
for code, label, default in (
    ("staff.military_is_pedagogical", _("Military service of a pedagogue is pedagogical service"), True),
    ("staff.child_care_is_pedagogical", _("Leave to care for a child is pedagogical service"), True),
):
    school.declare_setting(
        code,
        label,
        default=default,
        section=_("Staff"),
        hint=_("Only for those who have taught. The card of each employee shows how it was counted."),
        source=UNCERTAIN,
        order=60,
    )
school.declare_setting(
    "staff.attestation_years",
    _("Attestation of pedagogues: after so many years"),
    default=5,
    minimum=1,
    maximum=10,
    section=_("Staff"),
    source=_("Order 338 of 13.07.2009 and order 72 of 02.04.2024: at least once in five years"),
    order=61,
)
school.declare_setting(
    "staff.attestation_years_of_heads",
    _("Attestation of first heads: after so many years"),
    default=3,
    minimum=1,
    maximum=10,
    section=_("Staff"),
    source=_("Order 72 of 02.04.2024: once in three years"),
    order=62,
)
school.declare_setting(
    "staff.course_years",
    _("Courses of further training: not longer ago than so many years"),
    default=3,
    minimum=1,
    maximum=10,
    section=_("Staff"),
    source=_("Criteria of state attestation of schools: all teachers within three years"),
    order=63,
)
