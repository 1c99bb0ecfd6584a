"""Every part of a pupil's card, as the office, the nurse and the mother open it: whole at 375 px, light and dark."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.walking import Walk

SCHOOL = "karkaraly-1"
LINES = {
    "documents": ("documents",),
    "addresses": ("addresses", "transport"),
    "statuses": ("needs", "home"),
    "health": ("health", "notes"),
}


@pytest.mark.requirement("SIS-16", screen="contingent:pupil")
def test_each_part_of_the_card_is_whole(visitors: Any, district: Any, walk: Walk) -> None:
    director = visitors()
    host = director.sign_in(SCHOOL, "director").host
    page = director.open(host, "/contingent/pupils/")
    page.locator("tbody th a").first.click()
    card = page.url.split("?")[0]
    for tab in ("documents", "addresses", "guardians", "statuses", "health", "movement", "changes", "looked"):
        page.goto(f"{card}?tab={tab}")
        walk.look(director)
        for section in LINES.get(tab, ()):
            page.goto(f"{card}lines/{section}/new/")
            walk.look(director)
    page.goto(f"{card}?tab=guardians")
    page.locator("a[href$='/ban/']").first.click()
    walk.look(director)


@pytest.mark.requirement("SIS-16", screen="contingent:class_health")
def test_the_nurse_fills_the_health_list_of_a_class(visitors: Any, district: Any, walk: Walk) -> None:
    nurse = visitors(width=375, height=780)
    host = nurse.sign_in(SCHOOL, "nurse").host
    page = nurse.open(host, "/contingent/")
    page.locator("tbody th a[href^='/contingent/classes/']").last.click()
    page.locator("a[href$='/health/']").click()
    walk.look(nurse)
    group = page.locator("select[name$='-group']").first
    name = group.get_attribute("name") or ""
    group.select_option("4")
    page.locator(f"select[name='{name.removesuffix('group')}physical_education']").select_option("special")
    page.locator("main form button.btn-primary[type=submit]").click()
    expect(page.locator(f"select[name='{name}']")).to_have_value("4")
    expect(page.locator("#toasts, .toast, [role=status]").first).to_be_attached()


@pytest.mark.requirement("SIS-16", screen="contingent:record")
def test_the_nurse_notes_an_allergy_and_the_keyboard_is_enough(visitors: Any, district: Any) -> None:
    nurse = visitors(width=375, height=780)
    login = nurse.sign_in(SCHOOL, "nurse")
    nurse.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(login.host)}])
    page = nurse.open(login.host, "/contingent/pupils/")
    page.locator("tbody th a").nth(1).click()
    expect(page).to_have_url(re.compile("/contingent/pupils/"))
    expect(page.locator("nav .tabs a")).to_have_count(1)
    page.goto(f"{page.url.split('?')[0]}lines/notes/new/")
    page.locator("select[name=kind]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("анасына қоңырау шалу")
    page.keyboard.press("Control+Enter")
    # The name is missing: it is told, and what was typed stays.
    expect(page.locator("input[name=action]")).to_have_value("анасына қоңырау шалу")
    page.fill("input[name=name]", "жаңғаққа аллергия")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("жаңғаққа аллергия")
