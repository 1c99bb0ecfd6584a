"""Long work: progress, cancel, failure in words, and rights asked again when it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock, jobs, tenancy
from kernel.access import REGISTER, Actor, Role, permission
from kernel.errors import DomainError, NotAllowed
from kernel.jobs import JobContext
from kernel.models import Job
from kernel.tenancy import TenantRef


class TooMuch(DomainError):
    message = "Too much: {n}"
    code = "too_much"


@pytest.fixture
def counting() -> Iterator[None]:
    allowed = permission("tests.count", _("Count"), roles={Role.SECRETARY})

    @jobs.job("tests.count", title=_("Counting"), permission=allowed)
    def count(ctx: JobContext, *, to: int) -> dict[str, Any]:
        for n in range(to):
            if n > 5:
                raise TooMuch(n=n)
            ctx.progress(n, to)
        return {"counted": to}

    yield
    del REGISTER["tests.count"], jobs.REGISTER["tests.count"]


@pytest.fixture
def clerk(
    in_school: TenantRef, counting: None, actor_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Any:
    actor = actor_of(Role.SECRETARY)
    monkeypatch.setattr(jobs, "_actor", lambda row: actor)
    return actor


def test_waits_for_the_commit_and_remembers_its_school(
    clerk: Any, in_school: TenantRef, after_commit: Callable[[], int]
) -> None:
    row = jobs.start("tests.count", actor=clerk, to=3)
    assert jobs.Collected.jobs == []
    after_commit()
    assert jobs.Collected.jobs == [(in_school, row.pk)]


def test_runs_once_and_leaves_its_result(clerk: Any) -> None:
    row = jobs.run(jobs.start("tests.count", actor=clerk, to=3).pk)
    assert (row.state, row.result, row.done, row.total) == (Job.State.DONE, {"counted": 3}, 2, 3)
    assert jobs.run(row.pk).finished_at == row.finished_at


def test_a_refusal_is_told_in_words(clerk: Any) -> None:
    row = jobs.run(jobs.start("tests.count", actor=clerk, to=9).pk)
    assert (row.state, row.message, row.result) == (Job.State.FAILED, "Too much: 6", {"code": "too_much"})


def test_stops_when_asked(clerk: Any) -> None:
    row = jobs.start("tests.count", actor=clerk, to=3)
    jobs.cancel(actor=clerk, job_id=row.pk)
    assert jobs.run(row.pk).state == Job.State.CANCELLED


def test_nobody_starts_what_is_not_theirs(
    counting: None, in_school: TenantRef, actor_of: Callable[..., Any]
) -> None:
    with pytest.raises(NotAllowed):
        jobs.start("tests.count", actor=actor_of(Role.TEACHER), to=1)


def test_rights_are_asked_again_when_it_runs(
    clerk: Any, actor_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = jobs.start("tests.count", actor=clerk, to=1)
    monkeypatch.setattr(jobs, "_actor", lambda _: actor_of(Role.TEACHER))
    assert jobs.run(row.pk).state == Job.State.FAILED


def test_another_school_does_not_have_it(clerk: Any, school_b: TenantRef) -> None:
    row = jobs.start("tests.count", actor=clerk, to=1)
    with tenancy.use(school_b), pytest.raises(Job.DoesNotExist):
        jobs.run(row.pk)


def test_progress_inside_a_transaction_is_seen_and_a_stop_leaves_nothing(
    committed_school: Callable[..., TenantRef],
) -> None:
    with tenancy.use(committed_school()):
        row = Job.objects.create(kind="tests.long", created_at=clock.now(), user_name="tests")
        ref = tenancy.current()

        def seen() -> int:
            """How far it is, as another process reads it."""
            with ThreadPoolExecutor(1) as elsewhere:
                return elsewhere.submit(read).result()

        def read() -> int:
            with tenancy.use(ref):
                try:
                    return Job.objects.get(pk=row.pk).done
                finally:
                    connection.close()

        with closing(JobContext(row, Actor.system_actor("tests"))) as ctx:
            with transaction.atomic():
                ctx.progress(3, 10)
                assert seen() == 3
                ctx.progress(7, 10)
                assert seen() == 7

            Job.objects.filter(pk=row.pk).update(cancel_asked_at=clock.now())
            with pytest.raises(jobs.Cancelled), transaction.atomic():
                Job.objects.create(kind="tests.half", created_at=clock.now(), user_name="tests")
                ctx.progress(8, 10)
        assert not Job.objects.filter(kind="tests.half").exists()
