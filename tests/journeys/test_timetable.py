"""The deputy tries a variant by keyboard, publishes it from Monday, and the teacher's week shows it."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import sight
from tests.journeys.keyboard import arrived, enter

SCHOOL = "karkaraly-1"
BOARD = "/schedule/timetables/"


def place_by_arrows(page: Page) -> str:
    """From the chosen card go down its day to the first place that takes it, and press Enter; answer the place."""
    expect(page.locator("td .is-chosen")).to_be_focused()
    for _step in range(10):
        page.keyboard.press("ArrowDown")
        if arrived(page, "td button.tt-place"):
            break
    goal = page.locator("td button.tt-place:focus")
    assert goal.inner_text().strip()
    code = goal.get_attribute("value") or ""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return code


@pytest.mark.requirement("SIS-15", "SIS-25", screen="schedule:timetable")
def test_a_lesson_moves_by_keyboard_and_the_teacher_sees_it(visitors: Any, district: Any) -> None:
    teacher_login = district.login(SCHOOL, "teacher")
    surname, *names = teacher_login.full_name.split()
    short = r"\s".join([re.escape(surname), *(rf"{re.escape(one[0])}\." for one in names)])
    deputy = visitors()
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    page: Page = deputy.open(login.host, BOARD)
    sight.look(page)

    page.fill("[name=name]", f"Қысқы нұсқа {time.time():.0f}")  # a story may be told twice to one demo
    with page.expect_navigation():
        page.press("[name=name]", "Enter")
    variant = page.url.partition("?")[0]
    whose = page.locator("#tt-of option", has_text=re.compile(rf"^{short}$")).first
    page.goto(f"{variant}?of={whose.get_attribute('value')}")
    sight.ready(page)

    # A lesson is chosen with Enter: every place says a word; the arrows find one that takes it.
    lesson = page.locator("td a.tt-card").first
    label = (lesson.locator("small").first.inner_text()).split("·")[0].strip()
    enter(page, "td a.tt-card")
    sight.ready(page)
    sight.look(page)
    words = set(page.locator("td .tt-place").all_inner_texts())
    assert len(words) > 1
    before = page.locator("td:has(.is-chosen)").get_attribute("data-place")
    moved = place_by_arrows(page)
    sight.ready(page)
    after = page.locator("td:has(.is-chosen)").get_attribute("data-place") or ""
    assert after != before
    assert after.endswith(f"/{moved}")

    # Pinned with a reason, it closes its place; two steps back it is as before, and once more it is moved.
    page.fill("[name=reason]", "Залда жиын өтеді")
    with page.expect_navigation():
        page.press("[name=reason]", "Enter")
    expect(page.locator("td .is-pinned")).to_contain_text("Залда жиын өтеді")
    for _step in range(2):
        with page.expect_navigation():
            page.locator("form[action$='/undo/'] button").click()
    expect(page.locator(f"td[data-place='{before}'] a.tt-card").first).to_be_visible()
    sight.ready(page)
    enter(page, "td a.tt-card")
    sight.ready(page)
    moved = place_by_arrows(page)

    # Published from Monday, in spite of what is still wrong, in writing.
    page.goto(f"{variant}publish/")
    sight.look(page)
    monday = date.fromisoformat(page.input_value("[name=since]"))
    assert monday.isoweekday() == 1
    page.fill("[name=overruled]", "Қалғанын сейсенбіде түзетеміз")
    with page.expect_navigation():
        page.locator("main form button.btn-primary").click()
    assert page.url.partition("?")[0] == variant

    weekday, number = map(int, moved.split("-"))
    teacher = visitors()
    teacher.sign_in(SCHOOL, "teacher")
    day = monday + timedelta(days=weekday - 1)
    week = teacher.open(teacher_login.host, f"/schedule/?day={day.isoformat()}")
    expect(week.locator(".week-day.is-chosen")).to_contain_text(label)
    assert number >= 1
