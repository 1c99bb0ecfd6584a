"""Visitors by a grant: each request is allowed by name, looked at on its way out, and written into the school's log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from config.middleware import refused
from identity import visiting
from kernel import audit
from kernel.access import Actor
from kernel.errors import NotAllowed


class OnlyWhatIsLent:
    """Refuse a visitor everything but the pages of the lent rights; a file is refused even where a page let it through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        actor = _visitor(request)
        name = _name(request)
        if actor is None or not name or visiting.is_always_open(name):
            return response
        if not visiting.is_page(response):
            response = refused(request, NotAllowed())
            if request.headers.get("Sec-Fetch-Dest") == "image":
                return response  # a face on a page that is told of already
        if not visiting.leads_home(name):
            self._tell(request, actor, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        actor = _visitor(request)
        if actor is None:
            return None
        name = _name(request)
        if visiting.leads_home(name):
            return HttpResponseRedirect(visiting.home())
        return None if visiting.is_open(request, actor, name, view) else refused(request, NotAllowed())

    def _tell(self, request: HttpRequest, actor: Actor, response: HttpResponse) -> None:
        """The page and by which right it was opened; never the query, where a name may stand."""
        view = request.resolver_match.func if request.resolver_match else None
        rights = [one.code for one in getattr(view, "permissions", ()) if actor.may(one)]
        audit.record(
            actor=actor,
            action="identity.visit.page",
            object_type="visit",
            object_id=actor.visit_id,
            outcome="refused" if response.status_code in (403, 405) else "ok",
            details={"path": request.path[:200], "method": request.method, "rights": rights},
        )


def _visitor(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and actor.visit_id is not None else None


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
