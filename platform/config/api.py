"""The REST API at /api/v1/ of school and authority hosts: another way to the same services.

Who asks is a signed-in browser (with CSRF) or a token of this tenant. Every operation says which permission opens
it, in the code and in the document; what is not yours is not there (404).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db import DataError
from django.http import Http404, HttpResponse
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.security import APIKeyCookie, HttpBearer

from config.settings import SESSION_COOKIE_NAME
from kernel import cache, clock
from kernel.access import Actor, SignInNeeded, signed_in
from kernel.errors import DomainError, NotFound, NotSignedIn, TooMany, WrongValue
from kernel.http import Request

PER_MINUTE = 600


def _counted(request: Any, actor: Actor) -> Actor:
    """Let a person's programs ask so often and no more; the neighbours in the same school are not touched."""
    minute = int(clock.now().timestamp()) // 60
    if cache.increment(f"api:{actor.user_id}:{minute}", 120) > PER_MINUTE:
        raise TooMany
    request.actor = actor
    return actor


class Token(HttpBearer):
    """`Authorization: Bearer mk_…`: a token of one person, for this tenant only."""

    def authenticate(self, request: Any, token: str) -> Actor | None:
        from identity.api import actor_of_token

        actor = actor_of_token(token)
        return _counted(request, actor) if actor is not None else None


class Browser(APIKeyCookie):
    """The session of a signed-in browser; whatever changes something needs the CSRF token too."""

    param_name = SESSION_COOKIE_NAME

    def authenticate(self, request: Any, key: str | None) -> Actor | None:
        actor = getattr(request, "actor", None)
        return _counted(request, actor) if actor is not None else None


class Me(Schema):
    user_id: int | None
    name: str
    person_id: UUID | None
    roles: list[str]
    permissions: list[str]
    language: str
    tenant: str


me_router = Router(tags=["me"])


@me_router.get("/me", response=Me, summary="Who you are here and what you may do")
@signed_in
def me(request: Request) -> Any:
    actor: Actor = request.actor
    return {
        "user_id": actor.user_id,
        "name": actor.name,
        "person_id": actor.person_id,
        "roles": sorted(actor.roles),
        "permissions": sorted(actor.grants),
        "language": actor.language,
        "tenant": actor.tenant.code,
    }


def build(name: str, *routers: str) -> NinjaAPI:
    """An API of the routers that are present, named by dotted path."""
    api = NinjaAPI(
        title="Mektep",
        version="1",
        urls_namespace=name,
        openapi_url="/openapi.json",
        docs_url=None,
        auth=[Token(), Browser()],
    )
    api.add_router("", me_router)
    for path in routers:
        module, _dot, attribute = path.rpartition(".")
        if find_spec(module.rpartition(".")[0]) and find_spec(module):
            api.add_router("", getattr(import_module(module), attribute))
    _publish_permissions(api)
    _refusals(api)
    return api


def _publish_permissions(api: NinjaAPI) -> None:
    for operation in operations(api):
        view = operation.view_func
        needed = getattr(view, "permissions", ())
        if not needed and not getattr(view, "signed_in", False):
            raise ImproperlyConfigured(f"{view.__name__} of the API does not say who may call it")
        operation.openapi_extra = {"x-permissions": [permission.code for permission in needed]}


def operations(api: NinjaAPI) -> list[Operation]:
    """Every operation of the API."""
    return [
        operation
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    ]


def _refusals(api: NinjaAPI) -> None:
    def refused(request: Any, refusal: Any, **more: Any) -> HttpResponse:
        answer = {"code": refusal.code, "message": str(refusal), **more}
        response = api.create_response(request, answer, status=refusal.status)
        if refusal.status == 429:
            response["Retry-After"] = "60"
        if refusal.status == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response

    def invalid(request: Any, failure: Any) -> HttpResponse:
        faults = [{"where": fault.get("loc"), "what": fault.get("msg")} for fault in failure.errors]
        return refused(request, WrongValue(), errors=faults)

    def spoken(request: Any, failure: Any) -> HttpResponse:
        answer = {"code": "refused", "message": str(failure.message)}
        return api.create_response(request, answer, status=failure.status_code)

    api.add_exception_handler(DomainError, refused)
    api.add_exception_handler(DataError, lambda request, _failure: refused(request, WrongValue()))
    api.add_exception_handler(ObjectDoesNotExist, lambda request, _failure: refused(request, NotFound()))
    api.add_exception_handler(Http404, lambda request, _failure: refused(request, NotFound()))
    api.add_exception_handler(SignInNeeded, lambda request, _failure: refused(request, NotSignedIn()))
    api.add_exception_handler(AuthenticationError, lambda request, _failure: refused(request, NotSignedIn()))
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, spoken)


school = build(
    "api",
    "modules.contingent.rest.router",
    "modules.schedule.rest.router",
    "modules.journal.rest.router",
    "modules.analytics.rest.school_router",
)
authority = build("authority_api", "modules.analytics.rest.authority_router")
