"""The profiles of protection as the file beside gives them: whole, typed, and none of them with a figure too many."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("profiles.toml")


@dataclass(frozen=True, slots=True)
class Passwords:
    vendor_length: int
    staff_length: int
    family_length: int
    classes: int
    family_classes: int
    history: int
    most_days: int
    first_hours: int


@dataclass(frozen=True, slots=True)
class Lockout:
    failures: int
    minutes: int
    failures_of_login: int
    longest_wait_seconds: int
    attempts_of_address: int
    address_minutes: int
    second_step_minutes: int

    @property
    def seconds(self) -> int:
        return self.minutes * 60

    @property
    def second_step_seconds(self) -> int:
        return self.second_step_minutes * 60


@dataclass(frozen=True, slots=True)
class Sessions:
    vendor_idle_minutes: int
    sensitive_idle_minutes: int
    staff_idle_minutes: int
    family_idle_days: int
    longest_hours: int
    family_longest_days: int
    vendor_devices: int
    staff_devices: int
    family_devices: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How long logs and backups are kept."""

    log_years: int
    backup_days: int
    backup_months: int
    backup_years: int


@dataclass(frozen=True, slots=True)
class Profile:
    code: str
    passwords: Passwords
    lockout: Lockout
    sessions: Sessions
    terms: Terms


def _read() -> dict[str, Profile]:
    with FILE.open("rb") as file:
        return {
            code: Profile(
                code,
                Passwords(**parts["passwords"]),
                Lockout(**parts["lockout"]),
                Sessions(**parts["sessions"]),
                Terms(**parts["terms"]),
            )
            for code, parts in tomllib.load(file).items()
        }


PROFILES = _read()
