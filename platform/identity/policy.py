"""The figures of sign-in, by how serious the tenant is: live as the security concept says, demo and test milder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from kernel.access import Role
from kernel.tenancy import TenantRef

MINUTE, HOUR, DAY = 60, 3600, 86_400

FAILURES_OF_PAIR = 5  # of one login from one address …
PAIR_SECONDS = 15 * MINUTE  # … in this time close the pair for as long again
FAILURES_OF_LOGIN = 10  # from any address; after that each further one makes the next wait
LONGEST_WAIT = 30
ATTEMPTS_OF_ADDRESS = 1_000  # in five minutes: a school of 300 behind one address stays far below
ADDRESS_SECONDS = 5 * MINUTE
SECOND_STEP_SECONDS = 5 * MINUTE

_QUICK_TO_LOCK = {Role.OPERATOR: 15, Role.SUPPORT: 15} | dict.fromkeys(
    (
        Role.DIRECTOR,
        Role.PSYCHOLOGIST,
        Role.SOCIAL_PEDAGOGUE,
        Role.NURSE,
        Role.SECRETARY,
        Role.AUTHORITY_HEAD,
        Role.AUTHORITY_ANALYST,
    ),
    30,
)
_FAMILY = frozenset({Role.PUPIL, Role.PARENT, Role.GUARDIAN})
_VENDOR = frozenset({Role.OPERATOR, Role.SUPPORT})


@dataclass(frozen=True, slots=True)
class Parallel:
    """On how many devices one account may be signed in at once."""

    vendor: int
    staff: int
    family: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds in one tenant."""

    one_time_password: timedelta | None
    staff_password_length: int
    family_password_length: int
    demands_factor: bool
    locks_when_idle: bool
    accounts_settle: bool
    parallel: Parallel = Parallel(vendor=1, staff=3, family=5)


_LIVE = Policy(
    timedelta(hours=24),
    12,
    8,
    demands_factor=True,
    locks_when_idle=True,
    accounts_settle=True,
)
_TEST = Policy(
    timedelta(hours=24),
    8,
    8,
    demands_factor=False,
    locks_when_idle=True,
    accounts_settle=False,
)
# Logins of a demo are printed for everybody who looks at it, and several people come in by one.
_DEMO = Policy(
    None,
    8,
    8,
    demands_factor=False,
    locks_when_idle=False,
    accounts_settle=False,
    parallel=Parallel(vendor=20, staff=20, family=20),
)


def of(tenant: TenantRef) -> Policy:
    return {"live": _LIVE, "test": _TEST, "demo": _DEMO}[tenant.mode]


def idle_minutes(tenant: TenantRef, base_roles: Iterable[str]) -> int:
    """How long a session of these roles lives untouched; the strictest role decides."""
    bases = set(base_roles)
    if bases and bases <= _FAMILY:
        return 7 * 24 * 60
    if not of(tenant).locks_when_idle:
        return 12 * 60
    return min((_QUICK_TO_LOCK.get(Role(b), 60) for b in bases if b in set(Role)), default=60)


def longest_session(base_roles: Iterable[str]) -> timedelta:
    bases = set(base_roles)
    return timedelta(days=30) if bases and bases <= _FAMILY else timedelta(hours=12)


def most_sessions(tenant: TenantRef, base_roles: Iterable[str]) -> int:
    """On how many devices a person of these roles may be signed in at once; the strictest role decides."""
    bases, parallel = set(base_roles), of(tenant).parallel
    if bases & _VENDOR:
        return parallel.vendor
    return parallel.family if bases and bases <= _FAMILY else parallel.staff


def password_length(tenant: TenantRef, person_kind: str) -> int:
    chosen = of(tenant)
    return (
        chosen.family_password_length
        if person_kind in ("pupil", "guardian")
        else chosen.staff_password_length
    )
