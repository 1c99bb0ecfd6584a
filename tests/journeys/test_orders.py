"""A girl comes by an order, goes over to the parallel class, leaves and comes back."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

SCHOOL = "karkaraly-1"
# Another girl in every run: the demo may be walked through again.
SURNAME, NAME = "Сәкен" + "".join(secrets.choice("абвгдежз") for _ in range(6)), "Інжу"


def _now() -> datetime:
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Almaty"))


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")


@pytest.mark.requirement("SIS-18", "SIS-45", "GEN-02", screen="orders:order")
def test_a_girl_comes_goes_over_leaves_and_returns(visitors: Any) -> None:
    # The clerk drafts the enrolment; the text stands beside it.
    clerk = visitors()
    login = clerk.sign_in(SCHOOL, "secretary")
    page = clerk.open(login.host, "/orders/new/")
    page.locator("button[value='contingent.enrol']").click()
    settle(page)
    page.locator("button[name=then][value=line]").click()
    settle(page)
    page.fill("[name=line-surname]", SURNAME)
    page.fill("[name=line-name]", NAME)
    page.check("[name=line-sex][value=f]")
    page.fill("[name=line-birth_date]", "2015-03-21")
    page.select_option("[name=line-class_id]", label="5А")
    page.select_option("[name=line-reason]", "arr_same_district")
    page.locator("details:has([name=line-organisation]) > summary").click()
    page.fill("[name=line-organisation]", "Тегісшілдік негізгі орта мектебі")
    page.locator("main form button.btn-primary").click()
    settle(page)
    draft = page.url
    expect(page.locator(".paper")).to_contain_text(f"{SURNAME} {NAME}")
    page.fill("[name=about-ground]", "анасының өтініші")
    with page.expect_response(re.compile("/save/")):
        page.locator("[name=about-ground]").blur()
    expect(page.locator(".paper")).to_contain_text("анасының өтініші")
    page.locator("#order-side button.btn-primary").click()
    settle(page)
    expect(page.locator("#order-side button[value=submit]")).to_have_count(0)

    # The director sees it at home and signs at one press.
    director = visitors()
    director.sign_in(SCHOOL, "director")
    home = director.page
    home.locator("a[href*='/orders/contingent/']").first.click()
    settle(home)
    home.goto(draft)
    home.locator("#order-side button[value=sign]").click()
    settle(home)
    expect(home.locator("h1")).to_have_text(re.compile(r"\d+-қ"))
    expect(home.locator(".paper")).to_contain_text("5 «А»")

    # From her card to the parallel class: open, choose, sign.
    home.get_by_role("link", name=f"{SURNAME} {NAME}").click()
    settle(home)
    card = home.url.split("?")[0]
    home.locator("a[href$='/move/']").click()
    settle(home)
    home.select_option("[name=class_id]", label="5Ә")
    home.locator("button[name=sign]").click()
    settle(home)
    expect(home.locator("main")).to_contain_text("5Ә")

    # She leaves, and her card says so.
    home.goto(card)
    home.locator("a[href$='/leave/']").click()
    settle(home)
    home.select_option("[name=reason]", "dep_same_region")
    home.fill("[name=district]", "Шет ауданы")
    home.locator("button[name=sign]").click()
    settle(home)
    expect(home.locator("main")).to_contain_text("Шет ауданы")
    expect(home.locator("a[href$='/return/']")).to_be_visible()

    # She comes back after all: the same card, a new entry.
    tomorrow = f"{_now() + timedelta(days=1):%Y-%m-%d}"
    home.locator("a[href$='/return/']").click()
    settle(home)
    home.select_option("[name=class_id]", label="5А")
    home.fill("[name=since]", tomorrow)
    home.locator("button[name=sign]").click()
    settle(home)
    expect(home.locator("main")).to_contain_text("Шет ауданы")
    expect(home.locator("a[href$='/move/'], a[href$='/leave/']").first).to_be_visible()

    # The order of her return is cancelled by an order: she is gone again.
    home.locator("table").nth(1).locator("a[href^='/orders/']").first.click()
    settle(home)
    home.locator("button[data-dialog=cancel-order]").click()
    home.locator("dialog[open] button.btn-primary").click()
    settle(home)
    home.locator("#order-side button[value=sign]").click()
    settle(home)
    home.goto(card + "?tab=movement")
    expect(home.locator("a[href$='/return/']")).to_be_visible()

    # On a phone the book shows all of it, none of it too wide.
    phone = visitors(width=375, height=780, dark=True)
    phone.sign_in(SCHOOL, "director")
    book = phone.open(login.host, f"/orders/contingent/?view=all&q={SURNAME}")
    expect(book.locator("tbody tr")).to_have_count(4)
    assert book.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
