"""Who is asking: the session of the cookie, in this tenant only, with the rights of this moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from identity import figures, rights, visiting
from identity.living import VISIT, living_session, what_is_over
from identity.models import Session
from identity.source import address_of
from kernel import clock
from kernel.tenancy import Kind, current_or_none

_SEEN_EVERY = timedelta(minutes=1)
# What a person may still open who first has to choose a password or show a second factor.
_OPEN_MEANWHILE = ("/sign-out/", "/me/password/", "/ui/", "/static/")
_OPEN_FOR_FACTOR = (*_OPEN_MEANWHILE, "/me/factors/", "/me/prove/")


class SignedIn:
    """Sets `request.actor`, `request.user` and `request.session` (our row); None where nobody is signed in.

    One query for session, user and roles; grants are remembered, or one more query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: Any = request  # Django's names for user and session carry our own rows
        asked.actor = asked.user = asked.session = None
        asked.over = ""
        tenant = current_or_none()
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not key or tenant is None or tenant.kind is Kind.PUBLIC:
            return self.get_response(request)
        now = clock.now()
        session = living_session(key, at=now)
        if session is None or session.is_idle(now):
            asked.over = what_is_over(key)
            response = self.get_response(request)
            if settings.SESSION_COOKIE_NAME not in response.cookies:
                response.delete_cookie(settings.SESSION_COOKIE_NAME)
            return response
        user = session.user
        if user.person_kind == user.PersonKind.VISITOR:
            return self._visited(request, session, at=now)
        granted = rights.rights_of(session.role_pairs, session.rights_stamp)  # type: ignore[attr-defined]
        asked.session, asked.user = session, user
        asked.actor = rights.actor_from(
            user,
            granted,
            session_id=session.pk,
            address=address_of(request),
            request_id=getattr(request, "id", ""),
            strong=session.strong_at is not None,
        )
        if now - session.seen_at >= _SEEN_EVERY:
            Session.objects.filter(pk=session.pk).update(seen_at=now)
        if user.must_change_password and not request.path.startswith(_OPEN_MEANWHILE):
            return _lead(request, "identity:change_password")
        if (
            session.strong_at is None
            and not request.path.startswith(_OPEN_FOR_FACTOR)
            and figures.factor_wanted(is_sensitive=granted.are_sensitive, person_kind=user.person_kind)
        ):
            return _lead(request, "identity:factors")
        return self.get_response(request)

    def _visited(self, request: HttpRequest, session: Session, *, at: datetime) -> HttpResponse:
        """A visitor by the director's grant: what was lent and nothing else, until it is over."""
        asked: Any = request
        visit = visiting.open_visit_of(session.user, at=at)
        if visit is not None:
            asked.session, asked.user = session, session.user
            asked.actor = visiting.actor_of(
                visit,
                session_id=session.pk,
                address=address_of(request),
                request_id=getattr(request, "id", ""),
            )
            if at - session.seen_at >= _SEEN_EVERY:
                Session.objects.filter(pk=session.pk).update(seen_at=at)
        else:
            asked.over = VISIT
        return self.get_response(request)


def _lead(request: HttpRequest, url_name: str) -> HttpResponse:
    """Send the person to what has to be done first, and back afterwards."""
    target = reverse(url_name)
    if request.path.startswith("/api/"):
        return JsonResponse({"code": url_name.partition(":")[2], "message": ""}, status=403)
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=403)
        response.headers["HX-Redirect"] = target
        return response
    if request.method == "GET" and request.path != "/":
        target += "?" + urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(target)
