"""The password once more, before one's ways in are changed; and the guard of the pages that change them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from identity import forms
from identity.services import proof
from identity.views.signing import safe_next
from kernel import clock
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.http import Request

View = Callable[..., HttpResponse]


def proved(back: str) -> Callable[[View], View]:
    """Guard a view: who showed too long ago that it is them is asked, and led back to the page named `back`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            session: Any = request.session
            if proof.is_fresh(session, at=clock.now()):
                return view(request, *args, **kwargs)
            if request.content_type == "application/json":
                return JsonResponse(
                    {"code": proof.ProofNeeded.code, "message": str(proof.ProofNeeded())}, status=403
                )
            wish = request.get_full_path() if request.method == "GET" else reverse(back)
            return HttpResponseRedirect(f"{reverse('identity:prove')}?{urlencode({'next': wish})}")

        return guarded

    return decorate


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def prove(request: Request) -> HttpResponse:
    """Ask for the password, and go on to where the person was going."""
    form = forms.Prove(request.POST or None)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                proof.prove(actor=request.actor, password=form.cleaned_data["password"])
            except DomainError as no:
                refusal, status = str(no), no.status
            else:
                return HttpResponseRedirect(safe_next(request))
    context = {"form": form, "refusal": refusal, "next": safe_next(request)}
    return render(request, "identity/prove.html", context, status=status)
