"""Work of the contingent that takes longer than a second, and the night's sweep."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.jobs import JobContext, job
from modules.contingent import permissions, services

ROLL_OVER = "contingent.roll_over"


@job(ROLL_OVER, title=_("Passing into the next year"), permission=permissions.EDIT)
def roll_over(
    ctx: JobContext, *, last_day: str, sign: bool, url: str, ground: str = "", **_more: object
) -> dict[str, Any]:
    services.carry_out_year(
        actor=ctx.actor,
        last_day=date.fromisoformat(last_day),
        sign=sign,
        ground=ground,
        told=ctx.progress,
    )
    return {"url": url}


@job("contingent.close_accounts", title=_("Closing accounts of those who left"), permission=None)
def close_accounts(ctx: JobContext, **_params: object) -> dict[str, int]:
    return {"closed": services.close_accounts_of_departed()}
