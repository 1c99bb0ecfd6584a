"""A walk over the product's pages: which there are for a person, and what is wrong with each."""

from __future__ import annotations

import re
import time
import warnings
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.journeys import sight

_FETCH = """paths => Promise.all(paths.map(async path => {
    const answer = await fetch(path)
    const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html')
    const text = isPage ? await answer.text() : ''
    const links = [...new DOMParser().parseFromString(text, 'text/html').querySelectorAll('a[href^="/"]')]
    const {pathname, search} = new URL(answer.url)
    return {status: answer.status, isPage, path: pathname + search, links: links.map(a => a.getAttribute('href'))}
}))"""
# What a page is made of: every element with its parent, as styles and aids see them.
_PARTS = """() => {
    const look = e => [e.tagName, e.getAttribute('class'), e.getAttribute('role'), e.getAttribute('type'), e.ariaPressed,
        e.ariaCurrent].join('|')
    return [...new Set([...document.querySelectorAll('body *')].map(e => look(e.parentElement) + '>' + look(e)))]
}"""
# Seconds. A walk takes about 600; where a machine needs far more, the rest of its pages are measured only, and that is said aloud.
LONGEST = 1_200
_DIALOGS = "() => [...document.querySelectorAll('dialog[id]')].map(d => [d.id, d.closest('main') !== null])"
_ID = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+")


def menu_of(page: Page) -> list[str]:
    """Addresses that the page's own navigation offers, each once."""
    links = page.eval_on_selector_all("nav a[href^='/']", "nodes => nodes.map(n => n.getAttribute('href'))")
    return list(dict.fromkeys(links))


def view_of(address: str, kind: str) -> str | None:
    """The name of the view behind an address of a tenant's host: pages of one kind share it."""
    try:
        return resolve(urlsplit(address).path, f"config.urls.{kind}").view_name
    except Resolver404:
        return None


def speak(page: Page, url: str, language: str) -> None:
    host = urlsplit(url).hostname or ""
    page.context.add_cookies([{"name": "lang", "value": language, "domain": host, "path": "/"}])


class Walk:
    """Remembers what the run has seen, so that no look is examined twice."""

    def __init__(self) -> None:
        self.parts: dict[str, set[str]] = {}  # by view
        self.elements: set[str] = set()  # of any view
        self.dialogs: set[str] = set()
        self.files: set[str] = set()
        self.menus: dict[str, list[str]] = {}
        self.spent = 0.0  # seconds of looking

    def pages(self, page: Page, kind: str, menu: list[str]) -> tuple[dict[str, str], list[str]]:
        """View and address of the menu's pages and of one page of each kind behind them; and links that fail."""
        found: dict[str, str] = {}
        broken: list[str] = []
        met = {view_of(path, kind) for path in menu} | self.files
        level = menu
        while level:
            further: list[str] = []
            for asked, answer in zip(level, page.evaluate(_FETCH, level), strict=True):
                view = view_of(answer["path"], kind) or asked
                if answer["status"] != 200:
                    broken.append(f"{asked}: {answer['status']}")
                elif answer["isPage"]:
                    found.setdefault(view, answer["path"])
                else:
                    self.files.add(view)
                met.add(view)
                for link in answer["links"]:
                    behind = view_of(link, kind)
                    if behind is None:
                        broken.append(f"{asked}: its link {link} leads nowhere")
                    elif behind not in met:
                        met.add(behind)
                        further.append(link)
            level = further
        return found, broken

    def examine(self, page: Page, url: str, view: str) -> list[str]:
        """What is wrong with a page; see `_examine`. Its time is counted."""
        began = time.monotonic()
        try:
            return self._examine(page, url, view)
        finally:
            self.spent += time.monotonic() - began

    def _examine(self, page: Page, url: str, view: str) -> list[str]:
        """Measured narrow in Kazakh and wide in Russian; what is new to the view is looked at, and its colours are measured
        where the walk has not met them, light and dark. With an element new to the whole walk it is looked at wide as well.
        """
        speak(page, url, "kk")
        page.set_viewport_size(sight.PHONE)
        page.goto(url)
        sight.ready(page)
        found = [] if page.get_attribute("html", "lang") == "kk" else ["not in Kazakh"]
        found += sight.wider_than_its_place(page)
        seen = self.parts.setdefault(view, set())
        if self.spent > LONGEST:
            warnings.warn(f"only measured, for the walk is slow here: {urlsplit(url).path}", stacklevel=2)
            return [f"{urlsplit(url).path} {trouble}" for trouble in found]
        parts = set(page.evaluate(_PARTS))
        if parts <= seen:
            return [f"{urlsplit(url).path} {trouble}" for trouble in found]
        seen |= parts
        elements = {part.partition(">")[2] for part in parts}
        is_new = not elements <= self.elements
        self.elements |= elements
        found += sight.faults(page, seen=sight.SEEN) + self._dialogs(page, view)
        page.set_viewport_size(sight.WIDE)
        found += sight.wider_than_its_place(page)
        speak(page, url, "ru")
        page.goto(url)
        sight.ready(page)
        found += [] if page.get_attribute("html", "lang") == "ru" else ["not in Russian"]
        found += sight.wider_than_its_place(page)
        look = sight.faults if is_new else sight.contrasts
        found += look(page, seen=sight.SEEN)
        page.set_viewport_size(sight.PHONE)
        found += sight.wider_than_its_place(page)
        speak(page, url, "kk")
        return [f"{urlsplit(url).path} {trouble}" for trouble in found]

    def look(self, visitor: Any, kind: str = "school") -> None:
        """Examine the page on which a story stands, in a tab of its own."""
        tab = visitor.context.new_page()
        url = visitor.page.url.partition("#")[0]  # with a fragment the same page would not be fetched again
        found = self.examine(tab, url, view_of(url, kind) or url)
        tab.close()
        assert not found, "\n".join(found)

    def _dialogs(self, page: Page, view: str) -> list[str]:
        """Those of the page once for its kind, those of the frame once for all."""
        found = []
        for name, is_own in page.evaluate(_DIALOGS):
            key = (view if is_own else "") + _ID.sub("", name)
            if key in self.dialogs:
                continue
            self.dialogs.add(key)
            here = f"dialog[id='{name}']"
            page.eval_on_selector(here, "dialog => dialog.showModal()")
            troubles = sight.wider_than_its_place(page, here) + sight.faults(page, here, sight.SEEN)
            page.eval_on_selector(here, "dialog => dialog.close()")
            found += [f"dialog {name}: {trouble}" for trouble in troubles]
        return found
