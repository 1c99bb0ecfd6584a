"""Every night: slips that are not valid any more, dossiers whose pupils had their last day."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.jobs import JobContext, job
from modules.transfers import services


@job("transfers.daily", title=_("Terms of transfers"), permission=None)
def daily(ctx: JobContext) -> dict[str, Any]:
    today = clock.today()
    return {
        "sent": services.send_due(actor=ctx.actor, on=today),
        "expired": services.expire(actor=ctx.actor, on=today),
    }
