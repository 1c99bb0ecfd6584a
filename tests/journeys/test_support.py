"""Support asks the large school, the director lets in for an hour, sees every page, and ends it: the next click is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import sight
from tests.journeys.test_transfer import wait_for

SCHOOL = "mady"
PATIENCE = 60_000  # letters travel with the worker; a loaded machine may need more
ENTER = "form[action='/visit/'] button"
PURPOSE = "Список 7 класса показан не по алфавиту: нужно увидеть список учеников."


def in_russian(visitor: Any, tenant: str, role: str) -> str:
    login = visitor.sign_in(tenant, role)
    host = visitor.district.url(login.host, "")
    speak_russian(visitor, host)
    return host


def speak_russian(visitor: Any, host: str) -> None:
    """Signing in gives the page the person's own language, so this comes after it."""
    visitor.context.add_cookies([{"name": "lang", "value": "ru", "url": host}])


def ask(page: Page, host: str) -> str:
    """Ask the school; answers the page of the request."""
    page.goto(f"{host}/requests/")
    page.get_by_role("link", name="Запросить школу").first.click()
    page.locator("main input[name=q]").fill("Мади")
    page.locator("#schools tbody th a").first.click()
    page.get_by_label("Цель").fill(PURPOSE)
    sight.look(page)
    page.locator("summary", has_text="Ученики и классы").click()
    for code in ("contingent.view", "contingent.lists"):
        page.locator(f"input[name=code][value='{code}']").check()
    page.get_by_role("button", name="Отправить директору").click()
    expect(page.get_by_text("ждёт директора")).to_be_visible()
    return page.url


@pytest.mark.requirement("SUP-01", "SEC-04", screen="support:asking")
def test_support_is_let_in_looks_and_is_sent_away(visitors: Any) -> None:
    vendor, head = visitors(), visitors(width=375)
    ops, school = in_russian(vendor, "ops", "support"), in_russian(head, SCHOOL, "director")
    request = ask(vendor.page, ops)

    # The director, on the phone, reads what is wished, makes it an hour and lets in.
    asking = f"{school}/support/{request.rstrip('/').rpartition('/')[2]}/"
    wait_for(head.page, asking, PURPOSE)
    head.page.goto(f"{school}/support/")
    sight.look(head.page)
    head.page.goto(asking)
    sight.look(head.page)
    assert head.page.locator("select[name=hours]").input_value() == "1"
    head.page.get_by_role("button", name="Впустить").click()
    expect(head.page.get_by_role("button", name="Прекратить сразу")).to_be_visible()

    # The vendor's person takes the way in and finds the banner on every page.
    wait_for(vendor.page, request, "разрешён")
    vendor.page.get_by_role("button", name="Взять ссылку").click()
    way = vendor.page.get_by_role("link", name="Перейти в школу").get_attribute("href")
    guest = visitors()
    guest.page.goto(way)
    sight.look(guest.page)
    guest.page.locator(ENTER).click()
    expect(guest.page.get_by_text(PURPOSE).first).to_be_visible()
    speak_russian(guest, school)
    guest.page.reload()
    sight.look(guest.page)
    guest.page.goto(f"{school}/contingent/pupils/")
    expect(guest.page.get_by_text("Визит поддержки").first).to_be_visible()
    expect(guest.page.locator("#list tbody tr").first).to_be_visible()
    sight.look(guest.page)
    answer = guest.page.goto(f"{school}/orders/")
    assert answer is not None
    assert answer.status == 403

    # The link is used up.
    again = visitors()
    speak_russian(again, school)
    again.page.goto(way)
    again.page.locator(ENTER).click()
    expect(again.page.get_by_text("использована или истекла")).to_be_visible()

    # The director sees both pages and ends the visit; the next click leads to the sign-in page.
    head.page.goto(asking)
    expect(head.page.get_by_text("/contingent/pupils/").first).to_be_visible()
    expect(head.page.get_by_text("/orders/").first).to_be_visible()
    sight.look(head.page)
    head.page.get_by_role("button", name="Прекратить сразу").first.click()
    expect(head.page.get_by_text("прекращён директором").first).to_be_visible()
    guest.page.goto(f"{school}/contingent/pupils/")
    expect(guest.page).to_have_url(re.compile("/sign-in/"))
    wait_for(vendor.page, request, "прекращён директором")
    sight.look(vendor.page)
