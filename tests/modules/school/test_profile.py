"""The school's own details: changed by the school itself, one version per change, old days keep the old name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
import time_machine

from documents import registry
from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef
from modules.school import api, queries, services
from modules.school.models import SchoolProfile
from modules.school.organisation import bin_faults
from tenants.models import Tenant

GOOD_BIN = "260140000015"


@pytest.fixture
def aigul(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.DIRECTOR)


@pytest.fixture(autouse=True)
def _today() -> None:
    with time_machine.travel("2026-11-23T10:00:00+05:00", tick=False):
        yield


@pytest.mark.requirement("SIS-04")
class TestRenaming:
    def test_the_school_renames_itself_here_and_in_the_register(
        self, in_school: TenantRef, school_b: TenantRef, aigul: Actor
    ) -> None:
        api.rename(actor=aigul, name_kk="Абай атындағы мектеп", name_ru="Школа имени Абая")
        assert api.profile().name_kk == "Абай атындағы мектеп"
        names = {t.code: t.name_ru for t in Tenant.objects.all()}
        assert names[in_school.code] == "Школа имени Абая"
        assert names[school_b.code] == "Школа Б"

    def test_tells_the_others_and_the_log(self, in_school: TenantRef, aigul: Actor) -> None:
        api.rename(actor=aigul, name_kk="Жаңа", name_ru="Школа А")
        [event] = OutboxEvent.objects.filter(name="school.profile.changed.v1")
        assert event.payload["fields"] == ["name_kk"]
        [entry] = [e for e in audit.entries() if e.action == "school.profile.changed"]
        assert entry.details == {"fields": ["name_kk"], "since": "2026-11-23"}

    def test_papers_of_earlier_days_keep_the_earlier_name(self, in_school: TenantRef, aigul: Actor) -> None:
        api.open_profile(actor=aigul, since=date(2020, 1, 1), bin=GOOD_BIN)
        api.rename(actor=aigul, name_kk="Жаңа", name_ru="Новая", since=date(2026, 9, 1))
        assert api.profile(on=date(2026, 8, 31)).name_kk == "А мектебі"
        assert registry.letterhead_on(date(2026, 8, 31)).name_kk == "А мектебі"
        head = registry.letterhead_on(date(2026, 9, 1))
        assert (head.name_kk, head.bin) == ("Жаңа", GOOD_BIN)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PUPIL, Role.DEPUTY_ACADEMIC])
    def test_refuses_who_was_not_given_the_right(
        self, in_school: TenantRef, actor_of: Callable[..., Actor], role: Role
    ) -> None:
        with pytest.raises(NotAllowed):
            api.rename(actor=actor_of(role), name_kk="Жаңа", name_ru="Новая")
        assert SchoolProfile.objects.count() == 0

    def test_refuses_the_director_of_another_school(
        self, in_school: TenantRef, school_b: TenantRef, actor_of: Callable[..., Actor]
    ) -> None:
        zhanna = actor_of(Role.DIRECTOR, school=school_b)
        with pytest.raises(NotAllowed):
            api.rename(actor=zhanna, name_kk="Жаңа", name_ru="Новая")

    def test_schools_do_not_see_each_other(
        self, school_a: TenantRef, school_b: TenantRef, aigul: Actor
    ) -> None:
        with tenancy.use(school_a):
            api.change_profile(actor=aigul, phone="+7 701 000 00 00")
        with tenancy.use(school_b):
            assert api.profile().phone == ""
            assert api.profile().name_kk == "Б мектебі"


class TestVersions:
    def test_before_anything_is_filled_the_registered_name_stands(self, in_school: TenantRef) -> None:
        assert (api.profile().name_kk, api.profile().id) == ("А мектебі", None)

    def test_days_before_the_first_version_show_the_first(self, in_school: TenantRef, aigul: Actor) -> None:
        api.change_profile(actor=aigul, phone="1")
        assert api.profile(on=date(1999, 1, 1)).phone == "1"

    def test_what_is_not_named_stays(self, in_school: TenantRef, aigul: Actor) -> None:
        api.change_profile(actor=aigul, bin=GOOD_BIN, languages=["ru", "kk"], capacity=600)
        api.change_profile(actor=aigul, phone="2")
        known = api.profile()
        assert (known.bin, known.languages, known.capacity, known.phone) == (GOOD_BIN, ("kk", "ru"), 600, "2")

    def test_the_later_of_one_day_holds(self, in_school: TenantRef, aigul: Actor) -> None:
        api.change_profile(actor=aigul, phone="1")
        api.change_profile(actor=aigul, phone="2")
        assert api.profile().phone == "2"

    def test_the_same_again_writes_nothing(self, in_school: TenantRef, aigul: Actor) -> None:
        first = api.change_profile(actor=aigul, phone="1", languages=["kk"])
        assert api.change_profile(actor=aigul, phone="1", languages=["kk"]) == first
        assert SchoolProfile.objects.count() == 1

    def test_a_filled_profile_is_not_opened_again(self, in_school: TenantRef, aigul: Actor) -> None:
        api.open_profile(actor=aigul, since=date(2020, 1, 1), phone="1")
        assert api.open_profile(actor=aigul, since=date(2020, 1, 1), phone="2").phone == "1"

    def test_the_page_says_what_each_version_changed(self, in_school: TenantRef, aigul: Actor) -> None:
        api.open_profile(actor=aigul, since=date(2020, 1, 1), phone="1")
        api.change_profile(actor=aigul, phone="2")
        newer, older = queries.history(actor=aigul)
        assert queries.differences(newer, older) == [("телефон", "1", "2")]


class TestRefusals:
    def test_a_wrong_bin(self, in_school: TenantRef, aigul: Actor) -> None:
        with pytest.raises(services.WrongBin):
            api.change_profile(actor=aigul, bin="260140000016")
        assert api.change_profile(actor=aigul, bin=GOOD_BIN).bin == GOOD_BIN

    def test_a_day_that_has_not_come(self, in_school: TenantRef, aigul: Actor) -> None:
        with pytest.raises(services.NotInTheFuture):
            api.change_profile(actor=aigul, phone="1", since=date(2026, 11, 24))

    def test_a_day_before_the_version_in_force(self, in_school: TenantRef, aigul: Actor) -> None:
        api.change_profile(actor=aigul, phone="1", since=date(2026, 9, 1))
        with pytest.raises(services.LaterVersionExists, match=r"01\.09\.2026"):
            api.change_profile(actor=aigul, phone="2", since=date(2026, 8, 31))

    def test_a_version_that_the_person_has_not_seen(self, in_school: TenantRef, aigul: Actor) -> None:
        seen = api.change_profile(actor=aigul, phone="1").id
        api.change_profile(actor=aigul, phone="2", seen=seen)
        for stale in (seen, None, uuid4()):
            with pytest.raises(services.ChangedMeanwhile):
                api.change_profile(actor=aigul, phone="3", seen=stale)
        assert api.profile().phone == "2"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name_kk", ""),
            ("name_ru", "x" * 251),
            ("email", "no"),
            ("kind", "castle"),
            ("site", "javascript:1"),
        ],
    )
    def test_a_value_that_does_not_fit(
        self, in_school: TenantRef, aigul: Actor, field: str, value: str
    ) -> None:
        with pytest.raises(services.NotFilledRight) as refusal:
            api.change_profile(actor=aigul, **{field: value})
        assert field in refusal.value.faults
        assert api.profile().name_kk == "А мектебі"


class TestTheNumberOfAnOrganisation:
    @pytest.mark.parametrize(
        ("value", "faults"),
        [
            (GOOD_BIN, []),
            ("26014000001", ["length"]),
            ("26014000001x", ["length"]),
            ("٢٦٠١٤٠٠٠٠٠١٥", ["length"]),
            ("261340000015", ["month"]),
            ("260100000015", ["kind", "checksum"]),
            ("260140000016", ["checksum"]),
        ],
    )
    def test_says_what_is_wrong(self, value: str, faults: list[str]) -> None:
        assert bin_faults(value) == faults
