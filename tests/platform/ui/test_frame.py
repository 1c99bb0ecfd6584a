"""The frame is drawn once for all who see the same, and for nobody else: not another school, right, language or person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.utils import translation

from kernel import tenancy
from kernel.access import Actor, Permission
from tests.platform.ui.conftest import SCHOOL
from ui import context, registry, render
from ui.registry import Register

SEE = Permission("test.see", "see", {}, frozenset())
EDIT = Permission("test.edit", "edit", {}, frozenset())
OTHER = replace(SCHOOL, id=UUID(int=2), schema="s_b", name_kk="№ 2 мектеп", name_ru="Школа № 2")
MakeActor = Callable[..., Actor]
RequestTo = Callable[..., HttpRequest]


@pytest.fixture
def page(register: Register, request_to: RequestTo) -> Callable[..., str]:
    """A page with a menu of two lines, as a person of the actor's school sees it."""
    for label, permission in (("Көру", SEE), ("Түзету", EDIT)):
        registry.menu(
            section="study", label=label, url_name="ui:" + ("gallery" if permission is SEE else "offline"),
            permission=permission, icon="school",
        )  # fmt: skip

    def show(actor: Actor, path: str = "/") -> str:
        request = request_to(path)
        request.actor = actor  # type: ignore[attr-defined]
        with tenancy.use(actor.tenant):
            return render.page(request, "ui/errors/404.html").content.decode()

    return show


class TestOnce:
    def test_a_part_is_drawn_once_for_the_same_values(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn = []
        monkeypatch.setattr(
            context, "render_to_string", lambda name, known: drawn.append((name, known)) or "x"
        )
        for year in ("2026-27", "2026-27", "2025-26"):
            context.once("ui/parts/side.html", year=year)
        assert drawn == [
            ("ui/parts/side.html", {"year": "2026-27"}),
            ("ui/parts/side.html", {"year": "2025-26"}),
        ]

    def test_each_school_sees_its_own(self, page: Callable[..., str], actor: MakeActor) -> None:
        own, other = actor(SEE), replace(actor(SEE), tenant=OTHER)
        assert "№\u00a01 мектеп" in page(own)
        seen = page(other)
        assert "№\u00a02 мектеп" in seen
        assert "№\u00a01 мектеп" not in seen

    def test_the_same_values_in_two_schools_are_two_drawings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            context, "render_to_string", lambda name, known: tenancy.current().schema
        )  # as if a part read the school at hand
        for school in (SCHOOL, OTHER, SCHOOL):
            with tenancy.use(school):
                assert context.once("ui/parts/side.html") == school.schema

    def test_each_right_opens_its_own_lines(self, page: Callable[..., str], actor: MakeActor) -> None:
        assert "Түзету" not in page(actor(SEE))
        assert "Түзету" in page(actor(SEE, EDIT))

    def test_a_right_that_was_taken_away_is_gone_at_once(
        self, page: Callable[..., str], actor: MakeActor
    ) -> None:
        person = actor(SEE, EDIT)
        assert "Түзету" in page(person)
        assert "Түзету" not in page(replace(person, grants=actor(SEE).grants))
        assert "Түзету" not in page(replace(person, grants={**actor(SEE).grants, EDIT.code: frozenset()}))

    def test_each_language_has_its_own_words(self, page: Callable[..., str], actor: MakeActor) -> None:
        kazakh = page(actor(SEE))
        with translation.override("ru"):
            russian = page(actor(SEE))
        assert ("Іздеу" in kazakh, "Поиск" in kazakh) == (True, False)
        assert ("Іздеу" in russian, "Поиск" in russian) == (False, True)
        assert "Школа №\u00a01" in russian

    def test_nothing_of_one_person_stands_on_another_s_page(
        self, page: Callable[..., str], actor: MakeActor
    ) -> None:
        first, second = actor(SEE), replace(actor(SEE), user_id=2, name="Болат Ермеков")
        mine = page(first, "/?q=one")
        theirs = page(second, "/?q=two")
        assert "Айгүл" in mine
        assert "Болат" in theirs
        assert [word for word in ("Айгүл", ">АС<", "q=one") if word in mine] == ["Айгүл", ">АС<", "q=one"]
        assert [word for word in ("Айгүл", ">АС<", "q=one") if word in theirs] == []

    def test_somebody_who_signed_out_sees_no_menu(
        self, page: Callable[..., str], actor: MakeActor, request_to: RequestTo
    ) -> None:
        assert "Көру" in page(actor(SEE))
        with tenancy.use(SCHOOL):
            html = render.page(request_to(), "ui/errors/404.html").content.decode()
        assert "Көру" not in html
        assert 'id="search"' not in html
        assert 'form="sign-out"' not in html
