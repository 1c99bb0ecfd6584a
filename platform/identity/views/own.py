"""A person's own settings: language, password, factors, devices, tokens, and who looked at the person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import forms, labels, policy, queries, rights
from identity.models import User
from identity.passkey_island import passkey_props
from identity.proving import proved
from identity.services import factors, sessions, settings_of_person, tokens
from kernel import audit, clock
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.http import Request

_TOLD_FOR = timedelta(days=14)  # how long the page speaks of a device that was signed out by itself


def _back(url_name: str, done: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(url_name) + f"?done={done}")


def _user(request: Request) -> User:
    return request.user  # type: ignore[return-value]


@require_GET
@signed_in
def own(request: Request) -> HttpResponse:
    session: Any = request.session
    user = _user(request)
    context = {
        "done": labels.done(request.GET.get("done")),
        "account": queries.get_account(user.pk),
        "languages": settings.LANGUAGES,
        "last_at": _moment(session.data.get("last")),
        "failed": session.data.get("failed", 0),
        "changed_at": user.password_changed_at,
        "has_totp": factors.has_second_step(user.pk),
        "passkeys": len(queries.own_passkeys(user.pk)),
    }
    return render(request, "identity/own.html", context)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@require_POST
@signed_in
def set_language(request: Request) -> HttpResponse:
    """The person's language on every device from now on."""
    language = request.POST.get("language", "")
    settings_of_person.set_language(actor=request.actor, language=language)
    response = _back("identity:own", "language")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


@require_GET
@signed_in
def devices(request: Request) -> HttpResponse:
    context = {
        "sessions": queries.sessions_of(_user(request).pk, at=clock.now()),
        "here": request.actor.session_id,
        "crowded_out": queries.crowded_out(_user(request).pk, since=clock.now() - _TOLD_FOR),
        "most": policy.most_sessions(request.tenant, rights.rights_of_user(_user(request).pk).bases),
        "done": labels.done(request.GET.get("done")),
    }
    return render(request, "identity/devices.html", context)


@require_POST
@signed_in
def end_device(request: Request, session_id: int) -> HttpResponse:
    sessions.end_own(actor=request.actor, session_id=session_id)
    return _back("identity:devices", "one")


@require_POST
@signed_in
def end_other_devices(request: Request) -> HttpResponse:
    sessions.end_others(actor=request.actor)
    return _back("identity:devices", "others")


@require_GET
@signed_in
def viewers(request: Request) -> HttpResponse:
    """Who looked at this person's records and why."""
    person = request.actor.person_id
    rows = [(row, audit.why(row.purpose)) for row in queries.views_of_person(person)] if person else []
    return render(request, "identity/viewers.html", {"rows": rows})


@never_cache
@require_GET
@signed_in
@proved
def factors_page(request: Request) -> HttpResponse:
    user = _user(request)
    context = {
        "has_totp": factors.has_second_step(user.pk),
        "codes_left": factors.recovery_codes_left(user.pk),
        "passkeys": queries.own_passkeys(user.pk),
        "demanded": request.actor.session_id is not None and "next" in request.GET,
        "island_props": passkey_props("add"),
        "done": labels.done(request.GET.get("done")),
    }
    return render(request, "identity/factors.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@proved
def set_up_totp(request: Request) -> HttpResponse:
    """A square to be read by the application, then the first code; at the end the recovery codes, once."""
    device = factors.pending_totp(actor=request.actor)
    form = forms.ConfirmCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = factors.confirm_totp(actor=request.actor, code=form.cleaned_data["code"])
        except factors.WrongCode as no:
            form.add_error("code", str(no))
        else:
            return render(request, "identity/recovery_codes.html", {"codes": codes, "fresh": True})
    address = factors.totp_address(device, user=_user(request))
    context = {
        "form": form,
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#ffffff"),
        "key": factors.typed_key(device),
    }
    return render(request, "identity/totp.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
@proved
def remove_totp(request: Request) -> HttpResponse:
    factors.remove_totp(actor=request.actor)
    return _back("identity:factors", "totp_removed")


@never_cache
@require_POST
@signed_in
@proved
def recovery_codes(request: Request) -> HttpResponse:
    codes = factors.new_recovery_codes(actor=request.actor)
    return render(request, "identity/recovery_codes.html", {"codes": codes, "fresh": False})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@proved
def own_tokens(request: Request) -> HttpResponse:
    """Tokens for programs that speak to the REST API in the person's name."""
    form = forms.NewToken(request.POST or None)
    token, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                token, __ = tokens.issue_token(actor=request.actor, **form.cleaned_data)
            except DomainError as no:
                form.add_error("days", str(no))
            else:
                status, form = 200, forms.NewToken()
    context = {
        "form": form,
        "token": token,
        "tokens": queries.own_tokens(_user(request).pk, at=clock.now()),
        "done": labels.done(request.GET.get("done")),
    }
    return render(request, "identity/tokens.html", context, status=status)


@require_POST
@signed_in
def end_token(request: Request, token_id: int) -> HttpResponse:
    tokens.end_token(actor=request.actor, token_id=token_id)
    return _back("identity:tokens", "ended")
