"""A deputy builds a class's load: the typical plan, English in halves, teachers for both, and a change from a day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

SCHOOL = "karkaraly-1"
ENGLISH = "form:has(input[name=subject][value=foreign_language])"


def empty_classes(page: Page) -> list[str]:
    """Addresses of grades 8 and 9 that have no curriculum yet."""
    rows = page.locator("main tbody tr")
    found = []
    for n in range(rows.count()):
        row = rows.nth(n)
        label = row.locator("th").inner_text().strip()
        if label[0] in "89" and row.locator("td").first.inner_text().strip() == "0":
            found.append(row.locator("th a").get_attribute("href") or "")
    return found


def english(page: Page, group: int) -> Locator:
    return page.locator("main tbody tr", has=page.locator("th", has_text=re.compile(rf"\({group}\)"))).first


@pytest.mark.requirement("SIS-10", screen="schedule:load_class")
def test_a_deputy_gives_a_class_its_plan_its_groups_and_its_teachers(visitors: Any, district: Any) -> None:
    login = district.login(SCHOOL, "deputy_academic")
    deputy = visitors()
    deputy.sign_in(SCHOOL, "deputy_academic")
    page: Page = deputy.open(login.host, "/schedule/load/")

    # The typical curriculum in one press, in the first large class that has none.
    for address in empty_classes(page):
        page = deputy.open(login.host, address)
        page.locator("form[action$='/take/'] button").click()
        expect(page.locator("form[action$='/take/']")).to_have_count(0)
        if page.locator(ENGLISH).count():
            break
    else:
        pytest.fail("no class of grade 8 or 9 is large enough to be divided")
    home = page.url
    vacant = page.locator("main a[href*='/give/'].btn").count()
    assert vacant >= 15

    # English is divided; the halves are there by the list, and everybody is in one of them.
    page.locator(f"{ENGLISH} button").click()
    expect(page).to_have_url(re.compile("/groups/foreign_language/"))
    pupils = page.locator("main tbody tr").count()
    assert page.locator("input[type=radio]:checked[value='1']").count() == (pupils + 1) // 2
    assert page.locator("input[type=radio]:checked[value='0']").count() == 0
    last = page.locator("main tbody tr").last
    last.locator("input[value='1']").check()
    page.locator("main form button[type=submit]", has_text=re.compile("Сақтау|Сохранить")).click()
    expect(page.locator("main tbody tr").last.locator("input[value='1']")).to_be_checked()

    # Each half gets a teacher of its own: with one for both, one half would wait while the other learns.
    page.goto(home)
    expect(page.locator("main a[href*='/give/'].btn")).to_have_count(vacant + 1)
    for group in (1, 2):
        english(page, group).locator("a[href*='/give/'].btn").click()
        page.locator("button[name=teacher]").nth(group - 1).click()
        expect(page).to_have_url(home)
    expect(page.locator("main a[href*='/give/'].btn")).to_have_count(vacant - 1)

    # From a day on somebody else teaches the first half; until then it is as it was.
    before = english(page, 1).locator("a[href*='/give/']").inner_text()
    english(page, 1).locator("a[href*='/give/']").click()
    day = date.today() + timedelta(days=14)
    page.fill("input[name=since]", day.isoformat())
    page.locator("button[name=teacher]").nth(2).click()
    expect(english(page, 1)).to_contain_text(before)
    expect(english(page, 1)).to_contain_text(f"{day:%d.%m.%Y}")

    # The load sheet of that day names the new teacher.
    page = deputy.open(login.host, f"/schedule/load/teachers/?day={day.isoformat()}&subject=foreign_language")
    expect(page.locator("main tbody tr").first).to_be_visible()
    page = deputy.open(login.host, "/schedule/load/vacancies/")
    expect(page.locator("main tbody tr").first).to_be_visible()
