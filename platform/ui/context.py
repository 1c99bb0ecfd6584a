"""The frame of every page as a template sees it: `shell`. Works without an actor and without a tenant."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kernel import clock, memo
from kernel.access import Actor, Scope
from kernel.tenancy import TenantRef, current_or_none
from ui import registry, toasts

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
YEAR_COOKIE = "year"
YEARS_BACK = 2
TOKEN = secrets.token_hex(16)  # stands where each person's own token comes
_drawn: memo.Memo[SafeString] = memo.memo(size=4_000, seconds=300)
_pages: memo.Memo[str] = memo.memo(size=100, seconds=300)
always_draw = False  # tests: draw a remembered page anew too, and compare


def once(template: str, **known: Hashable) -> SafeString:
    """A part of a page as it was drawn before for the same values, in the same language and school.

    It is drawn from its key and nothing else, neither the request nor the person, so nothing of one person can stand
    on another's page, and what it depends on cannot be forgotten.
    """
    key = (template, get_language(), *known.items())
    return _drawn.get(key, lambda: render_to_string(template, known))


def theme(request: HttpRequest) -> str:
    """The chosen theme; `auto` follows the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def school_years() -> list[str]:
    """The current school year, the next from May on, and those just past; the newest first."""
    today = clock.today()
    now = clock.school_year_of(today)
    first = int(now[:4]) + (1 if 5 <= today.month <= 7 else 0)
    return [f"{year}-{(year + 1) % 100:02d}" for year in range(first, int(now[:4]) - YEARS_BACK - 1, -1)]


def school_year(request: HttpRequest) -> str:
    """The school year that the person looks at: chosen in the head of the page, else today's."""
    chosen = request.COOKIES.get(YEAR_COOKIE, "")
    return chosen if chosen in school_years() else clock.school_year_of(clock.today())


@dataclass(frozen=True)
class Reader:
    """Everybody who sees the same frame: their roles, what is granted and where they are, never who they are."""

    tenant: TenantRef | None = None
    school: str = ""
    granted: frozenset[str] | None = None
    roles: frozenset[str] = frozenset()
    is_product: bool = False
    is_visitor: bool = False
    view_name: str = ""

    @property
    def signed_in(self) -> bool:
        return self.granted is not None

    @property
    def belongs(self) -> bool:
        """Whether the reader is of this place: a visitor has no search and no school year to choose."""
        return self.signed_in and not self.is_visitor

    @cached_property
    def _anybody(self) -> Actor | None:
        """An actor with these rights. Menus ask only whether a right is there, not how far it reaches."""
        if self.tenant is None or self.granted is None:
            return None
        grants = dict.fromkeys(self.granted, frozenset(Scope))
        return Actor(
            tenant=self.tenant,
            grants=grants,
            roles=self.roles,
            system="product" if self.is_product else "",
            visit_id=0 if self.is_visitor else None,
        )

    @cached_property
    def menu(self) -> list[registry.Section]:
        return registry.menu_for(self._anybody, self.view_name) if self._anybody else []

    @property
    def tabs(self) -> list[registry.Line]:
        """The phone's bottom bar: four lines at most, the rest is behind "More"."""
        lines = [line for section in self.menu for line in section.lines]
        return ([line for line in lines if line.tab] or lines)[:4]

    @property
    def account(self) -> list[registry.Line]:
        return registry.account_for(self._anybody) if self._anybody else []

    @property
    def sign_out_url(self) -> str:
        return registry.address(registry.SIGN_OUT) if self.signed_in else ""


class Shell:
    """Everything around the content. Each part is worked out only when the template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Actor | None:
        return getattr(self.request, "actor", None)

    @cached_property
    def tenant(self) -> TenantRef | None:
        return current_or_none()

    @cached_property
    def view_name(self) -> str:
        match = self.request.resolver_match
        return match.view_name if match else ""

    @cached_property
    def reader(self) -> Reader:
        tenant = self.actor.tenant if self.actor else self.tenant
        return Reader(
            tenant=tenant,
            school=self.tenant.name if self.tenant else "",
            granted=frozenset(code for code, scopes in self.actor.grants.items() if scopes)
            if self.actor
            else None,
            roles=self.actor.roles if self.actor else frozenset(),
            is_product=bool(self.actor and self.actor.system),
            is_visitor=bool(self.actor and self.actor.visit_id is not None),
            view_name=self.view_name,
        )

    @property
    def key(self) -> Hashable:
        """All that the frame shows, but for toasts."""
        actor = self.actor
        person = (actor.user_id, actor.name) if actor else None
        return self.reader, person, self.bell, self.theme, self.year, self.years, self.here, self.strips

    @cached_property
    def bell(self) -> registry.Bell | None:
        return registry.bell_for(self.actor) if self.actor and self.reader.belongs else None

    @cached_property
    def strips(self) -> tuple[registry.Strip, ...]:
        return registry.strips_for(self.actor) if self.actor else ()

    @cached_property
    def theme(self) -> str:
        return theme(self.request)

    @cached_property
    def year(self) -> str:
        return school_year(self.request)

    @cached_property
    def years(self) -> tuple[str, ...]:
        return tuple(school_years())

    @cached_property
    def here(self) -> str:
        """The page with its query, for switches that come back to it."""
        return self.request.get_full_path()

    @cached_property
    def toasts(self) -> list[toasts.Toast]:
        return toasts.take(self.request)


def page_once(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    key: Hashable,
    pieces: Mapping[str, str],
) -> str:
    """A page as it was drawn before for the same person and the same key; it must hold all that `context` shows.

    What changes more often stands in `pieces` and is put in last, where the template says `{{ place.<name> }}`.
    """
    frame = Shell(request)
    places = {name: f"<!--{name} {TOKEN}-->" for name in pieces}

    def drawn() -> str:
        put = {"place": {name: SafeString(one) for name, one in places.items()}, "csrf_token": TOKEN}
        return render_to_string(template, {**context, **put, "shell": frame}, request)

    if toasts.COOKIE in request.COOKIES:
        html = drawn()
    else:
        html = _pages.get((template, get_language(), frame.key, key), drawn)
        if always_draw and html != drawn():
            raise AssertionError(f"{template} depends on more than its key says")
    for name, place in places.items():
        html = html.replace(place, pieces[name])
    return html.replace(TOKEN, get_token(request))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request)}
