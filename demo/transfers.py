"""Children on the way between the demo's schools: one asked for, one whose dossier has come, one who learns there now."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kernel import clock, events, tenancy
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.contingent.models import Membership, Pupil, SchoolClass
from modules.orders import api as orders
from modules.staff.models import Employee
from modules.transfers import api as transfers
from tenants import post, reference

CONTACT = "+7 721 46 3 12 34"


def move_children(*, large: TenantRef, small: TenantRef, middle: TenantRef, year: str) -> None:
    """The village's home shows a request, the large school's a dossier, and its 7th class a newcomer with old marks."""
    everybody = (large, small, middle)
    for ref in everybody:
        with tenancy.use(ref):
            post.ensure_keys()
    came, pupil = _ask(large, middle, year=year, grade=7)
    _let_go(middle, came, pupil, everybody)
    with tenancy.use(large):
        order_id = transfers.take_in(
            actor=_office(), transfer_id=came, class_id=_class(year, 7).pk, first_day=clock.today()
        )
        orders.sign(actor=_office(), order_id=order_id)
    _deliver(everybody)
    on_the_way, pupil = _ask(large, middle, year=year, grade=6)
    _let_go(middle, on_the_way, pupil, everybody)
    _ask(large, small, year=year, grade=8)
    _deliver(everybody)


def _ask(by: TenantRef, other: TenantRef, *, year: str, grade: int) -> tuple[UUID, UUID]:
    """Ask for the last of the class there; answers the transfer and the child."""
    with tenancy.use(other):
        places = Membership.objects.filter(year=year, school_class__grade=grade, until=None)
        row: Pupil = places.select_related("pupil").order_by("-pupil__surname", "-pupil_id")[0].pupil
        child = transfers.Child(
            iin=row.iin,
            surname=row.surname,
            name=row.name,
            patronymic=row.patronymic,
            birth_date=row.birth_date,
        )
    with tenancy.use(by):
        transfer_id = transfers.ask(
            actor=_office(),
            partner_id=other.id,
            child=child,
            class_id=_class(year, grade).pk,
            ground="residence",
            arrival_date=reference.working_day_after(clock.today(), 1),
            contact=CONTACT,
        )
    return transfer_id, row.pk


def _let_go(school: TenantRef, transfer_id: UUID, pupil_id: UUID, everybody: Iterable[TenantRef]) -> None:
    _deliver(everybody)
    with tenancy.use(school):
        order_id = transfers.agree(
            actor=_office(), transfer_id=transfer_id, pupil_id=pupil_id, last_day=clock.today()
        )
        assert order_id is not None
        orders.sign(actor=_office(), order_id=order_id)
    _deliver(everybody)


def _deliver(everybody: Iterable[TenantRef]) -> None:
    """What the worker does later: each school by itself."""
    for ref in everybody:
        with tenancy.use(ref):
            events.deliver()
    for ref in everybody:
        with tenancy.use(ref):
            post.collect()


def _office() -> Actor:
    clerk = Employee.objects.filter(positions__post_code="secretary").order_by("id").first()
    return Actor.system_actor(clerk.person_name.full if clerk else "demo")


def _class(year: str, grade: int) -> SchoolClass:
    return SchoolClass.objects.filter(year=year, grade=grade).order_by("letter")[0]
