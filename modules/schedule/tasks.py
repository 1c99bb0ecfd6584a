"""What the schedule does by itself after midnight."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.jobs import JobContext, job
from modules.schedule.load import services


@job("schedule.turn_over", title=_("Courses pass to their new teachers"), permission=None)
def turn_over(ctx: JobContext, **_params: object) -> dict[str, int]:
    with transaction.atomic():
        return {"changed": services.turn_over(actor=ctx.actor)}
