"""The queue: messages carry a tenant and an id; a message without a tenant is refused."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [p for p in (str(ROOT / "platform"), str(ROOT)) if p not in sys.path]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from celery import Celery  # noqa: E402
from celery.schedules import crontab  # noqa: E402
from celery.signals import setup_logging, worker_init  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402

from kernel import cache, events, feeds, jobs, tenancy  # noqa: E402
from kernel.access import Actor  # noqa: E402
from kernel.errors import NoTenant  # noqa: E402
from kernel.tenancy import Kind, TenantRef  # noqa: E402
from tenants import api as tenants  # noqa: E402
from tenants import post  # noqa: E402
from tenants.lifecycle import services as lifecycle  # noqa: E402

LESS_URGENT = 10
GATHERING = 1  # seconds

app = Celery("mektep")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    task_default_queue="work",
    task_routes={"mektep.deliver": {"queue": "events"}},
    timezone="Asia/Almaty",
    beat_schedule={
        "sweep": {"task": "mektep.sweep", "schedule": 30.0},
        "spares": {"task": "mektep.refill", "schedule": 60.0},
        "clear": {"task": "mektep.clear", "schedule": crontab(hour=4, minute=10)},
        "midnight": {"task": "mektep.midnight", "schedule": crontab(hour=0, minute=1)},
        "backups": {"task": "mektep.backups", "schedule": crontab(hour=3, minute=20)},
        "copies": {"task": "mektep.copies", "schedule": crontab(minute=25)},
        "nightly": {"task": "mektep.nightly", "schedule": crontab(hour=2, minute=30)},
    },
)


@setup_logging.connect
def _keep_our_logs(**_: object) -> None:
    """Celery leaves the logging that settings made."""


@worker_init.connect
def _let_people_go_first(**_: object) -> None:
    """Jobs and news may wait a moment when processors are scarce; who has typed a mark may not."""
    os.nice(LESS_URGENT)


def _tenant(schema: str) -> TenantRef:
    ref = tenants.by_schema(schema)
    if ref is None:
        raise NoTenant
    return ref


@app.task(name="mektep.deliver")
def deliver(*, schema: str, swept: bool = False, **_: Any) -> None:
    """Deliver the outbox of one tenant and take in the letters that others sent it; when swept, its pulses
    and the security log's feeds too."""
    ref = _tenant(schema)
    if not ref.writes:
        return  # the outbox waits until the tenant is resumed
    with tenancy.use(ref):
        events.deliver()
        post.collect()
        if swept:
            jobs.beat()
            feeds.forward()


@app.task(name="mektep.run_job")
def run_job(*, schema: str, job_id: str, **_: Any) -> None:
    """Run one job of one tenant."""
    with tenancy.use(_tenant(schema)):
        jobs.run(UUID(job_id))


@app.task(name="mektep.sweep")
def sweep(**_: Any) -> None:
    """Wake every tenant's delivery and its pulses: what a lost message left behind is found within half a minute."""
    for ref in tenants.all_open():
        if ref.writes:
            deliver.apply_async(kwargs={"schema": ref.schema, "swept": True}, expires=30)
        else:
            feed.apply_async(kwargs={"schema": ref.schema}, expires=30)


@app.task(name="mektep.feed")
def feed(*, schema: str, **_: Any) -> None:
    """Let the security log of a tenant that can only be read leave the cell; of the others it goes with the delivery."""
    with tenancy.use(_tenant(schema)):
        feeds.forward()


@app.task(name="mektep.backups")
def backups(**_: Any) -> None:
    """Have every tenant backed up, one message each."""
    for ref in tenants.all_open():
        backup.apply_async(kwargs={"schema": ref.schema}, expires=12 * 3600)


@app.task(name="mektep.backup")
def backup(*, schema: str, **_: Any) -> None:
    """Back one tenant up and remove what need not be kept of it."""
    from tenants.backups import taking

    ref = _tenant(schema)
    taking.take(ref)
    taking.thin_out(ref)


@app.task(name="mektep.copies")
def copies(**_: Any) -> None:
    """Destroy the exact copies of schools whose 72 hours are over."""
    from tenants.clones import services

    services.expire()


@app.task(name="mektep.refill")
def refill(**_: Any) -> None:
    """Keep prepared schemas in stock for new schools."""
    from tenants import provisioning

    provisioning.refill_spares()


@app.task(name="mektep.nightly")
def nightly(**_: Any) -> None:
    """Let every school recount its figures; what differs from the folded ones is an alarm (decision 0004)."""
    _in_every_school("analytics.recount")


@app.task(name="mektep.midnight")
def midnight(**_: Any) -> None:
    """Do what follows from a day that is over: contracts, last days of pupils and employees, terms of transfers, new teachers,
    periods that close, old archives."""
    lifecycle.follow()
    _in_every_school(
        "contingent.close_accounts",
        "staff.close_logins",
        "transfers.daily",
        "schedule.turn_over",
        "journal.close_periods",
        "journal.clear_archives",
        "tenants.clear_exports",
    )


def _in_every_school(*names: str) -> None:
    for ref in tenants.all_active(Kind.SCHOOL):
        with tenancy.use(ref), transaction.atomic():
            for name in names:
                jobs.start(name, actor=Actor.system_actor("config.clock"))


@app.task(name="mektep.clear")
def clear(**_: Any) -> None:
    """Let every tenant's outbox be cleared of what was delivered long ago."""
    for ref in tenants.all_active():
        clear_outbox.apply_async(kwargs={"schema": ref.schema}, expires=12 * 3600)


@app.task(name="mektep.clear_outbox")
def clear_outbox(*, schema: str, **_: Any) -> None:
    """Clear the outbox of one tenant."""
    ref = _tenant(schema)
    if ref.writes:
        with tenancy.use(ref):
            events.clear_delivered()


class Queue:
    """What kernel.jobs calls."""

    @staticmethod
    def deliver(tenant: TenantRef) -> None:
        """One message for all that is committed within a second: it is read after the second has passed.

        Without this every mark typed would write to the broker before it is answered.
        """
        if cache.add(f"delivery.awaited.{tenant.schema}", 1, GATHERING):
            deliver.apply_async(kwargs={"schema": tenant.schema}, countdown=GATHERING + 0.1)

    @staticmethod
    def run_job(tenant: TenantRef, job_id: UUID, *, after: float = 0) -> None:
        run_job.apply_async(kwargs={"schema": tenant.schema, "job_id": str(job_id)}, countdown=after or None)
