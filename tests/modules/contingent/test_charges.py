"""In whose charge a class is: by date, with history, and what it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from identity import api as identity
from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.ids import uuid7
from kernel.tenancy import TenantRef
from modules.contingent import api, queries, services
from modules.contingent.models import Charge, SchoolClass
from modules.staff.models import Employee
from tests.conftest import ActorOf
from tests.factories.schedule import lead
from tests.modules.contingent.people import new_class, new_pupil

ClientFor = Callable[..., Client]


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def seven(in_school: TenantRef) -> SchoolClass:
    return new_class()


def teacher_of(row: SchoolClass) -> UUID | None:
    return api.school_class(actor=Actor.system_actor("test"), class_id=row.pk).class_teacher_id


@pytest.mark.requirement("SIS-12", screen="contingent:charges")
class TestClassTeacher:
    def test_comes_from_a_day_on_and_the_one_before_stays_in_history(
        self, actor_of: ActorOf, seven: SchoolClass
    ) -> None:
        clerk, aida, dana = actor_of(Role.SECRETARY), uuid7(), uuid7()
        services.appoint(actor=clerk, class_id=seven.pk, employee_id=aida)
        services.appoint(actor=clerk, class_id=seven.pk, employee_id=dana, since=date(2026, 11, 23))
        assert teacher_of(seven) == dana
        terms = [
            (one.employee_id, one.since, one.until) for one in queries.charges(actor=clerk, class_id=seven.pk)
        ]
        assert terms == [
            (dana, date(2026, 11, 23), None),
            (aida, date(2026, 9, 1), date(2026, 11, 22)),
        ]

    def test_of_a_later_day_leads_from_that_day_only(self, actor_of: ActorOf, seven: SchoolClass) -> None:
        clerk, aida, dana = actor_of(Role.SECRETARY), uuid7(), uuid7()
        services.appoint(actor=clerk, class_id=seven.pk, employee_id=aida)
        services.appoint(actor=clerk, class_id=seven.pk, employee_id=dana, since=date(2026, 12, 1))
        assert teacher_of(seven) == aida
        with time_machine.travel("2026-12-01 09:00+05:00"):
            assert teacher_of(seven) == dana

    def test_of_a_year_to_come_is_shown_already(self, actor_of: ActorOf, in_school: TenantRef) -> None:
        with time_machine.travel("2026-08-20 09:00+05:00"):
            aida = uuid7()
            opened = api.open_class(
                actor=actor_of(Role.SECRETARY),
                year="2026-27",
                grade=5,
                letter="Б",
                language="kk",
                class_teacher_id=aida,
            )
            assert opened.class_teacher_id == aida
            assert Charge.objects.get().since == date(2026, 9, 1)

    def test_is_not_put_before_one_who_is_appointed_already(
        self, actor_of: ActorOf, seven: SchoolClass
    ) -> None:
        clerk = actor_of(Role.SECRETARY)
        services.appoint(actor=clerk, class_id=seven.pk, employee_id=uuid7(), since=date(2026, 12, 1))
        with pytest.raises(services.LaterCharge):
            services.appoint(actor=clerk, class_id=seven.pk, employee_id=uuid7())
        with pytest.raises(services.BeforeItsYear):
            services.appoint(actor=clerk, class_id=seven.pk, employee_id=uuid7(), since=date(2026, 8, 1))

    def test_taken_back_leaves_the_one_before_in_charge(self, actor_of: ActorOf, seven: SchoolClass) -> None:
        clerk, aida = actor_of(Role.SECRETARY), uuid7()
        services.appoint(actor=clerk, class_id=seven.pk, employee_id=aida)
        wrong = services.appoint(
            actor=clerk, class_id=seven.pk, employee_id=uuid7(), since=date(2026, 11, 20)
        )
        services.take_charge_back(actor=clerk, charge_id=wrong.pk)
        assert teacher_of(seven) == aida
        assert Charge.objects.get().until is None

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.PARENT, Role.NURSE])
    def test_is_not_appointed_by_everybody(self, actor_of: ActorOf, seven: SchoolClass, role: Role) -> None:
        with pytest.raises(NotAllowed):
            services.appoint(actor=actor_of(role), class_id=seven.pk, employee_id=uuid7())


@pytest.mark.requirement("SIS-13", screen="contingent:charges")
class TestEducator:
    def test_several_answer_for_groups_beside_the_class_teacher(
        self, actor_of: ActorOf, seven: SchoolClass
    ) -> None:
        clerk, aida, bota, dana = actor_of(Role.SECRETARY), uuid7(), uuid7(), uuid7()
        services.appoint(actor=clerk, class_id=seven.pk, employee_id=aida)
        for who, group in ((bota, "1-топ"), (dana, "2-топ")):
            services.appoint(actor=clerk, class_id=seven.pk, employee_id=who, duty="educator", group=group)
        found = api.school_class(actor=clerk, class_id=seven.pk)
        assert found.class_teacher_id == aida
        assert found.leader_ids == {aida, bota, dana}
        with pytest.raises(services.AlreadyInCharge):
            services.appoint(actor=clerk, class_id=seven.pk, employee_id=bota, duty="educator", group="1-топ")

    def test_opens_the_cards_of_the_class_while_it_lasts(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        bota = uuid7()
        with tenancy.use(school_a):
            row = new_class()
            pupil = new_pupil(row)
            charge = lead(row, bota, "educator", group="1-топ")
        educator = client_for(Role.EDUCATOR, person_id=bota)
        assert educator.get(f"/contingent/pupils/{pupil.pk}/").status_code == 200
        with tenancy.use(school_a):
            services.end_charge(
                actor=Actor.system_actor("test"), charge_id=charge.pk, until=date(2026, 11, 22)
            )
        assert educator.get(f"/contingent/pupils/{pupil.pk}/").status_code == 404


class TestPages:
    def test_a_class_is_given_with_the_role(self, client_for: ClientFor, school_a: TenantRef) -> None:
        with tenancy.use(school_a):
            row = new_class()
            who = Employee.objects.create(surname="Ермекова", name="Айгүл", sex="f")
            user = identity.create_account(
                actor=Actor.system_actor("test"),
                person_kind="staff",
                person_id=who.pk,
                surname=who.surname,
                name=who.name,
                roles=["teacher"],
            ).user_id
        director = client_for(Role.DIRECTOR)
        address = f"/contingent/classes/{row.pk}/charges/new/"
        assert director.get(address).status_code == 200
        given = {"duty": "class_teacher", "employee_id": str(who.pk), "since": "2026-09-01"}
        refused = director.post(address, given | {"group": "1-топ"})
        assert refused.context["form"].errors.keys() == {"group"}
        assert director.post(address, given | {"give_role": "on"}).status_code == 302
        with tenancy.use(school_a):
            [account] = identity.users_with_role(Role.CLASS_TEACHER)
            assert account.id == user
        for page in (f"/contingent/classes/{row.pk}/", "/contingent/charges/", f"/staff/{who.pk}/"):
            assert "Ермекова" in director.get(page).content.decode()
        assert director.get("/contingent/charges/excel/").content.startswith(b"PK")

    def test_an_appointment_ends_and_is_taken_back_on_its_page(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        with tenancy.use(school_a):
            charge = lead(new_class(), uuid7())
        clerk = client_for(Role.SECRETARY)
        page = f"/contingent/charges/{charge.pk}/"
        assert clerk.post(page, {"until": "2026-08-01"}).status_code == 422
        assert clerk.post(page, {"until": "2026-11-30"}).status_code == 302
        assert clerk.post(f"{page}withdraw/").status_code == 302
        assert clerk.get(page).status_code == 404

    def test_the_other_school_has_none_of_it(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        with tenancy.use(school_a):
            row = new_class()
            charge = lead(row, uuid7())
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        assert zhanna.get(f"/contingent/charges/{charge.pk}/").status_code == 404
        assert zhanna.post(f"/contingent/charges/{charge.pk}/withdraw/").status_code == 404
        assert zhanna.post(f"/contingent/classes/{row.pk}/charges/new/", {}).status_code == 404
