"""Signing in and out, and the password: pages that everybody meets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity import forms, policy
from identity.living import SESSION, VISIT
from identity.models import User
from identity.passkey_island import passkey_props
from identity.services import factors, password_rules, passwords, sessions, signing_in
from identity.services.signing_in import Attempt, Entered
from identity.source import address_of, device_of
from kernel import clock
from kernel.access import public_view, signed_in
from kernel.crypto import signer
from kernel.errors import DomainError
from kernel.http import Request

STEP_COOKIE = f"{'__Host-' if settings.HTTPS else ''}step"

# What somebody reads who was led here because of it.
_OVER = {
    SESSION: gettext_lazy("Your session has ended. Sign in again; nothing is lost."),
    VISIT: gettext_lazy("The visit is over."),
}


def attempt_of(request: Request) -> Attempt:
    return Attempt(address_of(request), device_of(request), getattr(request, "id", ""))


def safe_next(request: Request) -> str:
    """Where the person wanted to go, if that is a page of this very host; else the first page."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    same_host = url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure())
    return wish if same_host and wish.startswith("/") and not wish.startswith("/sign-") else "/"


def with_session(response: HttpResponse, entered: Entered) -> HttpResponse:
    """Give the browser the cookie of the new session; from here on it speaks the person's own language."""
    assert entered.session is not None
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        entered.key,
        expires=entered.session.expires_at,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    response.delete_cookie(STEP_COOKIE)
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


@never_cache
@public_view
def sign_in(request: Request) -> HttpResponse:
    """The way in of every tenant."""
    if request.actor is not None and request.method == "GET":
        return HttpResponseRedirect(safe_next(request))
    form = forms.SignIn(request.POST or None, login=request.GET.get("login", ""))
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = signing_in.check_login(
                    login=form.cleaned_data["username"],
                    password=form.cleaned_data["password"],
                    attempt=attempt_of(request),
                )
            except DomainError as no:
                refusal, status = str(no), no.status
            else:
                return _let_in(request, user)
    context: dict[str, Any] = {"form": form, "refusal": refusal, "next": safe_next(request)}
    context["over"] = _OVER.get(request.GET.get("over", ""), "")
    context["island_props"] = passkey_props("sign-in", context["next"])
    return render(request, "identity/sign_in.html", context, status=status)


def _let_in(request: Request, user: User) -> HttpResponse:
    """After the right password: the session, or the second step for whom has one."""
    if factors.has_second_step(user.pk):
        target = reverse("identity:second_step") + "?" + urlencode({"next": safe_next(request)})
        response = HttpResponseRedirect(target)
        response.set_cookie(
            STEP_COOKIE,
            signer("second-step").sign(str(user.pk)),
            max_age=policy.lockout().second_step_seconds,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response
    entered = signing_in.enter(user=user, methods="password", attempt=attempt_of(request))
    return with_session(HttpResponseRedirect(safe_next(request)), entered)


@never_cache
@public_view
def second_step(request: Request) -> HttpResponse:
    """The code of the application or of the recovery sheet, after the password."""
    try:
        raw = signer("second-step").unsign(
            request.COOKIES.get(STEP_COOKIE, ""), max_age=policy.lockout().second_step_seconds
        )
    except signing.BadSignature:
        return HttpResponseRedirect(reverse("identity:sign_in"))
    form = forms.SecondStep(request.POST or None)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user, method = factors.check_code(
                    user_id=int(raw), code=form.cleaned_data["code"], attempt=attempt_of(request)
                )
            except DomainError as no:
                refusal, status = str(no), no.status
            else:
                entered = signing_in.enter(
                    user=user, methods=f"password+{method}", attempt=attempt_of(request)
                )
                return with_session(HttpResponseRedirect(safe_next(request)), entered)
    context = {"form": form, "refusal": refusal, "next": safe_next(request)}
    return render(request, "identity/second_step.html", context, status=status)


@require_POST
@public_view
def sign_out(request: Request) -> HttpResponse:
    """End the session; harmless when there is none. The next person at this computer chooses the language anew."""
    if request.actor is not None:
        sessions.sign_out(actor=request.actor)
    response = HttpResponseRedirect(reverse("identity:sign_in"))
    response.delete_cookie(settings.SESSION_COOKIE_NAME)
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


@never_cache
@public_view
def forgotten(request: Request) -> HttpResponse:
    """Whom to ask for a new password."""
    return render(request, "identity/forgotten.html")


@never_cache
@signed_in
def change_password(request: Request) -> HttpResponse:
    """One's own new password; also where a one-time password leads."""
    user: User = request.user  # type: ignore[assignment]
    forced = user.must_change_password
    shown = passwords.has_just_shown_it(actor=request.actor)
    form = forms.ChangePassword(request.POST or None, asks_present=not shown)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                passwords.change_password(
                    actor=request.actor,
                    present=form.cleaned_data.get("present", ""),
                    new=form.cleaned_data["new"],
                )
            except DomainError as no:
                field = (
                    "new"
                    if isinstance(no, passwords.SamePassword | passwords.UsedBefore | passwords.WeakPassword)
                    else "present"
                )
                form.add_error(field, getattr(no, "problems", None) or str(no))
            else:
                wish = safe_next(request)
                return HttpResponseRedirect(
                    wish if forced or wish != "/" else reverse("identity:own") + "?done=password"
                )
    context = {
        "form": form,
        "next": safe_next(request),
        "forced": forced,
        "is_old": user.password_expires_at is None and password_rules.is_over(user, at=clock.now()),
        "length": policy.password_length(request.tenant, user.person_kind),
        "kinds": policy.password_classes(request.tenant, user.person_kind),
    }
    return render(request, "identity/change_password.html", context, status=status)
