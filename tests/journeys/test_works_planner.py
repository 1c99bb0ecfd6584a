"""The deputy's quarter of works: a day with four СОЧ is eased by a press, the proposal accepted, a work dragged; a mother sees it all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.journal import SCHOOL

_DAY_OF_COLUMN = "(heads, column) => heads[column + 1].dataset.day"


@pytest.mark.requirement("SIS-54", "MOB-13", screen="journal:planner")
def test_the_deputy_arranges_works_and_the_mother_sees_them(visitors: Any, district: Any) -> None:
    login = district.login(SCHOOL, "deputy_academic")
    deputy = visitors()
    deputy.sign_in_as(login.host, login.username, login.password)
    deputy.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(login.host)}])
    page: Page = deputy.open(login.host, "/journal/planner/?of=school")
    if not page.locator(".plan-accept").count():
        pytest.skip("the quarter is over: nothing is planned in the holidays")

    # The day that breaks the order, and the best day for one of its works: two presses of the keyboard.
    broken = page.locator("section.card", has_text="Тәртіп").first
    expect(broken).to_contain_text("үштен көп ТЖБ")
    # A work of a half of the class would leave the other half with four.
    whole = broken.locator("a", has_text="Ауыстыру").filter(has_not_text=re.compile(r"\(\d\)"))
    whole.first.press("Enter")
    best = page.locator("li", has_text="ең қолайлы").get_by_role("button")
    expect(best).to_have_count(1)
    best.press("Enter")
    expect(page).to_have_url(re.compile("/journal/planner/"))
    expect(page.locator("main")).not_to_contain_text("үштен көп ТЖБ")

    # One press accepts what is proposed.
    assert page.locator("a.work.is-proposed").count() > 0
    page.get_by_role("button", name="Ұсынысты қабылдау").click()
    expect(page.locator(".plan-accept")).to_have_count(0)
    expect(page.locator("a.work.is-proposed")).to_have_count(0)

    # A work is dragged to another day of its row.
    row = page.locator("tbody tr").filter(has=page.locator("a.work[data-columns]")).first
    work = row.locator("a.work[data-columns]").last
    address, columns = work.get_attribute("href"), work.get_attribute("data-columns")
    assert address is not None
    assert columns is not None
    column = int(columns.split()[-1])
    day = page.locator("thead th").evaluate_all(_DAY_OF_COLUMN, column)
    work.drag_to(row.locator("td").nth(column))
    expect(page.locator("#toasts")).to_contain_text("Жұмыс ауыстырылды")
    moved = page.locator(f"a.work[href='{address}']")
    place = moved.evaluate("work => work.closest('td').cellIndex - 1")
    assert page.locator("thead th").evaluate_all(_DAY_OF_COLUMN, place) == day

    mother_login = district.login(SCHOOL, "parent")
    mother = visitors(width=375, height=780)
    mother.sign_in_as(mother_login.host, mother_login.username, mother_login.password)
    mother.page.get_by_role("link", name="БЖБ және ТЖБ кестесі").click()
    coming = mother.page.get_by_role("list", name="Алдағы жұмыстар")
    expect(coming).to_contain_text("ТЖБ")
    assert mother.page.evaluate("document.documentElement.scrollWidth") <= 375
