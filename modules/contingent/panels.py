"""What the contingent adds to the frame: menu, search, a card of today, steps of the start."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit, concerned
from kernel.access import STAFF, Actor, Role
from kernel.db import resealing
from kernel.tenancy import Kind
from modules.contingent import api, permissions, queries, services
from modules.contingent.models import CardChange
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
    cards = queries.opens_all_cards(actor)
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
    if not wanted[:1].isdigit():  # every class begins with its grade
        return
    for key, label in queries.class_labels_of_year(actor=actor):
        if label.upper().startswith(wanted):
            yield SearchHit(
                label, gettext("Class"), reverse("contingent:school_class", args=[key]), "users-group"
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


def _to_decide(*, actor: Actor) -> Iterable[TodayCard]:
    """In the last two weeks of a quarter: who came within it and waits for the deputy's word."""
    waiting = queries.undecided(actor=actor, days=14)
    if waiting:
        yield TodayCard(
            gettext("Who is attested here"),
            ngettext(
                "{n} pupil came within the quarter", "{n} pupils came within the quarter", waiting
            ).format(n=waiting),
            reverse("contingent:attesting"),
            "checklist",
            urgency="soon",
            count=waiting,
        )


def _classes_ready(*, actor: Actor) -> school.Look:
    found = queries.classes_ready(actor=actor)
    if not found.classes:
        return school.Look(False)
    said = ngettext("%(n)s class is open", "%(n)s classes are open", found.classes) % {"n": found.classes}
    without = found.classes - found.led
    if without:
        said += "; " + ngettext("%(n)s has no class teacher", "%(n)s have no class teacher", without) % {
            "n": without
        }
    return school.Look(True, said)


def _pupils_ready(*, actor: Actor) -> school.Look:
    """Done when no class of the year is empty and everybody has a class."""
    classes, people = queries.classes_ready(actor=actor), queries.pupils_ready(actor=actor)
    if not people.pupils:
        return school.Look(False)
    said = ngettext("%(n)s pupil is here", "%(n)s pupils are here", people.pupils) % {"n": people.pupils}
    empty, placeless = classes.classes - classes.filled, people.pupils - people.in_classes
    if empty:
        said += "; " + ngettext("%(n)s class is empty", "%(n)s classes are empty", empty) % {"n": empty}
    if placeless:
        said += "; " + ngettext("%(n)s pupil is in no class", "%(n)s pupils are in no class", placeless) % {
            "n": placeless
        }
    return school.Look(not empty and not placeless, said)


def _guardians_ready(*, actor: Actor) -> school.Look:
    people = queries.pupils_ready(actor=actor)
    if not people.with_guardian:
        return school.Look(False)
    said = gettext("Pupils with a parent or guardian: {tied} of {all}")
    return school.Look(
        people.with_guardian == people.pupils, said.format(tied=people.with_guardian, all=people.pupils)
    )


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
registry.today(_to_decide, permission=permissions.ATTEST)
registry.panel("school.home.figures", _glance, permission=permissions.CARD, order=10)
registry.panel("staff.employee", _led_classes, permission=permissions.LISTS, order=10)
school.places(queries.classes_of_people)
identity.people_by_iin(queries.ids_by_iin)
school.step(
    "contingent.classes",
    _("Open the classes of the year"),
    "contingent:classes",
    _classes_ready,
    hint=_("They also open by themselves when pupils are loaded from a spreadsheet."),
    order=30,
    importer="classes",
    permission=permissions.CLASSES,
    may_skip=False,
)
school.step(
    "contingent.pupils",
    _("Load the pupils"),
    "contingent:pupils",
    _pupils_ready,
    hint=_("The list that the school keeps in Excel will do."),
    order=40,
    importer="pupils",
    permission=permissions.EDIT,
    may_skip=False,
)
school.step(
    "contingent.guardians",
    _("Tie parents and guardians to the pupils"),
    "contingent:pupils",
    _guardians_ready,
    hint=_("They may stand in the list of pupils, or in a file of their own. Every pupil should have one."),
    order=50,
    importer="guardians",
    permission=permissions.EDIT,
)
school.declare_setting(
    "contingent.transport_km",
    _("A child is brought to school from so many kilometres on"),
    default=3,
    minimum=1,
    maximum=50,
    unit=_("km"),
    section=_("Pupils"),
    source=_("Common practice of free transport in rural places; the local authority decides"),
    order=50,
)
audit.words(
    actions={
        "contingent.class.opened": _("Class opened"),
        "contingent.class.changed": _("Class changed"),
        "contingent.class.deleted": _("Class deleted"),
        "contingent.class.exported": _("List of a class exported"),
        "contingent.classes.exported": _("List of classes exported"),
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
        "contingent.ban.noted": _("Ban to see a child noted"),
        "contingent.ban.lifted": _("Ban to see a child lifted"),
        "contingent.ban.removed": _("Mistaken ban to see a child removed"),
        "contingent.record.added": _("Line added to a pupil's card"),
        "contingent.record.changed": _("Line of a pupil's card changed"),
        "contingent.record.removed": _("Line of a pupil's card removed"),
        "contingent.health.examined": _("Health groups of a class noted"),
        "contingent.photo.set": _("Photo put on a pupil's card"),
        "contingent.photo.dropped": _("Photo taken off a pupil's card"),
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
        "contingent.class": _("saw in the list of the class"),
        "contingent.card": _("opened the card"),
        "contingent.card.documents": _("opened the card: documents"),
        "contingent.card.addresses": _("opened the card: addresses and transport"),
        "contingent.card.guardians": _("opened the card: guardians"),
        "contingent.card.statuses": _("opened the card: statuses and needs"),
        "contingent.card.health": _("opened the card: health"),
        "contingent.card.movement": _("opened the card: movement"),
        "contingent.card.changes": _("opened the card: history of changes"),
        "contingent.health_list": _("opened the health list of the class"),
        "contingent.scan": _("opened the scan of a document"),
        "contingent.edit": _("opened the card to change it"),
        "contingent.iin": _("saw the IIN in full"),
    },
)
audit.naming("pupil", queries.pupil_names)
audit.naming("class", queries.class_labels)
concerned.reaching("pupil", queries.pupil_addressees)
concerned.history(
    "contingent.card_changed",
    _("changed the card"),
    subject="pupil",
    table="contingent_cardchange",
    subject_column="pupil_id",
    author_column="author_id",
)
resealing.history(CardChange, "changes", services.reseal_history)
