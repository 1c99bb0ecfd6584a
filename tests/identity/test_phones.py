"""Phones for sign-in follow the cards, and nobody gets a number that opens another's account."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from identity import api, finding
from identity.models import User
from kernel import audit, events, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.ids import uuid7
from kernel.tenancy import TenantRef
from modules.contingent import services as contingent
from modules.contingent.models import Guardianship
from modules.staff import services as staff
from modules.staff.data import NewEmployee
from tests.conftest import PASSWORD, Accounts, ActorOf, ClientFor
from tests.modules.contingent.people import mother, new_class, new_pupil

pytestmark = pytest.mark.requirement("SIS-04", "TEN-03")
OLD, NEW = "+77051112233", "+77079998877"
SYSTEM = Actor.system_actor


def opens(client: Client, number: str) -> bool:
    return client.post("/sign-in/", {"username": number, "password": PASSWORD}).status_code == 302


@pytest.fixture
def bolat(in_school: TenantRef, account: Accounts) -> User:
    return account(Role.TEACHER, username="bolat", name="Болат", person_id=uuid7())


@pytest.fixture
def saule(in_school: TenantRef, account: Accounts) -> User:
    return account(Role.TEACHER, username="saule", name="Сәуле", person_id=uuid7())


def follow(user: User, number: str) -> User:
    assert user.person_id is not None
    api.follow_cards(actor=SYSTEM("tests"), phones={user.person_id: number})
    user.refresh_from_db()
    return user


class TestFollowing:
    def test_the_new_number_opens_and_the_old_one_no_more(self, bolat: User, client_for: ClientFor) -> None:
        follow(bolat, OLD)
        follow(bolat, "8 (707) 999-88-77")
        assert bolat.phone == NEW
        assert (opens(client_for(), OLD), opens(client_for(), "87079998877")) == (False, True)

    def test_no_number_on_the_card_is_none_at_the_door(self, bolat: User, client_for: ClientFor) -> None:
        follow(bolat, OLD)
        follow(bolat, "")
        assert not opens(client_for(), OLD)

    def test_a_second_telling_changes_and_writes_nothing(self, bolat: User) -> None:
        for _ in range(3):
            follow(bolat, NEW)
        lines = [one for one in audit.entries() if one.action == "identity.phone.followed"]
        assert [(one.outcome, one.object_id, one.details) for one in lines] == [("ok", str(bolat.pk), {})]

    def test_it_is_found_by_the_new_number(self, bolat: User) -> None:
        follow(bolat, NEW)
        for typed in (
            NEW,
            NEW[-4:],
            NEW[-7:],
            f"8{NEW[2:]}",
            f"8 ({NEW[2:5]}) {NEW[5:8]}-{NEW[8:10]}-{NEW[10:]}",
        ):
            assert list(finding.accounts(text=typed)) == [bolat], typed
        for other in (NEW[:-4], NEW[-3:], f"0{NEW[-4:]}", NEW[-4:-1] + "0"):
            assert list(finding.accounts(text=other)) == [], other

    def test_others_are_refused(self, bolat: User, actor_of: ActorOf) -> None:
        with pytest.raises(NotAllowed):
            api.follow_cards(actor=actor_of(Role.TEACHER), phones={bolat.person_id or uuid7(): NEW})

    def test_the_other_school_is_not_touched(
        self, bolat: User, account: Accounts, school_b: TenantRef
    ) -> None:
        zhanna = account(Role.TEACHER, school=school_b, username="bolat", person_id=bolat.person_id)
        follow(bolat, NEW)
        with tenancy.use(school_b):
            zhanna.refresh_from_db()
            assert zhanna.phone == ""
            api.follow_cards(actor=SYSTEM("tests"), phones={zhanna.person_id or uuid7(): NEW})
            zhanna.refresh_from_db()
            assert (zhanna.phone, zhanna.phone_wanted) == (NEW, "")


class TestConflict:
    def test_the_number_of_another_stays_hers(self, bolat: User, saule: User, client_for: ClientFor) -> None:
        follow(saule, NEW)
        follow(bolat, OLD)
        follow(bolat, NEW)
        assert (bolat.phone, bolat.phone_wanted) == ("", NEW)
        client = client_for()
        assert opens(client, NEW)
        assert "Сәуле" in client.get("/me/").content.decode()
        assert not opens(client_for(), OLD)
        refused = [one for one in audit.entries() if one.outcome == "refused" and "phone" in one.action]
        assert [one.details for one in refused] == [{"held_by": saule.pk}]

    def test_it_comes_by_itself_when_she_lets_it_go(self, bolat: User, saule: User) -> None:
        follow(saule, NEW)
        follow(bolat, NEW)
        follow(saule, OLD)
        bolat.refresh_from_db()
        assert (bolat.phone, bolat.phone_wanted) == (NEW, "")

    def test_a_blocked_account_lets_it_go_and_does_not_take_it_back(
        self, bolat: User, saule: User, actor_of: ActorOf
    ) -> None:
        director = actor_of(Role.DIRECTOR, user_id=99)
        follow(saule, NEW)
        follow(bolat, NEW)
        api.block(actor=director, user_id=saule.pk)
        bolat.refresh_from_db()
        assert bolat.phone == NEW
        api.restore(actor=director, user_id=saule.pk)
        saule.refresh_from_db()
        assert (saule.phone, saule.phone_wanted) == ("", NEW)

    def test_a_new_account_takes_nobodys_number(self, bolat: User, client_for: ClientFor) -> None:
        follow(bolat, NEW)
        slip = api.create_account(
            actor=SYSTEM("tests"), person_kind="guardian", person_id=uuid7(), surname="А", name="Б", phone=NEW
        )
        made = User.objects.get(pk=slip.user_id)
        assert (made.phone, made.phone_wanted) == ("", NEW)
        assert opens(client_for(), NEW)

    def test_of_two_made_together_the_first_has_it(self, in_school: TenantRef) -> None:
        both = [
            api.NewAccount("guardian", uuid7(), surname, "А", phone="87079998877") for surname in ("А", "Б")
        ]
        slips = api.create_accounts(actor=SYSTEM("tests"), accounts=both)
        made = [User.objects.get(pk=one.user_id) for one in slips]
        assert [(one.phone, one.phone_wanted) for one in made] == [(NEW, ""), ("", NEW)]

    @pytest.mark.parametrize(
        ("language", "words"), [("kk", "Картадағы телефон"), ("ru", "Телефон в карточке")]
    )
    def test_the_page_of_the_account_says_it(
        self, bolat: User, saule: User, client_for: ClientFor, language: str, words: str
    ) -> None:
        follow(saule, NEW)
        follow(bolat, NEW)
        page = client_for(Role.DIRECTOR, language=language).get(f"/accounts/{bolat.pk}/").content.decode()
        assert words in page
        assert "Сәуле" in page


class TestCards:
    """The news come from the modules' cards, after the commit."""

    @pytest.fixture
    def director(self, in_school: TenantRef, actor_of: ActorOf) -> Actor:
        return actor_of(Role.DIRECTOR)

    def employee(self, director: Actor, surname: str, phone: str) -> Any:
        new = NewEmployee(surname=surname, name="Айдос", sex="m", phone=phone)
        return staff.open_card(actor=director, employee=new)

    def test_an_employee_with_another_number(self, director: Actor, account: Accounts) -> None:
        row = self.employee(director, "Омаров", OLD)
        user = follow(account(Role.TEACHER, username="omarov", person_id=row.pk), OLD)
        staff.change_employee(actor=director, employee_id=row.pk, phone=NEW)
        assert user.phone == OLD
        events.deliver()
        user.refresh_from_db()
        assert user.phone == NEW
        staff.change_employee(actor=director, employee_id=row.pk, email="o@example.kz")
        assert events.deliver() == 0

    def test_the_clerk_reads_at_once_that_the_number_is_anothers(
        self, director: Actor, saule: User, account: Accounts
    ) -> None:
        row = self.employee(director, "Омаров", OLD)
        account(Role.TEACHER, username="omarov", surname="Омаров", person_id=row.pk)
        follow(saule, NEW)
        assert "Сәуле" in api.said_of_number(person_id=row.pk, phone="8 707 999 88 77")
        assert api.said_of_number(person_id=row.pk, phone=OLD) == ""
        assert api.said_of_number(person_id=uuid7(), phone=NEW) == ""

    def test_a_guardian_with_another_number(self, director: Actor, account: Accounts) -> None:
        pupil = new_pupil(new_class(), guardians=(mother(phone=OLD),))
        tie = Guardianship.objects.get(pupil=pupil)
        user = account(Role.PARENT, username="gulnar", person_id=tie.guardian_id)
        follow(user, OLD)
        contingent.change_guardian(
            actor=director, pupil_id=pupil.pk, guardian_id=tie.guardian_id, relation="mother", phone=NEW
        )
        events.deliver()
        user.refresh_from_db()
        assert user.phone == NEW
