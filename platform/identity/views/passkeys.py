"""The conversation with the browser about passkeys: options out, answers in, both as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity import policy
from identity.models import User
from identity.proving import proved
from identity.services import passkeys, signing_in
from identity.source import device_of
from identity.views.signing import STEP_COOKIE, attempt_of, safe_next, with_session
from kernel import audit
from kernel.access import public_view, signed_in
from kernel.crypto import signer
from kernel.http import Request


def _origin(request: Request) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _asked(options: dict[str, Any], state: Any, purpose: str) -> JsonResponse:
    """The options, and the state in a signed cookie of this tenant for five minutes."""
    response = JsonResponse(options)
    response.set_cookie(
        STEP_COOKIE,
        signer(purpose).sign_object(state),
        max_age=policy.lockout().second_step_seconds,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _answered(request: Request, purpose: str) -> tuple[Any, dict[str, Any]]:
    try:
        raw = request.COOKIES.get(STEP_COOKIE, "")
        state = signer(purpose).unsign_object(raw, max_age=policy.lockout().second_step_seconds)
        answer = json.loads(request.body)
    except (signing.BadSignature, ValueError) as wrong:
        raise passkeys.PasskeyRefused from wrong
    if not isinstance(answer, dict):
        raise passkeys.PasskeyRefused
    return state, answer


@never_cache
@require_POST
@public_view
def sign_in_options(request: Request) -> HttpResponse:
    return _asked(*passkeys.begin_sign_in(origin=_origin(request)), "passkey-sign-in")


def owner_of_answer(request: Request) -> User:
    """Whose passkey has answered what `sign_in_options` asked. Raises PasskeyRefused."""
    state, answer = _answered(request, "passkey-sign-in")
    return passkeys.check(origin=_origin(request), state=state, answer=answer, attempt=attempt_of(request))


@never_cache
@require_POST
@public_view
def sign_in(request: Request) -> HttpResponse:
    """Open a session for the owner of the passkey."""
    attempt = attempt_of(request)
    try:
        signing_in.count_address(attempt)
        user = owner_of_answer(request)
    except passkeys.PasskeyRefused as no:
        audit.record(
            actor=attempt.nobody(),
            action="identity.sign_in",
            outcome="refused",
            details={"methods": "passkey"},
        )
        return JsonResponse({"code": no.code, "message": str(no)}, status=no.status)
    except signing_in.TooManyFromHere as no:
        return JsonResponse({"code": no.code, "message": str(no)}, status=no.status)
    entered = signing_in.enter(user=user, methods="passkey", attempt=attempt)
    return with_session(JsonResponse({"next": safe_next(request)}), entered)


@never_cache
@require_POST
@signed_in
@proved
def add_options(request: Request) -> HttpResponse:
    try:
        return _asked(*passkeys.begin_adding(actor=request.actor, origin=_origin(request)), "passkey-add")
    except passkeys.TooManyPasskeys as no:
        return JsonResponse({"code": no.code, "message": str(no)}, status=no.status)


@never_cache
@require_POST
@signed_in
@proved
def add(request: Request) -> HttpResponse:
    try:
        state, answer = _answered(request, "passkey-add")
        passkeys.add(
            actor=request.actor,
            origin=_origin(request),
            state=state,
            answer=answer,
            label=device_of(request),
        )
    except passkeys.PasskeyRefused as no:
        return JsonResponse({"code": no.code, "message": str(no)}, status=no.status)
    return JsonResponse({"next": reverse("identity:factors") + "?done=passkey"})


@require_POST
@signed_in
@proved
def remove(request: Request, passkey_id: int) -> HttpResponse:
    passkeys.remove(actor=request.actor, passkey_id=passkey_id)
    return HttpResponseRedirect(reverse("identity:factors") + "?done=passkey_removed")
