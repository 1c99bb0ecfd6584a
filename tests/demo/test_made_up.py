"""A demonstration holds nobody who lives, says so on every page, and its people are taken nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import python_calamine
from django.test import Client

from demo import fill, made_up
from demo.district import AUTHORITIES, SCHOOLS, SERVICES
from demo.people import Crowd
from imports import normalise
from kernel import iin, tenancy
from kernel.access import Actor, Role
from kernel.errors import DomainError
from kernel.tenancy import Kind, TenantRef
from modules.contingent import api as contingent
from modules.contingent.data import NewPupil
from modules.contingent.models import Pupil

pytestmark = pytest.mark.requirement("DEM-01")

BORN = date(2013, 4, 5)
FILES = sorted(Path(fill.FILES).glob("*.xlsx"))
PLANS = [*AUTHORITIES, *SERVICES, *(school.tenant for school in SCHOOLS)]
MODES = ("demo", "test", "live")


def real_number(seventh: str = "5") -> str:
    """A number such as a living child may have, with the right check digit."""
    for serial in range(1000, 1100):
        body = f"{BORN:%y%m%d}{seventh}{serial}"
        last = iin.check_digit(body)
        if last is not None:
            return f"{body}{last}"
    raise AssertionError


REAL, SYNTHETIC = real_number(), iin.synthetic(BORN, "m", 7)


def enrol(number: str) -> UUID:
    actor = Actor.system_actor("test")
    year = "2026-27"
    if not contingent.classes(actor=actor, year=year):
        contingent.open_class(actor=actor, year=year, grade=7, letter="А", language="kk")
    [room] = contingent.classes(actor=actor, year=year)
    return contingent.enrol(
        actor=actor,
        pupil=NewPupil(surname="Серік", name="Ерлан", sex="m", birth_date=BORN, iin=number),
        class_id=room.id,
        since=date(2026, 9, 1),
    )


class TestWays:
    @pytest.mark.parametrize(
        ("mode", "taken"),
        [("demo", {SYNTHETIC}), ("test", {SYNTHETIC, REAL}), ("live", {REAL})],
    )
    def test_a_number_is_good_only_where_it_belongs(self, mode: str, taken: set[str]) -> None:
        """A test tenant takes both, for it may hold a copy of a living school."""
        ref = TenantRef(uuid4(), "x", "x", Kind.SCHOOL, mode)
        assert {number for number in (SYNTHETIC, REAL) if not ref.iin_problems(number)} == taken

    @pytest.mark.parametrize("seventh", list("123456"))
    def test_no_century_that_has_begun_is_taken(self, seventh: str) -> None:
        ref = TenantRef(uuid4(), "x", "x", Kind.SCHOOL, "demo")
        assert "real" in ref.iin_problems(real_number(seventh))

    def test_a_demonstration_takes_no_living_child(self, committed_school: Callable[..., TenantRef]) -> None:
        with tenancy.use(committed_school(mode="demo")):
            with pytest.raises(DomainError):
                enrol(REAL)
            read = normalise.iin(REAL)
            assert (read.value, [one.code for one in read.findings]) == (None, ["iin_real"])
            assert not Pupil.objects.exists()
            enrol(SYNTHETIC)
            assert Pupil.objects.get().iin == SYNTHETIC

    def test_a_living_school_takes_nobody_made_up(self, committed_school: Callable[..., TenantRef]) -> None:
        with tenancy.use(committed_school(mode="live")):
            with pytest.raises(DomainError):
                enrol(SYNTHETIC)
            assert [one.code for one in normalise.iin(SYNTHETIC).findings] == ["iin_synthetic"]
            enrol(REAL)
            assert Pupil.objects.get().iin == REAL


class TestDemo:
    def test_opens_every_tenant_as_a_demonstration(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: dict[str, str] = {}
        monkeypatch.setattr(
            fill.provisioning, "create_tenant", lambda *, code, mode, **_: opened.update({code: mode})
        )
        for plan in PLANS:
            fill._open(plan)
        assert opened == {plan.code: "demo" for plan in PLANS}

    @pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
    def test_names_say_that_nobody_has_such_an_office(self, plan: fill.TenantPlan) -> None:
        assert plan.name_kk.endswith("(демо)")
        assert plan.name_ru.endswith("(демо)")

    def test_stands_where_the_customer_asked(self) -> None:
        by_code = {plan.code: plan for plan in PLANS}
        assert "Карагандинской" in by_code["karaganda"].name_ru
        assert "Каркаралинского" in by_code["karkaraly"].name_ru
        assert by_code["karkaraly"].parent == "karaganda"
        assert [s.tenant.parent for s in SCHOOLS].count("karkaraly") == 3

    def test_makes_up_its_people(self) -> None:
        crowd = Crowd(3)
        people = [*(crowd.adult() for _ in range(200))]
        assert {one.iin[6] for one in people} == {"7", "8"}

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
    def test_its_files_name_nobody_who_lives(self, file: Path) -> None:
        found = 0
        book = python_calamine.CalamineWorkbook.from_path(str(file))
        for sheet in book.sheet_names:
            for row in book.get_sheet_by_name(sheet).to_python():
                for cell in row:
                    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
                    digits = re.sub(r"\D", "", text)
                    if len(digits) == 12:
                        found += 1
                        assert digits[6] in iin.SYNTHETIC, file.name
        assert found > 10

    def test_finds_a_living_person_wherever_he_has_crept_in(
        self, committed_school: Callable[..., TenantRef]
    ) -> None:
        """The demo asks this of itself, tenant by tenant, while it is being filled."""
        ref = committed_school(mode="demo")
        with tenancy.use(ref):
            enrol(SYNTHETIC)
        assert made_up.only(ref) == 1
        with tenancy.use(ref):
            Pupil.objects.update(iin=REAL)
        with pytest.raises(made_up.RealPerson, match=r"contingent_pupil\.iin") as told:
            made_up.only(ref)
        assert REAL not in str(told.value)


class TestPages:
    DEMO, TRIAL = "ойдан шығарылған", "сынауға арналған"

    def page(self, ref: TenantRef) -> str:
        return Client(headers={"host": ref.host}).get("/sign-in/", follow=True).content.decode()

    def test_say_what_they_are(self, committed_school: Callable[..., TenantRef]) -> None:
        pages = {mode: self.page(committed_school(mode=mode)) for mode in MODES}
        assert self.DEMO in pages["demo"]
        assert self.TRIAL in pages["test"]
        assert 'class="made-up' not in pages["live"]

    def test_say_so_inside_too(self, client_for: Callable[..., Client]) -> None:
        for path in ("/", "/imports/", "/no-such-page/"):
            page = client_for(Role.DIRECTOR).get(path, follow=True).content.decode()
            assert page.count('class="made-up') == 1, path
