"""The vendor's side: requests to schools with their state, a new one, and the way in for whom it was granted to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import api as identity
from kernel import clock, tenancy
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from kernel.tenancy import Kind
from modules.support import forms, permissions, queries
from modules.support.data import ENDED_BY, STATES, TONES, State
from modules.support.models import SupportRequest
from modules.support.services import asking
from tenants import api as tenants
from tenants import register
from ui import render

PAGE = 50


@require_GET
@requires(permissions.ASK)
def index(request: Request) -> HttpResponse:
    """Requests of all colleagues, the newest first."""
    page = Paginator(queries.requests(actor=request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [_line(one, request) for one in page.object_list]}
    return render.page(request, "support/requests.html", context, help="support/requests")


def _line(row: SupportRequest, request: Request) -> dict[str, Any]:
    state = State(row.state_at(clock.now()))
    mine = row.asked_by_id == request.actor.user_id
    return {
        "row": row,
        "state": STATES[state],
        "tone": TONES[state],
        "sections": queries.sections(row.codes),
        "may_enter": mine and state is State.GRANTED,
        "may_withdraw": mine and state is State.WAITING,
        "ended_by": ENDED_BY.get(row.ended_by, "") if state is State.ENDED else "",
    }


@require_GET
@requires(permissions.ASK)
def find(request: Request) -> HttpResponse:
    """The school that has the trouble."""
    text = request.GET.get("q", "").strip()[:80]
    found, has_more = register.find(query=text) if text else ([], False)
    # A copy for trials sends and gets no letters: whoever chose it would wait in vain.
    places = [one for one in found if one.ref.mode not in tenancy.SHUT_MODES]
    context = {"text": text, "places": places, "has_more": has_more}
    template = "support/_schools.html" if render.htmx_partial(request) else "support/find.html"
    return render.page(request, template, context, help="support/requests")


@require_http_methods(["GET", "POST"])
@requires(permissions.ASK)
def ask(request: Request, code: str) -> HttpResponse:
    """What is asked of the school: why, what, for how long."""
    school = tenants.by_code(code)
    if school is None or school.kind is not Kind.SCHOOL:
        raise NotFound
    is_sent = request.method == "POST"
    form, chosen = forms.Ask(request.POST if is_sent else None), request.POST.getlist("code")
    if is_sent and not chosen:
        # Said together with what is wrong in the fields, not after them.
        form.add_error(None, str(asking.NothingAsked()))
    if is_sent and form.is_valid():
        try:
            row = asking.ask(actor=request.actor, school_id=school.id, codes=chosen, **form.cleaned_data)
        except DomainError as no:
            form.add_error(None, str(no))
        else:
            answer = HttpResponseRedirect(reverse("desk:show", args=[row.pk]))
            return render.toast(request, answer, _("The request is on its way to the director."))
    sections = queries.sections()
    context = {
        "school": school,
        "form": form,
        "sections": sections,
        "ticked": set(chosen),
        "opened": {section.code for section in sections if section.holds(chosen)},
    }
    status = 422 if is_sent else 200
    return render.page(request, "support/ask.html", context, help="support/requests", status=status)


@require_GET
@requires(permissions.ASK)
def show(request: Request, support_id: UUID) -> HttpResponse:
    return _page(request, support_id)


def _page(request: Request, support_id: UUID, *, refusal: str = "", way: str = "") -> HttpResponse:
    line = _line(queries.request(actor=request.actor, request_id=support_id), request)
    context = {**line, "refusal": refusal, "way": way}
    return render.page(
        request, "support/request.html", context, help="support/requests", status=422 if refusal else 200
    )


@require_POST
@requires(permissions.ASK)
def withdraw(request: Request, support_id: UUID) -> HttpResponse:
    asking.withdraw(actor=request.actor, request_id=support_id)
    answer = HttpResponseRedirect(reverse("desk:show", args=[support_id]))
    return render.toast(request, answer, _("The request is taken back."))


@never_cache
@require_POST
@requires(permissions.ASK)
@identity.proved
def way_in(request: Request, support_id: UUID) -> HttpResponse:
    """A link into the school that lives two minutes and opens once."""
    try:
        way = asking.way_in(actor=request.actor, request_id=support_id)
    except DomainError as no:
        if no.status in (403, 404):
            raise
        return _page(request, support_id, refusal=str(no))
    return _page(request, support_id, way=way)
