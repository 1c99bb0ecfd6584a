"""Bolat teaches where there is no connection: the journal opens, takes everything, and is sent once when he is back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.journal import SCHOOL, cell, emptied, open_algebra, opened, saved, write

_KEPT = """async (path) => {
    for (const name of await caches.keys()) {
        if (name.startsWith('pages:') && await (await caches.open(name)).match(path)) return true
    }
    return false
}"""
_PASTE = """(cell, text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}"""


def until_kept(page: Page, path: str) -> None:
    for _ in range(60):
        if page.evaluate(_KEPT, path):
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"the device did not keep {path}")


def free_rows(page: Page, count: int) -> list[int]:
    rows = [row for row in range(8, 24) if cell(page, row).get_attribute("data-locked") is None]
    return rows[:count]


def comment(page: Page, row: int, words: str) -> None:
    cell(page, row).click()
    page.keyboard.press("Space")
    page.get_by_role("dialog").get_by_role("textbox").fill(words)
    page.keyboard.press("Control+Enter")


@pytest.mark.requirement("SIS-32", "MOB-02", "GEN-03", screen="journal:grid")
def test_a_day_without_a_connection_is_sent_once_and_overwrites_nobody(visitors: Any) -> None:
    teacher = visitors()
    page = open_algebra(teacher)
    contested, own, pasted, undone = rows = free_rows(page, 4)
    for row in rows:
        emptied(page, row)
    address = page.url
    path = "/" + address.split("/", 3)[3]
    until_kept(page, path)
    deputy = visitors()
    deputy.sign_in(SCHOOL, "deputy_academic")
    deputy.context.add_cookies([{"name": "lang", "value": "kk", "url": address}])

    # The line goes; the page is loaded again from the device and takes what a lesson brings.
    teacher.context.set_offline(True)
    page.reload()
    opened(page)
    expect(page.locator(".jg-words")).to_contain_text("Байланыс жоқ.")
    expect(page.locator(".jg-words")).to_contain_text("күйі")
    write(page, cell(page, contested), "9")
    cell(page, own).click()
    page.keyboard.press("Semicolon")  # the key of ж
    comment(page, own, "Анасы ескертті.")
    cell(page, pasted).click()
    cell(page, pasted).evaluate(_PASTE, "8")
    write(page, cell(page, undone), "3")
    page.keyboard.press("Control+z")
    expect(cell(page, undone)).to_have_text(re.compile("^•?$"))

    # Meanwhile a colleague writes into one of the cells.
    theirs = deputy.page
    theirs.goto(address)
    opened(theirs)
    write(theirs, cell(theirs, contested), "6")
    saved(theirs)

    # The browser is closed and opened again, still without a connection.
    page.close()
    page = teacher.context.new_page()
    page.goto(address)
    opened(page)
    expect(cell(page, contested)).to_contain_text("9")
    expect(cell(page, pasted)).to_contain_text("8")
    expect(cell(page, own)).to_have_class(re.compile("jg-noted"))

    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.extend(
            one["id"]
            for one in (request.post_data_json["operations"] if request.url.endswith("/save/") else [])
        ),
    )
    teacher.context.set_offline(False)
    strip = page.locator(".jg-decisions")
    expect(strip.locator("li")).to_contain_text("сіздікі – 9, олардікі – 6", timeout=40_000)
    saved(page)
    assert len(sent) == len(set(sent))
    expect(cell(page, contested)).to_contain_text("6")
    strip.get_by_role("button", name="Менікін қалдыру: 9").click()
    expect(strip).to_be_hidden()
    saved(page)
    page.get_by_role("button", name="Жаңадан жүктеу").click()
    opened(page)
    expect(cell(page, contested)).to_have_text("9")
    expect(cell(page, pasted)).to_have_text("8")
    expect(cell(page, own)).to_contain_text("ж")
    expect(cell(page, undone)).to_have_text("")
    comment(page, own, "")
    for row in rows:
        emptied(page, row)


@pytest.mark.requirement("MOB-02", screen="journal:grid")
def test_a_phone_keeps_journals_before_they_are_opened_until_one_signs_out(visitors: Any) -> None:
    phone = visitors(width=375, height=780)
    login = phone.sign_in(SCHOOL, "teacher")
    phone.context.add_cookies([{"name": "lang", "value": "kk", "domain": login.host, "path": "/"}])
    page: Page = phone.open(login.host, "/journal/")
    link = page.get_by_role("link", name=re.compile("^7[А-ЯӘ] Алгебра")).first
    path = str(link.get_attribute("href"))
    until_kept(page, path)

    phone.context.set_offline(True)
    phone.open(login.host, "/")
    page.get_by_role("link", name=re.compile("^7[А-ЯӘ] Алгебра")).first.click()
    opened(page)
    page.get_by_role("button", name="Кім жоқ").click()
    tile = page.locator(".jg-tile[data-absence='']:enabled").first
    tile.click()
    page.locator(".jg-absent-go button").click()
    expect(page.locator(".jg-status")).to_have_attribute("data-state", "offline")
    page.reload()
    opened(page)
    page.get_by_role("button", name="Қайтару").click()
    phone.open(login.host, "/schedule/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Байланыс жоқ")

    phone.context.set_offline(False)
    page.goto(phone.district.url(login.host, path))
    opened(page)
    saved(page)
    out = page.locator("button[formaction$='/sign-out/']").first
    out.evaluate("(button) => button.form.requestSubmit(button)")
    expect(page.locator("input[name=password]")).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).every((name) => !name.startsWith('pages:'))")
