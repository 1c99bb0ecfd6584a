"""The new school's side: it asks for a child, gives the accepting slip, takes the child in."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from documents import api as documents
from kernel import clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound, WrongValue
from kernel.ids import uuid7
from kernel.tenancy import Kind, current
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo
from modules.school import api as school
from modules.transfers import letters, permissions, queries
from modules.transfers.data import Child, Side, State
from modules.transfers.models import Transfer
from modules.transfers.services import papers
from modules.transfers.services.steps import ACCEPTING, change, locked, trace, write
from tenants import api as tenants
from tenants import reference

EARLIEST, LATEST = timedelta(days=30), timedelta(days=120)


class WhoIsIt(DomainError):
    message = _("Type the IIN, or the surname, the name and the date of birth.")
    code = "who_is_it"


class LearnsHere(DomainError):
    message = _("This child learns here already: {name}, {label}")
    code = "learns_here"


class AlreadyAsked(DomainError):
    message = _("This child has been asked for already: {school}, {day}")
    code = "already_asked"


class NotASchool(DomainError):
    message = _("Letters go to other schools of the platform only.")
    code = "not_a_school"


class NoGround(DomainError):
    message = _(
        "On this day there are lessons: outside the holidays a pupil is transferred by another ground only "
        "(order 564, paragraph 17)."
    )
    code = "no_ground"


class WrongDay(DomainError):
    message = _("The first day is too far from today.")
    code = "wrong_day"


class OtherYear(DomainError):
    message = _("The class is of another school year than the first day.")
    code = "other_year"


@transaction.atomic
def ask(
    *,
    actor: Actor,
    partner_id: UUID,
    child: Child,
    class_id: UUID,
    ground: str,
    arrival_date: date,
    ground_paper: str = "",
    contact: str = "",
) -> Transfer:
    """Ask a school of the platform for its pupil and give the accepting slip.

    Raises WhoIsIt, LearnsHere, AlreadyAsked, NotASchool, NoGround, WrongDay, OtherYear, tenants.post.NoSuchAddress.
    """
    require(actor, permissions.ASK)
    partner = tenants.names_of([partner_id]).get(partner_id)
    if partner is None or partner.kind is not Kind.SCHOOL or partner.id == current().id:
        raise NotASchool
    row = _begin(
        actor=actor,
        child=child,
        class_id=class_id,
        ground=ground,
        arrival_date=arrival_date,
        ground_paper=ground_paper,
        contact=contact,
    )
    row.partner_id, row.partner_kk, row.partner_ru = partner.id, partner.name_kk, partner.name_ru
    row.save(force_insert=True)
    trace(row, "asked", actor=actor)
    write(
        row,
        letters.Asked(
            transfer_id=row.pk,
            iin=row.iin,
            surname=row.surname,
            name=row.name,
            patronymic=row.patronymic,
            birth_date=row.birth_date,
            grade=row.grade,
            class_label=row.class_label,
            ground=row.ground,
            ground_paper=row.ground_paper,
            contact=row.contact,
            asked_on=row.asked_on,
            arrival_date=row.arrival_date,
            slip_number=row.slip_number,
            valid_until=row.valid_until,
        ),
        actor=actor,
    )
    return row


@transaction.atomic
def await_papers(
    *,
    actor: Actor,
    partner: str,
    place: str,
    reason: str,
    child: Child,
    sex: str,
    class_id: UUID,
    ground: str,
    arrival_date: date,
    ground_paper: str = "",
) -> Transfer:
    """Give the accepting slip for a child from a school outside the platform, whose papers come by hand.

    Raises WhoIsIt, LearnsHere, AlreadyAsked, NoGround, WrongDay, OtherYear.
    """
    require(actor, permissions.ASK)
    if not (child.surname and child.name and child.birth_date):
        raise WhoIsIt(_("Type the surname, the name and the date of birth: they stand on the slip."))
    row = _begin(
        actor=actor,
        child=child,
        class_id=class_id,
        ground=ground,
        arrival_date=arrival_date,
        ground_paper=ground_paper,
    )
    row.partner_kk = row.partner_ru = partner
    row.partner_place, row.reason = place, reason
    row.dossier = papers.typed_dossier(row, sex=sex)
    row.pupil_id = uuid7()
    row.save(force_insert=True)
    trace(row, "asked", actor=actor)
    return row


def _begin(
    *,
    actor: Actor,
    child: Child,
    class_id: UUID,
    ground: str,
    arrival_date: date,
    ground_paper: str = "",
    contact: str = "",
) -> Transfer:
    into = contingent.school_class(actor=actor, class_id=class_id)
    today = clock.today()
    _refuse_child(actor=actor, child=child)
    _refuse_days(ground=ground, arrival_date=arrival_date, today=today, into=into)
    year = clock.school_year_of(today)
    return Transfer(
        side=Side.IN,
        state=State.ASKED,
        iin=child.iin,
        surname=child.surname,
        name=child.name,
        patronymic=child.patronymic,
        birth_date=child.birth_date,
        grade=into.grade,
        class_id=into.id,
        class_label=into.label,
        ground=ground,
        ground_paper=ground_paper,
        contact=contact,
        asked_on=today,
        arrival_date=arrival_date,
        slip_number=str(documents.next_number(ACCEPTING, year, actor=actor)),
        valid_until=reference.working_day_after(today, int(school.setting("transfers.slip_days"))),
        asked_by_id=actor.user_id,
    )


def _refuse_child(*, actor: Actor, child: Child) -> None:
    if not child.iin and not (child.surname and child.name and child.birth_date):
        raise WhoIsIt
    if child.iin and current().iin_problems(child.iin):
        raise WrongValue(_("The IIN is wrong: {value}"), value=child.iin)
    known = contingent.cards_like(
        actor=actor,
        iin=child.iin,
        surname=child.surname,
        name=child.name,
        birth_date=child.birth_date,
    )
    here = next((card for card in known if card.left_date is None), None)
    if here is not None:
        raise LearnsHere(name=here.person.full, label=here.last_term.class_label if here.last_term else "–")
    before = queries.asked_already(
        iin=child.iin, surname=child.surname, name=child.name, birth_date=child.birth_date
    )
    if before is not None:
        raise AlreadyAsked(school=before.partner, day=f"{before.asked_on:%d.%m.%Y}")


def _refuse_days(*, ground: str, arrival_date: date, today: date, into: ClassInfo) -> None:
    if ground not in reference.terms("transfer_grounds"):
        raise WrongValue
    if not today - EARLIEST <= arrival_date <= today + LATEST:
        raise WrongDay
    if into.year != clock.school_year_of(arrival_date):
        raise OtherYear
    free = reference.terms("transfer_grounds")[ground].extra.get("in_holidays")
    # Whoever moves in the holidays begins with the first lesson after them.
    if free and not any(map(reference.in_holidays, (today, arrival_date, arrival_date - timedelta(days=1)))):
        raise NoGround


@transaction.atomic
def withdraw(*, actor: Actor, transfer_id: UUID, note: str = "") -> Transfer:
    """Take the request back before the child has left. Raises WrongState."""
    require(actor, permissions.ASK)
    row = locked(transfer_id, side=Side.IN, states={State.ASKED, State.AGREED})
    papers.discard(row, actor=actor)
    change(row, "withdrawn", actor=actor, said=note, state=State.WITHDRAWN)
    write(row, letters.Withdrawn(transfer_id=row.pk, note=note), actor=actor)
    return row


@transaction.atomic
def has_not_come(*, actor: Actor, transfer_id: UUID, note: str = "") -> Transfer:
    """Say that the child who left the old school has not come here; what was sent of him is erased.

    Raises WrongState.
    """
    require(actor, permissions.ASK)
    row = locked(transfer_id, side=Side.IN, states={State.LEFT})
    papers.discard(row, actor=actor)
    change(row, "missing", actor=actor, said=note, state=State.MISSING, dossier=None)
    write(row, letters.Withdrawn(transfer_id=row.pk, missing=True, note=note), actor=actor)
    return row


@transaction.atomic
def take_in(
    *, actor: Actor, transfer_id: UUID, class_id: UUID, first_day: date, pupil_id: UUID | None = None
) -> UUID:
    """Draft the order of enrolment from the dossier; `pupil_id` is the old card of a child who returns.

    Answers the order's id. Raises WrongState, OtherYear, and what the order refuses.
    """
    require(actor, permissions.ASK)
    row = locked(transfer_id, side=Side.IN, states={State.LEFT, State.ASKED})
    if row.state == State.ASKED and not row.is_outside:
        raise papers.DossierNotHere
    into = contingent.school_class(actor=actor, class_id=class_id)
    if into.year != clock.school_year_of(first_day):
        raise OtherYear
    papers.discard(row, actor=actor)
    former = {card.id for card in queries.former(actor=actor, transfer=row)}
    if pupil_id is not None and pupil_id not in former:
        raise NotFound
    card_id = pupil_id or (uuid7() if row.pupil_id is None or row.pupil_id in former else row.pupil_id)
    order_id = papers.draft_enrolment(
        row, actor=actor, into=into, first_day=first_day, card_id=card_id, returns=pupil_id is not None
    )
    change(
        row,
        "drafted",
        actor=actor,
        order_id=order_id,
        pupil_id=card_id,
        class_id=into.id,
        class_label=into.label,
        arrival_date=first_day,
    )
    return order_id
