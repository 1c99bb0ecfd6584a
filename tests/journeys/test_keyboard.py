"""A teacher's working day without a mouse."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import keyboard, sight
from tests.journeys.keyboard import arrived, enter, tab_to

SCHOOL = "karkaraly-1"


def close(page: Page, opener: str) -> None:
    """Esc closes what is open and the focus is again where it came from."""
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open], details.menu[open]")).to_have_count(0)
    assert arrived(page, opener)


@pytest.mark.requirement("GEN-05", "SIS-32", screen="journal:grid")
def test_a_teacher_works_by_keyboard_alone(visitors: Any, district: Any) -> None:
    login = district.login(SCHOOL, "teacher")
    teacher = visitors()
    keyboard.sign_in(teacher, login.host, login.username, login.password)
    page: Page = teacher.page

    # The first Tab offers the way past the menu.
    page.keyboard.press("Tab")
    assert arrived(page, "a.skip-link")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    # The person's menu: opened by Enter, walked by arrows, closed by Esc.
    account = ".topbar details.menu:last-of-type > summary"
    page.reload()
    tab_to(page, account)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    assert arrived(page, ".menu-item")
    close(page, account)

    # The side menu leads to the journals, a link to the grid.
    enter(page, ".side-nav a[href='/journal/']")
    enter(page, "main a[href^='/journal/0']")
    expect(page.locator("#journal")).to_have_attribute("data-ready", "yes")

    # A mark by its digit, taken back by Ctrl+Z.
    tab_to(page, "#journal td")
    for _step in range(60):
        if arrived(
            page, "#journal td:empty:not([data-summary], [data-locked], [data-final], [data-no-points])"
        ):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    written = page.locator("#journal td", has_text=re.compile("^7"))
    expect(page.locator("#journal .jg-queued")).to_have_count(0)
    page.locator(".jg-status[data-state=saved]").wait_for()
    expect(page.locator("#journal .jg-refused")).to_have_count(0)
    assert arrived(page, "#journal td")
    count = written.count()
    page.keyboard.press("Control+z")
    expect(written).to_have_count(count - 1)
    page.locator(".jg-status[data-state=saved]").wait_for()
    expect(page.locator("#journal .jg-queued")).to_have_count(0)

    # The language, and the same page again.
    address = page.url
    other = "ru" if page.get_attribute("html", "lang") == "kk" else "kk"
    enter(page, f".topbar button[name=language][value={other}]")
    expect(page).to_have_url(address)
    expect(page.locator("html")).to_have_attribute("lang", other)

    # Help at the side.
    helper = ".topbar a[data-dialog=help]"
    tab_to(page, helper)
    page.keyboard.press("Enter")
    expect(
        page.locator("dialog#help[open] #help-body h1, dialog#help[open] #help-body h2").first
    ).to_be_visible()
    assert arrived(page, "dialog#help *")
    assert sight.faults(page, within="dialog#help") == []
    close(page, helper)

    # Search from anywhere by "/", and back to where one was.
    page.keyboard.press("/")
    assert arrived(page, "dialog#search input")
    page.keyboard.type(login.full_name.split()[0])
    expect(page.locator("#search-results .search-hit").first).to_be_visible()
    assert sight.faults(page, within="dialog#search") == []
    page.keyboard.press("ArrowDown")
    assert arrived(page, ".search-hit")
    close(page, helper)

    # The keys themselves are told of by "?".
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    close(page, helper)


@pytest.mark.requirement("GEN-05", "MOB-06")
def test_the_menu_of_a_narrow_screen_opens_and_closes_by_keyboard(visitors: Any, district: Any) -> None:
    """A phone with a keyboard, or a page enlarged to four times its size."""
    login = district.login(SCHOOL, "teacher")
    teacher = visitors(width=375, height=780)
    keyboard.sign_in(teacher, login.host, login.username, login.password)
    page: Page = teacher.page
    more = ".tabbar button[data-dialog=menu]"
    tab_to(page, more)
    page.keyboard.press("Enter")
    expect(page.locator("dialog#menu")).to_be_visible()
    tab_to(page, "dialog#menu a[href='/journal/']")
    close(page, more)
    page.keyboard.press("Enter")
    enter(page, "dialog#menu a[href='/journal/']")
    expect(page).to_have_url(re.compile("/journal/"))
