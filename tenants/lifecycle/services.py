"""Moving a tenant from state to state. A state and the rights of its role change in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name
from django.db import transaction
from django.http.request import validate_host
from psycopg import sql

from kernel import audit, clock, jobs, tenancy
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import Kind, TenantRef
from tenants import api, provisioning, roles
from tenants.lifecycle import leaving, rules
from tenants.models import Contract, Host, Passage, RollupFact, Tenant

log = structlog.get_logger(__name__)
State = Tenant.State
REST_DAYS = 7  # a living school rests in the archive for so long before it may be destroyed


class UnknownTenant(DomainError):
    message = "There is no tenant {code}."
    code = "unknown_tenant"


class WrongState(DomainError):
    message = "{code} is {state}: {advice}"
    code = "wrong_state"


class LetterWanted(DomainError):
    message = "Name the letter: its number and date."
    code = "letter_wanted"


class HostTaken(DomainError):
    message = "The host {host} is taken."
    code = "host_taken"


class WrongHost(DomainError):
    message = "{host} is no host name that this installation answers at ({base})."
    code = "wrong_host"


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a tenant."""

    ref: TenantRef
    before: str
    state: str
    until: date | None = None
    jobs_woken: int = 0
    gone: dict[str, str] = field(default_factory=dict)


def suspend(*, code: str, to: str, letter: str, dry_run: bool = False) -> Moved:
    """Let a tenant be read only, or close it, by hand; its contract does not move it until it is resumed."""
    _letter(letter)
    if to not in (State.READ_ONLY, State.CLOSED):
        raise ValueError(f"A tenant is suspended to read_only or closed, not to {to}.")
    row = _row(code)
    if row.kind == Kind.VENDOR:
        raise WrongState(
            code=code, state=row.state, advice="the vendor's own tenant keeps the log and stays open."
        )
    _refuse(row, State.ARCHIVED, "resume it first.")
    return _moved(row, to, letter=letter, by_hand=True, dry_run=dry_run)


def resume(*, code: str, letter: str = "", dry_run: bool = False) -> Moved:
    """Give a tenant back to its contract: from by hand or from the archive, with nothing lost.

    Raises WrongState when its contract is over: then a new one is written first.
    """
    row = _row(code)
    contract = current_contract(row)
    state = rules.state_on(contract, clock.today())
    if state not in api.WRITING:
        raise WrongState(
            code=code,
            state=row.state,
            advice=f"its contract ended on {contract and contract.until}; write a new one.",
        )
    return _moved(row, state, letter=letter, by_hand=False, dry_run=dry_run)


def contract(
    *,
    code: str,
    until: date,
    since: date | None = None,
    number: str = "",
    warning_days: int = 30,
    read_only_days: int = 90,
    dry_run: bool = False,
) -> Moved:
    """Write a tenant's contract, or its prolonging: what is paid for counts at once, unless it is held by hand."""
    row = _row(code)
    _refuse(row, State.ARCHIVED, "resume it from the archive after the contract is written.", unless=True)
    new = Contract(
        tenant=row,
        number=number[:60],
        since=since or clock.today(),
        until=until,
        warning_days=warning_days,
        read_only_days=read_only_days,
        made_at=clock.now(),
    )
    before = current_contract(row)
    if before is not None and before.until >= until:
        raise ValueError(f"A contract until {before.until} is there already.")
    if new.until < new.since:
        raise ValueError("A contract ends after it begins.")
    state = rules.state_on(new, clock.today())
    moves = not row.is_held and row.state in rules.BY_CONTRACT
    if dry_run:
        return Moved(row.ref(), row.state, state if moves else row.state, until)
    with tenancy.owner():
        new.save(force_insert=True)
    if not moves:
        return Moved(row.ref(), row.state, row.state, until)
    return _moved(row, state, letter=number, by_hand=False)


def archive(*, code: str, letter: str, dry_run: bool = False) -> Moved:
    """Put a tenant that is read only or closed into the archive: its schema is kept, nobody signs in."""
    _letter(letter)
    row = _row(code)
    if row.state not in (State.READ_ONLY, State.CLOSED):
        raise WrongState(
            code=code, state=row.state, advice="suspend it first, so that its people can save what is theirs."
        )
    _without_children(row)
    return _moved(row, State.ARCHIVED, letter=letter, by_hand=True, dry_run=dry_run)


def destroy(
    *, code: str, letter: str, report: Callable[[str], None] = lambda _: None, dry_run: bool = False
) -> Moved:
    """Remove all of an archived tenant but its line in the register. Safe to repeat after a break.

    A living school has rested in the archive for REST_DAYS. Raises WrongState.
    """
    _letter(letter)
    row = _row(code)
    if row.state not in (State.ARCHIVED, State.DESTROYED):
        raise WrongState(code=code, state=row.state, advice="put it into the archive first.")
    with tenancy.owner():
        archived = Passage.objects.filter(tenant=row, state=State.ARCHIVED).order_by("-id").first()
    free = archived.at + timedelta(days=REST_DAYS) if archived else clock.now()
    if row.mode == Tenant.Mode.LIVE and row.state == State.ARCHIVED and free > clock.now():
        raise WrongState(
            code=code,
            state=row.state,
            advice=f"a living one rests in the archive until {free:%Y-%m-%d %H:%M}.",
        )
    _without_children(row)
    ref = row.ref()
    if dry_run:
        return Moved(ref, row.state, State.DESTROYED, gone=dict.fromkeys(leaving.names(), "would go"))
    gone = leaving.leave(ref, report)
    if row.state == State.DESTROYED:
        return Moved(ref, row.state, row.state, gone=gone)
    moved = _moved(row, State.DESTROYED, letter=letter, by_hand=True)
    return Moved(moved.ref, moved.before, moved.state, gone=gone)


def renew(*, code: str, report: Callable[[str], None] = lambda _: None, dry_run: bool = False) -> TenantRef:
    """Give a demo tenant a new empty schema in the place of its old one, which goes with its files and its letters.

    Refused for every other mode: what real people wrote is never emptied. Raises WrongState.
    """
    row = _row(code)
    if row.mode != Tenant.Mode.DEMO or row.state not in api.WRITING:
        raise WrongState(
            code=code,
            state=f"{row.mode}, {row.state}",
            advice="only a demo tenant that works is filled anew.",
        )
    old = row.ref()
    if dry_run:
        return old
    fresh = provisioning.claim(Kind(row.kind))
    with tenancy.owner(), transaction.atomic():
        kept = Tenant.objects.select_for_update().get(pk=row.pk)
        kept.schema_name, kept.db_role = fresh, tenancy.role_name(fresh)
        kept.save(update_fields=["schema_name", "db_role"])
    api.forget_host()
    leaving.leave(old, report, but={"host"})
    with tenancy.owner():
        RollupFact.objects.filter(school_id=row.pk).delete()
    found = api.by_code(code)
    if found is None:
        raise UnknownTenant(code=code)
    return found


def rename_host(*, code: str, host: str, dry_run: bool = False) -> tuple[TenantRef, str]:
    """Let a tenant answer at another host; the old name is free at once. Answers the tenant and its old host."""
    row = _row(code)
    host = host.strip().lower().rstrip(".")
    try:
        validate_domain_name(host)
    except ValidationError as wrong:
        raise WrongHost(host=host, base=settings.BASE_HOST) from wrong
    if not validate_host(host, settings.ALLOWED_HOSTS) or host in (settings.BASE_HOST, settings.FILES_HOST):
        raise WrongHost(host=host, base=settings.BASE_HOST)
    with tenancy.owner():
        known = Host.objects.filter(tenant=row, is_primary=True).first()
        old = known.domain if known else ""
        if Host.objects.filter(domain=host).exists():
            raise HostTaken(host=host)
        if not dry_run:
            Host.objects.filter(tenant=row, is_primary=True).update(domain=host)
    api.forget_host()
    return row.ref(host), old


def follow(day: date | None = None, *, dry_run: bool = False) -> list[Moved]:
    """Move every tenant that its contract has brought into another state; those held by hand stay.

    One that cannot be moved is logged and the next goes on.
    """
    day = day or clock.today()
    with tenancy.owner():
        rows = list(
            Tenant.objects.filter(is_held=False, state__in=rules.BY_CONTRACT, contracts__isnull=False)
            .select_related("cell")
            .distinct()
            .order_by("code")
        )
    moved = []
    for row in rows:
        state = rules.state_on(current_contract(row), day)
        if state == row.state:
            continue
        try:
            moved.append(_moved(row, state, letter="", by_hand=False, dry_run=dry_run))
            if not dry_run:
                _tell(moved[-1])
        except Exception:  # the others' contracts are not theirs
            log.exception("lifecycle.stuck", tenant=row.code, state=state)
    return moved


def enforce(ref: TenantRef) -> None:
    """Give the role of a tenant the rights of its state once more, whatever they are."""
    with tenancy.at(ref.server), tenancy.owner(), transaction.atomic():
        roles.send(_rights(ref.schema, ref.state))


def current_contract(row: Tenant) -> Contract | None:
    with tenancy.owner():
        return Contract.objects.filter(tenant=row).order_by("-until").first()


def _rights(schema: str, state: str) -> list[sql.Composable]:
    if state in api.WRITING:
        # Closed first: rights on single columns go with those on the table.
        return [*roles.closed(schema, keep_open=False), *roles.rights(schema), *roles.public_rights(schema)]
    return [*roles.closed(schema)]


def _moved(row: Tenant, state: str, *, letter: str, by_hand: bool, dry_run: bool = False) -> Moved:
    """Put the tenant into the state, with the rights that belong to it, and say so in the register."""
    before = row.state
    if dry_run:
        return Moved(row.ref(), before, state)
    elsewhere = row.ref().server
    if elsewhere is not None and state != State.DESTROYED:
        # Another cell knows no transaction of ours: its rights first, so that a state is never said and not kept.
        enforce(replace(row.ref(), state=state))
    with tenancy.owner(), transaction.atomic():
        kept = Tenant.objects.select_for_update().get(pk=row.pk)
        kept.state, kept.is_held = state, by_hand
        kept.save(update_fields=["state", "is_held"])
        Passage.objects.create(
            tenant=kept, state=state, at=clock.now(), by_hand=by_hand, letter=letter.strip()[:150]
        )
        if state != State.DESTROYED and elsewhere is None:
            roles.send(_rights(kept.schema_name, state))
        host = Host.objects.filter(tenant=kept).order_by("-is_primary", "domain").first()
        ref = kept.ref(host.domain if host else "")
    api.forget_host()
    woken = 0
    if ref.writes and before not in api.WRITING:
        # What waited goes on: events in the outbox, jobs in their table.
        with tenancy.use(ref):
            woken = jobs.wake_waiting()
            jobs.wake_delivery(ref)
    return Moved(ref, before, state, jobs_woken=woken)


def _tell(moved: Moved) -> None:
    """Let the tenant's own log say that its contract moved it."""
    with tenancy.use(moved.ref):
        audit.record(
            actor=Actor.system_actor("tenants.lifecycle"),
            action="tenants.state.changed",
            object_type="tenant",
            object_id=moved.ref.code,
            details={"from": moved.before, "to": moved.state},
        )


def _row(code: str) -> Tenant:
    with tenancy.owner():
        row = Tenant.objects.select_related("cell").filter(code=code).first()
    if row is None:
        raise UnknownTenant(code=code)
    return row


def _letter(letter: str) -> None:
    if not letter.strip():
        raise LetterWanted


def _refuse(row: Tenant, state: str, advice: str, *, unless: bool = False) -> None:
    """Raise WrongState for a tenant of the state, or for a destroyed one; `unless`: for a destroyed one alone."""
    if row.state == State.DESTROYED:
        raise WrongState(code=row.code, state=row.state, advice="nothing of it is left.")
    if row.state == state and not unless:
        raise WrongState(code=row.code, state=row.state, advice=advice)


def _without_children(row: Tenant) -> None:
    with tenancy.owner():
        below = list(
            Tenant.objects.filter(parent=row)
            .exclude(state__in=[State.ARCHIVED, State.DESTROYED])
            .values_list("code", flat=True)[:5]
        )
    if below:
        raise WrongState(code=row.code, state=row.state, advice=f"others stand below it: {', '.join(below)}.")
