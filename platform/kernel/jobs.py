"""Work that runs later: it remembers its tenant and its actor, or refuses to start.

A job is a row with progress and a result; the queue only carries its id. Modules declare jobs in tasks.py:

    @job("imports.load", title=_("Loading pupils"), permission=permissions.IMPORT)
    def load(ctx: JobContext, *, batch_id: str) -> dict: ...
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.module_loading import autodiscover_modules, import_string
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access import Actor, Permission, require
from kernel.errors import DomainError, ReadOnly
from kernel.events import Event, publish
from kernel.models import Job
from kernel.tenancy import Aside, Kind, TenantRef, current

log = structlog.get_logger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Declared:
    name: str
    title: Any
    permission: Permission | None
    run: Callable[..., dict[str, Any] | None]
    gathers: float = 0
    writes: bool = True


REGISTER: dict[str, Declared] = {}


@dataclass(frozen=True, kw_only=True)
class JobFinished(Event):
    """A job has ended, one way or another. `url` is the page of its result, when the job names one."""

    name = "kernel.job.finished.v1"
    job_id: str
    kind: str
    state: str
    user_id: int | None
    url: str
    message: str


class Cancelled(Exception):
    """The person who started the job asked it to stop."""


class JobContext:
    """What a running job may ask and tell."""

    def __init__(self, row: Job, actor: Actor) -> None:
        self.row = row
        self.actor = actor
        self._aside = Aside()

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell how far the work is; raises Cancelled when the person asked to stop.

        Inside a transaction it is told on a connection of its own: it is seen before the work ends.
        """
        if self._aside.is_needed:
            with self._aside:
                asked = self._tell(done, total, message)
        else:
            asked = self._tell(done, total, message)
        if asked:
            raise Cancelled

    def close(self) -> None:
        self._aside.close()

    def _tell(self, done: int, total: int, message: str) -> bool:
        """Write it down; answer whether the person asked to stop."""
        asked = Job.objects.filter(pk=self.row.pk, cancel_asked_at__isnull=False).exists()
        Job.objects.filter(pk=self.row.pk).update(done=done, total=total, message=message[:300])
        return asked

    def beside(
        self,
        work: Callable[[Callable[[], bool]], Result],
        told: Callable[[], tuple[int, int, str]],
        *,
        every: float = 1.0,
    ) -> Result:
        """Reckon in a thread beside, which may touch no table, and tell its progress meanwhile.

        `work` gets a function that says when the person has asked to stop: it then answers with the best it has.
        """
        stop = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(work, stop.is_set)
            try:
                while not stop.is_set() and not answer.done():
                    wait([answer], timeout=every)
                    self.progress(*told())
            except Cancelled:
                pass
            finally:
                stop.set()
            return answer.result()


def job(
    name: str,
    *,
    title: Any,
    permission: Permission | None,
    gathers: float = 0,
    writes: bool = True,
) -> Callable[[Callable[..., dict[str, Any] | None]], Callable[..., dict[str, Any] | None]]:
    """Declare a job. `permission` is asked when it starts and again when it runs; None for the product's own work.

    `gathers` is for how many seconds it waits, so that one run does all that is asked for meanwhile.
    One that only makes a file for its starter says `writes=False`: it also runs where the tenant can only be read.
    """

    def decorate(run: Callable[..., dict[str, Any] | None]) -> Callable[..., dict[str, Any] | None]:
        if name in REGISTER:
            raise ValueError(f"job {name} is declared twice")
        REGISTER[name] = Declared(name, title, permission, run, gathers, writes)
        return run

    return decorate


Pulse = Callable[[Actor], None]
PULSES: dict[str, tuple[Kind, Pulse]] = {}


def pulse(name: str, *, kind: Kind = Kind.SCHOOL) -> Callable[[Pulse], Pulse]:
    """Declare what is done in every tenant of the kind about twice a minute: a short look at what has become due.

    It leaves no row and must cost one small query when there is nothing to do.
    """

    def decorate(run: Pulse) -> Pulse:
        if name in PULSES:
            raise ValueError(f"pulse {name} is declared twice")
        PULSES[name] = (kind, run)
        return run

    return decorate


def beat() -> None:
    """Do every pulse of the current tenant; one that fails is logged and the next goes on."""
    for name, (kind, run) in PULSES.items():
        if kind is current().kind:
            try:
                with transaction.atomic():
                    run(Actor.system_actor(name))
            except Exception:  # the others must not wait for somebody to mend it
                log.exception("pulse.failed", pulse=name)


def discover() -> None:
    """Import every installed app's tasks.py."""
    autodiscover_modules("tasks")


def start(name: str, *, actor: Actor, **params: Any) -> Job:
    """Put the job in the queue; it starts after the commit. `params` must fit JSON.

    Raises ReadOnly where the tenant can only be read and the job would write.
    """
    declared = REGISTER[name]
    if declared.writes and not current().writes:
        raise ReadOnly
    if declared.permission is not None:
        require(actor, declared.permission)
    row = Job.objects.create(
        kind=name,
        params=params,
        language=actor.language,
        user_id=actor.user_id,
        user_name=actor.system or actor.name,
        created_at=clock.now(),
    )
    tenant = current()
    transaction.on_commit(lambda: _queue().run_job(tenant, row.pk, after=declared.gathers))
    return row


def run(job_id: UUID) -> Job:
    """Do the job now, in the current tenant, with the rights its starter has at this moment."""
    row = Job.objects.get(pk=job_id)
    if row.state != Job.State.WAITING:
        return row
    declared = REGISTER[row.kind]
    if declared.writes and not current().writes:
        return row  # it waits until the tenant is resumed: see wake_waiting
    taken = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=clock.now()
    )
    if not taken:
        return row
    with translation.override(row.language):
        try:
            actor = _actor(row)
            if declared.permission is not None:
                require(actor, declared.permission)
            with closing(JobContext(row, actor)) as ctx:
                result = declared.run(ctx, **row.params) or {}
            state, message = Job.State.DONE, ""
        except Cancelled:
            result, state, message = {}, Job.State.CANCELLED, ""
        except DomainError as refusal:
            result, state, message = {"code": refusal.code}, Job.State.FAILED, str(refusal)
        except Exception:  # the person sees that it failed, the log says why
            log.exception("job.failed", kind=row.kind, job_id=str(row.pk))
            result, state, message = {}, Job.State.FAILED, _("Something broke. The vendor has been told.")
    with transaction.atomic():
        Job.objects.filter(pk=job_id).update(
            state=state, message=message[:300], result=result, finished_at=clock.now()
        )
        publish(
            JobFinished(
                job_id=str(job_id),
                kind=row.kind,
                state=str(state),
                user_id=row.user_id,
                url=str(result.get("url", "")),
                message=message[:300],
            ),
            actor=Actor.system_actor(row.kind),
        )
    return Job.objects.get(pk=job_id)


def wake_waiting() -> int:
    """Put the current tenant's waiting jobs into the queue again, once it may be written; answer how many."""
    rows = list(
        Job.objects.filter(state=Job.State.WAITING).order_by("created_at").values_list("pk", flat=True)
    )
    for pk in rows:
        _queue().run_job(current(), pk)
    return len(rows)


def cancel(*, actor: Actor, job_id: UUID) -> None:
    """Ask the job to stop at its next step; only its starter may."""
    mine = Job.objects.filter(pk=job_id, user_id=actor.user_id)
    mine.filter(state=Job.State.WAITING).update(state=Job.State.CANCELLED, finished_at=clock.now())
    mine.filter(state=Job.State.RUNNING).update(cancel_asked_at=clock.now())


def mine(*, actor: Actor, limit: int = 20) -> list[Job]:
    return list(Job.objects.filter(user_id=actor.user_id).order_by("-created_at")[:limit])


def get(*, actor: Actor, job_id: UUID) -> Job:
    """The actor's own job; raises Job.DoesNotExist for anybody else's."""
    return Job.objects.get(pk=job_id, user_id=actor.user_id)


def title(row: Job) -> Any:
    return REGISTER[row.kind].title if row.kind in REGISTER else row.kind


def wake_delivery(tenant: TenantRef) -> None:
    """Tell the queue that the tenant's outbox has something."""
    _queue().deliver(tenant)


def _queue() -> Any:
    return import_string(settings.JOB_QUEUE)


def _actor(row: Job) -> Actor:
    if row.user_id is None:
        return Actor.system_actor(row.kind)
    return import_string(settings.ACTOR_OF_USER)(row.user_id)


class Collected:
    """The queue of tests: nothing runs until the test says so."""

    jobs: list[tuple[TenantRef, UUID]] = []
    deliveries: list[TenantRef] = []

    @classmethod
    def run_job(cls, tenant: TenantRef, job_id: UUID, *, after: float = 0) -> None:
        cls.jobs.append((tenant, job_id))

    @classmethod
    def deliver(cls, tenant: TenantRef) -> None:
        cls.deliveries.append(tenant)

    @classmethod
    def clear(cls) -> None:
        cls.jobs.clear()
        cls.deliveries.clear()
