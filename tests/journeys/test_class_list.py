"""A secretary in September: the room and the profile of a class, found by them again; the order found by a pupil's name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from playwright.sync_api import Page, expect

from kernel.names import fold
from tests.journeys import sight

SCHOOL = "karkaraly-1"
CLASSES = "/contingent/"


def names(page: Page) -> list[str]:
    return page.locator("#list tbody th[scope=row]").all_inner_texts()


@pytest.mark.requirement("SIS-17", "SIS-18", screen="contingent:classes")
def test_a_class_is_found_by_its_room_and_an_order_by_a_name(
    visitors: Any, district: Any, tmp_path: Path
) -> None:
    login = district.login(SCHOOL, "secretary")
    clerk = visitors()
    clerk.sign_in(SCHOOL, "secretary")
    page: Page = clerk.open(login.host, f"{CLASSES}?view=all&direction=natural")
    seniors = names(page)
    assert seniors
    assert all(re.match(r"1[01]", one) for one in seniors)

    # A tenth-grader's class moves to another room; a ninth one has no direction, and the form says so beside the field.
    page.locator("#list tbody th a").first.click()
    page.locator("a[href$='/edit/']").click()
    before = page.input_value("[name=room]")
    grade = page.input_value("[name=grade]")
    page.select_option("[name=grade]", "9")
    page.fill("[name=room]", "909")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("[name=direction].is-invalid")).to_be_visible()
    expect(page.locator("[name=room]")).to_have_value("909")
    page.select_option("[name=grade]", grade)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main dl").first).to_contain_text("909")

    # Found by the room, taken to Excel as it stands.
    page = clerk.open(login.host, f"{CLASSES}?view=all")
    page.keyboard.press("f")
    page.keyboard.type("909")
    expect(page.locator("#list tbody th[scope=row]")).to_have_count(1)
    assert names(page) == seniors[:1]
    with page.expect_download() as download:
        page.locator("#list .card-top a[href*=excel]").click()
    saved = tmp_path / "list.xlsx"
    download.value.save_as(saved)
    rows = python_calamine.CalamineWorkbook.from_path(str(saved)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == seniors[:1]

    # Gathered by grade with figures; the year in the head of the page is the list's.
    page = clerk.open(login.host, f"{CLASSES}?view=all&group=grade")
    assert page.locator("#list .gathered").count() > 5
    page.locator("#list tbody th a", has_text=re.compile(f"^{re.escape(seniors[0])}$")).click()
    page.locator("a[href$='/edit/']").click()
    page.fill("[name=room]", before)
    page.locator("main form button.btn-primary").click()

    # The book of orders, of all years: an order is found by the name of a pupil in it, typed with Russian letters.
    page = clerk.open(login.host, "/orders/contingent/?view=all&year=all&state=signed")
    sight.look(page)
    # The newest may be about a whole class, or name nobody.
    for address in [one.get_attribute("href") for one in page.locator("#list tbody th a").all()]:
        page.goto(district.url(login.host, address))
        if page.locator(".order-line-name").count():
            break
    name = page.locator(".order-line-name").first.inner_text()
    page = clerk.open(login.host, "/orders/contingent/?view=all&year=all")
    page.fill("[data-register-search]", fold(name))
    expect(page).to_have_url(re.compile(r"\?q="))
    sight.settled(page)
    # Another order may speak of the same pupil: one that takes the first back, for example.
    found = [one.get_attribute("href") for one in page.locator("#list tbody th a").all()]
    assert address in found
    for _ in range(found.index(address) + 1):
        page.keyboard.press("ArrowDown")
    row = page.locator(f"#list tbody th a[href='{address}']")
    expect(row).to_be_focused()
    # Leaving the search draws nothing anew: the row keeps the focus.
    page.wait_for_load_state("networkidle")
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main .order-lines")).to_contain_text(name)


@pytest.mark.requirement("SIS-17", screen="contingent:classes")
def test_the_lists_fit_a_phone_in_the_dark(visitors: Any, district: Any) -> None:
    login = district.login(SCHOOL, "director")
    home = visitors(width=375, height=780, dark=True)
    home.sign_in(SCHOOL, "director")
    for address in (f"{CLASSES}?view=all&group=grade", "/orders/staff/?view=all&year=all&group=kind"):
        page: Page = home.open(login.host, address)
        expect(page.locator("#list tbody tr").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        sight.look(page)
