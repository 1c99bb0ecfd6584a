"""Visitors: people from outside to whom the director lent some rights to read, for hours (decision 0026).

What a visitor is refused is decided here once, for every route: only pages are opened, only by lent rights that change
nothing, and no file of any kind leaves. Whatever this module does not name is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from identity import rights
from identity.models import User, Visit
from kernel import access, clock
from kernel.access import REGISTER, Actor, Permission, Role, Scope
from kernel.models import AuditEntry
from kernel.tenancy import Kind, current
from registers.api import REGISTERS

PAGE = "identity.visit.page"
# The way out, and the frame's own switches. The first page of a visit is named by the module that shows it.
_OPEN = {
    "identity:sign_out",
    "identity:enter_visit",
    "ui:language",
    "ui:theme",
    "ui:help",
    "ui:offline",
    "ui:worker",
}
_HOME: list[str] = []
_SHEET = b'<body class="sheet'  # ui/print.html: a page made to be printed
_EXPORTS_BY_QUERY = ("as", "file", "download", "format")


def also_open(*view_names: str, home: str = "") -> None:
    """Leave these pages open to every visitor; `home` is where one begins. For panels.py."""
    _OPEN.update(view_names)
    if home:
        _HOME[:] = [home]
        _OPEN.add(home)


def home() -> str:
    """The address of a visitor's first page."""
    return reverse(_HOME[0]) if _HOME else "/"


def lendable() -> list[Permission]:
    """Rights that may be lent to a visitor of a school: those that open pages and change nothing."""
    staff = access.ROLES_OF_KIND[Kind.SCHOOL]
    return [one for one in REGISTER.values() if one.reading and one.ceiling & staff]


def open_visit_of(user: User, *, at: datetime) -> Visit | None:
    """The visit that the account was made for, while it lasts; none where nothing can be written, so not ended either."""
    visit = Visit.objects.select_related("user").filter(user_id=user.pk).first()
    return visit if visit is not None and visit.is_open(at) and current().writes else None


def visit(visit_id: int) -> Visit:
    """The visit by its number. Callers check the right."""
    return Visit.objects.select_related("user").get(pk=visit_id)


def actor_of(visit: Visit, **more: Any) -> Actor:
    """The visitor as an actor: the lent rights over the school, of those that are lendable to this day."""
    codes = set(visit.codes) & {one.code for one in lendable()}
    return Actor(
        tenant=current(),
        user_id=visit.user_id,
        name=f"{visit.user.person_name.full} ({visit.organisation})"[:150],
        person_kind=str(User.PersonKind.VISITOR),
        roles=frozenset({str(Role.SUPPORT)}),
        grants=MappingProxyType(dict.fromkeys(sorted(codes), frozenset({Scope.SCHOOL}))),
        language=visit.user.language,
        visit_id=visit.pk,
        strong=True,
        **more,
    )


def may_see(actor: Actor, needed: Iterable[Permission]) -> bool:
    """Whether a lent right opens what asks for any one of these."""
    return any(one.reading and actor.may(one) for one in needed)


def is_open(request: HttpRequest, actor: Actor, view_name: str, view: Any) -> bool:
    """Whether a visitor may open the route at all: deny by default."""
    if view_name in _OPEN:
        return True
    if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
        return False
    if view_name in _exports() or any(name in request.GET for name in _EXPORTS_BY_QUERY):
        return False
    return may_see(actor, getattr(view, "permissions", ()))


def is_always_open(view_name: str) -> bool:
    """Whether the route shows nothing of the school: the way out and the frame's own switches."""
    return view_name in _OPEN


def leads_home(view_name: str) -> bool:
    """Whether the page is the staff's first page, in whose place a visitor gets the own one."""
    return view_name.endswith(":home") and view_name not in _OPEN


def _exports() -> Collection[str]:
    return {one.export_url for one in REGISTERS.values() if one.export_url}


def is_page(response: HttpResponse) -> bool:
    """Whether the answer is something to be looked at: a page or a refusal, never a file, a print or data."""
    if response.status_code >= 300 or response.status_code == 204:
        return True
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    is_sheet = _SHEET in response.content[:5_000]
    return kind == "text/html" and not is_sheet and "Content-Disposition" not in response.headers


@dataclass(frozen=True, slots=True)
class Guest:
    """A visit as the director sees it."""

    id: int
    request_id: Any
    user_id: int
    person: str
    organisation: str
    purpose: str
    codes: tuple[str, ...]
    opened_at: datetime
    until: datetime
    ended_at: datetime | None
    ended_by: str
    is_open: bool

    @property
    def closed_at(self) -> datetime:
        return self.ended_at or self.until


def guests(**wanted: Any) -> list[Guest]:
    """Visits, the newest first. Callers check the right to see them."""
    now = clock.now()
    rows = Visit.objects.select_related("user").filter(**wanted).order_by("-id")[:200]
    return [
        Guest(
            row.pk,
            row.request_id,
            row.user_id,
            row.user.person_name.full,
            row.organisation,
            row.purpose,
            tuple(row.codes),
            row.opened_at,
            row.until,
            row.ended_at,
            row.ended_by,
            row.is_open(now),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class VisitorCard:
    """Who asks to be let in elsewhere: what the sealed letter says of the person."""

    user_id: int
    ref: UUID
    surname: str
    name: str


def visitor_card(*, actor: Actor) -> VisitorCard:
    """The actor's own account, as another tenant may know it."""
    user = User.objects.get(pk=rights.own_id(actor))
    return VisitorCard(user.pk, user.uuid, user.surname, user.name)


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page that a visitor opened, or was refused."""

    at: datetime
    path: str
    rights: tuple[Any, ...]
    refused: bool


def count_pages(user_id: int) -> int:
    """How many pages the visitor opened."""
    return AuditEntry.objects.filter(action=PAGE, actor_id=user_id, outcome="ok").count()


def pages_of(user_id: int, *, limit: int = 200) -> list[SeenPage]:
    """What the visitor opened, the newest first. Callers check the right to see it."""
    rows = AuditEntry.objects.filter(action=PAGE, actor_id=user_id).order_by("-id")[:limit]
    return [
        SeenPage(
            row.at,
            str(row.details.get("path", "")),
            tuple(REGISTER[code].label for code in row.details.get("rights", ()) if code in REGISTER),
            row.outcome != "ok",
        )
        for row in rows
    ]
