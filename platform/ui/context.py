"""The frame of every page as a template sees it: `shell`. Works without an actor and without a tenant."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock, memo
from kernel.access import Actor
from kernel.tenancy import TenantRef, current_or_none
from ui import registry, toasts

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
YEAR_COOKIE = "year"
YEARS_BACK = 2
# The drawn menu, by who sees it where: it is the same on every visit, and drawing it costs as much as many a page.
_menus: memo.Memo[str] = memo.memo(size=2_000, seconds=300)


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
    def menu(self) -> list[registry.Section]:
        return registry.menu_for(self.actor, self.view_name) if self.actor else []

    def _side(self, place: str) -> str:
        """Brand and menu as HTML. `may` asks only whether there is a grant, so the granted codes decide."""

        def draw() -> str:
            return render_to_string("ui/parts/side.html", {"shell": self, "place": place})

        if self.actor is None or self.tenant is None:
            return draw()
        granted = frozenset(code for code, scopes in self.actor.grants.items() if scopes)
        key = (place, self.view_name, self.language, self.tenant.name, granted, self.actor.system != "")
        return _menus.get(key, draw)

    @cached_property
    def side(self) -> str:
        return self._side("side")

    @cached_property
    def side_dialog(self) -> str:
        return self._side("dialog")

    @cached_property
    def tabs(self) -> list[registry.Line]:
        """The phone's bottom bar: four lines at most, the rest is behind "More"."""
        lines = [line for section in self.menu for line in section.lines]
        return ([line for line in lines if line.tab] or lines)[:4]

    @cached_property
    def bell(self) -> registry.Bell | None:
        return registry.bell_for(self.actor) if self.actor else None

    @cached_property
    def account(self) -> list[registry.Line]:
        return registry.account_for(self.actor) if self.actor else []

    @cached_property
    def sign_out_url(self) -> str:
        return registry.address(registry.SIGN_OUT) if self.actor else ""

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)

    @cached_property
    def theme(self) -> str:
        return theme(self.request)

    @cached_property
    def themes(self) -> list[tuple[str, str, str]]:
        return [
            ("auto", _("As on the device"), "device-desktop"),
            ("light", _("Light"), "sun"),
            ("dark", _("Dark"), "moon"),
        ]

    @cached_property
    def year(self) -> str:
        return school_year(self.request)

    @cached_property
    def years(self) -> list[str]:
        return school_years()

    @cached_property
    def here(self) -> str:
        """The page with its query, for switches that come back to it."""
        return self.request.get_full_path()

    @cached_property
    def toasts(self) -> list[toasts.Toast]:
        return toasts.take(self.request)

    @cached_property
    def strings(self) -> dict[str, str]:
        """Texts that the page's own script shows."""
        return {
            "offline": _("There is no connection. What you typed stays here."),
            "serverFailed": _("The server did not answer properly. Try again in a minute."),
            "signInAgain": _("Your session has ended. Sign in again; nothing is lost."),
        }


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"shell": Shell(request)}
