"""The security log leaves the cell: to a security operations centre, to a file, and as anchors that nobody inside can mend.

A feed goes on where it stopped. Lines of one tenant have ids in the order of their commits (the chain has one writer
at a time), so the last id that was taken is all that has to be remembered. A line may go twice after a fall, never
not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from kernel import audit, clock, crypto
from kernel.models import AuditEntry, FeedPosition
from kernel.tenancy import current

log = structlog.get_logger(__name__)
AT_ONCE = 500


class FeedDown(Exception):
    """The other side did not take the lines; they wait here."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the security log as it leaves: whoever acted goes by a pseudonym that the tenant alone can lift."""

    tenant: str
    number: int
    at: datetime
    actor: str
    action: str
    outcome: str
    object_type: str
    object_id: str
    address: str
    request_id: str
    details: Mapping[str, Any]
    hash: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat(), "details": dict(self.details)}


class Feed(Protocol):
    """Where lines go. Bound in settings.SECURITY_FEEDS by a name that the positions are kept under."""

    leaves_the_cell: bool  # what does is off in test tenants, which may hold a copy of a living school

    def take(self, lines: Sequence[Line]) -> None:
        """Take them all, in their order, for good; raises FeedDown when they are to be sent again."""
        ...


def forward() -> dict[str, int]:
    """Send the current tenant's new lines by every feed; answers how many went by each. One that is down holds up no other."""
    sent = {}
    newest = AuditEntry.objects.aggregate(newest=Max("id"))["newest"] or 0
    known = dict(FeedPosition.objects.values_list("feed", "position"))
    for name, path in settings.SECURITY_FEEDS.items():
        if known.get(name, 0) >= newest:
            continue
        feed: Feed = import_string(path)()
        if feed.leaves_the_cell and current().mode == "test":
            continue
        sent[name] = _drain(name, feed)
    return sent


def _drain(name: str, feed: Feed) -> int:
    FeedPosition.objects.get_or_create(feed=name)
    sent = 0
    while True:
        with transaction.atomic():
            place = FeedPosition.objects.select_for_update(skip_locked=True).filter(feed=name).first()
            if place is None:  # another worker is at it
                return sent
            rows = list(AuditEntry.objects.filter(id__gt=place.position).order_by("id")[:AT_ONCE])
            if not rows:
                return sent
            try:
                feed.take([_line(row) for row in rows])
            except FeedDown as failure:
                place.failing_since = place.failing_since or clock.now()
                place.fault = str(failure)[:100]
                place.save(update_fields=["failing_since", "fault"])
                log.warning("feed.down", feed=name, waiting=len(rows))
                return sent
            place.position, place.moved_at = rows[-1].pk, clock.now()
            place.failing_since, place.fault = None, ""
            place.save()
            sent += len(rows)
        if len(rows) < AT_ONCE:
            return sent


def _line(row: AuditEntry) -> Line:
    return Line(
        tenant=current().code,
        number=row.pk,
        at=row.at,
        actor=pseudonym(row.actor_id) if row.actor_id is not None else row.actor_name,
        action=row.action,
        outcome=row.outcome,
        object_type=row.object_type,
        object_id=row.object_id,
        address=row.address,
        request_id=row.request_id,
        details=row.details,
        hash=row.hash,
    )


def pseudonym(user_id: int) -> str:
    """How an account is called outside: the same in every line, and nothing to anybody without the tenant's key."""
    return crypto.digest("feeds.actor", str(user_id))[:16]


def standing() -> list[tuple[FeedPosition, int]]:
    """Each feed of the current tenant that has ever moved or failed, and how many lines wait for it."""
    return [
        (place, AuditEntry.objects.filter(id__gt=place.position).count())
        for place in FeedPosition.objects.order_by("feed")
    ]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What somebody outside remembers of a tenant's chain: under this number stood this hash."""

    tenant: str
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the log is not what it was."""

    number: int
    why: str  # "altered": the row does not give its hash; "missing": anchored and gone; "replaced": anchored with another


def broken(anchors: Sequence[Anchor]) -> Iterator[Broken]:
    """Where the current tenant's chain breaks, by itself and against what was anchored outside."""
    for number in audit.broken_links():
        yield Broken(number, "altered")
    wanted = {one.number: one.hash for one in anchors if one.tenant == current().code}
    found: dict[int, str] = {}
    numbers = sorted(wanted)
    for start in range(0, len(numbers), 10_000):
        part = numbers[start : start + 10_000]
        found |= dict(AuditEntry.objects.filter(id__in=part).values_list("id", "hash"))
    for number in numbers:
        if number not in found:
            yield Broken(number, "missing")
        elif found[number] != wanted[number]:
            yield Broken(number, "replaced")
