"""A village school, a large one and a third, all committed: they meet by letters only, as in life."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import transaction

from kernel import events, iin, tenancy
from kernel.access import REGISTER, Actor, Role
from kernel.clock import ALMATY
from kernel.ids import uuid7
from kernel.tenancy import TenantRef
from modules.contingent import services as contingent
from modules.contingent.data import BanInfo, NewGuardian, NewPupil
from modules.contingent.models import Pupil, SchoolClass
from modules.orders import api as orders
from modules.transfers import services
from modules.transfers.data import Child
from modules.transfers.models import Transfer
from tenants import post
from tests.factories import schedule as make

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ALMATY)
BORN = date(2014, 5, 12)
AIARU = iin.synthetic(BORN, "f", 4321)
MOTHER_PHONE = "+77051112233"
CANARIES = ("Қожахметова", "Айару", "Серікқызы", AIARU, "7051112233", "Орталық көшесі 17", "Гүлнар")


def actor(ref: TenantRef, *roles: Role, user_id: int = 1, name: str = "Сағадат Хатшы") -> Actor:
    grants = {
        p.code: scopes
        for p in REGISTER.values()
        if (scopes := frozenset(s for role in roles for s in p.defaults.get(role, ())))
    }
    return Actor(
        tenant=ref,
        user_id=user_id,
        name=name,
        roles=frozenset(str(role) for role in roles),
        grants=grants,
        language="kk",
    )


@dataclass
class School:
    """One of the schools with its office."""

    ref: TenantRef
    seven: UUID = field(default_factory=uuid7)

    @property
    def clerk(self) -> Actor:
        return actor(self.ref, Role.SECRETARY)

    @property
    def director(self) -> Actor:
        return actor(self.ref, Role.DIRECTOR, user_id=2, name="Айгүл Директор")

    def the(self, transfer_id: UUID) -> Transfer:
        with tenancy.use(self.ref):
            return Transfer.objects.get(pk=transfer_id)

    def ask(self, other: School, **more: Any) -> Transfer:
        values: dict[str, Any] = {
            "child": Child(iin=AIARU),
            "class_id": self.seven,
            "ground": "residence",
            "arrival_date": date(2026, 11, 25),
            "contact": "Сағадат, +77212000001",
        }
        with tenancy.use(self.ref):
            return services.ask(actor=self.clerk, partner_id=other.ref.id, **(values | more))

    def agree(self, transfer_id: UUID, pupil_id: UUID, last_day: date = date(2026, 11, 23)) -> Transfer:
        with tenancy.use(self.ref):
            return services.agree(
                actor=self.clerk, transfer_id=transfer_id, pupil_id=pupil_id, last_day=last_day
            )

    def take_in(self, transfer_id: UUID, first_day: date = date(2026, 11, 25), **more: Any) -> UUID:
        with tenancy.use(self.ref):
            return services.take_in(
                actor=self.clerk, transfer_id=transfer_id, class_id=self.seven, first_day=first_day, **more
            )

    def sign(self, transfer_id: UUID) -> orders.OrderInfo:
        row = self.the(transfer_id)
        assert row.order_id is not None
        with tenancy.use(self.ref):
            return orders.sign(actor=self.director, order_id=row.order_id)

    def cancel(self, order_id: UUID) -> None:
        with tenancy.use(self.ref):
            draft = orders.draft_cancellation(actor=self.director, order_id=order_id)
            orders.sign(actor=self.director, order_id=draft.id)


@dataclass
class World:
    village: School
    large: School
    third: School

    def deliver(self) -> None:
        """What the worker does when it is woken: outboxes and letter boxes, each school by itself, until all is quiet."""
        for _round in range(4):
            done = 0
            for one in (self.village, self.large, self.third):
                with tenancy.use(one.ref):
                    done += events.deliver() + post.collect()
            if not done:
                return

    def move(self, pupil_id: UUID) -> UUID:
        """The whole way from the village to the large school; answers the transfer's id."""
        row = self.large.ask(self.village)
        self.deliver()
        self.village.agree(row.pk, pupil_id)
        self.deliver()
        self.village.sign(row.pk)
        self.deliver()
        self.large.take_in(row.pk)
        with time_machine.travel(datetime(2026, 11, 25, 9, 0, tzinfo=ALMATY)):
            self.large.sign(row.pk)
            self.deliver()
        return row.pk


@pytest.fixture
def moment() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
def world(three_schools: tuple[TenantRef, ...], moment: None) -> World:
    schools = []
    for ref in three_schools:
        school = School(ref)
        with tenancy.use(ref), transaction.atomic():
            make.periods()
            into = SchoolClass.objects.create(
                id=school.seven, year="2026-27", grade=7, letter="А", language="kk", capacity=24
            )
            assert into.pk == school.seven
        schools.append(school)
    return World(*schools)


@pytest.fixture
def aiaru(world: World) -> UUID:
    """The girl of the village school, with her mother, a father who may not see her, and a status."""
    with tenancy.use(world.village.ref), transaction.atomic():
        office = Actor.system_actor("tests")
        row: Pupil = contingent.enrol(
            actor=office,
            pupil=NewPupil(
                surname="Қожахметова",
                name="Айару",
                patronymic="Серікқызы",
                sex="f",
                birth_date=BORN,
                iin=AIARU,
                nationality="kazakh",
                citizenship="KZ",
                file_number="К-12",
                address="Орталық көшесі 17",
                phone="",
            ),
            class_id=world.village.seven,
            since=date(2026, 9, 1),
            guardians=(
                NewGuardian(relation="mother", surname="Қожахметова", name="Гүлнар", phone=MOTHER_PHONE),
                NewGuardian(
                    relation="father",
                    surname="Қожахметов",
                    name="Серік",
                    ban=BanInfo(since=date(2026, 9, 1), ground="сот шешімі № 7"),
                ),
            ),
        )
        contingent.give_status(
            actor=office, pupil_id=row.pk, code="many_children", since=date(2026, 9, 1), ground="Куәлік 12"
        )
        return row.pk
