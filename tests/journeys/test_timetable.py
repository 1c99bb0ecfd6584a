"""The deputy tries a variant by keyboard, publishes it from Monday, and the teacher's week shows it."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import sight
from tests.journeys.keyboard import arrived, tab_to

SCHOOL = "karkaraly-1"
BOARD = "/schedule/timetables/"


def settled(page: Page) -> None:
    """The board has answered and stands still."""
    page.wait_for_function("() => !document.querySelector('#desk[aria-busy]')")


def version_of(page: Page) -> int:
    return int(page.locator("#desk").get_attribute("data-seen") or 0)


def after_a_change(page: Page, seen: int) -> None:
    """Wait for the board that comes after the one seen; the page itself stays."""
    page.wait_for_function("seen => Number(document.querySelector('#desk')?.dataset.seen) > seen", arg=seen)
    settled(page)


def stay(page: Page) -> None:
    page.evaluate("window.sameStill = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.sameStill === true"))


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
    seen = version_of(page)
    page.keyboard.press("Enter")
    after_a_change(page, seen)
    return code


def pick_up(page: Page, selector: str) -> None:
    """Go to a lesson by Tab and press Enter: every place says what it means."""
    tab_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_selector("td .tt-place")
    settled(page)


def place_of(page: Page, card: str) -> str | None:
    return page.locator(f"[data-place]:has(#{card})").get_attribute("data-place")


def new_variant(page: Page, name: str) -> str:
    page.fill("[name=name]", f"{name} {time.time():.0f}")  # a story may be told twice to one demo
    with page.expect_navigation():
        page.press("[name=name]", "Enter")
    sight.ready(page)
    return page.url.partition("?")[0]


@pytest.mark.requirement("SIS-15", "SIS-25", screen="schedule:timetable")
def test_a_lesson_moves_by_keyboard_and_the_teacher_sees_it(visitors: Any, district: Any) -> None:
    teacher_login = district.login(SCHOOL, "teacher")
    surname, *names = teacher_login.full_name.split()
    short = r"\s".join([re.escape(surname), *(rf"{re.escape(one[0])}\." for one in names)])
    deputy = visitors()
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    page: Page = deputy.open(login.host, BOARD)
    sight.look(page)
    variant = new_variant(page, "Қысқы нұсқа")
    whose = page.locator("#tt-of option", has_text=re.compile(rf"^{short}$")).first
    page.goto(f"{variant}?of={whose.get_attribute('value')}")
    sight.ready(page)
    stay(page)

    # A lesson is picked up with Enter: every place says a word; Escape lets it go, and the focus is where it was.
    lesson = page.locator("td a.tt-card").first
    card = lesson.get_attribute("id") or ""
    label = (lesson.locator("small").first.inner_text()).split("·")[0].strip()
    pick_up(page, "td a.tt-card")
    expect(page.locator("#tt-says")).not_to_be_empty()
    sight.look(page)
    assert len(set(page.locator("td .tt-fit").all_inner_texts())) > 1
    page.keyboard.press("Escape")
    expect(page.locator("td .tt-place")).to_have_count(0)
    expect(page.locator(f"#{card}")).to_be_focused()

    # Picked up again, the arrows find a place that takes it, and Enter puts it there without another page.
    before = place_of(page, card)
    page.keyboard.press("Enter")
    page.wait_for_selector("td .tt-place")
    settled(page)
    moved = place_by_arrows(page)
    after = place_of(page, card) or ""
    assert after != before
    assert after.endswith(f"/{moved}")
    expect(page.locator(f"#{card}")).to_be_focused()
    assert stayed(page)

    # Pinned with a reason, it closes its place; two steps back it is as before, and once more it is moved.
    page.keyboard.press("KeyL")
    page.wait_for_selector("[name=reason]")
    page.wait_for_function("() => document.activeElement?.name === 'reason'")
    seen = version_of(page)
    page.keyboard.type("Залда жиын өтеді")
    page.keyboard.press("Enter")
    after_a_change(page, seen)
    expect(page.locator("td .is-pinned")).to_contain_text("Залда жиын өтеді")
    for _step in range(2):
        seen = version_of(page)
        page.locator("#tt-undo button").click()
        after_a_change(page, seen)
    assert place_of(page, card) == before
    assert stayed(page)
    page.locator(f"#{card}").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("td .tt-place")
    settled(page)
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


CENTRE = "e => { e.scrollIntoView({block: 'center', inline: 'center'}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + Math.min(r.height / 2, 30)] }"


@pytest.mark.requirement("SIS-15", screen="schedule:timetable")
def test_a_lesson_is_dragged_changes_places_and_another_deputy_is_not_written_over(
    visitors: Any, district: Any
) -> None:
    deputy = visitors()
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    page: Page = deputy.open(login.host, BOARD)
    variant = new_variant(page, "Тінтуірмен")
    stay(page)
    other = deputy.context.new_page()  # the same variant in another window
    other.goto(variant)
    sight.ready(other)

    # Held over the board the lesson colours it in words; dropped on another lesson the two change places.
    lesson = page.locator("td a.tt-card").first
    card = lesson.get_attribute("id") or ""
    before = place_of(page, card)
    x, y = lesson.evaluate(CENTRE)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 20, steps=4)
    page.wait_for_selector("td.tt-moves button.tt-place")
    there = page.locator("td.tt-moves:has(a.tt-card)").filter(has_not=page.locator(f"#{card}"))
    goal = there.first
    goal_place = goal.get_attribute("data-place")
    box = goal.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=6)
    expect(page.locator(".is-over")).to_have_attribute("data-place", goal_place or "")
    expect(page.locator("#tt-says")).not_to_be_empty()
    seen = version_of(page)
    page.mouse.up()
    after_a_change(page, seen)
    assert place_of(page, card) == goal_place
    assert stayed(page)
    assert not page.locator(".tt-ghost").count()

    # Escape in the middle of a drag changes nothing.
    x, y = page.locator(f"#{card}").evaluate(CENTRE)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 30, steps=4)
    page.wait_for_selector("td .tt-place")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator("td .tt-place")).to_have_count(0)
    assert place_of(page, card) == goal_place

    # The other window still shows the old board: its move is refused in words, and it gets the new one.
    stale = other.locator("td a.tt-card").nth(3)
    stood = stale.get_attribute("id") or ""
    was = place_of(other, stood)
    stale.click()
    other.wait_for_selector("td .tt-place")
    settled(other)
    page.locator("#tt-undo button").click()
    after_a_change(page, seen + 1)
    assert place_of(page, card) == before
    other.locator("td button.tt-place").first.click()
    expect(other.locator("#toasts")).to_contain_text(login.full_name.split()[0])
    settled(other)
    assert place_of(other, stood) == was
    assert place_of(other, card) == before
    assert version_of(other) == version_of(page)
    other.close()


@pytest.mark.requirement("SIS-15", "MOB-11", screen="schedule:timetable")
def test_a_lesson_is_moved_by_a_finger_on_the_phone(visitors: Any, district: Any) -> None:
    deputy = visitors(width=375, height=780, dark=True)
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    page: Page = deputy.open(login.host, BOARD)
    new_variant(page, "Саусақпен")
    stay(page)
    hand = deputy.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        hand.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    lesson = page.locator("td a.tt-card").first
    card = lesson.get_attribute("id") or ""
    before = place_of(page, card)

    # A short stroke scrolls and lifts nothing.
    x, y = lesson.evaluate(CENTRE)
    touch("touchStart", (x, y))
    for n in range(1, 6):
        touch("touchMove", (x, y - 12 * n))
    touch("touchEnd")
    page.wait_for_timeout(500)
    assert not page.locator(".tt-ghost").count()
    assert place_of(page, card) == before

    # A finger that rests lifts the lesson; it is carried to a place that takes it.
    x, y = lesson.evaluate(CENTRE)
    touch("touchStart", (x, y))
    page.wait_for_selector(".tt-ghost")
    page.wait_for_selector("td button.tt-place")
    x, y = page.locator("td:has(button.tt-place)").first.evaluate(
        "e => { const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] }"
    )
    goal_place = page.locator("td:has(button.tt-place)").first.get_attribute("data-place")
    seen = version_of(page)
    for part in (0.3, 0.6, 1.0):
        touch("touchMove", (x * part + (1 - part) * 180, y * part + (1 - part) * 390))
    touch("touchMove", (x, y))
    expect(page.locator("td.is-over")).to_have_attribute("data-place", goal_place or "")
    touch("touchEnd")
    after_a_change(page, seen)
    assert place_of(page, card) == goal_place
    assert stayed(page)

    # A tap chooses, and the menu of places moves it back.
    page.locator(f"#{card}").tap()
    page.wait_for_selector("td .tt-place")
    settled(page)
    sight.look(page)
    seen = version_of(page)
    assert before is not None
    page.select_option("#chosen [name=place]", before.split("/")[1])
    page.locator("#chosen form:has([name=place]) button").first.tap()
    after_a_change(page, seen)
    assert place_of(page, card) == before
