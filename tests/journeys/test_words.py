"""A teacher of the first grade writes on the phone how a pupil does; the deputy reads it in the class's journal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.journal import SCHOOL
from tests.journeys.test_substitution import in_kazakh
from tests.journeys.walking import Walk

SMALL = "tegisshildik"  # the only school of the small demo that has a first grade
TEXT = "Екі таңбалы сандарды салыстырады, есепті сызбамен түсіндіреді."


@pytest.mark.requirement("SIS-31", "SIS-03", screen="journal:words")
def test_a_first_grader_is_described(visitors: Any, district: Any, walk: Walk) -> None:
    login = district.login(SMALL, "deputy_academic")
    deputy = in_kazakh(visitors(), district, login)
    desk = deputy.open(login.host, "/journal/list/?kind=primary&grade=1&q=математика")
    row = desk.locator("table tbody tr").first
    teacher = row.locator("td").filter(has_text=re.compile(r"^\s*\S+\s\S\.")).first.inner_text().strip()
    journal = row.locator("th a").get_attribute("href")
    row.locator("a[href*='/journal/classes/']").click()
    expect(desk.get_by_role("link", name="Сипаттамалық бағалау")).to_be_visible()

    surname = teacher.replace("\u00a0", " ").split()[0]
    hers = next(x for x in district.logins if x.tenant == SMALL and x.full_name.startswith(f"{surname} "))
    phone = in_kazakh(visitors(width=375, height=780), district, hers)
    page = phone.open(hers.host, f"{journal}words/")
    walk.look(phone)
    field = page.locator(".words textarea").first
    name = page.locator(".words label").first.inner_text().strip()
    field.fill(TEXT)
    page.get_by_role("button", name="Сақтау").click()
    expect(page.locator(".words textarea").first).to_have_value(TEXT)

    desk.get_by_role("link", name="Сипаттамалық бағалау").click()
    desk.get_by_role("link", name=re.compile(re.escape(name))).click()
    expect(desk.locator("#pupil, .card").filter(has_text=TEXT).first).to_be_visible()
    walk.look(deputy)


@pytest.mark.requirement("SIS-33", "SIS-34", "SIS-47", "SIS-48", "SIS-49", screen="journal:journals")
@pytest.mark.parametrize("kind", ["elective", "home", "correction", "club"])
def test_journals_of_every_kind_open_from_the_list(
    visitors: Any, district: Any, walk: Walk, kind: str
) -> None:
    login = district.login(SCHOOL, "deputy_academic")
    deputy = in_kazakh(visitors(), district, login)
    page = deputy.open(login.host, f"/journal/list/?kind={kind}")
    page.locator("table tbody tr th a").first.click()
    expect(page.locator("#journal")).to_be_visible()
    if kind == "home":
        page.get_by_role("link", name="Үйде оқыту журналы").first.click()
        walk.look(deputy)
