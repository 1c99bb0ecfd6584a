"""Certificates of study: ordered by families, issued under a number of the register, withdrawn for all to see."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents import api as documents
from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.tenancy import current
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo, PupilInfo
from modules.records import notices, permissions, queries
from modules.records.data import State
from modules.records.models import Certificate
from modules.records.papers import Studies, Study
from modules.school import api as school
from tenants import api as tenants
from tenants import reference

FORM = "records.certificate"
FORM_OF_MANY = "records.certificates"
DESTINATION = "records.certificate_destination"
VALID_DAYS = "records.certificate_days"
OTHER = "other"


class NotInClass(DomainError):
    message = gettext_lazy("{name} is in no class today: there is nothing to certify.")
    code = "not_in_class"


class AlreadyOrdered(DomainError):
    message = gettext_lazy("Such a certificate is ordered already and will be ready soon.")
    code = "already_ordered"


class NotAnOrder(DomainError):
    message = gettext_lazy("This certificate does not wait for the office any more.")
    code = "not_an_order"


class NotIssued(DomainError):
    message = gettext_lazy("Only an issued certificate can be withdrawn.")
    code = "not_issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the certificate is for, and in which language."""

    language: str
    destination: str = ""
    destination_words: str = ""


def term_of_validity(day: date) -> date | None:
    """The last day of a certificate that is issued on the day; None when the school sets no term."""
    days = int(school.setting(VALID_DAYS))
    return day + timedelta(days=days) if days else None


@transaction.atomic
def order(*, actor: Actor, pupil_id: UUID, wanted: Wanted) -> Certificate:
    """Ask the office for a certificate of one's child. Raises NotFound, NotInClass, AlreadyOrdered."""
    require(actor, permissions.ORDER)
    pupil = contingent.opens_card(actor=actor, pupil_id=pupil_id)
    if pupil.class_id is None:
        raise NotInClass(name=pupil.full_name)
    destination, words = _destination(wanted)
    same = Certificate.objects.filter(
        pupil_id=pupil_id,
        state=State.ORDERED,
        destination=destination,
        destination_words=words,
        language=wanted.language,
    )
    if same.exists():
        raise AlreadyOrdered
    row = Certificate(state=State.ORDERED, **_whose(pupil), class_label=pupil.class_label)
    row.destination, row.destination_words, row.language = destination, words, wanted.language
    row.ordered_at, row.ordered_by_id, row.ordered_by_name = clock.now(), actor.user_id, actor.name
    row.save(force_insert=True)
    audit.record(
        actor=actor,
        action="records.certificate.ordered",
        object_type="certificate",
        object_id=row.pk,
        details=_said(row),
    )
    notices.tell_office(row, actor=actor)
    return row


@transaction.atomic
def issue(*, actor: Actor, pupil_ids: Sequence[UUID], wanted: Wanted) -> list[Certificate]:
    """Issue a certificate to each pupil, in Kazakh order. Raises NotFound, NotInClass for any; then none is issued."""
    require(actor, permissions.ISSUE)
    known = contingent.pupils(actor=actor, pupil_ids=pupil_ids)
    missing = set(pupil_ids) - known.keys()
    if missing or not pupil_ids:
        raise NotFound
    destination, words = _destination(wanted)
    classes = contingent.classes_of(actor=actor, pupil_ids=pupil_ids)
    rows = []
    for pupil_id in pupil_ids:
        row = Certificate(**_whose(known[pupil_id]))
        row.destination, row.destination_words, row.language = destination, words, wanted.language
        rows.append(row)
    return _issued(rows, known, classes, actor=actor)


@transaction.atomic
def issue_ordered(*, actor: Actor, certificate_ids: Iterable[UUID]) -> list[Certificate]:
    """Issue what families have ordered, and tell them. Raises NotFound, NotAnOrder, NotInClass."""
    require(actor, permissions.ISSUE)
    rows = [_held(one) for one in sorted(set(certificate_ids))]
    if any(row.state != State.ORDERED for row in rows):
        raise NotAnOrder
    ids = [row.pupil_id for row in rows]
    known = contingent.pupils(actor=actor, pupil_ids=ids)
    if set(ids) - known.keys():
        raise NotFound
    done = _issued(rows, known, contingent.classes_of(actor=actor, pupil_ids=ids), actor=actor)
    for row in done:
        notices.tell_family(row, notices.READY, actor=actor)
    return done


@transaction.atomic
def decline(*, actor: Actor, certificate_id: UUID, reason: str) -> None:
    """Answer a family that the office does not issue the certificate, and why. Raises NotFound, NotAnOrder."""
    require(actor, permissions.ISSUE)
    row = _held(certificate_id)
    if row.state != State.ORDERED:
        raise NotAnOrder
    row.state = State.DECLINED
    _close(row, actor, reason)
    audit.record(
        actor=actor,
        action="records.certificate.declined",
        object_type="certificate",
        object_id=row.pk,
        details=_said(row),
    )
    notices.tell_family(row, notices.DECLINED, actor=actor)


@transaction.atomic
def withdraw(*, actor: Actor, certificate_id: UUID, reason: str) -> None:
    """Withdraw an issued certificate: from now on its link says so. Raises NotFound, NotIssued."""
    require(actor, permissions.ISSUE)
    row = _held(certificate_id)
    if row.state != State.ISSUED:
        raise NotIssued
    row.state = State.WITHDRAWN
    _close(row, actor, reason)
    audit.record(
        actor=actor,
        action="records.certificate.withdrawn",
        object_type="certificate",
        object_id=row.pk,
        details=_said(row),
    )


def paper(*, actor: Actor, certificate_id: UUID) -> tuple[Certificate, bytes]:
    """The paper as it was given out; raises NotFound when there is none, or it is withdrawn and a parent asks."""
    row = queries.get(actor=actor, certificate_id=certificate_id)
    closed = row.state == State.WITHDRAWN and not actor.may(permissions.ISSUE)
    if row.document_id is None or closed:
        raise NotFound
    audit.record(
        actor=actor,
        action="records.certificate.opened",
        object_type="certificate",
        object_id=row.pk,
        details=_said(row),
    )
    return row, documents.kept(row.document_id)


def papers_again(*, actor: Actor, certificate_ids: Sequence[UUID]) -> bytes:
    """Issued certificates in one file, for the printer. Raises NotFound when one of them is not in force."""
    require(actor, permissions.ISSUE)
    rows = list(Certificate.objects.filter(pk__in=certificate_ids, state=State.ISSUED).order_by("number"))
    if len(rows) != len(set(certificate_ids)) or len({(row.language, row.issued_on) for row in rows}) != 1:
        raise NotFound
    ids, day = [row.pupil_id for row in rows], rows[0].issued_on
    known = contingent.pupils(actor=actor, pupil_ids=ids)
    classes = contingent.classes_of(actor=actor, pupil_ids=ids, on=day)
    for row in rows:
        audit.record(
            actor=actor,
            action="records.certificate.opened",
            object_type="certificate",
            object_id=row.pk,
            details=_said(row),
        )
    papers = [_study(row, known[row.pupil_id], classes[row.pupil_id]) for row in rows]
    return documents.render(
        FORM_OF_MANY, Studies(tuple(papers)), language=rows[0].language, actor=actor, on=day
    ).content


# ---


def _held(certificate_id: UUID) -> Certificate:
    row = Certificate.objects.select_for_update().filter(pk=certificate_id).first()
    if row is None:
        raise NotFound
    return row


def _whose(pupil: PupilInfo) -> dict[str, object]:
    return {
        "pupil_id": pupil.id,
        "surname": pupil.surname,
        "name": pupil.name,
        "patronymic": pupil.patronymic,
    }


def _destination(wanted: Wanted) -> tuple[str, str]:
    """The code of the place, and words only for a place of one's own."""
    code = wanted.destination or str(school.setting(DESTINATION))
    if code not in reference.terms("certificate_destinations"):
        raise NotFound
    words = wanted.destination_words.strip()[:200] if code == OTHER else ""
    if code == OTHER and not words:
        code = str(school.setting(DESTINATION))
    return code, words


def _issued(
    rows: list[Certificate],
    known: dict[UUID, PupilInfo],
    classes: dict[UUID, ClassInfo],
    *,
    actor: Actor,
) -> list[Certificate]:
    day = clock.today()
    year = clock.school_year_of(day)
    for row in rows:
        pupil = known[row.pupil_id]
        if row.pupil_id not in classes:
            raise NotInClass(name=pupil.full_name)
        row.number = documents.next_number(FORM, year, actor=actor)
        row.year, row.class_label = year, classes[row.pupil_id].label
        row.surname, row.name, row.patronymic = pupil.surname, pupil.name, pupil.patronymic
        row.state, row.token = State.ISSUED, secrets.token_urlsafe(16)
        row.issued_on, row.issued_at, row.valid_until = day, clock.now(), term_of_validity(day)
        row.issued_by_id, row.issued_by_name = actor.user_id, actor.system or actor.name
        printed = documents.issue(
            actor=actor,
            form_code=FORM,
            data=Studies((_study(row, pupil, classes[row.pupil_id]),)),
            language=row.language,
            subject_kind="pupil",
            subject_id=row.pupil_id,
            subject=pupil.full_name,
            on=day,
            taken=(year, row.number, str(row.number)),
        )
        row.document_id = printed.id
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save(update_fields=_ISSUED)
        audit.record(
            actor=actor,
            action="records.certificate.issued",
            object_type="certificate",
            object_id=row.pk,
            details=_said(row),
        )
    return rows


_ISSUED = (
    "state", "surname", "name", "patronymic", "class_label", "number", "year", "token", "issued_on", "issued_at",
    "issued_by_id", "issued_by_name", "valid_until", "document_id",
)  # fmt: skip


def _study(row: Certificate, pupil: PupilInfo, school_class: ClassInfo) -> Study:
    """The words of the paper in its own language."""
    if row.issued_on is None or row.token is None:
        raise ValueError("a certificate is printed when it has its number")
    with translation.override(row.language):
        teaching = _("Kazakh") if school_class.language == "kk" else _("Russian")
        place = reference.term("certificate_destinations", row.destination)
        destination = row.destination_words or str(place.extra[f"for_{row.language}"])
    address = address_of(row.token)
    until = row.valid_until
    return Study(
        number=str(row.number),
        full_name=pupil.full_name,
        birth_date=pupil.birth_date,
        school_class=school_class.label,
        grade=school_class.grade,
        year=school_class.year,
        teaching=teaching.lower(),
        destination=destination,
        issued_on_kk=documents.in_words(row.issued_on, "kk"),
        issued_on_ru=documents.in_words(row.issued_on, "ru"),
        valid_until=documents.in_words(until, row.language) if until else "",
        qr=documents.qr(address),
        address=address,
    )


def address_of(token: str) -> str:
    """Where the square on the paper leads: a page of this school's host that anybody may open."""
    path = reverse("records:verify", args=[token], urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
    return tenants.url_of(current(), path)


def _close(row: Certificate, actor: Actor, reason: str) -> None:
    row.closed_on, row.closed_by_name = clock.today(), actor.system or actor.name
    row.reason = reason.strip()[:200]
    row.save(update_fields=["state", "closed_on", "closed_by_name", "reason"])


def _said(row: Certificate) -> dict[str, object]:
    """What the security log keeps besides: whose it is, and its number when it has one."""
    said: dict[str, object] = {"pupil": str(row.pupil_id)}
    return said | {"number": row.number} if row.number else said
