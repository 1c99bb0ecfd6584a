"""The figures in force in words: for the page of the rules and for the policy document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from identity.profiles import Lockout, Passwords, Profile, Sessions, Terms


@dataclass(frozen=True, slots=True)
class Line:
    """A rule and its figure; a rule that the profile does not know has no figure."""

    label: Any
    figure: int
    unit: Any = ""

    @property
    def value(self) -> str:
        if not self.figure:
            return str(_("not asked"))
        return f"{self.figure} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Section:
    title: Any
    lines: tuple[Line, ...]


NAMES = {
    "kz-tdib": _("requirements of Kazakhstan to the protection of information"),
    "asvs": _("international standard OWASP ASVS"),
}
"""What a profile follows, for those to whom its code says nothing."""

_SIGNS, _KINDS = pgettext_lazy("after a number", "signs"), pgettext_lazy("after a number", "kinds of four")
_TIMES, _DAYS = pgettext_lazy("after a number", "times"), pgettext_lazy("after a number", "days")
_HOURS, _MINUTES = pgettext_lazy("after a number", "h"), pgettext_lazy("after a number", "min")
_SECONDS = pgettext_lazy("after a number", "s")
_MONTHS, _YEARS = pgettext_lazy("after a number", "months"), pgettext_lazy("after a number", "years")


def sections(of: Profile) -> tuple[Section, ...]:
    """Every figure of the profile, each once."""
    return (
        Section(_("Passwords"), _of_passwords(of.passwords)),
        Section(_("Guessing"), _of_lockout(of.lockout)),
        Section(_("Sessions"), _of_sessions(of.sessions)),
        Section(_("Logs and backups"), _of_terms(of.terms)),
    )


def _of_passwords(of: Passwords) -> tuple[Line, ...]:
    return (
        Line(_("Shortest password: operators and support"), of.vendor_length, _SIGNS),
        Line(_("Shortest password: staff"), of.staff_length, _SIGNS),
        Line(_("Shortest password: pupils and parents"), of.family_length, _SIGNS),
        Line(_("Small letters, capitals, digits, other signs: staff"), of.classes, _KINDS),
        Line(
            _("Small letters, capitals, digits, other signs: pupils and parents"), of.family_classes, _KINDS
        ),
        Line(_("Latest passwords that may not come again"), of.history),
        Line(_("Longest life of a staff password without a second factor"), of.most_days, _DAYS),
        Line(_("A one-time password opens for"), of.first_hours, _HOURS),
    )


def _of_lockout(of: Lockout) -> tuple[Line, ...]:
    return (
        Line(_("Wrong passwords for a login from one address until it is closed there"), of.failures, _TIMES),
        Line(_("Counted within, and closed for"), of.minutes, _MINUTES),
        Line(
            _("Wrong passwords for a login from anywhere until it is slowed down"),
            of.failures_of_login,
            _TIMES,
        ),
        Line(_("Longest wait of a login that is slowed down"), of.longest_wait_seconds, _SECONDS),
        Line(_("Attempts from one network until it is slowed down"), of.attempts_of_address, _TIMES),
        Line(_("Attempts from one network are counted within"), of.address_minutes, _MINUTES),
        Line(_("The second step has to follow within"), of.second_step_minutes, _MINUTES),
    )


def _of_sessions(of: Sessions) -> tuple[Line, ...]:
    return (
        Line(_("Left alone, a session ends: operators and support"), of.vendor_idle_minutes, _MINUTES),
        Line(
            _(
                "Left alone, a session ends: director, secretary, psychologist, social pedagogue, nurse, authority"
            ),
            of.sensitive_idle_minutes,
            _MINUTES,
        ),
        Line(_("Left alone, a session ends: other staff"), of.staff_idle_minutes, _MINUTES),
        Line(_("Left alone, a session ends: pupils and parents"), of.family_idle_days, _DAYS),
        Line(_("Longest session: staff"), of.longest_hours, _HOURS),
        Line(_("Longest session: pupils and parents"), of.family_longest_days, _DAYS),
        Line(_("Devices at once: operators and support"), of.vendor_devices),
        Line(_("Devices at once: staff"), of.staff_devices),
        Line(_("Devices at once: pupils and parents"), of.family_devices),
    )


def _of_terms(of: Terms) -> tuple[Line, ...]:
    return (
        Line(_("The security log is kept at least"), of.log_years, _YEARS),
        Line(_("Every backup is kept for"), of.backup_days, _DAYS),
        Line(_("After that one backup a month is kept for"), of.backup_months, _MONTHS),
        Line(_("After that one backup a year is kept for"), of.backup_years, _YEARS),
    )
