"""The vendor's host: how the tenants stand technically. Nothing of what is inside them."""

from __future__ import annotations

from django.http import HttpResponse

from kernel.access import requires
from kernel.http import Request
from tenants import permissions, register
from ui import render


@requires(permissions.SEE_TENANTS)
def home(request: Request) -> HttpResponse:
    rows = register.overview()
    return render.page(
        request,
        "tenants/ops.html",
        {
            "rows": rows,
            "schools": sum(1 for row in rows if row.kind == "school"),
            "behind": sum(1 for row in rows if row.is_behind),
            "faulty": sum(1 for row in rows if row.mismatches),
        },
        help="tenants/ops",
    )
