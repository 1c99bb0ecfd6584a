"""What other modules and the operator may ask of figures."""

from __future__ import annotations

from collections.abc import Collection

from kernel.access import Actor
from modules.analytics import services

__all__ = ["recount", "refresh"]


def refresh(*, actor: Actor) -> int:
    """Count now what changed since the last count; answer how many public facts changed."""
    return services.refresh(actor=actor)


def recount(*, actor: Actor, years: Collection[str] | None = None) -> dict[str, int]:
    """Count every figure (of some years) anew, mend what differs and raise the alarm; the first time, just count."""
    return services.recount(actor=actor, years=years)
