"""Work of the journal that comes by itself: after midnight, and every half a minute."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.jobs import JobContext, job, pulse
from modules.journal.closing import services as closing
from modules.journal.settling import services as settling


@job("journal.close_periods", title=_("Periods that are over close"), permission=None)
def close_periods(ctx: JobContext, **_params: object) -> dict[str, int]:
    return {"closed": closing.close_what_is_over(actor=ctx.actor)}


@pulse("journal.tell_settled")
def tell_settled(actor: Actor) -> None:
    settling.tell_settled(actor=actor)
