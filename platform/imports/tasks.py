"""Checks and loads of large files, with progress."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from imports import permissions, services
from kernel.jobs import JobContext, job


@job("imports.check", title=_("Checking a spreadsheet"), permission=permissions.IMPORT)
def check(ctx: JobContext, *, batch_id: str, **_more: Any) -> dict[str, Any]:
    try:
        batch = services.check(actor=ctx.actor, batch_id=UUID(batch_id), progress=ctx.progress)
    except BaseException:
        services.step_back(batch_id=UUID(batch_id))
        raise
    return dict(batch.counts)


@job("imports.commit", title=_("Loading a spreadsheet"), permission=permissions.IMPORT)
def commit(ctx: JobContext, *, batch_id: str, **_more: Any) -> dict[str, Any]:
    try:
        batch = services.load(actor=ctx.actor, batch_id=UUID(batch_id), progress=ctx.progress)
    except BaseException:
        services.step_back(batch_id=UUID(batch_id))
        raise
    return dict(batch.report)
