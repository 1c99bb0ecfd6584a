"""The director's side: requests, visits as they go, one request with its decision; and the visitor's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from identity import api as identity
from identity.api import Guest
from kernel.access import requires, signed_in
from kernel.errors import DomainError
from kernel.http import Request
from modules.support import permissions, queries
from modules.support.data import ENDED_BY, STATES, TONES, USUAL_HOURS, State
from modules.support.models import Asking
from modules.support.services import answering
from ui import registry, render

SHOWN = 100


@require_GET
@requires(permissions.GRANT)
def index(request: Request) -> HttpResponse:
    """What waits, who is in the school now, and what was before."""
    rows = list(queries.askings(actor=request.actor)[:SHOWN])
    visits = queries.visits_of(rows)
    lines = [_line(one, visits.get(one.visit_id)) for one in rows]
    context = {
        "waiting": [one for one in lines if one["row"].state == State.WAITING],
        "here": [one for one in lines if one["is_here"]],
        "over": [one for one in lines if one["row"].state != State.WAITING and not one["is_here"]],
    }
    return render.page(request, "support/index.html", context, help="support/visits")


def _line(row: Asking, visit: Guest | None) -> dict[str, Any]:
    is_here = visit is not None and visit.is_open
    state = State.ENDED if visit is not None and not visit.is_open else row.state
    return {
        "row": row,
        "visit": visit,
        "is_here": is_here,
        "state": STATES[state],
        "tone": TONES[State(state)],
        "sections": queries.sections(visit.codes if visit is not None else row.codes),
        "ended_by": ENDED_BY.get(visit.ended_by, "") if visit is not None and not is_here else "",
    }


@require_GET
@requires(permissions.GRANT)
def asking(request: Request, asking_id: UUID) -> HttpResponse:
    """One request: the decision, then the visit as it goes, page by page."""
    return _page(request, asking_id)


def _page(request: Request, asking_id: UUID, refusal: str = "") -> HttpResponse:
    """The page; with a refusal what was ticked, chosen and typed stands as it was."""
    row = queries.asking(actor=request.actor, asking_id=asking_id)
    line, most = _line(row, queries.visit_of(row)), identity.longest_visit()
    hours = request.POST.get("hours", "")
    context = {
        **line,
        "hours": range(1, most + 1),
        "offered": min(row.hours, most),
        "wanted": int(hours) if hours.isdecimal() and len(hours) < 3 else USUAL_HOURS,
        "ticked": set(request.POST.getlist("code") if "hours" in request.POST else row.codes),
        "opened": {section.code for section in line["sections"]},
        "word": request.POST.get("word", ""),
        "refusal": refusal,
        **_looked(line["visit"]),
    }
    if render.htmx_partial(request) and not refusal:
        return render.page(request, "support/_visit.html", context)
    return render.page(
        request, "support/asking.html", context, help="support/visits", status=422 if refusal else 200
    )


def _looked(visit: Any) -> dict[str, Any]:
    if visit is None:
        return {"pages": [], "persons": []}
    return {"pages": identity.pages_of(visit.user_id), "persons": queries.looked_at(visit.user_id)}


def _back(request: Request, asking_id: UUID, said: str) -> HttpResponse:
    answer = HttpResponseRedirect(reverse("support:asking", args=[asking_id]))
    return render.toast(request, answer, said)


@require_POST
@requires(permissions.GRANT)
@identity.proved
def grant(request: Request, asking_id: UUID) -> HttpResponse:
    hours = request.POST.get("hours", "")
    try:
        row = answering.grant(
            actor=request.actor,
            asking_id=asking_id,
            hours=int(hours) if hours.isdecimal() and len(hours) < 3 else 0,
            codes=request.POST.getlist("code"),
        )
    except DomainError as no:
        return _page(request, asking_id, str(no))
    return _back(request, asking_id, _("{person} is let in.").format(person=row.person))


@require_POST
@requires(permissions.GRANT)
def refuse(request: Request, asking_id: UUID) -> HttpResponse:
    try:
        answering.refuse(actor=request.actor, asking_id=asking_id, word=request.POST.get("word", ""))
    except DomainError as no:
        return _page(request, asking_id, str(no))
    return _back(request, asking_id, _("Refused. The vendor reads your word."))


@require_POST
@requires(permissions.GRANT)
def end(request: Request, asking_id: UUID) -> HttpResponse:
    """End the visit: the visitor's next click is refused."""
    answering.end(actor=request.actor, asking_id=asking_id)
    return _back(request, asking_id, _("The visit is over."))


@require_GET
@signed_in
def visit(request: Request) -> HttpResponse:
    """The visitor's first page: what is open, why and until when."""
    mine = queries.own_visit(actor=request.actor)
    context = {
        "visit": mine,
        "sections": queries.sections(mine.codes),
        "menu": registry.menu_for(request.actor),
        "pages": identity.pages_of(mine.user_id),
    }
    return render.page(request, "support/visit.html", context, help="support/visits")


@require_POST
@signed_in
def leave(request: Request) -> HttpResponse:
    """The visitor ends the visit."""
    answering.leave(actor=request.actor)
    return HttpResponseRedirect(reverse("identity:sign_in"))
