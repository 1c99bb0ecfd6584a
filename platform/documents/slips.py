"""Login slips: printed once and kept nowhere, because nobody stores one-time passwords."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, Protocol

from django.db import transaction

from documents import engine, services
from documents.data import LoginSlip, LoginSlips, Printed
from kernel import audit, clock
from kernel.access import Actor

Shape = Literal["slips", "cards"]


class SlipLike(Protocol):
    """What identity gives for a new account; `place`, `scan` and a term (`valid_until`, `expires_at`) are welcome."""

    @property
    def full_name(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclasses.dataclass(frozen=True, slots=True)
class _Slip(LoginSlip):
    qr: str = ""


@transaction.atomic
def print_slips(slips: Iterable[SlipLike], *, language: str, actor: Actor, shape: Shape = "slips") -> Printed:
    """Eight slips or ten cards to a sheet, each in its own person's language; how many were printed is logged.

    The caller has checked the right to give out passwords.
    """
    with_squares = []
    for slip in slips:
        scan = str(getattr(slip, "scan", "") or slip.url)
        with_squares.append(
            _Slip(
                full_name=slip.full_name,
                place=str(getattr(slip, "place", "")),
                username=slip.username,
                password=slip.password,
                url=slip.url,
                language=slip.language,
                valid_until=_term(slip),
                scan=scan,
                qr=engine.qr(scan),
            )
        )
    printed = services.render(
        f"documents.login_{shape}", LoginSlips(tuple(with_squares)), language=language, actor=actor
    )
    audit.record(
        actor=actor,
        action="documents.login_slips.printed",
        object_type="login_slips",
        details={"count": len(with_squares)},
    )
    return printed


def _term(slip: SlipLike) -> date | None:
    """The last whole day on which the password works."""
    day: date | None = getattr(slip, "valid_until", None)
    moment: datetime | None = getattr(slip, "expires_at", None)
    return day or (moment.astimezone(clock.ALMATY).date() if moment else None)


class SlipPrinter:
    """The adapter of the port through which accounts are handed over (the two apps stand side by side)."""

    def print(self, slips: Iterable[SlipLike], *, language: str, actor: Actor) -> Printed:
        return print_slips(slips, language=language, actor=actor)
