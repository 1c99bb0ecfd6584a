"""What the contingent adds to the frame: menu, search, a card of today, a step of the start."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit
from kernel.access import STAFF, Actor, Role
from kernel.tenancy import Kind
from modules.contingent import api, permissions, queries
from modules.school import api as school
from ui import registry
from ui.registry import SearchHit, TodayCard

registry.menu(
    section="people",
    label=_("Classes"),
    url_name="contingent:classes",
    permission=permissions.LISTS,
    icon="users-group",
    order=10,
    kinds={Kind.SCHOOL},
    match="contingent:classes",
)
registry.menu(
    section="people",
    label=_("Pupils"),
    url_name="contingent:pupils",
    permission=permissions.LISTS,
    icon="school",
    order=20,
    kinds={Kind.SCHOOL},
    tab=True,
    match="contingent:pupil",
    daily=STAFF - {Role.CANTEEN, Role.LAB_ASSISTANT, Role.DEPUTY_FACILITIES},
)
registry.action(
    label=_("Enrol a pupil"),
    url_name="contingent:add_pupil",
    icon="user-plus",
    permission=permissions.EDIT,
    order=10,
)

_UPBRINGING = {Role.SOCIAL_PEDAGOGUE, Role.DEPUTY_UPBRINGING}
# The lists that specialists keep: the register of pupils with its filter set, by statuses of the reference.
for place, (status, label, icon, daily) in enumerate(
    (
        ("special_educational_needs", _("Special educational needs"), "heart", {Role.PSYCHOLOGIST}),
        ("home_education", _("Taught at home"), "home", {Role.PSYCHOLOGIST, Role.SOCIAL_PEDAGOGUE}),
        ("internal_register", _("On the school's register"), "eye", {Role.PSYCHOLOGIST, *_UPBRINGING}),
        ("police_register", _("On the police register"), "shield", _UPBRINGING),
        ("dysfunctional_family", _("Families in trouble"), "alert-triangle", _UPBRINGING),
        ("no_parental_care", _("Without parental care"), "users", {Role.SOCIAL_PEDAGOGUE}),
    )
):
    registry.action(
        label=label,
        url_name="contingent:pupils",
        query=f"status={status}",
        icon=icon,
        permission=permissions.CARD,
        order=30 + place,
        daily=daily,
    )


def _pupils(query: str, *, actor: Actor, limit: int) -> Iterable[SearchHit]:
    cards = actor.reaches_school(permissions.CARD)
    for one in queries.find(actor=actor, text=query, limit=limit):
        if cards:
            url = reverse("contingent:pupil", args=[one.id])
        elif one.class_id:
            url = reverse("contingent:school_class", args=[one.class_id])
        else:
            continue
        yield SearchHit(one.full_name, one.class_label or gettext("in no class"), url, "user")


def _classes(query: str, *, actor: Actor, limit: int) -> Iterable[SearchHit]:
    wanted = query.replace(" ", "").replace("«", "").replace("»", "").upper()
    for one in api.classes(actor=actor):
        if one.label.upper().startswith(wanted):
            yield SearchHit(
                one.label, gettext("Class"), reverse("contingent:school_class", args=[one.id]), "users-group"
            )


def _today(*, actor: Actor) -> Iterable[TodayCard]:
    if not actor.may(permissions.EDIT):
        return
    missing = queries.without_iin(actor=actor)
    if missing:
        yield TodayCard(
            gettext("Pupils without an IIN"),
            ngettext("%(n)s card waits for its number", "%(n)s cards wait for their number", missing)
            % {"n": missing},
            f"{reverse('contingent:pupils')}?sort=iin",
            "id",
            count=missing,
        )


def _has_classes(*, actor: Actor) -> bool:
    return bool(queries.classes_of_year(actor=actor)[:1])


def _has_pupils(*, actor: Actor) -> bool:
    return queries.register(actor=actor).exists()


def _led_classes(*, actor: Actor, employee_id: UUID, **_more: object) -> str:
    """On an employee's card: the classes in charge, the newest year first."""
    charges = api.charges(actor=actor, employee_ids=[employee_id])
    charges.sort(key=lambda one: (one.year, one.since), reverse=True)
    return render_to_string("contingent/_led.html", {"charges": charges}) if charges else ""


def _glance(*, actor: Actor) -> str:
    """On the first page of those who answer for the whole school: how many learn here."""
    if not actor.reaches_school(permissions.CARD):
        return ""
    return render_to_string("contingent/_glance.html", {"counts": queries.counts(actor=actor)})


registry.search(_pupils, label=_("Pupils"), permission=permissions.LISTS, order=10)
registry.search(_classes, label=_("Classes"), permission=permissions.LISTS, order=20)
registry.today(_today)
registry.panel("school.home.figures", _glance, permission=permissions.CARD, order=10)
registry.panel("staff.employee", _led_classes, permission=permissions.LISTS, order=10)
school.places(queries.classes_of_people)
identity.people_by_iin(queries.ids_by_iin)
school.step(
    "contingent.classes",
    _("Open the classes of the year"),
    "contingent:classes",
    _has_classes,
    hint=_("They also open by themselves when pupils are loaded from a spreadsheet."),
    order=20,
)
school.step(
    "contingent.pupils",
    _("Load the pupils"),
    "contingent:pupils",
    _has_pupils,
    hint=_("The list that the school keeps in Excel will do."),
    order=40,
)
audit.words(
    actions={
        "contingent.class.opened": _("Class opened"),
        "contingent.class.changed": _("Class changed"),
        "contingent.class.deleted": _("Class deleted"),
        "contingent.class.exported": _("List of a class exported"),
        "contingent.charge.given": _("Class teacher or educator appointed"),
        "contingent.charge.ended": _("Charge of a class ended"),
        "contingent.charge.withdrawn": _("Appointment to a class taken back"),
        "contingent.charges.exported": _("List of class teachers exported"),
        "contingent.pupil.enrolled": _("Pupil enrolled"),
        "contingent.pupil.changed": _("Pupil's card changed"),
        "contingent.pupil.moved": _("Pupil moved to another class"),
        "contingent.pupil.left": _("Pupil left"),
        "contingent.pupils.exported": _("List of pupils exported"),
        "contingent.guardian.linked": _("Parent or guardian added"),
        "contingent.guardian.changed": _("Parent's or guardian's details changed"),
        "contingent.guardian.unlinked": _("Parent or guardian taken off the card"),
        "contingent.status.given": _("Status given to a pupil"),
        "contingent.status.taken_back": _("Status given by mistake taken back"),
        "contingent.status.ended": _("Status of a pupil ended"),
        "contingent.pupil.returned": _("Pupil came back"),
        "contingent.pupils.passed": _("Pupils passed into other classes"),
        "contingent.leave.begun": _("Academic leave begun"),
        "contingent.leave.ended": _("Academic leave ended"),
        "contingent.order.reverted": _("What an order did was taken back"),
        "contingent.movement.papers": _("Papers of an arrival or departure noted"),
        "contingent.period.decided": _("Decided where a pupil is attested"),
        "contingent.year.passed": _("School passed into the next year"),
        "contingent.year.taken_back": _("Passing into the next year taken back"),
    },
    objects={
        "class": pgettext_lazy("of the security log", "class"),
        "pupil": pgettext_lazy("of the security log", "pupil"),
        "roll_over": pgettext_lazy("of the security log", "passing into the next year"),
    },
    purposes={
        "api.class": _("read the list of the class through a program"),
        "contingent.card": _("opened the card"),
        "contingent.edit": _("opened the card to change it"),
        "contingent.iin": _("saw the IIN in full"),
    },
)
audit.naming("pupil", queries.pupil_names)
audit.naming("class", queries.class_labels)
