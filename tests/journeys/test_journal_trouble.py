"""A teacher's journal on a bad day: typing errors, no connection, a lost session, two hands in one cell, a closed quarter."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.journal import SCHOOL, cell, emptied, open_algebra, opened, saved, write


def words(page: Page) -> Locator:
    return page.locator(".jg-words")


@pytest.mark.requirement("SIS-32", "MOB-02", screen="journal:grid")
def test_a_mark_above_the_maximum_stays_in_its_cell_with_the_reason(visitors: Any) -> None:
    page = open_algebra(visitors())
    target = emptied(page, 5)
    write(page, target, "11")
    expect(target).to_have_class(re.compile("jg-refused"))
    expect(target).to_have_attribute("aria-invalid", "true")
    expect(target).to_contain_text("11")
    expect(target.locator("sup")).to_have_attribute("title", "Ең жоғары балдан артық: 10.")
    expect(words(page)).to_contain_text("Ең жоғары балдан артық: 10.")
    # It was not sent, and the right number ends the trouble.
    write(page, target, "10")
    expect(target).not_to_have_class(re.compile("jg-refused"))
    saved(page)
    page.reload()
    opened(page)
    expect(cell(page, 5)).to_have_text("10")


@pytest.mark.requirement("SIS-32", "MOB-02", screen="journal:grid")
def test_the_last_step_is_undone(visitors: Any) -> None:
    page = open_algebra(visitors())
    target = emptied(page, 6)
    write(page, target, "7")
    expect(target).to_have_text("7")
    saved(page)
    page.keyboard.press("Control+z")
    expect(target).to_have_text("")
    page.keyboard.press("Control+Shift+z")
    saved(page)
    expect(target).to_have_text("7")
    page.keyboard.press("Control+z")
    saved(page)
    page.reload()
    opened(page)
    expect(cell(page, 6)).to_have_text("")


@pytest.mark.requirement("SIS-32", "MOB-02", "GEN-03", screen="journal:grid")
def test_what_is_typed_without_a_connection_outlives_a_reload_and_is_sent(visitors: Any) -> None:
    teacher = visitors()
    page = open_algebra(teacher)
    target = emptied(page, 7)
    teacher.context.set_offline(True)
    write(page, target, "8")
    expect(target).to_contain_text("8")
    expect(target).to_have_class(re.compile("jg-queued"))
    expect(page.locator(".jg-status")).to_have_attribute("data-state", "offline")
    expect(words(page)).to_contain_text("Байланыс жоқ. Осы құрылғыда сақталды: 1.")
    # The pages come again, the saving does not yet: the page is loaded anew and still has the mark.
    teacher.context.route("**/journal/save/", lambda route: route.abort())
    teacher.context.set_offline(False)
    page.reload()
    target = cell(page, 7)
    expect(target).to_contain_text("8")
    expect(target).to_have_class(re.compile("jg-queued"))
    teacher.context.unroute("**/journal/save/")
    saved(page)
    page.reload()
    expect(page.locator(".jg-status")).to_have_attribute("data-state", "saved")
    expect(cell(page, 7)).to_have_text("8")
    expect(cell(page, 7)).not_to_have_class(re.compile("jg-queued"))


@pytest.mark.requirement("SIS-32", "GEN-03", screen="journal:grid")
def test_a_session_that_ends_while_typing_loses_nothing(visitors: Any, district: Any) -> None:
    teacher = visitors()
    page = open_algebra(teacher)
    target = emptied(page, 8)
    address = page.url
    teacher.context.clear_cookies(name=re.compile("sid$"))
    write(page, target, "9")
    expect(page.locator(".jg-status")).to_have_attribute("data-state", "signedOut")
    expect(words(page)).to_contain_text("Сеансыңыз аяқталды.")
    expect(target).to_contain_text("9")
    page.locator(".jg-status").get_by_role("link", name="Кіру").click()
    login = district.login(SCHOOL, "teacher")
    page.fill("input[name=username]", login.username)
    page.fill("input[name=password]", login.password)
    page.press("input[name=password]", "Enter")
    expect(page).to_have_url(address)
    expect(page.locator(".jg-status")).to_have_attribute("data-state", "saved")
    expect(cell(page, 8)).to_have_text("9")
    page.reload()
    opened(page)
    expect(cell(page, 8)).to_have_text("9")


@pytest.mark.requirement("SIS-32", "SIS-52", screen="journal:grid")
def test_two_people_in_one_cell_are_asked_whose_mark_stands(visitors: Any, district: Any) -> None:
    theirs = open_algebra(visitors())
    other = emptied(theirs, 9)
    deputy = visitors()
    deputy.sign_in(SCHOOL, "deputy_academic")
    mine: Page = deputy.page
    deputy.context.add_cookies([{"name": "lang", "value": "kk", "url": theirs.url}])
    mine.goto(theirs.url)
    opened(mine)
    write(theirs, other, "6")
    saved(theirs)

    write(mine, cell(mine, 9), "9")
    strip = mine.locator(".jg-decisions")
    expect(strip).to_be_visible()
    expect(strip).to_contain_text("Бұл ұяшықтарды дәл осы кезде басқа адам да өзгертті")
    surname = district.login(SCHOOL, "teacher").full_name.split()[0]
    expect(strip.locator("li")).to_contain_text(re.compile(rf"сіздікі – 9, олардікі – 6 \({surname}"))
    expect(cell(mine, 9)).to_have_class(re.compile("jg-conflict"))
    strip.get_by_role("button", name="Менікін қалдыру: 9").click()
    expect(strip).to_be_hidden()
    saved(mine)
    expect(cell(mine, 9)).to_have_text("9")
    theirs.reload()
    opened(theirs)
    expect(cell(theirs, 9)).to_have_text("9")


@pytest.mark.requirement("SIS-32", screen="journal:grid")
def test_the_cells_of_a_closed_quarter_say_why_they_take_nothing(visitors: Any, district: Any) -> None:
    deputy = visitors()
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    deputy.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(login.host)}])
    periods: Page = deputy.open(login.host, "/schedule/periods/")
    dialog = periods.locator("dialog#close-q1")
    was_open = dialog.count() == 1
    if was_open:
        periods.locator("[data-dialog=close-q1]").click()
        with periods.expect_navigation():
            dialog.locator("form button[type=submit], form button.btn-danger").click()
    expect(periods.locator("tbody tr", has_text="жабық").first).to_contain_text("1")
    try:
        page = open_algebra(visitors())
        page.get_by_role("navigation").get_by_role("link", name=re.compile("^(1|I)[- ].*жабық")).click()
        expect(page).to_have_url(re.compile("period=q1"))
        expect(page.locator("main .note").first).to_contain_text(
            "Кезең жабық: бағалар, тақырыптар мен үй тапсырмалары"
        )
        target = cell(page, 3)
        before = target.inner_text()
        write(page, target, "5")
        expect(words(page)).to_contain_text("Кезең жабылған, бағалары өзгермейді.")
        expect(target).to_have_text(before)
        page.reload()
        opened(page)
        expect(cell(page, 3)).to_have_text(before)
    finally:
        if was_open:
            periods.goto(district.url(login.host, "/schedule/periods/"))
            periods.locator("form[action$='/reopen/'] button").first.click()
            expect(periods.locator("dialog#close-q1")).to_have_count(1)
