"""A morning of frost: the deputy declares it, sees what falls out, and the class, the teacher and the mother read it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.journal import SCHOOL

CHILD = re.compile(r"/family/[0-9a-f-]{36}/")


def day_with_7a(teacher: Any, host: str) -> date:
    """A day of the coming two weeks on which the teacher has 7А."""
    for ahead in range(1, 15):
        day = date.today() + timedelta(days=ahead)
        chosen = teacher.open(host, f"/schedule/?day={day}").locator(".week-day.is-chosen")
        if chosen.locator(".slot:not(.slot-off)", has_text="7А").count():
            return day
    raise AssertionError("the teacher has no lessons of 7А")


def in_kazakh(visitor: Any, district: Any, host: str) -> None:
    visitor.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(host)}])


@pytest.mark.requirement("SIS-14", "SIS-25", "SIS-26", "MOB-04", "MOB-11", screen="schedule:special_add")
def test_a_frost_day_is_foreseen_declared_and_read_by_all(visitors: Any, district: Any) -> None:
    teacher = visitors(width=375, height=780)
    own = teacher.sign_in(SCHOOL, "teacher")
    in_kazakh(teacher, district, own.host)
    day = day_with_7a(teacher, own.host).isoformat()

    deputy = visitors()
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    in_kazakh(deputy, district, login.host)
    page = deputy.open(login.host, "/schedule/periods/")
    page.locator("main a[href$='kind=frost']").click()
    page.fill("input[name=start]", day)
    page.fill("input[name=title]", "Қатты аяз")
    expect(page.locator("input[name=grades][value='7']")).to_be_hidden()
    page.check("input[name=whom][value=grades]")
    for grade in ("1", "2", "3", "4", "7"):
        page.check(f"input[name=grades][value='{grade}']")
    page.locator("main form button[type=submit]").click()

    # Nothing is written yet: the classes and how many lessons each loses.
    expect(page.locator("main")).to_contain_text("Әзірге ештеңе жазылған жоқ")
    row = page.locator("tbody tr", has_text="7А")
    assert int(row.locator("td").first.inner_text()) > 3
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile("/schedule/periods/$"))
    expect(page.locator("main")).to_contain_text("Қатты аяз")

    page = deputy.open(login.host, "/schedule/classes/")
    page.locator("main a", has_text=re.compile("^7А$")).click()
    page.goto(page.url.partition("?")[0] + f"?day={day}")
    chosen = page.locator(".week-day.is-chosen")
    expect(chosen.locator(".day-note")).to_have_text("Сабақ жоқ: қатты аяз")
    # A lesson in which another story has left a mark stays.
    off = chosen.locator(".slot-off").count()
    assert off > 3
    assert chosen.locator(".slot").count() - off <= 1

    shown = teacher.open(own.host, f"/schedule/?day={day}").locator(".week-day.is-chosen")
    expect(shown.locator(".day-note")).to_contain_text("қатты аяз")
    expect(shown.locator(".slot-off", has_text="7А").first).to_contain_text("Қатты аяз")

    mother = visitors(width=375, height=780)
    hers = mother.sign_in(SCHOOL, "parent")
    in_kazakh(mother, district, hers.host)
    found = CHILD.search(mother.page.content())
    assert found is not None
    child = mother.open(hers.host, f"{found.group(0)}?day={day}")
    expect(child.locator("#day")).to_contain_text("Сабақ жоқ: қатты аяз")
    child.locator(f"a[href='{found.group(0)}week/']").click()
    expect(child.locator("main h1")).to_contain_text("Аптаның сабақтары")

    # The frost did not come: the day is ordinary again, and its lessons are where they were.
    page = deputy.open(login.host, "/schedule/periods/")
    page.locator("tr", has_text="Қатты аяз").filter(has=page.locator("a[href$='take-back/']")).locator(
        "a[href$='take-back/']"
    ).last.click()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile("/schedule/periods/$"))
    child = mother.open(hers.host, f"{found.group(0)}?day={day}")
    expect(child.locator("#day")).not_to_contain_text("қатты аяз")
