"""The figures of sign-in in force: those of the installation's profile where the tenant is live; demo and test are milder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings

from identity.profiles import PROFILES, Lockout, Passwords, Profile, Sessions, Terms
from kernel.access import Role
from kernel.tenancy import Kind, Mode, TenantRef

_SENSITIVE = frozenset(
    {
        Role.DIRECTOR,
        Role.PSYCHOLOGIST,
        Role.SOCIAL_PEDAGOGUE,
        Role.NURSE,
        Role.SECRETARY,
        Role.AUTHORITY_HEAD,
        Role.AUTHORITY_ANALYST,
    }
)
_FAMILY = frozenset({Role.PUPIL, Role.PARENT, Role.GUARDIAN})
_VENDOR = frozenset({Role.OPERATOR, Role.SUPPORT})
_FAMILY_KINDS = ("pupil", "guardian")


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds in one tenant. `one_time_password` is None where printed ones open for good."""

    one_time_password: timedelta | None
    passwords: Passwords
    sessions: Sessions
    demands_factor: bool
    locks_when_idle: bool
    accounts_settle: bool


def profile() -> Profile:
    """The profile that the installation has chosen."""
    return PROFILES[settings.POLICY_PROFILE]


def lockout() -> Lockout:
    """Limits on guessing are the same in every tenant."""
    return profile().lockout


def terms() -> Terms:
    """How long logs and backups are kept is the same in every tenant."""
    return profile().terms


def shown(tenant: TenantRef) -> Profile:
    """The profile with what holds in the tenant: demo and test are milder."""
    here = of(tenant)
    return replace(profile(), passwords=here.passwords, sessions=here.sessions)


def of(tenant: TenantRef) -> Policy:
    return _IN_FORCE[settings.POLICY_PROFILE, tenant.mode]


def _policy(chosen: Profile, mode: Mode) -> Policy:
    strict = Policy(
        timedelta(hours=chosen.passwords.first_hours),
        chosen.passwords,
        chosen.sessions,
        demands_factor=True,
        locks_when_idle=True,
        accounts_settle=True,
    )
    if mode == "live":
        return strict
    mild = replace(strict, passwords=_mild(chosen.passwords), demands_factor=False, accounts_settle=False)
    if mode == "test":
        return mild
    # Logins of a demo are printed for everybody who looks at it, and several people come in by one.
    crowd = replace(chosen.sessions, vendor_devices=20, staff_devices=20, family_devices=20)
    return replace(mild, one_time_password=None, sessions=crowd, locks_when_idle=False)


def _mild(passwords: Passwords) -> Passwords:
    """Made-up people have short passwords that nobody has to change."""
    return replace(
        passwords,
        vendor_length=8,
        staff_length=8,
        family_length=8,
        classes=0,
        family_classes=0,
        history=1,
        most_days=0,
    )


_MODES: tuple[Mode, ...] = ("live", "test", "demo")
_IN_FORCE = {(code, mode): _policy(one, mode) for code, one in PROFILES.items() for mode in _MODES}


def idle_minutes(tenant: TenantRef, base_roles: Iterable[str]) -> int:
    """How long a session of these roles lives untouched; the strictest role decides."""
    bases, chosen = set(base_roles), of(tenant)
    if bases and bases <= _FAMILY:
        return chosen.sessions.family_idle_days * 24 * 60
    if not chosen.locks_when_idle:
        return chosen.sessions.longest_hours * 60
    if bases & _VENDOR:
        return chosen.sessions.vendor_idle_minutes
    return (
        chosen.sessions.sensitive_idle_minutes if bases & _SENSITIVE else chosen.sessions.staff_idle_minutes
    )


def longest_session(base_roles: Iterable[str]) -> timedelta:
    bases, chosen = set(base_roles), profile().sessions
    if bases and bases <= _FAMILY:
        return timedelta(days=chosen.family_longest_days)
    return timedelta(hours=chosen.longest_hours)


def most_sessions(tenant: TenantRef, base_roles: Iterable[str]) -> int:
    """On how many devices a person of these roles may be signed in at once; the strictest role decides."""
    bases, chosen = set(base_roles), of(tenant).sessions
    if bases & _VENDOR:
        return chosen.vendor_devices
    return chosen.family_devices if bases and bases <= _FAMILY else chosen.staff_devices


def password_length(tenant: TenantRef, person_kind: str) -> int:
    chosen = of(tenant).passwords
    if person_kind in _FAMILY_KINDS:
        return chosen.family_length
    return chosen.vendor_length if tenant.kind is Kind.VENDOR else chosen.staff_length


def password_classes(tenant: TenantRef, person_kind: str) -> int:
    """Of how many kinds of signs a password has to be made, of four."""
    chosen = of(tenant).passwords
    return chosen.family_classes if person_kind in _FAMILY_KINDS else chosen.classes


def password_lasts(tenant: TenantRef, person_kind: str) -> timedelta | None:
    """How long a password opens that nothing else stands beside; None where no calendar counts."""
    days = of(tenant).passwords.most_days
    return None if person_kind in _FAMILY_KINDS or not days else timedelta(days=days)
