"""Which state a contract gives on a day, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tenants.models import Contract, Tenant

State = Tenant.State
BY_CONTRACT = (State.ACTIVE, State.WARNED, State.READ_ONLY, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Step:
    """A state and its first day."""

    state: str
    since: date


def steps(contract: Contract) -> list[Step]:
    """The states that the contract brings, in their order; the last one stays."""
    over = contract.until + timedelta(days=1)
    found = [
        Step(State.ACTIVE, date.min),
        Step(State.WARNED, max(contract.since, over - timedelta(days=contract.warning_days))),
        Step(State.READ_ONLY, over),
        Step(State.CLOSED, over + timedelta(days=contract.read_only_days)),
    ]
    # A step without days of its own is none.
    return [
        one
        for one, after in zip(found, [*found[1:], None], strict=True)
        if after is None or one.since < after.since
    ]


def state_on(contract: Contract | None, day: date) -> str:
    """The state of a tenant with the contract; without one it works for as long as nobody says otherwise."""
    if contract is None:
        return State.ACTIVE
    return [one.state for one in steps(contract) if one.since <= day][-1]


def next_step(contract: Contract | None, day: date) -> Step | None:
    """What comes next by the contract, and when."""
    if contract is None:
        return None
    return next((one for one in steps(contract) if one.since > day), None)
