"""The door of a visit: the page that the one-use link leads to. Looking at it uses nothing up; the button does."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from identity import visiting
from identity.services import visits
from identity.views.signing import attempt_of, with_session
from kernel.access import public_view
from kernel.errors import DomainError
from kernel.http import Request


@never_cache
@require_http_methods(["GET", "POST"])
@public_view
def enter(request: Request) -> HttpResponse:
    """Tell what is about to begin; with the ticket of the link begin it."""
    ticket = str((request.POST if request.method == "POST" else request.GET).get("ticket", ""))[:200]
    refusal, status = "", 200
    if request.method == "POST":
        try:
            entered = visits.enter_visit(ticket=ticket, attempt=attempt_of(request))
        except DomainError as no:
            refusal, status = str(no), no.status
        else:
            return with_session(HttpResponseRedirect(visiting.home()), entered)
    context = {"ticket": ticket, "refusal": refusal, "minutes": visits.IDLE_MINUTES}
    return render(request, "identity/visit.html", context, status=status)
