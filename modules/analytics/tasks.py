"""The product's own work on figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel import events
from kernel.jobs import JobContext, job
from modules.analytics import services
from modules.analytics.queries import facts

# Figures may lag by five seconds: news is gathered for one, the count waits for three. When a whole school types marks,
# a count at once would be followed by another without end.
GATHERS = 3


@job(facts.REFRESH, title=_("Counting changed figures"), permission=None, gathers=GATHERS)
def refresh(ctx: JobContext, **_params: object) -> dict[str, int]:
    return {"changed": services.refresh(actor=ctx.actor)}


@job("analytics.recount", title=_("Nightly recount of figures"), permission=None)
def recount(ctx: JobContext, **_params: object) -> dict[str, int]:
    events.deliver()
    return services.recount(actor=ctx.actor, ctx=ctx)
