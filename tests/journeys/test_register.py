"""A secretary and her list: found as typed, narrowed, columns of her own, a view kept, Excel, an act on two and its undo."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from playwright.sync_api import Page, expect

SCHOOL = "karkaraly-1"
PUPILS = "/contingent/pupils/"


def names(page: Page) -> list[str]:
    return page.locator("#list tbody th[scope=row]").all_inner_texts()


def address(page: Page, pattern: str) -> None:
    expect(page).to_have_url(re.compile(pattern))


@pytest.mark.requirement("SIS-16", screen="contingent:pupils")
def test_a_secretary_makes_the_list_of_pupils_her_own(visitors: Any, district: Any, tmp_path: Path) -> None:
    login = district.login(SCHOOL, "secretary")
    clerk = visitors()
    clerk.sign_in(SCHOOL, "secretary")
    page: Page = clerk.open(login.host, f"{PUPILS}?view=all")

    # By the keyboard: F leads to the search, the list follows what is typed, near letters and a slip of the pen alike.
    page.keyboard.press("f")
    expect(page.locator("[data-register-search]")).to_be_focused()
    page.keyboard.type("нурсултан")
    address(page, r"\?q=")
    expect(page.locator("#list .chip").first).to_be_visible()
    assert names(page)
    assert all("Нұрсұлтан" in name for name in names(page))
    page.fill("[data-register-search]", "нурслутан")
    expect(page.locator("#list .note")).to_be_visible()
    assert any("Нұрсұлтан" in name for name in names(page))

    # The whole of one class, girls only: two chips; the address keeps it all.
    page.fill("[data-register-search]", "")
    page.select_option("select[name=class]", label="7А")
    page.select_option("select[name=sex]", "f")
    expect(page.locator("#list .chip")).to_have_count(2)
    page.reload()
    expect(page.locator("#list .chip")).to_have_count(2)
    girls = names(page)
    assert girls

    # A column of her own, moved to the front.
    page.click("[popovertarget=list-columns]")
    drawer = page.locator("#list-columns")
    drawer.locator("input[value=age]").check()
    for _step in range(4):
        drawer.locator("button[name=up][value=age]").click()
    drawer.locator("button.btn-primary").click()
    expect(page.locator("#list thead th")).to_have_count(7)
    first_column = page.locator("#list thead th").nth(2).inner_text()
    page.click("[popovertarget=list-columns]")
    expect(drawer.locator("li").first).to_contain_text(first_column.strip())
    page.keyboard.press("Escape")

    # Gathered by class, kept as a view, one press away.
    page.select_option("select[name=group]", "class")
    expect(page.locator("#list .gathered")).to_have_count(1)
    view = f"Қыздар {int(time.time())}"
    page.click("[popovertarget=list-views]")
    page.fill("#view-name", view)
    page.keyboard.press("Enter")
    address(page, r"view=")
    page.locator(".views a").first.click()
    expect(page.locator("#list .chip")).to_have_count(0)
    page.locator(".views a", has_text=view).click()
    expect(page.locator("#list .chip")).to_have_count(2)
    expect(page.locator("#list .gathered")).to_have_count(1)
    assert names(page) == girls

    # Excel holds what is shown.
    with page.expect_download() as download:
        page.locator("#list .card-top a[href*=excel]").click()
    saved = tmp_path / "list.xlsx"
    download.value.save_as(saved)
    rows = python_calamine.CalamineWorkbook.from_path(str(saved)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows if isinstance(row[0], float)] == girls

    # Two are chosen by the keyboard, get a status, and lose it again.
    page.locator("[data-register-search]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#list tbody th a").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".bulk-count")).to_contain_text("2")
    page.locator("button[name=do][value=status]").click()
    expect(page.locator(".page-subtitle")).to_contain_text("2")
    page.locator("select[name=code]").select_option("low_income")
    page.fill("input[name=ground]", "№ 7")
    page.locator("main form button.btn-primary").click()
    address(page, r"view=")
    toast = page.locator("#toasts .flash")
    expect(toast).to_contain_text("2")
    toast.locator("form button").click()
    expect(page.locator("#toasts .flash")).to_contain_text("2")
    expect(page.locator("#toasts .flash form")).to_have_count(0)

    # Everything as it was: the view removed, the columns given back.
    page.locator(".views a", has_text=view).click()
    page.click("[popovertarget=list-views]")
    page.locator("#list-views li").filter(has=page.locator(f"input[value='{view}']")).locator(
        "button[formaction$='/remove/']"
    ).click()
    expect(page.locator(".views a", has_text=view)).to_have_count(0)
    page = clerk.open(login.host, f"{PUPILS}?view=all")
    page.click("[popovertarget=list-columns]")
    page.locator("#list-columns button[name=reset]").click()
    expect(page.locator("#list thead th")).to_have_count(6)


@pytest.mark.requirement("SIS-16", screen="contingent:pupils")
def test_on_a_phone_the_filters_are_a_drawer(visitors: Any, district: Any) -> None:
    login = district.login(SCHOOL, "secretary")
    clerk = visitors(width=375, height=780)
    clerk.sign_in(SCHOOL, "secretary")
    page: Page = clerk.open(login.host, f"{PUPILS}?view=all")
    expect(page.locator("select[name=sex]")).to_be_hidden()
    page.locator(".register-open").click()
    page.select_option("select[name=sex]", "f")
    page.locator("#list-filters .filterbar-go button").click()
    expect(page.locator("select[name=sex]")).to_be_hidden()
    expect(page.locator("#list .chip")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.locator("input[name=one]").first.check()
    expect(page.locator(".bulkbar")).to_be_visible()
