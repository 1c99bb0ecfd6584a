"""A ban to see a child holds everywhere, at once, and is lifted by nothing but a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from identity.models import User
from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.db import sealed
from kernel.tenancy import TenantRef
from modules.contingent import api, services
from modules.contingent.data import BanInfo, NewGuardian
from modules.contingent.models import CardChange, Guardian, Guardianship, Pupil, SchoolClass, SightBan
from modules.contingent.queries import custody
from modules.contingent.services import family_accounts
from modules.school import slips
from tests.modules.contingent.people import mother, new_class, new_pupil

pytestmark = pytest.mark.requirement("SIS-16")
ClientFor = Callable[..., Client]
TODAY = date(2026, 11, 23)
GROUND = "Қарқаралы аудандық сотының шешімі, 12.10.2026, № 3512-26"


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


def father(**more: Any) -> NewGuardian:
    return NewGuardian(
        **{"relation": "father", "surname": "Ахметов", "name": "Болат", "phone": "+77052223344"} | more
    )


class Family:
    """A girl whose parents are divorced, and the father's son of another marriage, in the same class."""

    def __init__(self, seven: SchoolClass) -> None:
        self.girl = new_pupil(seven, name="Аяжан", sex="f", guardians=(mother(), father()))
        self.son = new_pupil(seven, name="Арман", patronymic="Болатұлы", guardians=(father(),))
        self.mother: UUID = Guardian.objects.get(name="Гүлнар").pk
        self.father: UUID = Guardian.objects.get(name="Болат").pk


@pytest.fixture
def seven(school_a: TenantRef) -> SchoolClass:
    with tenancy.use(school_a):
        return new_class()


@pytest.fixture
def family(school_a: TenantRef, seven: SchoolClass) -> Family:
    with tenancy.use(school_a):
        return Family(seven)


@pytest.fixture
def clerk(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.SECRETARY, user_id=7, name="Қараған Көз")


def ban(family: Family, clerk: Actor, **more: Any) -> SightBan:
    given = {"since": TODAY, "ground": GROUND} | more
    return services.ban_sight(actor=clerk, pupil_id=family.girl.pk, guardian_id=family.father, **given)


def children(actor_of: Callable[..., Actor], guardian_id: UUID) -> list[str]:
    actor = actor_of(Role.PARENT, person_id=guardian_id, person_kind="guardian")
    return [one.name for one in api.children_of(actor=actor, guardian_id=guardian_id)]


class TestBan:
    def test_the_father_loses_the_girl_and_keeps_his_son(
        self, school_a: TenantRef, family: Family, clerk: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        with tenancy.use(school_a):
            assert children(actor_of, family.father) == ["Аяжан", "Арман"]
            ban(family, clerk)
            assert children(actor_of, family.father) == ["Арман"]
            assert children(actor_of, family.mother) == ["Аяжан"]

    @pytest.mark.parametrize(
        ("since", "until", "sees"),
        [
            (TODAY + timedelta(days=1), None, True),
            (TODAY, TODAY, False),
            (TODAY - timedelta(days=9), TODAY - timedelta(days=1), True),
        ],
        ids=["from-tomorrow", "this-day", "over"],
    )
    def test_it_holds_from_its_first_day_to_its_last(
        self,
        school_a: TenantRef,
        family: Family,
        clerk: Actor,
        actor_of: Callable[..., Actor],
        since: date,
        until: date | None,
        sees: bool,
    ) -> None:
        with tenancy.use(school_a):
            ban(family, clerk, since=since, until=until)
            assert ("Аяжан" in children(actor_of, family.father)) is sees

    def test_it_wants_a_ground_and_stands_once(
        self, school_a: TenantRef, family: Family, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            with pytest.raises(services.GroundMissing):
                ban(family, clerk, ground="  ")
            ban(family, clerk)
            with pytest.raises(services.BannedAlready):
                ban(family, clerk)

    def test_only_the_office_notes_and_lifts_it(
        self, school_a: TenantRef, family: Family, clerk: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        from kernel.errors import NotAllowed

        with tenancy.use(school_a):
            noted = ban(family, clerk)
            for role in (Role.CLASS_TEACHER, Role.NURSE, Role.PARENT, Role.PSYCHOLOGIST):
                with pytest.raises(NotAllowed):
                    ban(family, actor_of(role))
                with pytest.raises(NotAllowed):
                    services.lift_ban(
                        actor=actor_of(role),
                        pupil_id=family.girl.pk,
                        ban_id=noted.pk,
                        until=TODAY,
                        ground=GROUND,
                    )

    def test_another_decision_lifts_it_and_both_stay_on_the_card(
        self, school_a: TenantRef, family: Family, clerk: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        with tenancy.use(school_a):
            noted = ban(family, clerk, since=date(2026, 10, 12))
            with pytest.raises(services.EndsBeforeBan):
                services.lift_ban(
                    actor=clerk,
                    pupil_id=family.girl.pk,
                    ban_id=noted.pk,
                    until=date(2026, 10, 11),
                    ground="сот",
                )
            services.lift_ban(
                actor=clerk,
                pupil_id=family.girl.pk,
                ban_id=noted.pk,
                until=TODAY - timedelta(days=1),
                ground="облыстық сот, 20.11.2026",
            )
            assert children(actor_of, family.father) == ["Аяжан", "Арман"]
            [kept] = custody.bans_of(family.girl.pk)
            assert (kept.ground, kept.lifted_ground) == (GROUND, "облыстық сот, 20.11.2026")
            acts = [one.action for one in audit.entries()[:2]]
            assert acts == ["contingent.ban.lifted", "contingent.ban.noted"]

    def test_tying_him_anew_does_not_lift_it(
        self, school_a: TenantRef, family: Family, clerk: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        """A spreadsheet, a dossier or a forgetful clerk may bring him again, even under another phone."""
        with tenancy.use(school_a):
            ban(family, clerk)
            services.link_guardian(actor=clerk, pupil_id=family.girl.pk, guardian=father())
            assert children(actor_of, family.father) == ["Арман"]
            services.unlink_guardian(actor=clerk, pupil_id=family.girl.pk, guardian_id=family.father)
            services.link_guardian(
                actor=clerk, pupil_id=family.girl.pk, guardian=father(phone="+77770000000")
            )
            assert Guardian.objects.filter(name="Болат").count() == 1
            assert Guardianship.objects.filter(pupil=family.girl, guardian_id=family.father).exists()
            assert children(actor_of, family.father) == ["Арман"]

    def test_the_history_of_the_card_tells_who_noted_it(
        self, school_a: TenantRef, family: Family, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            ban(family, clerk)
            row = CardChange.objects.filter(part="ban").get()
            assert (row.pupil_id, row.row_id, row.author_id, row.author_name) == (
                family.girl.pk,
                family.father,
                7,
                "Қараған Көз",
            )
            before, after = row.changes["ground"]
            assert (before, sealed.read(SightBan._meta.get_field("ground"), after)) == (None, GROUND)


class TestEverywhere:
    """Every way by which a family reads of a child, before and after: the mother's stays, the father's is gone."""

    PAGES = (
        "/family/{girl}/",
        "/family/{girl}/year/",
        "/family/{girl}/lookers/",
        "/contingent/pupils/{girl}/",
        "/contingent/pupils/{girl}/?tab=documents",
        "/contingent/pupils/{girl}/?tab=addresses",
        "/contingent/pupils/{girl}/?tab=guardians",
        "/contingent/pupils/{girl}/?tab=health",
        "/contingent/pupils/{girl}/?tab=looked",
    )

    def test_pages_answer_as_if_there_were_no_such_child(
        self, client_for: ClientFor, school_a: TenantRef, family: Family, clerk: Actor
    ) -> None:
        him = client_for(Role.PARENT, person_id=family.father, username="bolat")
        her = client_for(Role.PARENT, person_id=family.mother, username="gulnar")
        paths = [page.format(girl=family.girl.pk) for page in self.PAGES]
        assert {him.get(path).status_code for path in paths} == {200}
        with tenancy.use(school_a):
            ban(family, clerk)
        assert {path: him.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
        assert {her.get(path).status_code for path in paths} == {200}
        for path in ("/family/", f"/family/{family.son.pk}/", f"/contingent/pupils/{family.son.pk}/"):
            page = him.get(path, follow=True)
            assert page.status_code == 200
            assert "Аяжан" not in page.content.decode()
            assert "Арман" in page.content.decode()

    def test_the_api_gives_him_his_son_alone(
        self, client_for: ClientFor, school_a: TenantRef, family: Family, seven: SchoolClass, clerk: Actor
    ) -> None:
        him = client_for(Role.PARENT, person_id=family.father)
        path = f"/api/v1/classes/{seven.pk}/pupils"
        assert {one["name"] for one in him.get(path).json()} == {"Аяжан", "Арман"}
        with tenancy.use(school_a):
            ban(family, clerk)
        assert {one["name"] for one in him.get(path).json()} == {"Арман"}

    def test_he_is_told_nothing_and_given_no_account_for_her(
        self, school_a: TenantRef, family: Family, seven: SchoolClass, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            ban(family, clerk)
            told = {(one.name, one.pupil_id) for one in api.all_guardians(actor=clerk, class_id=seven.pk)}
        assert told == {("Гүлнар", family.girl.pk), ("Болат", family.son.pk)}

    def test_his_slip_does_not_name_her_class(
        self, school_a: TenantRef, account: Callable[..., User], clerk: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        with tenancy.use(school_a):
            girl = new_pupil(new_class(), name="Аяжан", sex="f", guardians=(father(),))
            new_pupil(new_class(3, "Б"), name="Арман", birth_date=date(2018, 4, 5), guardians=(father(),))
            one = Guardian.objects.get()
            account(Role.PARENT, person_id=one.pk)
            director = actor_of(
                Role.DIRECTOR, user_id=10**9
            )  # not the number of the account, which may be the first
            assert [line.place for line in slips.waiting(actor=director)] == ["7А, 3Б"]
            services.ban_sight(actor=clerk, pupil_id=girl.pk, guardian_id=one.pk, since=TODAY, ground=GROUND)
            assert [line.place for line in slips.waiting(actor=director)] == ["3Б"]

    def test_her_return_does_not_open_his_account(
        self, school_a: TenantRef, family: Family, account: Callable[..., User], clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            user = account(Role.PARENT, person_id=family.father)
            ban(family, clerk)
            Pupil.objects.filter(pk=family.son.pk).update(left_date=TODAY)
            family_accounts.close([family.son.pk])
            user.refresh_from_db()
            assert not user.is_active, "the girl whom he may not see keeps no account open for him"
            family_accounts.open_again([family.girl.pk])
            user.refresh_from_db()
            assert not user.is_active

    def test_it_travels_with_the_card(self, school_a: TenantRef, family: Family, clerk: Actor) -> None:
        with tenancy.use(school_a):
            ban(family, clerk)
            sent = {one.name: one.ban for one in api.card(actor=clerk, pupil_id=family.girl.pk).guardians}
        assert sent == {"Гүлнар": None, "Болат": BanInfo(since=TODAY, ground=GROUND)}


class TestOnTheCard:
    def test_the_clerk_sees_the_ban_on_every_part_and_may_lift_it(
        self, client_for: ClientFor, school_a: TenantRef, family: Family
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        base = f"/contingent/pupils/{family.girl.pk}/"
        page = clerk.get(f"{base}guardians/{family.father}/ban/")
        assert page.status_code == 200
        refused = clerk.post(f"{base}guardians/{family.father}/ban/", {"since": "2026-10-12", "ground": ""})
        assert refused.status_code == 422
        assert refused.context["form"]["since"].value() == "2026-10-12"
        answer = clerk.post(
            f"{base}guardians/{family.father}/ban/", {"since": "2026-10-12", "ground": GROUND}
        )
        assert answer.status_code == 302
        for tab in ("identity", "documents", "guardians", "statuses", "movement"):
            html = clerk.get(f"{base}?tab={tab}").content.decode()
            assert "Ахметов Болат баланы көре алмайды" in html, tab
            assert GROUND in html
        with tenancy.use(school_a):
            noted = SightBan.objects.get()
        assert clerk.get(f"{base}bans/{noted.pk}/lift/").status_code == 200
        lifted = clerk.post(f"{base}bans/{noted.pk}/lift/", {"until": "2026-11-22", "ground": "сот"})
        assert lifted.status_code == 302
        assert "баланы көре алмайды" not in clerk.get(base).content.decode()

    def test_a_mistaken_one_is_removed_and_stays_in_the_history(
        self, client_for: ClientFor, school_a: TenantRef, family: Family, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            noted = ban(family, clerk)
        office = client_for(Role.SECRETARY)
        office.post(f"/contingent/pupils/{family.girl.pk}/bans/{noted.pk}/remove/")
        with tenancy.use(school_a):
            assert not SightBan.objects.exists()
            assert CardChange.objects.filter(part="ban", action="removed").count() == 1

    def test_another_schools_ban_is_not_here(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef, family: Family, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            noted = ban(family, clerk)
        stranger = client_for(Role.SECRETARY, school=school_b)
        base = f"/contingent/pupils/{family.girl.pk}/"
        assert stranger.post(f"{base}bans/{noted.pk}/remove/").status_code == 404
        assert stranger.post(f"{base}guardians/{family.father}/ban/", {}).status_code == 404
