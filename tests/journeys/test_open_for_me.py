"""A slip in a closed quarter: the teacher asks, the deputy answers in one tap, the mark is saved, the cells close again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.journal import SCHOOL, open_algebra, opened, saved, write

WHY = "Жұмысы қайта тексерілді, балы өзгерді"
_HEAD = "heads => heads.findIndex(head => head.dataset.kind === 'fo' && !head.classList.contains('jg-off'))"


def closed_quarter(visitor: Any) -> Page:
    """The story's algebra in its first, closed quarter."""
    page = open_algebra(visitor)
    page.goto(f"{page.url.split('?')[0]}?period=q1")
    opened(page)
    return page


@pytest.mark.requirement("SIS-36", "SIS-52", screen="journal:ask_opening")
def test_a_slip_in_a_closed_quarter_is_put_right(visitors: Any, district: Any) -> None:
    teacher = visitors()
    page = closed_quarter(teacher)
    first = page.locator("#journal thead th").evaluate_all(_HEAD)
    address = page.url
    cell = page.locator("#journal tbody tr").first.locator("th, td").nth(first)
    pupil = page.locator("#journal tbody tr th").first.inner_text()
    was = cell.inner_text()
    wanted = "7" if was != "7" else "8"
    write(page, cell, wanted)
    expect(cell).to_have_text(was)  # nothing can be typed into a closed cell

    day = page.locator("#journal thead th").nth(first).inner_text()[:5]
    page.get_by_role("link", name="Маған ашу").click()
    page.get_by_label(re.compile(f"{day}$")).check()
    page.get_by_label("Себебі").fill(WHY)
    page.get_by_role("button", name="Сұрау").click()
    expect(page.locator("main")).to_contain_text("жауап күтіп тұр")

    # One tap on a phone, from the first page.
    deputy = visitors(width=375, height=780)
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    deputy.context.add_cookies([{"name": "lang", "value": "kk", "domain": login.host, "path": "/"}])
    home: Page = deputy.open(login.host, "/")
    line = home.locator("li.line", has_text=WHY).filter(has_text="Алгебра")
    if not line.count():  # others asked before: the card shows the first ones, the list all
        home.goto(district.url(login.host, "/journal/openings/?state=waiting&q=алгебра"))
        home.get_by_role("link", name=re.compile("^7")).first.click()
        home.get_by_role("button", name="Иә, ашу").click()
    else:
        line.get_by_role("button", name=re.compile("сағатқа ашу")).click()
        expect(line).to_have_count(0)

    page.goto(address)
    opened(page)
    cell = page.locator("#journal tbody tr").first.locator("th, td").nth(first)
    write(page, cell, wanted)
    saved(page)
    expect(cell).to_have_text(wanted)
    page.reload()
    opened(page)
    expect(cell).to_have_text(wanted)
    other = page.locator("#journal tbody tr").first.locator("th, td").nth(first + 1)
    before = other.inner_text()
    write(page, other, "3")
    expect(other).to_have_text(before)

    page.get_by_role("button", name="Қазір қайта жабу").click()
    opened(page)
    write(page, cell, was if was.isdigit() else "9")
    expect(cell).to_have_text(wanted)

    # The deputy reads who changed it and why.
    home.goto(district.url(login.host, f"/journal/changes/?q={pupil.split(maxsplit=1)[1]}&what=reason"))
    expect(home.locator("main")).to_contain_text(WHY)
