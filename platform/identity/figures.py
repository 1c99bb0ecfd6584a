"""Figures and choices of sign-in and roles that a school makes inside bounds; elsewhere the default holds.

The rules stand here and the choice in modules.school, which shows them beside its other rules and says what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from identity import policy
from identity.models import User
from kernel.tenancy import Kind, current


@dataclass(frozen=True, slots=True)
class Figure:
    """A whole number with its bounds, and where it comes from."""

    code: str
    label: Any
    default: int
    minimum: int
    maximum: int
    unit: Any
    hint: Any
    source: Any


_MINUTES = pgettext_lazy("after a number", "min")
_DAYS = pgettext_lazy("after a number", "days")

PROOF_MINUTES = Figure(
    "identity.proof_minutes",
    _("How long a password just typed counts"),
    default=15,
    minimum=5,
    maximum=30,
    unit=_MINUTES,
    hint=_(
        "After so many minutes it is asked again before roles are given, a period is closed, a list of people is "
        "taken away as a file, or one’s own ways in are changed."
    ),
    source=_("No law names the number. Proof again before sensitive acts: OWASP ASVS 5.0, 7.5."),
)
REQUEST_DAYS = Figure(
    "identity.role_request_days",
    _("How long the director’s role waits for the second person"),
    default=7,
    minimum=1,
    maximum=30,
    unit=_DAYS,
    hint=_("Holds for every role with power over roles. Requests made before keep their term."),
    source=_("No law names the number; a week lets the second person be away for some days."),
)
SETTLED_DAYS = Figure(
    "identity.second_person_days",
    _("How old the second person’s account is, and how long ago it was reset"),
    default=7,
    minimum=3,
    maximum=60,
    unit=_DAYS,
    hint=_("So that nobody makes an account and approves with it. Demo and test schools do not wait."),
    source=_("No law names the number; in a week the school notices an account that it does not know."),
)
VISIT_HOURS = Figure(
    "identity.visit_hours",
    _("For how many hours at most the vendor’s support may be let in"),
    default=8,
    minimum=1,
    maximum=8,
    unit=pgettext_lazy("after a number", "h"),
    hint=_("The director may always give fewer. What was granted before keeps its term."),
    source=_("No law names the number; a working day is the most. An hour is offered first."),
)
FIGURES = (PROOF_MINUTES, REQUEST_DAYS, SETTLED_DAYS, VISIT_HOURS)


class Demand(StrEnum):
    """Who must have a second factor to work."""

    SENSITIVE = "sensitive"
    STAFF = "staff"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some ways, and where it comes from."""

    code: str
    label: Any
    default: str
    choices: tuple[tuple[str, Any], ...]
    hint: Any
    source: Any


FACTOR_FOR = Choice(
    "identity.factor_for",
    _("Who must sign in with a second factor"),
    default=Demand.SENSITIVE,
    choices=(
        (Demand.SENSITIVE, _("whoever reads closed data: health, social and psychological work, roles")),
        (Demand.STAFF, _("everybody who works here")),
        (Demand.NOBODY, _("nobody is made to; whoever wishes may")),
    ),
    hint=_(
        "A passkey, or six digits from an application on the phone. Whoever must have one and has none is led to set it "
        "up at the next page. Demo and test schools do not ask."
    ),
    source=_("No law names the roles. A second factor for access to sensitive data: OWASP ASVS 5.0, 6.3."),
)
CHOICES = (FACTOR_FOR,)

Chosen = Callable[[str], Any]
_CHOSEN: list[Chosen] = []


def chosen_by(provider: Chosen) -> None:
    """Let the school's module say what its school has chosen: `provider(code) -> value`. For panels.py."""
    _CHOSEN.append(provider)


def of(figure: Figure) -> int:
    """The figure in force in the current tenant."""
    if current().kind is not Kind.SCHOOL:
        return figure.default
    return int(next((provider(figure.code) for provider in _CHOSEN), figure.default))


def proof_lasts() -> timedelta:
    """How long after signing in, or showing again who it is, a person is not asked again."""
    return timedelta(minutes=of(PROOF_MINUTES))


def request_lasts() -> timedelta:
    """How long a role with power waits for the second person."""
    return timedelta(days=of(REQUEST_DAYS))


def settles_in() -> timedelta:
    """For how long the second person's account stands in nobody else's hands."""
    return timedelta(days=of(SETTLED_DAYS)) if policy.of(current()).accounts_settle else timedelta(0)


def longest_visit() -> int:
    """For how many hours at most somebody from outside may be let in."""
    return of(VISIT_HOURS)


def factor_demand() -> str:
    """Who must have a second factor, as the current tenant has chosen."""
    if current().kind is not Kind.SCHOOL:
        return FACTOR_FOR.default
    return next((str(provider(FACTOR_FOR.code)) for provider in _CHOSEN), FACTOR_FOR.default)


def factor_wanted(*, is_sensitive: bool, person_kind: str) -> bool:
    """Whether a person with such rights must have a second factor in the current tenant."""
    if not policy.of(current()).demands_factor:
        return False
    demand = factor_demand()
    if demand == Demand.STAFF:
        return is_sensitive or person_kind == User.PersonKind.STAFF
    return demand == Demand.SENSITIVE and is_sensitive
