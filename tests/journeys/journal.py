"""A teacher's hands on the grid of a journal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

SCHOOL = "karkaraly-1"
# The newest lesson that is not ahead; while the quarter has had none, its first.
_FIND_COLUMN = """(heads, today) => {
    const lessons = heads.filter(head => head.dataset.kind === 'fo' && !head.classList.contains('jg-off'))
    const held = lessons.filter(head => head.textContent.slice(0, 5).split('.').reverse().join('') <= today)
    return heads.indexOf(held.at(-1) ?? lessons[0])
}"""


def open_algebra(visitor: Any, role: str = "teacher") -> Page:
    """The journal of algebra in the seventh class, by the links, in Kazakh."""
    login = visitor.sign_in(SCHOOL, role)
    visitor.context.add_cookies([{"name": "lang", "value": "kk", "domain": login.host, "path": "/"}])
    page: Page = visitor.open(login.host, "/journal/")
    page.get_by_role("link", name=re.compile("^7[А-ЯӘ] Алгебра")).first.click()
    opened(page)
    return page


def opened(page: Page) -> None:
    """The grid takes keys, and what was kept on the device has been looked through."""
    expect(
        page.locator("#journal[data-ready]")
    ).to_be_attached()  # a phone shows a pupil instead of the table
    expect(page.locator(".jg-status")).to_be_visible()


def cell(page: Page, row: int | str) -> Locator:
    """The cell of a row, or of the named pupil, under the newest lesson."""
    today = datetime.now(ZoneInfo("Asia/Almaty")).strftime("%m%d")
    column = page.locator("#journal thead th").evaluate_all(_FIND_COLUMN, today)
    assert column > 0
    rows = page.locator("#journal tbody tr")
    line = rows.nth(row) if isinstance(row, int) else rows.filter(has_text=row)
    return line.locator("th, td").nth(column)


def write(page: Page, target: Locator, keys: Iterable[str]) -> None:
    """Press the keys in the cell: digits, or the places of letters as they lie on ЙЦУКЕН (KeyF is а)."""
    target.click()
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    """Nothing waits any more."""
    expect(page.locator("#journal .jg-queued")).to_have_count(0)


def emptied(page: Page, row: int | str) -> Locator:
    """The cell, empty and saved so: a story begins from the same place each time it is told."""
    target = cell(page, row)
    target.click()
    page.keyboard.press("Delete")
    saved(page)
    expect(target).to_have_text("")
    return target
