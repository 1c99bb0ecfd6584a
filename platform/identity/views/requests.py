"""Roles with power over roles: what waits for a second person, and the decision."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from identity import figures, labels, permissions, queries
from identity.proving import proved
from identity.services import second_person
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request


@require_GET
@requires(permissions.GIVE_ROLES, permissions.APPROVE_ROLES)
def requests(request: Request) -> HttpResponse:
    return _page(request)


def _page(request: Request, refusal: str = "") -> HttpResponse:
    waiting, over = queries.role_requests(actor=request.actor)
    context = {
        "waiting": waiting,
        "over": over,
        "days": figures.request_lasts().days,
        "settled": figures.settles_in().days,
        "refusal": refusal,
        "done": labels.done(request.GET.get("done")),
    }
    return render(request, "identity/role_requests.html", context, status=422 if refusal else 200)


def _do(request: Request, request_id: int, act: Callable[..., None], done: str) -> HttpResponse:
    try:
        act(actor=request.actor, request_id=request_id)
    except DomainError as no:
        if no.status in (403, 404):
            raise
        return _page(request, str(no))
    return HttpResponseRedirect(reverse("identity:role_requests") + f"?done={done}")


@require_POST
@requires(permissions.APPROVE_ROLES)
@proved
def approve(request: Request, request_id: int) -> HttpResponse:
    return _do(request, request_id, second_person.approve, "approved")


@require_POST
@requires(permissions.APPROVE_ROLES)
def refuse(request: Request, request_id: int) -> HttpResponse:
    return _do(request, request_id, second_person.refuse, "refused")


@require_POST
@requires(permissions.GIVE_ROLES)
def withdraw(request: Request, request_id: int) -> HttpResponse:
    return _do(request, request_id, second_person.withdraw, "withdrawn")
