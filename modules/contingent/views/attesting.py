"""Where the deputy decides who is attested here for a quarter: all who came or left within it, in one list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kernel import clock
from kernel.access import requires
from kernel.http import Request
from modules.contingent import permissions, queries
from modules.contingent.queries.books import OnTheWay
from modules.contingent.views.card import term
from ui import render
from ui.components import Tab


@require_GET
@requires(permissions.ATTEST)
def index(request: Request) -> HttpResponse:
    """Whoever came or left within the quarter: the rule of the last day, and the decision that goes before it."""
    year = queries.current_year()
    known = [span for span in queries.quarters(year) if span.start <= clock.today()]
    asked = request.GET.get("quarter", "")
    span = next((one for one in known if str(one.number) == asked), known[-1] if known else None)
    address = reverse("contingent:attesting")
    context: dict[str, Any] = {
        "year": year,
        "span": span,
        "tabs": [
            Tab(
                _("Quarter {number}").format(number=one.number),
                f"{address}?quarter={one.number}",
                active=one is span,
            )
            for one in known
        ],
        "lines": [
            _line(one) for one in queries.on_the_way(actor=request.actor, year=year, quarter=span.number)
        ]
        if span
        else [],
    }
    return render.page(request, "contingent/attesting.html", context, help="contingent/attesting")


def _line(one: OnTheWay) -> dict[str, Any]:
    move = one.move
    kind = "arrival" if move.direction == "in" else "departure"
    return {
        "one": one,
        "move": move,
        "reason": term(kind, move.whereabouts.reason),
    }
