"""Lists whose SQL is kept: they show what a list made anew would show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.urls import set_urlconf
from django.utils import translation

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.db.rows import NotSteady, Statement
from kernel.tenancy import TenantRef
from modules.contingent.models import Membership, Pupil
from modules.contingent.registers import PUPILS
from modules.staff.registers import EMPLOYEES
from registers import showing
from registers.declaration import REGISTERS, Register
from registers.listing import Listing
from registers.queries import Kept
from registers.state import State
from tests.modules.contingent.people import new_class, new_pupil
from tests.modules.staff.test_api import new_employee
from tests.platform.registers.listed import PUPILS as PUPILS_URL
from tests.platform.registers.listed import ClientFor, names

STEADY = [PUPILS, EMPLOYEES]


def asked_anew(register: Register) -> Register:
    """The same list, its SQL put together each time."""
    made = replace(register, code=f"{register.code}.anew", steady=False)
    del REGISTERS[made.code]
    return made


def told(listing: Listing) -> tuple[Any, ...]:
    found = listing.found()
    before = found.before.pk if found.before is not None else None
    gathered = [listing.group_of(row) for row in found.rows] if listing.group else []
    return [row.pk for row in found.rows], before, gathered, found.whole, dict(found.groups)


def states(register: Register, actor: Actor) -> list[State]:
    """Every filter's every value, every order and every group, on the first page and on the second."""
    chosen = [{one.code: code} for one in register.filters for code, _words in one.choices(actor)]
    sorts = [f"{turn}{one.code}" for one in register.columns if one.sort for turn in ("", "-")]
    groups = [one.code for one in register.groups]
    return [
        State(),
        State(size=2, page="2"),
        State(page="9"),
        *(State(chosen=one) for one in chosen),
        *(State(chosen=one, group=groups[0]) for one in chosen),
        *(State(sort=one) for one in sorts),
        *(State(group=one, size=2, page="2", sort=sort) for one in groups for sort in sorts[:4]),
        *(State(group=one) for one in groups),
    ]


@pytest.mark.requirement("SIS-16")
@pytest.mark.parametrize("register", STEADY, ids=lambda one: one.code)
def test_a_kept_statement_answers_as_one_made_anew(
    register: Register, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
) -> None:
    client_for(Role.DIRECTOR)
    with tenancy.use(school_a):
        new_pupil(people["five"], surname="Кеткен")
        Pupil.objects.filter(surname="Кеткен").update(left_date="2026-10-01")
        for n in range(5):
            new_employee(f"Мұғалімова{n}")
        actor = Actor.system_actor("test")
        anew = asked_anew(register)
        for state in states(register, actor):
            fresh = told(Listing(anew, actor, state))
            for _once_and_again in range(2):
                assert told(Listing(register, actor, state)) == fresh, state


def test_a_kept_row_is_the_row_that_the_model_loads(school_a: TenantRef, people: dict[str, Any]) -> None:
    with tenancy.use(school_a):
        rows = PUPILS.rows(Actor.system_actor("test")).order_by("pk")
        for kept, loaded in zip(Statement(lambda: rows).all(), rows, strict=True):
            ours = {name: value for name, value in kept.__dict__.items() if name != "_state"}
            assert ours == {name: value for name, value in loaded.__dict__.items() if name != "_state"}
            assert kept == loaded
            assert not kept._state.adding
            assert kept.changed_at == loaded.changed_at  # deferred: asked for when it is wanted


def test_the_making_of_a_statement_asks_nothing(school_a: TenantRef, people: dict[str, Any]) -> None:
    with tenancy.use(school_a), pytest.raises(NotSteady):
        Statement(lambda: Pupil.objects.filter(pk__in=list(Pupil.objects.values_list("pk", flat=True))))
    with tenancy.use(school_a), pytest.raises(ValueError, match="one table"):
        Statement(lambda: Membership.objects.select_related("pupil"))


@pytest.mark.requirement("SIS-16")
def test_what_changed_is_seen_at_once(
    client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
) -> None:
    clerk = client_for(Role.SECRETARY)
    assert len(names(clerk.get(PUPILS_URL))) == 5
    with tenancy.use(school_a):
        later = new_class(9, "Б")
        new_pupil(later, surname="Бекова")
        Pupil.objects.filter(surname="Әлиева").update(left_date="2026-11-23")
    page = clerk.get(PUPILS_URL)
    assert names(page)[2] == "Бекова"
    assert f'value="{later.pk}"' in page.content.decode()
    assert names(clerk.get(PUPILS_URL, {"class": str(later.pk)})) == ["Бекова"]
    with time_machine.travel("2026-11-24 09:00+05:00", tick=True):  # another day, other pupils
        assert "Әлиева" not in names(client_for(Role.SECRETARY).get(PUPILS_URL))


@pytest.mark.requirement("SIS-16")
def test_rights_taken_away_are_gone_from_the_list_at_once(
    client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
) -> None:
    """What one may see is part of the key, in the page and in the SQL: two people never share what only one may see."""
    clerk, teacher = client_for(Role.SECRETARY), client_for(Role.TEACHER)
    assert len(names(clerk.get(PUPILS_URL))) == 5
    shown = teacher.get(PUPILS_URL)
    assert people["Әлиева"].iin[:6] not in shown.content.decode()
    assert len(names(clerk.get(PUPILS_URL))) == 5


@pytest.mark.parametrize("register", list(REGISTERS.values()), ids=lambda one: one.code)
def test_what_a_page_is_remembered_under_is_the_same_in_every_language(
    register: Register, school_a: TenantRef, vendor: TenantRef, people: dict[str, Any]
) -> None:
    """Words that are still to be translated change their hash with the language: what is kept under them is lost."""
    if register.around is not None:
        pytest.skip("the list needs the page that it stands on")
    kind, ref = ("vendor", vendor) if register.url.startswith("ops:") else ("school", school_a)
    set_urlconf(f"config.urls.{kind}")
    try:
        with tenancy.use(ref), translation.override("kk"):
            key = showing.Shown(Listing(register, Actor.system_actor("test"), State()), Kept()).key
            said = hash(key)
        with translation.override("ru"):
            assert hash(key) == said
    finally:
        set_urlconf(None)
