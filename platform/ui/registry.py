"""What modules bring to the frame of every page: menu items, search, today's cards, panels, the bell.

A module calls these in its panels.py. Providers get `actor=` and answer plain data; one that fails is logged and
left out, so that a fault in the library never closes the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

import structlog
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor, Permission, Role
from kernel.names import fold
from kernel.tenancy import Kind

T = TypeVar("T")
log = structlog.get_logger(__name__)

Permitted = Permission | tuple[Permission, ...] | None
Urgency = Literal["normal", "soon", "now"]

SIGN_OUT = "identity:sign_out"
SECTIONS: dict[str, Any] = {
    "today": "",
    "study": _("Study"),
    "journals": _("Journals"),
    "people": _("People"),
    "school": _("School"),
    "reports": _("Reports"),
    "platform": _("Platform"),
    "settings": _("Settings"),
}


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    section: str
    label: Any
    url_name: str
    permission: Permitted
    icon: str
    order: int = 50
    kinds: frozenset[Kind] | None = None
    tab: bool = False
    match: str = ""
    daily: frozenset[Role] = frozenset()
    query: str = ""

    def is_for(self, actor: Actor) -> bool:
        fits = self.kinds is None or actor.tenant.kind in self.kinds
        return fits and allowed(actor, self.permission)

    def is_daily_for(self, actor: Actor) -> bool:
        """Whether the actor's work is here every day; others who may come find it by the search."""
        has_no_days_here = actor.visit_id is not None
        return self.is_for(actor) and (has_no_days_here or not self.daily or bool(self.daily & actor.roles))

    @property
    def url(self) -> str:
        found = address(self.url_name)
        return f"{found}?{self.query}" if found and self.query else found

    def is_at(self, view_name: str) -> bool:
        return view_name.startswith(self.match) if self.match else view_name == self.url_name


@dataclass(frozen=True)
class SearchHit:
    title: Any
    subtitle: Any
    url: str
    icon: str = "search"


@dataclass(frozen=True)
class SearchGroup:
    label: Any
    hits: list[SearchHit]


@dataclass(frozen=True)
class TodayCard:
    """Something that wants this person today; the most urgent come first."""

    title: Any
    text: Any
    url: str
    icon: str = "calendar-event"
    urgency: Urgency = "normal"
    count: int | None = None

    @property
    def tone(self) -> str:
        return {"now": "danger", "soon": "warning", "normal": "info"}[self.urgency]


@dataclass(frozen=True)
class Bell:
    """`peek` is the address of a fragment with the last ones, shown under the bell; without it the bell is a link."""

    count: int
    url: str
    peek: str = ""


@dataclass(frozen=True)
class Strip:
    """A notice over every page: how the place itself stands. `url` leads to more, under the words of `link`.

    With `posts` it is a button that sends there.
    """

    text: str
    kind: str = "info"
    url: str = ""
    link: str = ""
    posts: bool = False


class StripProvider(Protocol):
    def __call__(self, *, actor: Actor) -> Iterable[Strip]: ...


class SearchProvider(Protocol):
    def __call__(self, query: str, *, actor: Actor, limit: int) -> Iterable[SearchHit]: ...


class TodayProvider(Protocol):
    def __call__(self, *, actor: Actor) -> Iterable[TodayCard]: ...


class BellProvider(Protocol):
    def __call__(self, *, actor: Actor) -> Bell: ...


@dataclass(frozen=True)
class _Search:
    provider: SearchProvider
    label: Any
    permission: Permitted
    order: int


@dataclass(frozen=True)
class _Today:
    provider: TodayProvider
    permission: Permitted
    order: int


@dataclass(frozen=True)
class _Panel:
    provider: Callable[..., str]
    permission: Permitted
    order: int


class Register:
    """All that was registered; the product has one, tests make their own."""

    def __init__(self) -> None:
        self.menu: list[MenuItem] = []
        self.account: list[MenuItem] = []
        self.actions: list[MenuItem] = []
        self.search: list[_Search] = []
        self.today: list[_Today] = []
        self.panels: dict[str, list[_Panel]] = {}
        self.bell: BellProvider | None = None
        self.strips: list[StripProvider] = []


register = Register()


def allowed(actor: Actor, needed: Permitted) -> bool:
    """True when the actor has the permission, or any one of a tuple; None stands for all who belong here."""
    if needed is None:
        return actor.visit_id is None  # a visitor is lent rights by name and nothing else
    return any(actor.may(one) for one in (needed if isinstance(needed, tuple) else (needed,)))


def menu(
    *,
    section: str,
    label: Any,
    url_name: str,
    permission: Permitted,
    icon: str,
    order: int = 50,
    kinds: Iterable[Kind] | None = None,
    tab: bool = False,
    match: str | None = None,
    daily: Iterable[Role] = (),
) -> None:
    """Add a line to the menu. `match` is the prefix of view names that make it the active one.

    `daily` names the roles that work there every day, by the product's roles; the menu of others leaves it out.
    """
    if section not in SECTIONS:
        raise ValueError(f"no menu section {section!r}; there are {', '.join(SECTIONS)}")
    if any(item.url_name == url_name for item in register.menu):
        raise ValueError(f"the menu already leads to {url_name}")
    if match is None:
        match = url_name.rpartition(":")[0] + ":" if ":" in url_name else ""
    register.menu.append(
        MenuItem(
            section=section,
            label=label,
            url_name=url_name,
            permission=permission,
            icon=icon,
            order=order,
            kinds=frozenset(kinds) if kinds is not None else None,
            tab=tab,
            match=match,
            daily=frozenset(daily),
        )
    )


def search(
    provider: SearchProvider, *, label: Any = "", permission: Permitted = None, order: int = 50
) -> None:
    """Let the global search ask the provider; the hits stand under `label`."""
    register.search.append(_Search(provider, label, permission, order))


def today(provider: TodayProvider, *, permission: Permitted = None, order: int = 50) -> None:
    """Let the provider put cards on the person's first page."""
    register.today.append(_Today(provider, permission, order))


def strip(provider: StripProvider) -> None:
    """Add a notice over every page of those to whom the provider gives one; asked on each page, so it must be quick."""
    register.strips.append(provider)


def bell(provider: BellProvider) -> None:
    """Give the bell its count and its page. There is one bell."""
    if register.bell is not None:
        raise ValueError("the bell already has a provider")
    register.bell = provider


def panel(slot: str, provider: Callable[..., str], *, permission: Permitted = None, order: int = 50) -> None:
    """Show the provider's safe HTML in a slot of another module's page; the slot's page gives the subject."""
    register.panels.setdefault(slot, []).append(_Panel(provider, permission, order))


@dataclass(frozen=True)
class Line:
    """A menu line as the page shows it."""

    label: Any
    url: str
    icon: str
    active: bool
    tab: bool


@dataclass(frozen=True)
class Section:
    code: str
    label: Any
    lines: list[Line]


def menu_for(actor: Actor, view_name: str = "") -> list[Section]:
    """The actor's menu, in order: what the actor's roles need; the longest match is the active line."""
    items = sorted((item for item in register.menu if item.is_daily_for(actor)), key=lambda item: item.order)
    here = [item for item in items if item.is_at(view_name)]
    active = max(here, key=lambda item: (item.url_name == view_name, len(item.match)), default=None)
    sections: dict[str, list[Line]] = {code: [] for code in SECTIONS}
    for item in items:
        if url := address(item.url_name):
            sections[item.section].append(Line(item.label, url, item.icon, item is active, item.tab))
    return [Section(code, SECTIONS[code], lines) for code, lines in sections.items() if lines]


def account(*, label: Any, url_name: str, icon: str, order: int = 50, permission: Permitted = None) -> None:
    """Add a line to the menu under the person's face."""
    register.account.append(
        MenuItem(section="", label=label, url_name=url_name, permission=permission, icon=icon, order=order)
    )


def account_for(actor: Actor) -> list[Line]:
    items = sorted((item for item in register.account if item.is_for(actor)), key=lambda item: item.order)
    lines = [Line(item.label, address(item.url_name), item.icon, False, False) for item in items]
    return [line for line in lines if line.url]


def action(
    *,
    label: Any,
    url_name: str,
    icon: str,
    permission: Permitted,
    order: int = 50,
    daily: Iterable[Role] = (),
    query: str = "",
) -> None:
    """Offer something that is done again and again: it stands on the first page and is found by the search.

    `daily` as in `menu`; `query` opens the page with its filter set.
    """
    register.actions.append(
        MenuItem(
            section="",
            label=label,
            url_name=url_name,
            permission=permission,
            icon=icon,
            order=order,
            daily=frozenset(daily),
            query=query,
        )
    )


def actions_for(actor: Actor) -> list[Line]:
    """What the actor's roles do again and again, in order."""
    items = sorted(
        (item for item in register.actions if item.is_daily_for(actor)), key=lambda item: item.order
    )
    lines = [Line(item.label, item.url, item.icon, False, False) for item in items]
    return [line for line in lines if line.url]


def address(url_name: str) -> str:
    """The route's address; empty where this kind of tenant has no such route."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        log.debug("ui.no_route", url_name=url_name)
        return ""


def find(query: str, *, actor: Actor, limit: int = 6) -> list[SearchGroup]:
    """Ask every provider that the actor may see."""
    groups = []
    for one in sorted(register.search, key=lambda one: one.order):
        if allowed(actor, one.permission):
            hits = _safely(one.provider, partial(one.provider, query, actor=actor, limit=limit))
            if hits:
                groups.append(SearchGroup(one.label, hits[:limit]))
    if pages := _pages(query, actor)[:limit]:
        groups.append(SearchGroup(_("Pages"), pages))
    return groups


def _pages(query: str, actor: Actor) -> list[SearchHit]:
    """All pages and actions open to the actor whose name holds the words, with or without Kazakh letters."""
    actions = sorted(register.actions, key=lambda item: item.order)
    menu_lines = sorted(register.menu, key=lambda item: (list(SECTIONS).index(item.section), item.order))
    wanted = fold(query.strip())
    return [
        SearchHit(item.label, "", url, item.icon)
        for item in (*actions, *menu_lines)
        if item.is_for(actor) and wanted in fold(str(item.label)) and (url := item.url)
    ]


def today_for(actor: Actor) -> list[TodayCard]:
    """The actor's cards, the most urgent first, in the providers' order otherwise."""
    cards: list[TodayCard] = []
    for one in sorted(register.today, key=lambda one: one.order):
        if allowed(actor, one.permission):
            cards += _safely(one.provider, partial(one.provider, actor=actor))
    rank = {"now": 0, "soon": 1, "normal": 2}
    return sorted(cards, key=lambda card: rank[card.urgency])


def panels_for(slot: str, actor: Actor, **subject: Any) -> Iterator[str]:
    """The panels of a slot that have something to show to the actor."""
    for one in sorted(register.panels.get(slot, []), key=lambda one: one.order):
        if allowed(actor, one.permission):
            yield from filter(
                None, _safely(one.provider, partial(_alone, one.provider, actor=actor, **subject))
            )


def strips_for(actor: Actor) -> tuple[Strip, ...]:
    return tuple(
        one for provider in register.strips for one in _safely(provider, partial(provider, actor=actor))
    )


def bell_for(actor: Actor) -> Bell | None:
    provider = register.bell
    if provider is None:
        return None
    shown = _safely(provider, partial(_alone, provider, actor=actor))
    return shown[0] if shown else None


def _alone(provider: Callable[..., T], **given: Any) -> list[T]:
    return [provider(**given)]


def _safely(provider: Any, ask: Callable[[], Iterable[T]]) -> list[T]:
    """A module's fault stays in the module: log it and go on without its part.

    A database fault inside a transaction poisons it, so providers read only, and requests are not atomic.
    """
    try:
        return list(ask())
    except Exception:
        log.exception("ui.provider.failed", provider=getattr(provider, "__qualname__", str(provider)))
        return []
