"""The vendor's host: how the tenants stand technically. Nothing of what is inside them."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from identity.api import proved
from kernel.access import requires
from kernel.http import Request
from registers import api as registers
from tenants import permissions, register
from tenants.registers import TENANTS


@require_GET
@requires(permissions.SEE_TENANTS)
def home(request: Request) -> HttpResponse:
    """Every tenant: searched, sorted and saved as the other lists are; acts are the shell's."""
    rows = register.overview()
    context = {
        "schools": sum(1 for row in rows if row.kind == "school"),
        "behind": sum(1 for row in rows if row.is_behind),
        "faulty": sum(1 for row in rows if row.mismatches),
    }
    return registers.show(request, TENANTS, "tenants/ops.html", context, help="tenants/ops")


@require_GET
@requires(permissions.SEE_TENANTS)
@proved(file=True)
def export(request: Request) -> HttpResponse:
    """The list as it is shown, as a spreadsheet; told to the security log."""
    return registers.workbook(request, TENANTS)
