"""What the operator does, in the vendor's own security log and in the log of the tenant it is done to.

An act is told twice to the vendor's log: begun, before anything is changed, and ended; whatever is killed between
leaves the first line. The tenant's own log gets the end. Before the first vendor tenant there is no log to write to:
the act goes on with a warning, is told to the installation's log of running alone, and the vendor's log opens with
how much stood before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import DatabaseError

from kernel import audit, tenancy
from kernel.access import Actor
from kernel.errors import DomainError, NoTenant
from kernel.tenancy import Kind, TenantRef

log = structlog.get_logger("ops")
SCHOOLS_WORD = "vendor.cli"  # how a tenant's own log names the vendor


@dataclass
class Act:
    """An act under way; the command says whom it concerns and what came of it."""

    action: str
    operator: str
    code: str = ""
    tenant: TenantRef | None = None
    outcome: str = "ok"
    details: dict[str, Any] = field(default_factory=dict)

    def about(self, ref: TenantRef | None, **details: Any) -> None:
        if ref is not None:
            self.tenant, self.code = ref, ref.code
        self.details |= details


@contextmanager
def acting(
    action: str, *, operator: str, code: str = "", warn: Callable[[str], object] = lambda _: None
) -> Iterator[Act]:
    """Tell the logs of what is done in the block: that it begins, and how it ends."""
    act = Act(action, operator, code)
    is_kept = _to_vendor(act, "begun", {})
    try:
        yield act
    except DomainError:
        act.outcome = "refused"
        raise
    except BaseException:
        if act.outcome == "ok":
            act.outcome = "failed"
        raise
    finally:
        if not _to_tenant(act):
            act.details["own_log"] = "silent"
        log.info(
            "ops.act",
            action=action,
            operator=operator,
            tenant=act.code,
            outcome=act.outcome,
            details=act.details,
        )
        if not _to_vendor(act, act.outcome, act.details):
            warn("There is no vendor tenant with a log yet: this act is in the installation's own log only.")
        elif not is_kept and act.tenant and act.tenant.kind is Kind.VENDOR:
            _open_log(act)


def _to_vendor(act: Act, outcome: str, details: dict[str, Any]) -> bool:
    """Write a line into the vendor's log; whether there is one."""
    from tenants import api  # below it, provisioning tells of itself here

    try:
        [vendor, *_] = api.all_active(Kind.VENDOR)
        with tenancy.use(vendor):
            _write(act, audit.operators(act.operator), outcome, details)
    except (ValueError, DatabaseError):  # no vendor, or no table of the log yet
        return False
    return True


def _to_tenant(act: Act) -> bool:
    """Write the end into the log of the tenant that it concerned, when it has one of its own."""
    ref = act.tenant
    if ref is None or ref.kind is Kind.VENDOR or act.details.get("destroyed"):
        return True
    try:
        with tenancy.use(ref):
            _write(act, Actor.system_actor(SCHOOLS_WORD), act.outcome, act.details)
    except (DatabaseError, NoTenant):
        return False
    return True


def _open_log(act: Act) -> None:
    """The first line of the vendor's log says how much was done before there was one."""
    from tenants import api
    from tenants.models import Tenant

    with tenancy.register():
        before = Tenant.objects.exclude(code=act.code).count()
    [vendor, *_] = api.all_active(Kind.VENDOR)
    with tenancy.use(vendor):
        audit.record(
            actor=audit.operators(act.operator),
            action="tenants.log.opened",
            object_type="tenant",
            object_id=act.code,
            details={"tenants_before": before},
        )


def _write(act: Act, actor: Actor, outcome: str, details: dict[str, Any]) -> None:
    audit.operated(
        actor=actor, action=act.action, object_type="tenant", code=act.code, outcome=outcome, details=details
    )
