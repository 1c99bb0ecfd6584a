"""Hands without a mouse: Tab, arrows, Enter; at every stop it must be seen where the focus is."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# The element in focus: whether it is the one looked for, and what is wrong with the way it shows.
_FOCUS = """selector => {
    const here = document.activeElement
    if (!here || here === document.body) return {arrived: false, trouble: ''}
    const style = getComputedStyle(here)
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
    const box = here.getBoundingClientRect()
    const seen = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].some(([x, y]) => {
        const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y)
        return top && (here.contains(top) || top.contains(here))
    })
    const what = `${here.tagName}.${here.className} "${(here.getAttribute('aria-label') ?? here.textContent).trim().slice(0, 40)}"`
    return {
        arrived: here.matches(selector),
        trouble: !outlined && style.boxShadow === 'none' ? `the focus is not seen on ${what}` : seen ? '' : `${what} is in focus behind something else`,
    }
}"""
LONGEST = 150


def arrived(page: Page, selector: str) -> bool:
    """Whether the focus stands there; wherever it stands, it must be seen."""
    found = page.evaluate(_FOCUS, selector)
    assert not found["trouble"], f"{page.url}: {found['trouble']}"
    return bool(found["arrived"])


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on the element."""
    for _step in range(LONGEST):
        if arrived(page, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def enter(page: Page, selector: str) -> None:
    """Go to a link or button and press Enter; a page comes."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


def choose(page: Page, name: str, value: str) -> None:
    """Choose in a list by the arrow keys."""
    tab_to(page, f"select[name={name}]")
    for _step in range(200):
        if page.locator(f"select[name={name}]").input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} has no {value}")


def sign_in(visitor: Any, host: str, username: str, password: str) -> None:
    page: Page = visitor.open(host, "/sign-in/")
    type_into(page, "input[name=username]", username)
    type_into(page, "input[name=password]", password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
