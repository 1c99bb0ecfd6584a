"""Counting whom a breach concerns, over years of logs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.jobs import JobContext, job
from modules.breaches import permissions, services


@job(services.RECKON, title=_("Counting the persons concerned"), permission=permissions.MANAGE)
def reckon(ctx: JobContext, *, breach_id: str, url: str) -> dict[str, Any]:
    row = services.count(actor=ctx.actor, breach_id=UUID(breach_id), told=ctx.progress)
    return {"url": url, "persons": row.persons}
