"""The guard of what must not be done at a computer left open: who showed too long ago that it is them, is asked first.

    @require_POST
    @requires(permissions.GIVE_ROLES)
    @identity.proved
    def give_role(request: Request, user_id: int) -> HttpResponse: ...

A form that was sent comes back as a page that asks for the password and carries what was typed; with the right
password the very same request goes on. A page or a file that was asked for comes after the password. Programs are
refused with the code "prove": a token shows nobody. Uploads are not carried, so a guarded view takes none (a test).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from identity import figures, forms, queries, rights
from identity.passkey_island import passkey_props
from identity.services import factors, proof
from identity.services.signing_in import Attempt
from identity.source import address_of, device_of
from kernel import clock
from kernel.errors import DomainError, NotAllowed
from kernel.http import Request

View = Callable[..., HttpResponse]
When = Callable[[Request], bool]
TYPED, BACK = "proof", "proof-back"
_NOT_CARRIED = frozenset({TYPED, BACK, "csrfmiddlewaretoken"})


def sends(request: Request) -> bool:
    """Whether the form of a page is sent; looking at it wants no proof."""
    return request.method == "POST"


def takes_away(request: Request) -> bool:
    """Whether a list is asked for as a file; looking at it wants no proof."""
    return request.GET.get("as") in ("excel", "pdf") or request.POST.get("do") == "export"


def proved(view: View | None = None, *, when: When | None = None, file: bool = False) -> Any:
    """Ask before the view: always, or `when(request)`. With `file` the view then answers a file to be kept."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            asked = _ask(request, file=file) if when is None or when(request) else None
            return view(request, *args, **kwargs) if asked is None else asked

        guarded.wants_proof = True  # type: ignore[attr-defined]
        return guarded

    return decorate if view is None else decorate(view)


def _ask(request: Request, *, file: bool) -> HttpResponse | None:
    """The page that asks; None when the request may go on."""
    session: Any = request.session
    if request.actor is not None and request.actor.visit_id is not None:
        raise NotAllowed  # nothing that wants a proof is lent to a visitor
    typed, back = _taken_out(request)
    if session is not None and proof.is_fresh(session, at=clock.now()):
        return None
    if session is None or request.content_type == "application/json" or request.path.startswith("/api/"):
        raise proof.ProofNeeded
    if request.method != "POST":
        return _lead(request, file=file)
    refusal, status = "", 403
    if typed is not None:
        try:
            prove(request, typed, act=_route(request))
        except DomainError as no:
            refusal, status = str(no), no.status
        else:
            return ready(request, request.get_full_path(), back, _carried(request)) if file else None
    return page(
        request,
        action=request.get_full_path(),
        carried=_carried(request),
        back=back,
        refusal=refusal,
        status=status,
    )


def _taken_out(request: Request) -> tuple[str | None, str]:
    """What was typed into the page that asks, and where its way back leads; the view meets its own fields only."""
    if request.method != "POST" or TYPED not in request.POST:
        return None, page_before(request)
    given = request.POST.copy()
    typed, back = given.pop(TYPED)[-1], page_before(request)
    given.pop(BACK, None)
    request.POST = given  # type: ignore[assignment]
    return str(typed), back


def _carried(request: Request) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_CARRIED
        for value in map(str, values)
    ]


def _lead(request: Request, *, file: bool) -> HttpResponse:
    """To the page that asks, and from there to what was asked for."""
    htmx = getattr(request, "htmx", None)
    wish = (htmx.current_url_abs_path or "/") if htmx else request.get_full_path()
    query = {"next": wish} | ({"file": "1"} if file and not htmx else {})
    target = f"{reverse('identity:prove')}?{urlencode(query)}"
    return HttpResponse(headers={"HX-Redirect": target}) if htmx else HttpResponseRedirect(target)


def _route(request: Request) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def page_before(request: Request) -> str:
    """The page of this host that the person came from, or the first page."""
    came = urlsplit(request.headers.get("Referer", ""))
    wish = request.POST.get(BACK) or urlunsplit((came.scheme, came.netloc, came.path, came.query, ""))
    if not url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    return urlunsplit(("", "", *urlsplit(wish)[2:4], "")) or "/"


def prove(request: Request, typed: str, *, act: str) -> None:
    """Take what was typed as the proof. Raises what `proof.prove` does; an empty field is no guess."""
    if not typed:
        raise proof.WrongPassword
    attempt = Attempt(address_of(request), device_of(request), getattr(request, "id", ""))
    proof.prove(actor=request.actor, typed=typed, attempt=attempt, act=act)


def page(
    request: Request,
    *,
    action: str,
    carried: Iterable[tuple[str, str]],
    back: str,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page that asks; sent, it goes to `action` with what it carries."""
    user_id = rights.own_id(request.actor)
    context = {
        "form": forms.Prove(has_codes=factors.has_second_step(user_id)),
        "action": action,
        "carried": carried,
        "back": back,
        "refusal": refusal,
        "minutes": figures.of(figures.PROOF_MINUTES),
        "island_props": passkey_props("prove") if queries.own_passkeys(user_id) else None,
    }
    if not getattr(request, "htmx", None):
        return render(request, "identity/prove.html", context, status=status)
    # A fragment was wanted: the page takes the place of the whole, and is sent on as a plain form.
    answer = render(request, "identity/prove.html", context, status=422)
    answer.headers["HX-Retarget"] = "body"
    answer.headers["HX-Reswap"] = "innerHTML show:window:top"
    return answer


def ready(request: Request, url: str, back: str, carried: Iterable[tuple[str, str]] = ()) -> HttpResponse:
    """After the password before a file: the file comes by itself or by a button, and the way back stands beside it."""
    context = {
        "url": iri_to_uri(url),
        "back": back,
        "carried": list(carried),
        "posts": request.path != reverse("identity:prove"),
    }
    return render(request, "identity/proved_file.html", context)
