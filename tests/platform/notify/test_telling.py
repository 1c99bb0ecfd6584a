"""Who is told what, once, in the own language, and only by the own school."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel import clock, events, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from notify import api, handlers, queries, registry, services
from notify.models import Notification


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "TOPICS", dict(registry.TOPICS))
    monkeypatch.setattr(registry, "MESSAGES", dict(registry.MESSAGES))
    for module in (queries, services, handlers):
        monkeypatch.setattr(module, "TOPICS", registry.TOPICS, raising=False)
        monkeypatch.setattr(module, "MESSAGES", registry.MESSAGES)
    registry.topic("marks", _("Notifications"))
    registry.message(
        "marks.new",
        topic="marks",
        title=_("Ready: {work}"),
        body="{mark} ({count}) {absent}",
        icon="notebook",
    )
    return


@pytest.fixture
def bolat(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.TEACHER, user_id=20, name="Болат Ерланұлы")


@pytest.fixture
def gulnar(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.PARENT, user_id=3, name="Гүлнар Маратқызы", person_kind="guardian")


def tell(actor: Actor, *user_ids: int, mark: int = 9, **more: Any) -> int:
    return api.tell(
        user_ids, "marks", "marks.new", {"work": "X", "mark": mark}, "/journal/", actor=actor, **more
    )


pytestmark = pytest.mark.usefixtures("topics")


class TestTelling:
    @pytest.mark.requirement("GEN-05")
    def test_each_reader_sees_the_own_language(
        self, in_school: TenantRef, bolat: Actor, gulnar: Actor
    ) -> None:
        tell(bolat, 3)
        seen = {}
        for language in ("kk", "ru"):
            with translation.override(language):
                [note] = api.latest(actor=gulnar)
                seen[language] = note.title
        assert seen == {"kk": "Дайын: X", "ru": "Готово: X"}

    def test_a_value_that_was_not_kept_leaves_its_place_empty(
        self, in_school: TenantRef, bolat: Actor, gulnar: Actor
    ) -> None:
        tell(bolat, 3)
        assert api.latest(actor=gulnar)[0].body == "9 (1) "

    def test_tells_everybody_once_and_never_the_actor(
        self, in_school: TenantRef, bolat: Actor, gulnar: Actor
    ) -> None:
        assert tell(bolat, 20, 3, 3, 4) == 2
        assert api.unread(actor=bolat) == 0
        assert api.unread(actor=gulnar) == 1

    def test_is_undone_with_the_act(self, in_school: TenantRef, bolat: Actor, gulnar: Actor) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            tell(bolat, 3)
            raise ZeroDivisionError
        assert api.unread(actor=gulnar) == 0

    def test_an_unread_one_of_the_group_is_told_anew(
        self, in_school: TenantRef, bolat: Actor, gulnar: Actor
    ) -> None:
        for mark in (7, 8, 9):
            tell(bolat, 3, mark=mark, group="pupil:1")
        [note] = api.latest(actor=gulnar)
        assert (note.body, note.count) == ("9 (3) ", 3)
        api.mark_read(actor=gulnar)
        tell(bolat, 3, mark=10, group="pupil:1")
        assert [one.body for one in api.latest(actor=gulnar)] == ["10 (1) ", "9 (3) "]

    @pytest.mark.parametrize(
        "url", ["https://evil.kz/", "//evil.kz", "/\\evil.kz", "javascript:alert(1)", "journal/"]
    )
    def test_leads_only_to_pages_of_the_host(self, in_school: TenantRef, bolat: Actor, url: str) -> None:
        with pytest.raises(ValueError, match="this host"):
            api.tell([3], "marks", "marks.new", {}, url, actor=bolat)

    def test_a_message_belongs_to_its_topic(self, in_school: TenantRef, bolat: Actor) -> None:
        with pytest.raises(ValueError, match="belongs to"):
            api.tell([3], "jobs", "marks.new", {}, actor=bolat)


class TestReading:
    def test_marks_only_the_own_ones(self, in_school: TenantRef, bolat: Actor, gulnar: Actor) -> None:
        tell(Actor.system_actor("test"), 20, 3)
        assert api.mark_read(actor=gulnar) == 1
        assert api.mark_read(actor=gulnar) == 0
        assert (api.unread(actor=gulnar), api.unread(actor=bolat)) == (0, 1)

    def test_opening_leads_on_and_others_cannot(
        self, in_school: TenantRef, bolat: Actor, gulnar: Actor
    ) -> None:
        tell(bolat, 3)
        note = Notification.objects.get()
        with pytest.raises(Notification.DoesNotExist):
            services.open_note(actor=bolat, note_id=note.pk)
        assert services.open_note(actor=gulnar, note_id=note.pk) == "/journal/"
        assert api.unread(actor=gulnar) == 0

    def test_the_same_user_number_in_another_school_has_nothing(
        self, in_school: TenantRef, school_b: TenantRef, bolat: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        tell(bolat, 3)
        with tenancy.use(school_b):
            assert api.unread(actor=actor_of(Role.PARENT, school=school_b, user_id=3)) == 0


class TestChoosing:
    def test_a_silenced_topic_is_not_told(self, in_school: TenantRef, bolat: Actor, gulnar: Actor) -> None:
        services.choose(actor=gulnar, topics_on=["jobs"])
        assert tell(bolat, 3, 4) == 1
        assert api.unread(actor=gulnar) == 0
        services.choose(actor=gulnar, topics_on=["jobs", "marks"])
        assert tell(bolat, 3) == 1

    def test_everything_is_on_before_the_first_choice(self, in_school: TenantRef, gulnar: Actor) -> None:
        found = {c.topic: c.is_on for c in queries.choices(actor=gulnar)}
        assert {"jobs", "marks"} <= set(found)
        assert all(found.values())


class Pigeon:
    """A channel of the tests: it carries messages to a list."""

    carried: ClassVar[list[tuple[int, str]]] = []

    def send(self, *, user_id: int, title: str, body: str, url: str, key: str) -> None:
        self.carried.append((user_id, title))


class TestChannelsOutside:
    @pytest.fixture
    def readers(self, in_school: TenantRef) -> dict[str, int]:
        return {
            language: get_user_model()
            .objects.create(
                username=f"r{language}",
                surname="А",
                name="Б",
                person_kind="guardian",
                language=language,
                created_at=clock.now(),
            )
            .pk
            for language in ("kk", "ru")
        }

    def test_a_bound_channel_carries_to_each_in_the_own_language(
        self, readers: dict[str, int], bolat: Actor, settings: Any
    ) -> None:
        settings.PORTS = {"notify.pigeon": f"{__name__}.Pigeon"}
        Pigeon.carried.clear()
        tell(bolat, *readers.values())
        events.deliver()
        assert Pigeon.carried == [(readers["kk"], "Дайын: X"), (readers["ru"], "Готово: X")]
        events.deliver()
        assert len(Pigeon.carried) == 2

    def test_nothing_leaves_when_none_is_bound(self, readers: dict[str, int], bolat: Actor) -> None:
        Pigeon.carried.clear()
        tell(bolat, *readers.values())
        events.deliver()
        assert Pigeon.carried == []
