"""Support and the large school: one request refused, one granted and looked at, one that waits; and a breach with its list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from identity import api as identity
from identity import visiting
from kernel import audit, clock, events, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.breaches import api as breaches
from modules.contingent.models import Pupil
from modules.support import api as support
from tenants import post

REFUSED = "Проверить, почему на телефонах двух учителей медленно открывается журнал."
REFUSAL = "Не нужно: дело было в интернете школы."
LOOKED = "Родители 7 класса пишут, что не видят детей: посмотреть карточки и список класса."
WAITS = "Четвертная отметка в 9 классе не пересчитана: увидеть журнал и сводный отчёт."
BREACH = "Логин и пароль секретаря лежали на столе в учительской, вход с чужого телефона."
MEASURES = "Пароль сброшен, все входы завершены, включён второй фактор."
CONTACT = "Директор школы, +7 721 46 3 12 34"


def keep(*, vendor: TenantRef, school: TenantRef) -> None:
    """Ask three times, answer twice, look around once."""
    both = (vendor, school)
    for ref in both:
        with tenancy.use(ref):
            post.ensure_keys()
    refused = _ask(vendor, school, REFUSED, ("school.view_profile", "journal.control"), 1)
    looked = _ask(vendor, school, LOOKED, ("contingent.view", "contingent.lists", "contingent.card"), 4)
    _ask(vendor, school, WAITS, ("journal.view", "journal.control"), 2)
    _deliver(both)
    with tenancy.use(school):
        head = _director()
        support.refuse(actor=head, asking_id=refused, word=REFUSAL)
        support.grant(
            actor=head,
            asking_id=looked,
            hours=4,
            codes=["contingent.view", "contingent.lists", "contingent.card"],
        )
        with transaction.atomic():
            _look(looked)
    _deliver(both)


def breach(*, days: int = 6) -> None:
    """A password that lay on a desk: whose data the account saw since. The caller stands in the school."""
    office = next(iter(identity.users_with_role(Role.SECRETARY)), None)
    if office is None:
        return
    head = _director()
    now = clock.now()
    row = breaches.note(
        actor=head,
        way=breaches.Way.ACCOUNT,
        user_id=office.id,
        whose=office.full_name,
        since=now - timedelta(days=days),
        until=now,
        what=BREACH,
        measures=MEASURES,
        contact=CONTACT,
    )
    breaches.count(actor=head, breach_id=row.pk, told=lambda done, total: None)


def _ask(vendor: TenantRef, school: TenantRef, purpose: str, codes: tuple[str, ...], hours: int) -> UUID:
    with tenancy.use(vendor):
        who = identity.users_with_role(Role.SUPPORT)[0]
        row = support.ask(
            actor=identity.actor_of_user(who.id),
            school_id=school.id,
            purpose=purpose,
            codes=codes,
            hours=hours,
        )
    return row.pk


def _director() -> Actor:
    return identity.actor_of_user(identity.users_with_role(Role.DIRECTOR)[0].id)


def _look(request_id: UUID) -> None:
    """What the visitor opened so far: the list of pupils and two cards of the 7th class."""
    [guest] = identity.guests(request_id=request_id)
    actor = visiting.actor_of(visiting.visit(guest.id))
    pupils = list(
        Pupil.objects.filter(memberships__school_class__grade=7, memberships__until=None)
        .order_by("surname", "pk")
        .values_list("pk", flat=True)[:20]
    )
    pages = [("/contingent/pupils/", "contingent.lists")]
    pages += [(f"/contingent/pupils/{one}/", "contingent.card") for one in pupils[:2]]
    for path, right in pages:
        audit.record(
            actor=actor,
            action="identity.visit.page",
            object_type="visit",
            object_id=guest.id,
            details={"path": path, "method": "GET", "rights": [right]},
        )
    audit.viewed(actor=actor, subject="pupil", subject_ids=pupils, purpose="registers.list")
    audit.viewed(actor=actor, subject="pupil", subject_ids=pupils[:2], purpose="contingent.card")


def _deliver(both: Iterable[TenantRef]) -> None:
    for ref in both:
        with tenancy.use(ref):
            events.deliver()
            post.collect()
