"""How a page is looked at: by axe's rules of WCAG 2.2 AA, by its width, in the dark."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 780}
_AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
_SIGHT = Path(__file__).with_suffix(".js").read_text()
_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"color-contrast": {"enabled": False}},
}
_CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
_WIDER = """async where => {
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    const box = where ? document.querySelector(where) : document.documentElement
    if (box.scrollWidth <= Math.ceil(box.clientWidth) + 1) return []
    const edge = box.getBoundingClientRect().left + box.clientWidth + 1
    return ['wider than its place: ' + [...box.querySelectorAll('*')]
        .filter(one => one.getBoundingClientRect().right > edge && !one.closest('.table-wrap, .jg-wrap, .sheet-scroll'))
        .slice(0, 3).map(one => `${one.tagName}.${one.getAttribute('class')}`).join(' ')]
}"""
_READY = """() => document.fonts.status === 'loaded'
    && [...document.querySelectorAll('[data-island]')].every(island => island.dataset.ready)"""


def ready(page: Any) -> None:
    """Wait for what the page brings later: its fonts and islands."""
    page.wait_for_function(_READY)


def settled(page: Any) -> None:
    """Wait until what a part of the page asked for stands in its place: a click in between would be lost."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


# Texts of the whole run, by hashes of how they look to the styles: what one story has measured is not measured by the next.
SEEN: set[int] = set()


def faults(page: Any, within: str | None = None, seen: set[int] | None = None) -> list[str]:
    """Rule and place of what axe finds. Contrast is measured of texts that are not in `seen`, and they are added to it."""
    return _with_axe(page, "faults", within, _RULES) + contrasts(page, within, seen)


def contrasts(page: Any, within: str | None = None, seen: set[int] | None = None) -> list[str]:
    """Texts too pale, in the light and in the dark, of those that are not in `seen`; they are added to it."""
    known = sorted(seen or ())
    new = _ask(page, "colours", within, known)
    if not new:
        return []
    found = _with_axe(page, "contrasts", within, known, _CONTRAST)
    page.emulate_media(color_scheme="dark")
    found += [f"dark {fault}" for fault in _with_axe(page, "contrasts", within, known, _CONTRAST)]
    page.emulate_media(color_scheme="light")
    if seen is not None:
        seen.update(new)
    return found


def _ask(page: Any, what: str, *given: Any) -> list[Any]:
    asked = f"given => window.sight ? sight.{what}(given) : null"
    found = page.evaluate(asked, list(given))
    if found is None:
        page.evaluate(_SIGHT)
        found = page.evaluate(asked, list(given))
    return list(found)


def _with_axe(page: Any, what: str, *given: Any) -> list[Any]:
    if page.evaluate("window.axe === undefined"):
        page.evaluate(_AXE)
    return _ask(page, what, *given)


def wider_than_its_place(page: Any, where: str | None = None) -> list[str]:
    """Whether the page, or the box named, has to be pushed sideways, and by which elements."""
    return list(page.evaluate(_WIDER, where))


def look(page: Any) -> None:
    """Look at a page to which no address leads again, as it stands: wide and narrow, in the light and in the dark."""
    found = faults(page, seen=SEEN)
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    found += wider_than_its_place(page) + faults(page, seen=SEEN)
    page.set_viewport_size(before)
    assert not found, "\n".join([page.url, *found])
