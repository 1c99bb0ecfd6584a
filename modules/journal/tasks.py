"""Work of the journals that takes longer than a second, or comes by itself after midnight."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.jobs import JobContext, job
from modules.journal import permissions
from modules.journal.export import services as export


@job(export.PACK, title=_("Packing journals"), permission=permissions.EXPORT)
def pack(ctx: JobContext, *, url: str, **params: Any) -> dict[str, Any]:
    """Make the archive; its page leads to the file."""
    kept = export.pack(actor=ctx.actor, wish=export.Wish.of(params), told=ctx.progress)
    return {"url": f"{url}{ctx.row.pk}/", "file": str(kept.pk), "size": kept.size}


@job("journal.clear_archives", title=_("Old archives of journals deleted"), permission=None)
def clear_archives(ctx: JobContext, **_params: object) -> dict[str, Any]:
    return {"deleted": export.clear(now=clock.now())}
