"""Baqyt of the vendor asks school A; its director decides. Letters pass by hand: tests/tenancy climbs the post itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from identity import api as identity
from identity.models import User
from kernel import clock, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.support.models import Asking, SupportRequest
from modules.support.services import answering, asking
from tenants import post
from tenants.post import Letter
from tests.conftest import Accounts, ClientFor

PURPOSE = "Тоқсан бағалары есептелмейді: журналды көру керек."


@dataclass
class Post:
    """What was sent and not yet taken in."""

    waiting: list[tuple[TenantRef, Any, str, dict[str, Any]]] = field(default_factory=list)

    def send(self, *, to: Any, kind: str, body: dict[str, Any], actor: Actor) -> Any:
        told = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
        self.waiting.append((tenancy.current(), to, kind, told))
        return uuid4()

    def deliver(self, *tenants: TenantRef) -> int:
        """Hand every letter to its receiver, as itself."""
        known = {one.id: one for one in tenants}
        letters, self.waiting = self.waiting, []
        for sender, to, kind, body in letters:
            with tenancy.use(known[to]):
                letter = Letter(uuid4(), kind, sender, clock.now(), body)
                post.HANDLERS[kind](letter, actor=Actor.system_actor("tests"))
        return len(letters)


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Post:
    box = Post()
    monkeypatch.setattr(post, "send", box.send)
    monkeypatch.setattr(post, "take_back", lambda letter_id: False)
    return box


@dataclass
class Scene:
    """The two sides and their people."""

    vendor: TenantRef
    school: TenantRef
    baqyt: User
    director: User
    letters: Post
    client_for: ClientFor

    def support(self) -> Actor:
        with tenancy.use(self.vendor):
            return identity.actor_of_user(self.baqyt.pk)

    def head(self) -> Actor:
        with tenancy.use(self.school):
            return identity.actor_of_user(self.director.pk)

    def deliver(self) -> int:
        return self.letters.deliver(self.vendor, self.school)

    def ask(self, *codes: str, hours: int = 2) -> SupportRequest:
        with tenancy.use(self.vendor):
            row = asking.ask(
                actor=self.support(),
                school_id=self.school.id,
                purpose=PURPOSE,
                codes=codes or ("contingent.lists",),
                hours=hours,
            )
        self.deliver()
        return row

    def grant(self, row: SupportRequest, *, hours: int = 1, codes: Collection[str] = ()) -> Asking:
        with tenancy.use(self.school):
            done = answering.grant(actor=self.head(), asking_id=row.pk, hours=hours, codes=codes or row.codes)
        self.deliver()
        return done

    def way(self, row: SupportRequest) -> str:
        with tenancy.use(self.vendor):
            return asking.way_in(actor=self.support(), request_id=row.pk)

    def visitor(self, *codes: str, hours: int = 1) -> Client:
        """A browser inside by a grant of these rights."""
        row = self.ask(*codes)
        self.grant(row, hours=hours)
        client = self.client_for(school=self.school)
        ticket = self.way(row).partition("ticket=")[2]
        answer = client.post("/visit/", {"ticket": ticket})
        assert answer.status_code == 302, answer.content
        client.asking_id = row.pk  # type: ignore[attr-defined]
        return client


@pytest.fixture
def scene(
    vendor: TenantRef, school_a: TenantRef, account: Accounts, client_for: ClientFor, letters: Post
) -> Scene:
    return Scene(
        vendor,
        school_a,
        account(Role.SUPPORT, school=vendor, surname="Оспанов", name="Бақыт", person_kind="official"),
        account(Role.DIRECTOR, school=school_a),
        letters,
        client_for,
    )


Visitor = Callable[..., Client]
