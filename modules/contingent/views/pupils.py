"""The register of pupils, its spreadsheet, and what is done to many of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from identity import api as identity
from kernel.access import requires
from kernel.http import Request
from modules.contingent import permissions
from modules.contingent.registers import PUPILS
from registers import api as registers


@require_GET
@requires(permissions.LISTS)
def index(request: Request) -> HttpResponse:
    """The register: search, filters, Kazakh order."""
    context = {
        "may_enrol": request.actor.may(permissions.EDIT),
        "may_load": request.actor.may(permissions.IMPORT),
    }
    return registers.show(request, PUPILS, "contingent/pupils.html", context, help="contingent/pupils")


@require_GET
@requires(permissions.EXPORT)
@identity.proved(file=True)
def excel_list(request: Request) -> HttpResponse:
    """The register as it is shown. The ИИН stands in full only for those who may see it."""
    return registers.workbook(request, PUPILS)


@require_POST
@requires(permissions.LISTS)
@identity.proved(when=identity.takes_away, file=True)
def act(request: Request) -> HttpResponse:
    return registers.act(request, PUPILS)
