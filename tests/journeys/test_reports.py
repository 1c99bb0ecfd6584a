"""From a figure to the pupils behind it: a teacher analyses a СОР, the deputy reads how journals are filled."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.journal import SCHOOL
from tests.journeys.walking import Walk

HARD = "Теңсіздіктерді аралықтар әдісімен шешу"


def in_kazakh(visitor: Any, role: str, path: str) -> Page:
    login = visitor.sign_in(SCHOOL, role)
    visitor.context.add_cookies([{"name": "lang", "value": "kk", "url": visitor.district.url(login.host)}])
    page: Page = visitor.open(login.host, path)
    return page


@pytest.mark.requirement("SIS-28", "SIS-29", "ANL-13", screen="journal:reports")
def test_figures_open_their_lists_and_words_stay(visitors: Any, walk: Walk) -> None:
    # The teacher: how many fives there are, and whose.
    teacher = visitors()
    page = in_kazakh(teacher, "teacher", "/journal/reports/")
    page.get_by_role("link", name="Үлгерім және білім сапасы").click()
    page.get_by_label("Кезең").select_option("q1")
    page.get_by_role("button", name="Көрсету").click()
    fives = page.locator("table.figures tbody a[href*='pick=5']").first
    count = int(fives.inner_text())
    fives.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("«5»")
    shown = page.locator("#lines tbody tr").count()
    total = page.locator(".pager .muted")
    assert shown == count or str(count) in total.inner_text()
    walk.look(teacher)

    # The analysis of a work: what is typed stays, and is read again.
    page.goto(page.url.split("/achievement/")[0] + "/works/?period=q1")
    page.locator("#lines tbody th a").first.click()
    page.locator("textarea[name=hard]").fill(HARD)
    page.get_by_role("button", name="Сақтау", exact=True).click()
    expect(page.locator("textarea[name=hard]")).to_have_value(re.compile(re.escape(HARD)))
    work = page.url
    walk.look(teacher)

    # The deputy reads it, and goes from a figure of filling to its lessons.
    deputy = visitors()
    desk = in_kazakh(deputy, "deputy_academic", "/journal/reports/filling/?period=q1")
    walk.look(deputy)
    link = desk.locator("tfoot a[href*='/filling/late/']")
    late = int(link.inner_text().replace("\u00a0", ""))
    link.click()
    rows = desk.locator("#lines tbody tr").count()
    assert rows == late or str(late) in desk.locator(".pager .muted").inner_text()
    desk.goto(work)
    expect(desk.locator("main")).to_contain_text(HARD)
