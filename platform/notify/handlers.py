"""Facts of others that a person should hear of, and messages carried on to channels outside."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from kernel import ports
from kernel.access import Actor
from kernel.events import handles
from kernel.jobs import JobFinished
from kernel.models import Job
from kernel.tenancy import current
from kernel.uploads.quarantine import FileHeld, FileJudged
from notify import queries, services
from notify.events import PeopleTold
from notify.registry import MESSAGES


@handles(JobFinished)
def tell_starter(event: JobFinished, *, actor: Actor, at: datetime) -> None:
    """Tell the person whose long work has ended; one who stopped it knows."""
    if event.user_id is None or event.state == Job.State.CANCELLED:
        return
    failed = event.state == Job.State.FAILED
    with transaction.atomic():
        services.tell(
            [event.user_id],
            "jobs",
            "jobs.failed" if failed else "jobs.done",
            {"kind": event.kind, "reason": event.message},
            event.url if services.is_own_page(event.url) else _tasks_page(),
            actor=actor,
            group=f"job:{event.job_id}",
        )


@handles(FileHeld)
def tell_of_quarantine(event: FileHeld, *, actor: Actor, at: datetime) -> None:
    """Who sent a file hears that nobody opens it yet."""
    _tell_sender(event, "files.waits", {}, actor=actor)


@handles(FileJudged)
def tell_of_verdict(event: FileJudged, *, actor: Actor, at: datetime) -> None:
    """… and what has become of it."""
    message = "files.infected" if event.virus else "files.clean"
    _tell_sender(event, message, {"virus": event.virus}, actor=actor)


def _tell_sender(
    event: FileHeld | FileJudged, message: str, values: dict[str, str | int], *, actor: Actor
) -> None:
    if event.user_id is not None:
        with transaction.atomic():
            services.tell(
                [event.user_id], "files", message, values, "", actor=actor, group=f"{message}:{event.file_id}"
            )


@handles(PeopleTold)
def carry_on(event: PeopleTold, *, actor: Actor, at: datetime) -> None:
    """Give the message to every bound channel, for those who want it there, in each one's language."""
    declared = MESSAGES.get(event.message)
    if declared is None:
        return
    languages = queries.languages_of(event.user_ids)
    for port in services.outside_channels():
        channel = ports.adapter(port)
        off = queries.silenced(user_ids=event.user_ids, topic=declared.topic, channel=port)
        for user_id in event.user_ids:
            if user_id not in off:
                with translation.override(languages.get(user_id, current().language)):
                    title, body = declared.say(event.params)
                channel.send(
                    user_id=user_id, title=title, body=body, url=event.url, key=f"{event.key}:{user_id}"
                )


def _tasks_page() -> str:
    try:
        return reverse("notify:jobs", urlconf=str(settings.TENANT_TYPES[current().kind.value]["URLCONF"]))
    except NoReverseMatch:
        return ""
