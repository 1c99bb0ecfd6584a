"""Signing with the phone: the square on the signer's screen, and the two addresses that eGov Mobile asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import engine, registry
from documents.signing import phones
from documents.signing.data import AlreadyDecided, SignatureRefused
from kernel import clock
from kernel.access import public_view, signed_in
from kernel.errors import DomainError, NotSignedIn
from kernel.http import Request, path_to


@require_POST
@signed_in
def show(request: Request, signature_id: UUID) -> JsonResponse:
    """A fresh square for one's own signature."""
    __, token = phones.begin(actor=request.actor, signature_id=signature_id)
    address = request.build_absolute_uri(reverse("documents:phone", args=[token]))
    return JsonResponse(
        {
            "svg": engine.qr(f"mobileSign:{address}"),
            "link": settings.EGOV_MOBILE_LINK.format(link=quote(address, safe="")),
            "minutes": int(phones.LASTS.total_seconds() // 60),
        }
    )


@require_GET
@signed_in
def look(request: Request, signature_id: UUID) -> JsonResponse:
    """How far the phone has come; asked every few seconds by the screen."""
    seen = phones.look(actor=request.actor, signature_id=signature_id)
    said = {"state": seen.state, "message": "", "next": path_to("documents:sign", signature_id)}
    if seen.refusal:
        said["message"] = _("The phone's signature was not taken: {why}").format(why=seen.refusal)
    elif seen.minutes:
        said["message"] = _("The code works for {minutes} minutes more.").format(minutes=seen.minutes)
    return JsonResponse(said)


# --- eGov Mobile, which has no session here: the token in the address is its whole right

Phone = Callable[[HttpRequest, str], HttpResponse]
_STATUSES = {NotSignedIn: 401, AlreadyDecided: 409, SignatureRefused: 403}


def _for_phone(view: Phone) -> Phone:
    """Refusals as eGov Mobile reads them, in the language that it names."""

    @csrf_exempt
    @public_view
    @wraps(view)
    def answered(request: HttpRequest, token: str) -> HttpResponse:
        asked = request.headers.get("Accept-Language", "").lower()
        with translation.override("ru" if asked.startswith("ru") else "kk"):
            try:
                return view(request, token)
            except DomainError as refusal:
                status = next(
                    (known for kind, known in _STATUSES.items() if isinstance(refusal, kind)), refusal.status
                )
                return JsonResponse({"code": str(status), "message": str(refusal)}, status=status)

    return answered


@_for_phone
@require_GET
def phone(request: HttpRequest, token: str) -> HttpResponse:
    """What the square leads to: whose document waits, and where it lies."""
    session = phones.opened(token)
    return JsonResponse(
        phones.said_of(
            session,
            organisation=registry.letterhead_on(clock.today()),
            address=request.build_absolute_uri(reverse("documents:phone_document", args=[token])),
            token=token,
        )
    )


@_for_phone
@require_http_methods(["GET", "PUT"])
def phone_document(request: HttpRequest, token: str) -> HttpResponse:
    """GET gives the document, PUT brings the signature."""
    session = phones.authorised(token, request.headers.get("Authorization", ""))
    if request.method != "PUT":
        return JsonResponse(phones.document_of(session))
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    phones.brought(session, body)
    return JsonResponse({"code": "200", "message": "success"})
