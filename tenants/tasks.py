"""Work of the register's app that a tenant does for itself."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.jobs import JobContext, job
from tenants import permissions
from tenants.exports import taking_along


@job(
    taking_along.MAKE, title=_("All data in open formats"), permission=permissions.SEE_CONTRACT, writes=False
)
def export(ctx: JobContext, **_params: object) -> dict[str, Any]:
    """Make the archive; its page leads to the file."""
    kept = taking_along.make(ctx)
    url = reverse("school:take_along_job", args=[ctx.row.pk], urlconf="config.urls.school")
    return {"url": url, "file": str(kept.pk), "size": kept.size}


@job("tenants.clear_exports", title=_("Old exports deleted"), permission=None)
def clear_exports(ctx: JobContext, **_params: object) -> dict[str, Any]:
    return {"deleted": taking_along.clear()}
