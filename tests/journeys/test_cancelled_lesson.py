"""The deputy cancels a lesson: the mother hears it on her phone, in Kazakh, and sees it in her child's day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.journal import SCHOOL

CHILD = re.compile(r"/family/[0-9a-f-]{36}/")
REASON = "Педагогтердің семинары"
WAIT = 60_000


def in_kazakh(visitor: Any, district: Any, role: str) -> Any:
    login = visitor.sign_in(SCHOOL, role)
    visitor.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(login.host)}])
    return login


def told(page: Page, text: str) -> Any:
    """The newest notification, once it says so: the worker brings it in a moment."""
    newest = page.locator(".tolds > li").first
    for _try in range(30):
        page.reload()
        if newest.count() and text in newest.inner_text():
            return newest
        page.wait_for_timeout(1000)
    raise AssertionError(f"{text!r} was not told: {page.locator('main').inner_text()[:500]}")


@pytest.mark.requirement("SIS-25", "SIS-26", "MOB-04", "MOB-11", screen="schedule:lesson_cancel")
def test_the_mother_hears_of_a_cancelled_lesson(visitors: Any, district: Any) -> None:
    mother = visitors(width=375, height=780)
    hers = in_kazakh(mother, district, "parent")
    found = CHILD.search(mother.page.content())
    assert found is not None

    deputy = visitors()
    login = in_kazakh(deputy, district, "deputy_academic")
    page: Page = deputy.open(login.host, "/schedule/classes/")
    page.locator("main a", has_text=re.compile("^7А$")).click()
    # In a week's time, so that no day of other stories is touched.
    day = date.today() + timedelta(days=7)
    while True:
        page.goto(page.url.partition("?")[0] + f"?day={day.isoformat()}")
        lessons = page.locator(".week-day.is-chosen .slot:not(.slot-off)")
        if lessons.count():
            break
        day += timedelta(days=1)
    lessons.first.locator("a.slot-what").click()
    page.locator("main a[href$='/cancel/']").click()
    page.locator("main form [name=reason]").fill(REASON)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(REASON)
    lesson = page.url

    phone: Page = mother.open(hers.host, "/notify/")
    note = told(phone, REASON)
    expect(note).to_contain_text("сабақтар өзгерді")
    expect(note).to_contain_text(f"болмайды: {REASON}")
    note.locator("a, button").first.click()
    expect(phone).to_have_url(re.compile(rf"{found.group(0)}\?day={day.isoformat()}"))
    shown = phone.locator("#day .line", has_text=REASON)
    expect(shown).to_contain_text("болмайды")

    # It takes place after all: the same message says so.
    page.goto(lesson)
    page.locator("form[action$='/restore/'] button").click()
    phone = mother.open(hers.host, "/notify/")
    expect(told(phone, "Барлық сабақ қайтадан кестедегідей")).to_contain_text("сабақтар өзгерді")
