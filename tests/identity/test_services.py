"""Accounts, roles and the ceilings of authority, below the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.hashers import check_password

from identity import api, credentials, permissions, rights, seeds
from identity.models import Role as RoleRow
from identity.models import RolePermission, User
from identity.services import accounts, role_rights, roles
from kernel import access, clock, tenancy
from kernel.access import Actor, Role, Scope
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from tests.conftest import Accounts

SYSTEM = Actor.system_actor
ActorOf = Callable[..., Actor]


def make(actor: Actor, *given: str, surname: str = "Қасымов", **more: object) -> api.Slip:
    person = {"person_kind": "staff", "person_id": uuid4(), "name": "Болат", "surname": surname} | more
    return api.create_account(actor=actor, roles=list(given), **person)  # type: ignore[arg-type]


@pytest.mark.requirement("SIS-04", "TEN-03")
class TestCreateAccount:
    def test_gives_a_slip_with_a_login_in_latin_letters(
        self, in_school: TenantRef, actor_of: ActorOf
    ) -> None:
        director = actor_of(Role.DIRECTOR)
        slips = [
            make(director, Role.TEACHER, surname=name) for name in ("Қасымов", "Касымов", "Әбдіқадырұлы")
        ]
        assert [slip.username for slip in slips] == ["kasymov1", "kasymov2", "abdikadyruly1"]
        assert slips[0].url.startswith(f"http://{in_school.host}")
        assert slips[0].full_name == "Қасымов Болат"

    def test_one_time_password_is_kept_as_a_hash_and_must_be_changed(
        self, in_school: TenantRef, actor_of: ActorOf, full_strength: None
    ) -> None:
        slip = make(actor_of(Role.DIRECTOR), Role.TEACHER)
        user = User.objects.get(pk=slip.user_id)
        assert check_password(slip.password, user.password)
        assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
        assert user.must_change_password
        assert user.password_expires_at is not None
        assert slip.password not in repr(slip)

    def test_refuses_a_second_account_for_a_person(self, in_school: TenantRef, actor_of: ActorOf) -> None:
        person = uuid4()
        make(actor_of(Role.DIRECTOR), Role.TEACHER, person_id=person)
        with pytest.raises(accounts.PersonHasAccount):
            make(actor_of(Role.DIRECTOR), Role.TEACHER, person_id=person)

    def test_refuses_a_taken_login(self, in_school: TenantRef, actor_of: ActorOf) -> None:
        make(actor_of(Role.DIRECTOR), Role.TEACHER, username="bolat")
        with pytest.raises(accounts.LoginTaken):
            make(actor_of(Role.DIRECTOR), Role.TEACHER, username="Bolat")

    def test_the_secretary_gives_pupils_their_role_but_no_other(
        self, in_school: TenantRef, actor_of: ActorOf
    ) -> None:
        secretary = actor_of(Role.SECRETARY)
        make(secretary, Role.PUPIL, person_kind="pupil")
        make(secretary, Role.PARENT, person_kind="guardian")
        with pytest.raises(NotAllowed):
            make(secretary, Role.TEACHER)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PUPIL, Role.NURSE])
    def test_is_not_for_others(self, in_school: TenantRef, actor_of: ActorOf, role: Role) -> None:
        with pytest.raises(NotAllowed):
            make(actor_of(role), Role.PUPIL, person_kind="pupil")

    def test_a_pupil_gets_no_role_of_staff_nor_staff_one_of_parents(
        self, in_school: TenantRef, actor_of: ActorOf
    ) -> None:
        for kind, role in (("pupil", Role.TEACHER), ("pupil", Role.PARENT), ("staff", Role.PARENT)):
            with pytest.raises(roles.RoleOfAnotherKind):
                make(actor_of(Role.DIRECTOR), role, person_kind=kind)

    def test_a_role_that_is_not_there_is_refused(self, in_school: TenantRef, actor_of: ActorOf) -> None:
        with pytest.raises(NotFound):
            make(actor_of(Role.DIRECTOR), "emperor")

    def test_many_at_once_with_one_known_password_for_the_demo(self, in_school: TenantRef) -> None:
        new = [api.NewAccount("pupil", uuid4(), "Оқушы", str(n), roles=(Role.PUPIL,)) for n in range(50)]
        shared = api.password_hash("demo-demo")
        slips = api.create_accounts(
            actor=SYSTEM("demo"), accounts=new, password="demo-demo", password_hash=shared
        )
        assert len({slip.username for slip in slips}) == 50
        user = User.objects.get(pk=slips[-1].user_id)
        assert not user.must_change_password
        assert check_password("demo-demo", user.password)

    def test_is_written_down_without_names(self, in_school: TenantRef, actor_of: ActorOf) -> None:
        slip = make(actor_of(Role.DIRECTOR), Role.TEACHER)
        [line] = AuditEntry.objects.filter(action="identity.account.created")
        assert line.object_id == str(slip.user_id)
        assert "Қасымов" not in str(line.details)


class TestFirstAccount:
    def test_is_for_the_operator_only_and_once(self, in_school: TenantRef, actor_of: ActorOf) -> None:
        with pytest.raises(NotAllowed):
            api.first_account(actor=actor_of(Role.DIRECTOR), username="aigul", role=Role.DIRECTOR)
        slip = api.first_account(actor=SYSTEM("vendor.cli"), username="aigul", role=Role.DIRECTOR)
        assert api.actor_of_user(slip.user_id).may(permissions.GIVE_ROLES)
        with pytest.raises(NotAllowed):
            api.first_account(actor=SYSTEM("vendor.cli"), username="zhanna", role=Role.DIRECTOR)

    @pytest.mark.parametrize(
        ("kind", "role"),
        [("authority", Role.AUTHORITY_HEAD), ("family", Role.GUARDIAN), ("vendor", Role.OPERATOR)],
    )
    def test_is_made_in_every_kind_of_tenant(
        self, kind: str, role: Role, request: pytest.FixtureRequest
    ) -> None:
        with tenancy.use(request.getfixturevalue(kind)):
            slip = api.first_account(actor=SYSTEM("vendor.cli"), username="first", role=role)
            assert api.actor_of_user(slip.user_id).roles == {role}


@pytest.mark.requirement("SIS-04", "TEN-03")
class TestGiveRole:
    def test_counts_from_its_first_day_to_its_last(
        self, in_school: TenantRef, account: Accounts, actor_of: ActorOf
    ) -> None:
        teacher = account(Role.TEACHER)
        today = clock.today()
        api.give_role(
            actor=actor_of(Role.DIRECTOR, user_id=0),
            user_id=teacher.pk,
            role=Role.SECRETARY,
            since=today + timedelta(days=2),
            until=today + timedelta(days=4),
        )
        may = {}
        for day in range(6):
            with time_machine.travel(clock.now() + timedelta(days=day), tick=False):
                may[day] = api.actor_of_user(teacher.pk).may(permissions.MANAGE_ACCOUNTS)
        assert may == {0: False, 1: False, 2: True, 3: True, 4: True, 5: False}

    def test_never_to_oneself(self, in_school: TenantRef, account: Accounts, actor_of: ActorOf) -> None:
        director = account(Role.DIRECTOR)
        actor = actor_of(Role.DIRECTOR, user_id=director.pk)
        with pytest.raises(roles.RaisesYourself):
            api.give_role(actor=actor, user_id=director.pk, role=Role.PSYCHOLOGIST)
        with pytest.raises(roles.RaisesYourself):
            api.take_role(actor=actor, user_id=director.pk, role=Role.DIRECTOR)

    @pytest.mark.parametrize("role", [Role.SECRETARY, Role.TEACHER, Role.DEPUTY_ACADEMIC])
    def test_is_refused_to_who_may_not_give(
        self, in_school: TenantRef, account: Accounts, actor_of: ActorOf, role: Role
    ) -> None:
        teacher = account(Role.TEACHER)
        with pytest.raises(NotAllowed):
            api.give_role(actor=actor_of(role, user_id=0), user_id=teacher.pk, role=Role.LIBRARIAN)

    def test_a_deputy_who_may_give_roles_cannot_make_a_director(
        self, in_school: TenantRef, account: Accounts, actor_of: ActorOf
    ) -> None:
        teacher = account(Role.TEACHER)
        role_rights.edit_role(
            actor=SYSTEM("tests"),
            role=Role.DEPUTY_ACADEMIC,
            grants=[("identity.give_roles", "school"), ("identity.manage_accounts", "school")],
        )
        deputy = api.actor_of_user(account(Role.DEPUTY_ACADEMIC, username="deputy").pk)
        api.give_role(actor=deputy, user_id=teacher.pk, role=Role.LIBRARIAN)
        with pytest.raises(roles.RoleAboveYours):
            api.give_role(actor=deputy, user_id=teacher.pk, role=Role.DIRECTOR)

    def test_terms_of_one_role_do_not_overlap(
        self, in_school: TenantRef, account: Accounts, actor_of: ActorOf
    ) -> None:
        teacher = account(Role.TEACHER)
        director = actor_of(Role.DIRECTOR, user_id=0)
        with pytest.raises(roles.AlreadyGiven):
            api.give_role(actor=director, user_id=teacher.pk, role=Role.TEACHER, until=date(2099, 1, 1))
        with pytest.raises(roles.TermInDisorder):
            api.give_role(
                actor=director,
                user_id=teacher.pk,
                role=Role.NURSE,
                since=date(2099, 1, 2),
                until=date(2099, 1, 1),
            )

    def test_taken_away_it_is_gone_today_and_stays_as_history(
        self, in_school: TenantRef, account: Accounts, actor_of: ActorOf
    ) -> None:
        with time_machine.travel(clock.now() - timedelta(days=30), tick=False):
            teacher = account(Role.TEACHER, Role.SECRETARY)
        api.take_role(actor=actor_of(Role.DIRECTOR, user_id=0), user_id=teacher.pk, role=Role.SECRETARY)
        actor = api.actor_of_user(teacher.pk)
        assert actor.roles == {"teacher"}
        assert teacher.user_roles.count() == 2


class TestRights:
    def test_of_two_roles_add_up(self, in_school: TenantRef, account: Accounts) -> None:
        user = account(Role.SECRETARY, Role.DIRECTOR)
        actor = api.actor_of_user(user.pk)
        assert actor.may(permissions.MANAGE_ACCOUNTS)
        assert actor.may(permissions.EDIT_ROLES)

    def test_cost_two_queries(
        self, in_school: TenantRef, account: Accounts, django_assert_num_queries: Callable[[int], object]
    ) -> None:
        from django.core.cache import cache

        user = account(Role.DIRECTOR)
        cache.clear()
        with django_assert_num_queries(2):  # type: ignore[attr-defined]
            api.actor_of_user(user.pk)
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            api.actor_of_user(user.pk)

    def test_a_row_above_the_ceiling_counts_for_nothing(
        self, in_school: TenantRef, account: Accounts
    ) -> None:
        user = account(Role.TEACHER)
        RolePermission.objects.create(
            role=RoleRow.objects.get(code="teacher"), code="identity.edit_roles", scope="school"
        )
        rights.changed()
        assert not api.actor_of_user(user.pk).may(permissions.EDIT_ROLES)

    def test_a_blocked_user_may_nothing(self, in_school: TenantRef, account: Accounts) -> None:
        user = account(Role.DIRECTOR)
        api.block(actor=SYSTEM("tests"), user_id=user.pk)
        assert api.actor_of_user(user.pk).grants == {}

    def test_no_school_opens_all_children_to_a_parent(self) -> None:
        wide = [
            (code, role)
            for code, declared in access.REGISTER.items()
            for role in (Role.PARENT, Role.PUPIL)
            if Scope.SCHOOL in rights.reach(declared, role)
        ]
        opened = [(c, r) for c, r in wide if Scope.SCHOOL not in access.REGISTER[c].defaults.get(r, ())]
        assert opened == []


class TestEditRole:
    def test_nobody_raises_a_role_of_their_own(self, in_school: TenantRef, account: Accounts) -> None:
        director = api.actor_of_user(account(Role.DIRECTOR).pk)
        have = list(RolePermission.objects.filter(role__code="director").values_list("code", "scope"))
        given_up = next(pair for pair in have if not pair[0].startswith("identity."))
        rest = [pair for pair in have if pair != given_up]
        role_rights.edit_role(actor=director, role="director", grants=rest)
        with pytest.raises(roles.RaisesYourself):
            role_rights.edit_role(actor=director, role="director", grants=have)

    def test_the_head_keeps_the_keys(self, in_school: TenantRef) -> None:
        with pytest.raises(role_rights.KeysStayWithTheHead):
            role_rights.edit_role(actor=SYSTEM("tests"), role="director", grants=[])

    def test_what_was_added_and_removed_is_written_down(self, in_school: TenantRef) -> None:
        role_rights.edit_role(actor=SYSTEM("tests"), role="secretary", grants=[])
        [line] = AuditEntry.objects.filter(action="identity.role.edited")
        assert "identity.manage_accounts:school" in line.details["removed"]


class TestSeeds:
    def test_run_again_they_return_nothing_that_the_school_took_away(self, in_school: TenantRef) -> None:
        role_rights.edit_role(actor=SYSTEM("tests"), role="secretary", grants=[])
        before = set(RolePermission.objects.values_list("role__code", "code", "scope"))
        seeds.seed(in_school)
        assert set(RolePermission.objects.values_list("role__code", "code", "scope")) == before

    def test_give_what_a_later_release_declares(self, in_school: TenantRef) -> None:
        new = access.permission(
            "trial.new", "x", roles={Role.SECRETARY: Scope.SCHOOL, Role.OPERATOR: Scope.SCHOOL}
        )
        try:
            seeds.seed(in_school)
            rows = RolePermission.objects.filter(code=new.code).values_list("role__code", flat=True)
            assert list(rows) == ["secretary"]
        finally:
            del access.REGISTER[new.code]

    def test_each_kind_of_tenant_has_its_own_roles(self, authority: TenantRef, vendor: TenantRef) -> None:
        for ref, expected in (
            (authority, {"authority_head", "authority_analyst"}),
            (vendor, {"operator", "support"}),
        ):
            with tenancy.use(ref):
                assert set(api.role_codes()) == expected


class TestTokens:
    def test_stands_for_its_owner_until_it_is_ended(self, in_school: TenantRef, account: Accounts) -> None:
        from identity.services import tokens

        owner = api.actor_of_user(account(Role.SECRETARY).pk)
        key, row = api.issue_token(actor=owner, label="1C", days=30)
        seen = api.actor_of_token(key)
        assert seen is not None
        assert (seen.user_id, seen.grants) == (owner.user_id, owner.grants)
        tokens.end_token(actor=owner, token_id=row.pk)
        assert api.actor_of_token(key) is None

    def test_is_worth_nothing_in_the_other_school(
        self, school_a: TenantRef, school_b: TenantRef, account: Accounts
    ) -> None:
        user = account(Role.SECRETARY, username="clerk")
        account(Role.SECRETARY, school=school_b, username="clerk")
        with tenancy.use(school_a):
            key, __ = api.issue_token(actor=api.actor_of_user(user.pk), label="1C")
            assert api.actor_of_token(key) is not None
        with tenancy.use(school_b):
            assert api.actor_of_token(key) is None

    def test_dies_with_its_term_and_with_the_account(self, in_school: TenantRef, account: Accounts) -> None:
        user = account(Role.SECRETARY)
        key, __ = api.issue_token(actor=api.actor_of_user(user.pk), label="1C", days=1)
        with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
            assert api.actor_of_token(key) is None
        api.block(actor=SYSTEM("tests"), user_id=user.pk)
        assert api.actor_of_token(key) is None


class TestCredentials:
    def test_one_time_passwords_have_no_letters_that_are_mistaken(self) -> None:
        made = [credentials.one_time_password() for _ in range(300)]
        assert all(
            re.fullmatch(r"([bdfgkmnprstz][aeiu]){2}-([bdfgkmnprstz][aeiu]){2}-[2-9]{4}", p) for p in made
        )
        assert len(set(made)) == 300

    @pytest.mark.parametrize(
        ("typed", "phone"),
        [
            ("8 (701) 123-45-67", "+77011234567"),
            ("+7 701 123 45 67", "+77011234567"),
            ("7011234567", "+77011234567"),
            ("12345", ""),
            ("kasymov1", ""),
        ],
    )
    def test_phones_are_read_as_people_write_them(self, typed: str, phone: str) -> None:
        assert credentials.plain_phone(typed) == phone
