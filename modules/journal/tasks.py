"""Work of the journal that comes by itself after midnight."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.jobs import JobContext, job
from modules.journal.closing import services as closing


@job("journal.close_periods", title=_("Periods that are over close"), permission=None)
def close_periods(ctx: JobContext, **_params: object) -> dict[str, int]:
    return {"closed": closing.close_what_is_over(actor=ctx.actor)}
