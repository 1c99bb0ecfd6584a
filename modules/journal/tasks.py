"""Work of the journals that takes longer than a second, or comes by itself: after midnight, and every half a minute."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.access import Actor
from kernel.jobs import JobContext, job, pulse
from modules.journal import permissions
from modules.journal.closing import services as closing
from modules.journal.export import services as export
from modules.journal.settling import services as settling


@job("journal.close_periods", title=_("Periods that are over close"), permission=None)
def close_periods(ctx: JobContext, **_params: object) -> dict[str, int]:
    return {"closed": closing.close_what_is_over(actor=ctx.actor)}


@pulse("journal.tell_settled")
def tell_settled(actor: Actor) -> None:
    settling.tell_settled(actor=actor)


@job(export.PACK, title=_("Packing journals"), permission=permissions.EXPORT, writes=False)
def pack(ctx: JobContext, *, url: str, **params: Any) -> dict[str, Any]:
    """Make the archive; its page leads to the file."""
    kept = export.pack(actor=ctx.actor, wish=export.Wish.of(params), told=ctx.progress)
    return {"url": f"{url}{ctx.row.pk}/", "file": str(kept.pk), "size": kept.size}


@job("journal.clear_archives", title=_("Old archives of journals deleted"), permission=None)
def clear_archives(ctx: JobContext, **_params: object) -> dict[str, Any]:
    return {"deleted": export.clear(now=clock.now())}
