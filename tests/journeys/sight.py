"""How a page is looked at: by axe's rules of WCAG 2.2 AA, by its width, in the dark."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 375, "height": 780}
_SCRIPTS = (
    (files("axe_playwright_python") / "axe.min.js").read_text(),
    Path(__file__).with_suffix(".js").read_text(),
)
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


@dataclass
class Colours:
    """Texts, by hashes of how they look to the styles, whose contrast was measured already."""

    light: set[int] = field(default_factory=set)
    dark: set[int] = field(default_factory=set)


# Of the whole run: what one story has measured is not measured by the next.
SEEN = Colours()


def faults(page: Any, within: str | None = None, colours: Colours | None = None) -> list[str]:
    """Rule and place of what axe finds; contrast is measured where `colours` has not met it, and is met then."""
    found = _ask(page, "faults", within, _RULES)
    return found + _contrast(page, within, (colours or Colours()).light)


def faults_in_the_dark(page: Any, within: str | None = None, colours: Colours | None = None) -> list[str]:
    page.emulate_media(color_scheme="dark")
    found = _contrast(page, within, (colours or Colours()).dark)
    page.emulate_media(color_scheme="light")
    return [f"dark {fault}" for fault in found]


def _contrast(page: Any, within: str | None, met: set[int]) -> list[str]:
    found, colours = _ask(page, "colours", within, _CONTRAST, sorted(met))
    met.update(colours)
    return list(found)


def _ask(page: Any, what: str, *given: Any) -> list[Any]:
    if not page.evaluate("'sight' in window"):
        for script in _SCRIPTS:
            page.evaluate(script)
    return list(page.evaluate(f"given => sight.{what}(given)", list(given)))


def wider_than_its_place(page: Any, where: str | None = None) -> list[str]:
    """Whether the page, or the box named, has to be pushed sideways, and by which elements."""
    return list(page.evaluate(_WIDER, where))


def look(page: Any) -> None:
    """Look at a page to which no address leads again, as it stands: wide and narrow, in the light and in the dark."""
    colours = SEEN
    found = faults(page, colours=colours) + faults_in_the_dark(page, colours=colours)
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    found += wider_than_its_place(page) + faults(page, colours=colours)
    page.set_viewport_size(before)
    assert not found, "\n".join([page.url, *found])
