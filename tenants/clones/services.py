"""Making a copy for trials, and its end when its time is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from kernel import clock, tenancy
from kernel.errors import DomainError
from kernel.tenancy import Kind, TenantRef
from tenants import api, provisioning
from tenants.clones import making
from tenants.clones.making import Copied, Report
from tenants.clones.pseudonyms import Pseudonyms
from tenants.lifecycle import leaving
from tenants.lifecycle import services as lifecycle
from tenants.models import Clone, Host, Tenant

log = structlog.get_logger(__name__)
EXACT_LIVES = timedelta(hours=72)


class TwoApprovals(DomainError):
    message = "A copy with real persons wants two different people to approve it, and a letter."
    code = "two_approvals"


class NotCopied(DomainError):
    message = "{code} is not copied: {why}"
    code = "not_copied"


@dataclass(frozen=True, slots=True)
class Made:
    """A new copy."""

    ref: TenantRef
    copied: Copied
    expires_at: datetime | None


def check(source: TenantRef, *, real_persons: bool, approved_by: Collection[str], letter: str) -> list[str]:
    """Who approves, each once; raises what forbids the copy."""
    approving = sorted({one.strip().casefold() for one in approved_by} - {""})
    if real_persons and (len(approving) < 2 or not letter.strip()):
        raise TwoApprovals
    if source.kind is not Kind.SCHOOL or source.state not in api.LIVING:
        raise NotCopied(code=source.code, why="only a school that can still be opened is.")
    if source.mode == "test":
        raise NotCopied(code=source.code, why="it is itself a place for trials.")
    return approving


def clone(
    source: TenantRef,
    code: str,
    *,
    real_persons: bool = False,
    approved_by: Collection[str] = (),
    letter: str = "",
    report: Report = lambda _done, _all, _what: None,
) -> Made:
    """Make a new tenant for trials with the source's rows. It stands below no authority, and nothing leaves it.

    Raises TwoApprovals, NotCopied, and what making a tenant does; then no tenant is left.
    """
    check(source, real_persons=real_persons, approved_by=approved_by, letter=letter)
    at = clock.now()
    named = making.of_source(source)
    ref = provisioning.create_tenant(
        code=code,
        kind=source.kind,
        name_kk=named.name_kk,
        name_ru=named.name_ru,
        mode=Tenant.Mode.TEST,
        language=source.language,
    )
    expires = at + EXACT_LIVES if real_persons else None
    try:
        with tenancy.owner():  # first, so that it ends when it should whatever happens here
            Clone.objects.create(
                tenant_id=ref.id,
                source_id=source.id,
                at=at,
                letter=letter.strip()[:150],
                is_exact=real_persons,
                expires_at=expires,
            )
        copied = making.copy(source, ref, None if real_persons else Pseudonyms(), report=report)
    except BaseException:
        _undo(ref)
        raise
    return Made(ref, copied, expires)


def _undo(ref: TenantRef) -> None:
    leaving.leave(ref)
    with tenancy.owner():
        Clone.objects.filter(tenant_id=ref.id).delete()
        Host.objects.filter(tenant_id=ref.id).delete()
        Tenant.objects.filter(pk=ref.id).delete()
    api.forget_host()


def known_of(ref: TenantRef) -> dict[str, object] | None:
    """Of which tenant this one is a copy, with whom in it, and until when."""
    with tenancy.owner():
        row = Clone.objects.filter(tenant_id=ref.id).first()
        source = Tenant.objects.filter(pk=row.source_id).first() if row else None
    if row is None:
        return None
    return {
        "of": source.code if source else "",
        "at": f"{row.at:%Y-%m-%d %H:%M}",
        "persons": "real" if row.is_exact else "pseudonyms",
        "letter": row.letter,
        "until": f"{row.expires_at:%Y-%m-%d %H:%M}" if row.expires_at else "",
    }


def expire() -> list[str]:
    """Destroy the copies whose time is over; answers their codes. One that cannot be is logged and the next goes on."""
    with tenancy.owner():
        due = list(
            Tenant.objects.filter(
                pk__in=Clone.objects.filter(expires_at__lte=clock.now()).values("tenant_id")
            )
            .exclude(state=Tenant.State.DESTROYED)
            .order_by("code")
        )
    gone = []
    for row in due:
        letter = "its time is over"
        try:
            if row.state != Tenant.State.ARCHIVED:
                if row.state != Tenant.State.CLOSED:
                    lifecycle.suspend(code=row.code, to=Tenant.State.CLOSED, letter=letter)
                lifecycle.archive(code=row.code, letter=letter)
            lifecycle.destroy(code=row.code, letter=letter)
            gone.append(row.code)
        except Exception:  # the others' time is over too
            log.exception("clones.stuck", tenant=row.code)
    return gone
