"""Rules that the school sets: typed, bounded, with their source, each school its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef
from modules.school import api, queries, settings_register
from modules.school.models import SchoolSetting
from modules.school.settings_register import WrongValue


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_register, "REGISTER", dict(settings_register.REGISTER))
    api.declare_setting("t.scale", "Шкала", default=10, minimum=5, maximum=12, section="Т", source="№ 125")
    api.declare_setting("t.share", "Үлес", default=Decimal("0.5"), minimum=0, maximum=1, section="Т")
    api.declare_setting(
        "t.round", "Дөңгелектеу", default="half", choices=[("half", "Ж"), ("up", "Ү")], section="Т"
    )
    api.declare_setting("t.open", "Ашық", default=False, section="Т")


@pytest.fixture
def aigul(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.DIRECTOR)


class TestValues:
    def test_the_default_holds_until_the_school_chooses(self, in_school: TenantRef, aigul: Actor) -> None:
        assert api.setting("t.scale") == 10
        api.change_setting(actor=aigul, code="t.scale", value="12")
        assert api.setting("t.scale") == 12

    @pytest.mark.parametrize(
        ("code", "typed", "value"),
        [
            ("t.scale", " 7 ", 7),
            ("t.share", "0,35", Decimal("0.35")),
            ("t.round", "up", "up"),
            ("t.open", "on", True),
            ("t.open", True, True),
        ],
    )
    def test_come_back_in_their_own_type(
        self, in_school: TenantRef, aigul: Actor, code: str, typed: object, value: object
    ) -> None:
        api.change_setting(actor=aigul, code=code, value=typed)
        read = api.setting(code)
        assert (read, type(read)) == (value, type(value))

    @pytest.mark.parametrize(
        ("code", "typed"),
        [
            ("t.scale", "4"),
            ("t.scale", "13"),
            ("t.scale", "x"),
            ("t.scale", "7.5"),
            ("t.scale", ""),
            ("t.scale", "٧"),
            ("t.share", "NaN"),
            ("t.share", "1.01"),
            ("t.share", "1e999999"),
            ("t.round", "down"),
        ],
    )
    def test_out_of_bounds_or_no_such_thing_is_refused(
        self, in_school: TenantRef, aigul: Actor, code: str, typed: str
    ) -> None:
        before = api.setting(code)
        with pytest.raises(WrongValue):
            api.change_setting(actor=aigul, code=code, value=typed)
        assert api.setting(code) == before

    def test_the_default_chosen_again_leaves_no_row(self, in_school: TenantRef, aigul: Actor) -> None:
        api.change_setting(actor=aigul, code="t.scale", value=12)
        api.change_setting(actor=aigul, code="t.scale", value=10)
        assert SchoolSetting.objects.count() == 0

    def test_each_school_has_its_own(self, school_a: TenantRef, school_b: TenantRef, aigul: Actor) -> None:
        with tenancy.use(school_a):
            api.change_setting(actor=aigul, code="t.scale", value=12)
        with tenancy.use(school_b):
            assert api.setting("t.scale") == 10


class TestChanging:
    def test_is_told_and_logged_once(self, in_school: TenantRef, aigul: Actor) -> None:
        for _ in range(2):
            api.change_setting(actor=aigul, code="t.scale", value=12)
        [event] = OutboxEvent.objects.filter(name="school.setting.changed.v1")
        assert event.payload == {"code": "t.scale", "value": 12}
        assert len([e for e in audit.entries() if e.action == "school.setting.changed"]) == 1

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.SECRETARY, Role.PARENT])
    def test_is_the_directors(self, in_school: TenantRef, actor_of: Callable[..., Actor], role: Role) -> None:
        with pytest.raises(NotAllowed):
            api.change_setting(actor=actor_of(role), code="t.scale", value=12)
        assert api.setting("t.scale") == 10

    def test_the_list_says_who_chose(self, in_school: TenantRef, aigul: Actor) -> None:
        api.change_setting(actor=aigul, code="t.share", value="0.35")
        states = {s.setting.code: s for s in queries.settings(actor=aigul)}
        assert (states["t.share"].changed_by, states["t.share"].shown) == ("Айгүл Серікқызы", "0,35")
        assert (states["t.scale"].is_changed, states["t.scale"].shown_default) == (False, "10")


class TestDeclaring:
    def test_once(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            api.declare_setting("t.scale", "x", default=1, section="Т")

    def test_with_a_default_inside_its_own_bounds(self) -> None:
        with pytest.raises(WrongValue):
            api.declare_setting("t.new", "x", default=1, minimum=2, section="Т")

    def test_an_unknown_one_is_a_fault_of_the_program(self, in_school: TenantRef) -> None:
        with pytest.raises(settings_register.UnknownSetting):
            api.setting("t.typo")
