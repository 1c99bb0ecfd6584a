"""A computer left open: the director's password is asked for before a role is given, and nothing is typed twice."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import sight

SCHOOL = "mady"
ASKED = {"kk": "Бұл сіз бе?", "ru": "Это вы?"}


def choose_role(page: Page) -> None:
    page.select_option("select[name=role]", "lab_assistant")
    page.fill("input[name=since]", "2027-01-11")
    page.fill("input[name=until]", "2027-01-29")
    page.locator("form[action$='/roles/give/'] button[type=submit]").click()


@pytest.mark.requirement("SIS-04", "TEN-03", screen="identity:account")
def test_a_role_is_given_after_the_password_and_nothing_is_typed_twice(visitors: Any, district: Any) -> None:
    director = visitors()
    login = director.sign_in(SCHOOL, "director")
    teacher = district.login(SCHOOL, "teacher")
    page: Page = director.page
    director.open(login.host, f"/accounts/?q={teacher.username}")
    page.locator("main tbody a[href^='/accounts/']").first.click()
    account = page.url
    # The window passes while she is called away, with the form before her.
    district.leave_alone(SCHOOL, login.username, minutes=20)
    choose_role(page)
    expect(page.locator("h1")).to_have_text(ASKED[login.language])
    sight.look(page)

    page.fill("input[name=proof]", "not the password")
    page.press("input[name=proof]", "Enter")
    expect(page.locator("[role=alert]")).to_be_visible()

    # Not now: the way back leads to the account, and what was typed stands there again.
    page.locator(".auth-below a").click()
    expect(page).to_have_url(account)
    expect(page.locator("select[name=role]")).to_have_value("lab_assistant")
    expect(page.locator("input[name=until]")).to_have_value("2027-01-29")
    page.locator("form[action$='/roles/give/'] button[type=submit]").click()

    page.fill("input[name=proof]", login.password)
    page.press("input[name=proof]", "Enter")
    expect(page).to_have_url(f"{account}?done=given")
    given = page.locator("tr", has=page.locator("form input[name=role][value=lab_assistant]"))
    expect(given).to_contain_text("11.01.2027")
    expect(given).to_contain_text("29.01.2027")
    # The answer is the answer: nothing offers to type it again.
    expect(page.locator("select[name=role]")).to_have_value("")
    given.locator("button").click()
    expect(page).to_have_url(f"{account}?done=taken")


@pytest.mark.requirement("SIS-04", screen="identity:accounts")
def test_a_list_of_people_is_taken_away_after_the_password(visitors: Any, district: Any) -> None:
    director = visitors()
    login = director.sign_in(SCHOOL, "director")
    page: Page = director.page
    director.open(login.host, "/accounts/")
    district.leave_alone(SCHOOL, login.username, minutes=20)
    page.locator("a[href^='/accounts/export.xlsx']").first.click()
    expect(page.locator("h1")).to_have_text(ASKED[login.language])
    page.fill("input[name=proof]", login.password)
    with page.expect_download() as download:
        page.press("input[name=proof]", "Enter")
    assert download.value.suggested_filename.endswith(".xlsx")
    sight.look(page)
    page.locator(".auth-below a").click()
    expect(page).to_have_url(director.district.url(login.host, "/accounts/"))
