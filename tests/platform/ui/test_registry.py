"""What modules register is shown to whom it may be shown, in order, and a fault in one harms no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from kernel.access import Actor, Permission
from kernel.tenancy import Kind
from ui import registry
from ui.registry import Register, SearchHit, TodayCard

SEE = Permission("test.see", "see", {}, frozenset())
EDIT = Permission("test.edit", "edit", {}, frozenset())
MakeActor = Callable[..., Actor]


def add(url_name: str, **more: object) -> None:
    given = {"section": "study", "label": url_name, "permission": None, "icon": "school", **more}
    registry.menu(url_name=url_name, **given)  # type: ignore[arg-type]


class TestMenu:
    def test_shows_only_what_the_actor_may(self, register: Register, actor: MakeActor) -> None:
        add("ui:gallery", permission=SEE)
        add("ui:offline", permission=(SEE, EDIT))
        add("ui:search", permission=EDIT)
        shown = [line.label for section in registry.menu_for(actor(SEE)) for line in section.lines]
        assert shown == ["ui:gallery", "ui:offline"]

    def test_keeps_the_order_of_sections_and_of_lines(self, register: Register, actor: MakeActor) -> None:
        add("ui:search", section="settings")
        add("ui:gallery", order=90)
        add("ui:offline", order=10)
        sections = registry.menu_for(actor())
        assert [(s.code, [line.label for line in s.lines]) for s in sections] == [
            ("study", ["ui:offline", "ui:gallery"]),
            ("settings", ["ui:search"]),
        ]

    def test_makes_one_line_active_the_closest(self, register: Register, actor: MakeActor) -> None:
        add("ui:gallery", match="ui:")
        add("ui:search", match="ui:search")
        lines = registry.menu_for(actor(), "ui:search")[0].lines
        assert [line.active for line in lines] == [False, True]

    def test_leaves_out_what_other_kinds_of_tenant_have(self, register: Register, actor: MakeActor) -> None:
        add("ui:gallery", kinds={Kind.AUTHORITY})
        add("journal_of_another_kind:index")
        assert registry.menu_for(actor()) == []

    def test_refuses_an_unknown_section_and_a_second_line_to_one_place(self, register: Register) -> None:
        with pytest.raises(ValueError, match="no menu section"):
            add("ui:gallery", section="kitchen")
        add("ui:gallery")
        with pytest.raises(ValueError, match="already leads"):
            add("ui:gallery")


class TestProviders:
    def test_search_asks_those_the_actor_may_see_and_cuts_long_answers(
        self, register: Register, actor: MakeActor
    ) -> None:
        def pupils(query: str, *, actor: Actor, limit: int) -> Iterable[SearchHit]:
            return [SearchHit(f"{query} {n}", "", "/") for n in range(20)]

        registry.search(pupils, label="Оқушылар", permission=SEE)
        registry.search(pupils, label="Құпия", permission=EDIT)
        groups = registry.find("әл", actor=actor(SEE), limit=5)
        assert [(group.label, len(group.hits)) for group in groups] == [("Оқушылар", 5)]

    def test_a_fault_in_one_leaves_the_others_standing(self, register: Register, actor: MakeActor) -> None:
        def broken(*, actor: Actor) -> Iterable[TodayCard]:
            raise RuntimeError("library is down")

        registry.today(broken, order=1)
        registry.today(lambda *, actor: [TodayCard("Журнал", "", "/")], order=2)
        assert [card.title for card in registry.today_for(actor())] == ["Журнал"]

    def test_today_puts_the_urgent_first(self, register: Register, actor: MakeActor) -> None:
        cards = [TodayCard(u, "", "/", urgency=u) for u in ("normal", "now", "soon")]  # type: ignore[arg-type]
        registry.today(lambda *, actor: cards)
        assert [card.urgency for card in registry.today_for(actor())] == ["now", "soon", "normal"]

    def test_there_is_one_bell(self, register: Register, actor: MakeActor) -> None:
        assert registry.bell_for(actor()) is None
        registry.bell(lambda *, actor: registry.Bell(3, "/notices"))
        assert registry.bell_for(actor()) == registry.Bell(3, "/notices")
        with pytest.raises(ValueError, match="bell"):
            registry.bell(lambda *, actor: registry.Bell(0, "/"))

    def test_panels_show_in_their_slot_to_whom_they_may(self, register: Register, actor: MakeActor) -> None:
        registry.panel("pupil", lambda *, actor, pupil_id: f"<p>{pupil_id}</p>", permission=SEE)
        registry.panel("pupil", lambda *, actor, pupil_id: "<p>secret</p>", permission=EDIT)
        registry.panel("class", lambda *, actor: "<p>class</p>")
        assert list(registry.panels_for("pupil", actor(SEE), pupil_id=7)) == ["<p>7</p>"]


class TestActions:
    def test_stand_in_order_for_those_who_may(self, register: Register, actor: MakeActor) -> None:
        registry.action(label="Кейін", url_name="ui:offline", icon="plus", permission=None, order=20)
        registry.action(label="Алдымен", url_name="ui:search", icon="plus", permission=SEE, order=10)
        registry.action(label="Жоқ бет", url_name="no:such", icon="plus", permission=None)
        assert [line.label for line in registry.actions_for(actor(SEE))] == ["Алдымен", "Кейін"]
        assert [line.label for line in registry.actions_for(actor())] == ["Кейін"]

    def test_are_found_by_name_without_kazakh_letters(self, register: Register, actor: MakeActor) -> None:
        registry.action(label="Қызметкер қосу", url_name="ui:offline", icon="plus", permission=None)
        registry.menu(section="people", label="Қызметкерлер", url_name="ui:search", permission=None, icon="x")
        [group] = registry.find("кызметкер", actor=actor())
        assert [hit.title for hit in group.hits] == ["Қызметкер қосу", "Қызметкерлер"]
        assert registry.find("жоқ мұндай", actor=actor()) == []
