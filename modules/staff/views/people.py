"""The list of employees, its spreadsheet, and what is done to many of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from identity import api as identity
from kernel.access import requires
from kernel.http import Request
from modules.staff import permissions
from modules.staff.registers import EMPLOYEES
from registers import api as registers
from ui.components import Tab


def sections(request: Request, active: str) -> list[Tab]:
    """The pages of the whole staff, for those who see more than the list."""
    if not request.actor.may(permissions.OVERVIEW):
        return []
    labels = {
        "employees": _("List"),
        "service": _("Length of service"),
        "dates": _("Dates"),
        "staffing": _("Staffing table"),
        "hand_overs": _("To be handed over"),
    }
    return [Tab(label, reverse(f"staff:{name}"), active=name == active) for name, label in labels.items()]


@require_GET
@requires(permissions.LISTS)
def index(request: Request) -> HttpResponse:
    """Who works here."""
    context = {
        "sections": tuple(sections(request, "employees")),
        "may_edit": request.actor.may(permissions.EDIT),
        "may_load": request.actor.may(permissions.IMPORT),
    }
    return registers.show(request, EMPLOYEES, "staff/employees.html", context, help="staff/employees")


@require_GET
@requires(permissions.EXPORT)
@identity.proved(file=True)
def excel_list(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, EMPLOYEES)


@require_POST
@requires(permissions.LISTS)
@identity.proved(when=identity.takes_away, file=True)
def act(request: Request) -> HttpResponse:
    return registers.act(request, EMPLOYEES)
