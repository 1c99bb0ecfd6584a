"""The director's role is given by two: who asks, who decides, and what stands against one person playing both."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from identity import api, figures, permissions, policy, queries
from identity.models import RoleRequest, User, UserRole
from identity.services import role_rights, roles, second_person
from kernel import clock, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from tests.conftest import Accounts, ClientFor

pytestmark = pytest.mark.requirement("SIS-04", "TEN-03")


@pytest.fixture
def director(in_school: TenantRef, account: Accounts) -> Actor:
    return api.actor_of_user(account(Role.DIRECTOR, username="aigul").pk)


@pytest.fixture
def deputy(in_school: TenantRef, account: Accounts) -> Actor:
    return api.actor_of_user(account(Role.DEPUTY_ACADEMIC, username="saule", name="Сәуле").pk)


@pytest.fixture
def teacher(in_school: TenantRef, account: Accounts) -> User:
    return account(Role.TEACHER, username="bolat", name="Болат")


def ask(director: Actor, user: User, role: str = Role.DIRECTOR, **term: object) -> RoleRequest:
    request = api.give_role(actor=director, user_id=user.pk, role=role, **term)  # type: ignore[arg-type]
    assert request is not None
    return request


class TestAsking:
    def test_gives_nothing_before_the_second_person_agrees(self, director: Actor, teacher: User) -> None:
        ask(director, teacher)
        assert api.actor_of_user(teacher.pk).roles == {"teacher"}

    def test_an_acting_director_for_a_term_waits_and_then_acts_for_the_term(
        self, director: Actor, deputy: Actor, teacher: User
    ) -> None:
        today = clock.today()
        request = ask(director, teacher, since=today + timedelta(days=1), until=today + timedelta(days=3))
        second_person.approve(actor=deputy, request_id=request.pk)
        acts = {}
        for day in (0, 1, 3, 4):
            with time_machine.travel(clock.now() + timedelta(days=day), tick=False):
                acts[day] = api.actor_of_user(teacher.pk).may(permissions.GIVE_ROLES)
        assert acts == {0: False, 1: True, 3: True, 4: False}

    def test_prolonging_is_asked_for_too(self, director: Actor, deputy: Actor, teacher: User) -> None:
        today = clock.today()
        second_person.approve(actor=deputy, request_id=ask(director, teacher, until=today).pk)
        assert ask(director, teacher, since=today + timedelta(days=1)).outcome == ""

    def test_a_role_without_power_is_given_at_once(self, director: Actor, teacher: User) -> None:
        assert api.give_role(actor=director, user_id=teacher.pk, role=Role.DEPUTY_PROFILE) is None
        assert "deputy_profile" in api.actor_of_user(teacher.pk).roles

    def test_a_copy_that_may_give_roles_is_asked_for(self, director: Actor, teacher: User) -> None:
        copy = role_rights.copy_role(
            actor=director, role=Role.DEPUTY_PROFILE, name_kk="Кадр ісі", name_ru="Кадры"
        )
        grants = {*queries.grants_of_role(copy), (permissions.GIVE_ROLES.code, "school")}
        role_rights.edit_role(actor=director, role=copy, grants=grants)
        assert ask(director, teacher, copy).role.code == copy

    def test_power_is_not_slipped_into_a_role_that_people_have(self, director: Actor, deputy: Actor) -> None:
        grants = {
            *queries.grants_of_role(Role.DEPUTY_ACADEMIC),
            (permissions.GIVE_ROLES.code, "school"),
        }
        with pytest.raises(role_rights.PowerNeedsTwo):
            role_rights.edit_role(actor=director, role=Role.DEPUTY_ACADEMIC, grants=grants)

    def test_a_new_account_asks_for_the_role_and_its_slip_does_not_promise_it(self, director: Actor) -> None:
        slip = api.create_account(
            actor=director,
            person_kind="staff",
            person_id=None,
            surname="Қасымов",
            name="Болат",
            roles=[Role.DIRECTOR, Role.TEACHER],
        )
        assert len(slip.roles) == 1
        assert api.actor_of_user(slip.user_id).roles == {"teacher"}
        assert [one.role.code for one in queries.waiting_for(slip.user_id)] == ["director"]

    def test_twice_is_refused_while_the_first_waits(self, director: Actor, teacher: User) -> None:
        ask(director, teacher)
        with pytest.raises(roles.AlreadyAsked):
            ask(director, teacher)


class TestDeciding:
    def test_both_names_stand_in_the_security_log(
        self, director: Actor, deputy: Actor, teacher: User
    ) -> None:
        second_person.approve(actor=deputy, request_id=ask(director, teacher).pk)
        given = UserRole.objects.get(user=teacher, role__code=Role.DIRECTOR)
        assert given.given_by_id == director.user_id
        lines = AuditEntry.objects.filter(action__startswith="identity.role.", object_id=str(teacher.pk))
        assert list(lines.order_by("id").values_list("action", "actor_name")) == [
            ("identity.role.asked", director.name),
            ("identity.role.approved", deputy.name),
        ]
        assert lines.get(action="identity.role.approved").details["asked_by"] == director.user_id

    def test_neither_the_asker_nor_the_receiver_decides(
        self, director: Actor, deputy: Actor, in_school: TenantRef
    ) -> None:
        request = ask(director, User.objects.get(pk=deputy.user_id))
        for actor in (director, deputy):
            with pytest.raises(second_person.AnotherDecides):
                second_person.approve(actor=actor, request_id=request.pk)
            with pytest.raises(second_person.AnotherDecides):
                second_person.refuse(actor=actor, request_id=request.pk)

    @pytest.mark.parametrize("role", [Role.SECRETARY, Role.TEACHER, Role.DEPUTY_FACILITIES])
    def test_is_refused_to_others(
        self, director: Actor, teacher: User, account: Accounts, role: Role
    ) -> None:
        other = api.actor_of_user(account(role, username="other").pk)
        request = ask(director, teacher)
        for act in (second_person.approve, second_person.refuse):
            with pytest.raises(NotAllowed):
                act(actor=other, request_id=request.pk)

    def test_after_a_week_it_is_over_and_may_be_asked_anew(
        self, director: Actor, deputy: Actor, teacher: User
    ) -> None:
        request = ask(director, teacher)
        with time_machine.travel(clock.now() + figures.request_lasts(), tick=False):
            assert queries.to_decide(actor=deputy) == []
            with pytest.raises(second_person.RequestOver):
                second_person.approve(actor=deputy, request_id=request.pk)
            ask(director, teacher)
        request.refresh_from_db()
        assert request.outcome == RoleRequest.Outcome.EXPIRED

    def test_refused_or_withdrawn_it_gives_nothing(
        self, director: Actor, deputy: Actor, teacher: User
    ) -> None:
        second_person.refuse(actor=deputy, request_id=ask(director, teacher).pk)
        request = ask(director, teacher)
        with pytest.raises(NotAllowed):
            second_person.withdraw(actor=deputy, request_id=request.pk)
        second_person.withdraw(actor=director, request_id=request.pk)
        with pytest.raises(second_person.RequestOver):
            second_person.approve(actor=deputy, request_id=request.pk)
        assert api.actor_of_user(teacher.pk).roles == {"teacher"}

    def test_taking_the_role_away_takes_the_request_back(
        self, director: Actor, deputy: Actor, teacher: User
    ) -> None:
        request = ask(director, teacher)
        api.take_role(actor=director, user_id=teacher.pk, role=Role.DIRECTOR)
        request.refresh_from_db()
        assert request.outcome == RoleRequest.Outcome.WITHDRAWN
        with pytest.raises(second_person.RequestOver):
            second_person.approve(actor=deputy, request_id=request.pk)

    def test_one_term_is_taken_away_alone(self, director: Actor, deputy: Actor, teacher: User) -> None:
        today = clock.today()
        first, second = (today + timedelta(days=days) for days in (3, 9))
        second_person.approve(actor=deputy, request_id=ask(director, teacher, until=first).pk)
        asked = ask(director, teacher, since=first + timedelta(days=1), until=second)
        api.take_role(actor=director, user_id=teacher.pk, role=Role.DIRECTOR, until=first)
        assert "director" not in api.actor_of_user(teacher.pk).roles
        second_person.approve(actor=deputy, request_id=asked.pk)
        assert [given.until for given in UserRole.objects.filter(role__code="director", user=teacher)] == [
            second
        ]

    def test_the_wish_of_a_director_who_is_one_no_more_counts_for_nothing(
        self, director: Actor, deputy: Actor, teacher: User
    ) -> None:
        request = ask(director, teacher)
        api.block(actor=Actor.system_actor("tests"), user_id=director.user_id or 0)
        with pytest.raises(second_person.AskerGone):
            second_person.approve(actor=deputy, request_id=request.pk)

    def test_who_has_been_blocked_meanwhile_gets_nothing(
        self, director: Actor, deputy: Actor, teacher: User
    ) -> None:
        request = ask(director, teacher)
        api.block(actor=director, user_id=teacher.pk)
        with pytest.raises(second_person.PersonBlocked):
            second_person.approve(actor=deputy, request_id=request.pk)


class TestPuppets:
    """In a live school the asker could make an account, or reset one, and approve with it."""

    @pytest.fixture(autouse=True)
    def live(self, monkeypatch: pytest.MonkeyPatch) -> None:
        strict = policy._IN_FORCE["kz-tdib", "live"]
        monkeypatch.setattr(policy, "of", lambda tenant: strict)

    def test_a_new_account_does_not_approve(self, director: Actor, deputy: Actor, teacher: User) -> None:
        with pytest.raises(second_person.AccountTooFresh):
            second_person.approve(actor=deputy, request_id=ask(director, teacher).pk)

    def test_an_account_just_reset_does_not_approve_for_a_week(
        self, director: Actor, deputy: Actor, teacher: User
    ) -> None:
        User.objects.update(created_at=clock.now() - timedelta(days=30))
        api.start_reset(actor=director, user_id=deputy.user_id or 0)
        with pytest.raises(second_person.AccountTooFresh):
            second_person.approve(actor=deputy, request_id=ask(director, teacher).pk)
        with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
            second_person.approve(actor=deputy, request_id=ask(director, teacher).pk)
            assert "director" in api.actor_of_user(teacher.pk).roles


class TestLetter:
    def test_the_vendor_decides_only_where_the_school_has_nobody(
        self, director: Actor, teacher: User, account: Accounts
    ) -> None:
        vendor = Actor.system_actor("vendor.cli")
        ask(director, teacher)
        given = api.approve_by_letter(actor=vendor, username="bolat", letter="№ 12-04/118, 03.11.2026")
        assert len(given) == 1
        assert "director" in api.actor_of_user(teacher.pk).roles
        [line] = AuditEntry.objects.filter(action="identity.role.approved")
        assert (line.actor_name, line.details["letter"]) == ("vendor.cli", "№ 12-04/118, 03.11.2026")

        account(Role.DEPUTY_ACADEMIC, username="saule")
        ask(director, account(Role.TEACHER, username="dana"))
        with pytest.raises(second_person.SchoolDecides):
            api.approve_by_letter(actor=vendor, username="dana", letter="№ 1")

    def test_is_for_the_vendor_alone(self, director: Actor, teacher: User) -> None:
        ask(director, teacher)
        with pytest.raises(NotAllowed):
            api.approve_by_letter(actor=director, username="bolat", letter="№ 1")


class TestPages:
    def test_the_deputy_is_told_on_the_first_page_and_approves(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        teacher = account(Role.TEACHER, username="bolat", surname="Қасымов")
        director, deputy = client_for(Role.DIRECTOR), client_for(Role.DEPUTY_ACADEMIC, username="saule")
        stranger = client_for(Role.DIRECTOR, school=school_b)
        asked = director.post(f"/accounts/{teacher.pk}/roles/give/", {"role": "director"})
        assert asked.headers["Location"].endswith("?done=asked")
        assert "/roles/requests/" in director.get(f"/accounts/{teacher.pk}/").content.decode()
        assert "/roles/requests/" in deputy.get("/").content.decode()
        with tenancy.use(school_a):
            request = RoleRequest.objects.get()
        approve = f"/roles/requests/{request.pk}/approve/"
        assert approve in deputy.get("/roles/requests/").content.decode()
        assert approve not in director.get("/roles/requests/").content.decode()
        assert "Қасымов" not in stranger.get("/roles/requests/").content.decode()
        assert stranger.post(approve).status_code == 404
        assert director.post(approve).status_code == 403
        assert deputy.post(approve).status_code == 302
        assert "Қасымов" in director.get("/roles/requests/").content.decode()
        with tenancy.use(school_a):
            assert "director" in api.actor_of_user(teacher.pk).roles

    def test_saying_no_and_taking_back(self, client_for: ClientFor, account: Accounts) -> None:
        director, deputy = client_for(Role.DIRECTOR), client_for(Role.DEPUTY_ACADEMIC, username="saule")
        teacher = account(Role.TEACHER, username="bolat")
        for client, act in ((deputy, "refuse"), (director, "withdraw")):
            director.post(f"/accounts/{teacher.pk}/roles/give/", {"role": "director"})
            page = client.get("/roles/requests/").context["waiting"]
            to_act = f"/roles/requests/{page[0].id}/{act}/"
            assert client.post(to_act).status_code == 302
            assert client.post(to_act).status_code == 422
            assert client.get("/roles/requests/").context["waiting"] == []
