"""A short look in every school twice a minute: one that fails does not keep the next from its work."""

from __future__ import annotations

import pytest

from config import celery
from kernel import events, jobs, tenancy
from kernel.access import Actor
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef
from tenants import post


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two pulses, the first of which fails after it has written."""
    found: list[str] = []
    monkeypatch.setattr(jobs, "PULSES", {})

    @jobs.pulse("tests.breaks")
    def breaks(actor: Actor) -> None:
        OutboxEvent.objects.all().delete()
        raise ValueError("broken")

    @jobs.pulse("tests.looks")
    def looks(actor: Actor) -> None:
        found.append(f"{tenancy.current().schema} {actor.system}")

    return found


def test_one_that_fails_is_undone_and_the_next_goes_on(seen: list[str], in_school: TenantRef) -> None:
    row = OutboxEvent.objects.create(name="tests.none.v1", payload={}, at="2026-11-25T10:00:00Z")
    jobs.beat()
    assert seen == [f"{in_school.schema} tests.looks"]
    assert OutboxEvent.objects.filter(pk=row.pk).exists()


def test_it_is_for_the_tenants_of_its_kind(seen: list[str], authority: TenantRef) -> None:
    with tenancy.use(authority):
        jobs.beat()
    assert seen == []


def test_two_of_one_name_are_refused(seen: list[str]) -> None:
    with pytest.raises(ValueError, match="twice"):
        jobs.pulse("tests.looks")(lambda actor: None)


def test_the_sweep_brings_them_and_a_message_of_an_act_does_not(
    seen: list[str], school_a: TenantRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "deliver", lambda: 0)
    monkeypatch.setattr(post, "collect", lambda: 0)
    sent: list[dict[str, object]] = []
    monkeypatch.setattr(celery.deliver, "apply_async", lambda kwargs, **_more: sent.append(kwargs))
    celery.deliver(schema=school_a.schema)
    assert seen == []
    celery.sweep()
    mine = next(one for one in sent if one["schema"] == school_a.schema)
    celery.deliver(**mine)
    assert seen == [f"{school_a.schema} tests.looks"]
