"""A director fires a teacher at noon: within a minute the teacher is out, and what was left behind is on a list."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

SCHOOL = "karkaraly-1"
OWN_PASSWORD = "көктем қар суы 2026"
CYRILLIC = "абвгдежзик"


@pytest.mark.requirement("SIS-13", "SIS-19", screen="staff:leave")
def test_a_teacher_is_hired_takes_a_group_and_is_dismissed_at_noon(visitors: Any, district: Any) -> None:
    login = district.login(SCHOOL, "director")
    director = visitors()
    director.sign_in(SCHOOL, "director")
    director.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(login.host)}])
    page: Page = director.open(login.host, "/staff/new/")

    # A surname of this run, so that the story can be told again on the same data.
    surname = "Сәулебай" + "".join(CYRILLIC[int(d)] for d in str(int(time.time()))[-7:])
    page.fill("input[name=surname]", surname)
    page.fill("input[name=name]", "Айгерім")
    page.locator("input[name=sex][value=f]").check()
    page.select_option("select[name=post_0]", "teacher_subject")
    page.locator("main form button.btn-primary[type=submit]").click()
    secrets = page.locator(".slip-secret")
    expect(secrets).to_have_count(2)
    expect(page.locator("main")).to_contain_text("бұйрықпен қабылданды")
    username, once = (secrets.nth(n).inner_text().strip() for n in (0, 1))
    card = page.locator("main a[href^='/staff/'][href$='/']").last.get_attribute("href")

    # She takes a group of a class today and is at work.
    page = director.open(login.host, "/contingent/charges/")
    page.locator("tbody tr").first.locator("a[href$='/charges/new/']").click()
    page.locator("input[name=duty][value=educator]").check()
    page.select_option("select[name=employee_id]", label=f"{surname} Айгерім")
    page.fill("input[name=group]", "ұзартылған күн")
    page.locator("main form button.btn-primary[type=submit]").click()
    expect(page.locator("tbody th", has_text=surname)).to_be_visible()

    teacher = visitors()
    teacher.sign_in_as(login.host, username, once)
    own: Page = teacher.page
    for name in ("new", "again"):
        own.fill(f"input[name={name}]", OWN_PASSWORD)
    own.keyboard.press("Enter")
    expect(own).not_to_have_url(re.compile("/me/password/"))
    teacher.open(login.host, "/journal/")
    expect(own.locator("h1")).to_be_visible()
    expect(own).to_have_url(re.compile("/journal/"))

    # Noon: the order is signed, and the next click of the open session leads to the sign-in page.
    page = director.open(login.host, f"{card}leave/")
    expect(page.locator(".duty-list")).to_contain_text("ұзартылған күн")
    page.locator("button[name=sign]").click()
    expect(page).to_have_url(re.compile(card or "never"))
    own.reload()
    expect(own).to_have_url(re.compile("/sign-in/"))
    teacher.sign_in_as(login.host, username, OWN_PASSWORD)
    expect(own.locator("input[name=username]")).to_be_visible()

    page = director.open(login.host, "/staff/hand-overs/")
    expect(page.locator("main")).to_contain_text(surname)

    # It was a mistake: another order takes the first one back, and she is in again.
    page = director.open(login.host, f"{card}?tab=leaves")
    page.locator("main a[href^='/orders/']").first.click()
    page.locator("button[data-dialog=cancel-order]").click()
    page.locator("dialog[open] button.btn-primary").click()
    page.locator("#order-side button[value=sign]").click()
    page.wait_for_load_state("networkidle")
    teacher.sign_in_as(login.host, username, OWN_PASSWORD)
    expect(own.locator("input[name=username]")).to_have_count(0)
