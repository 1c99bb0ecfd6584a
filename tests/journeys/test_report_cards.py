"""The quarter is over: the class teacher prints the cards of her class, and a mother opens her own child's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.journal import SCHOOL
from tests.journeys.test_substitution import in_kazakh, login_of

BEGINS = "path => fetch(path).then(a => a.text()).then(text => text.slice(0, 4))"


@pytest.mark.requirement("SIS-26", "SIS-46", screen="journal:cards_of_class")
def test_the_cards_of_a_class_and_one_of_them_at_home(visitors: Any, district: Any) -> None:
    mother_login = district.login(SCHOOL, "parent")
    mother = in_kazakh(visitors(width=375, height=780), district, mother_login)
    home = mother.open(mother_login.host, "/")
    child = home.locator("h1").inner_text()
    home.get_by_role("link", name="Үлгерім табелі", exact=True).first.click()
    expect(home.get_by_role("heading", name="Үлгерім табелі", exact=True)).to_be_visible()
    expect(home.locator("main")).to_contain_text(child.split()[0])
    expect(home.locator("main table").first).to_contain_text("Алгебра")
    own = re.search(r"/journal/cards/pupils/[0-9a-f-]{36}/", home.url)
    assert own is not None
    assert home.evaluate(BEGINS, f"{own.group()}card.pdf?lang=ru") == "%PDF"

    # The class teacher of the same class finds the child in her table and prints the class.
    teacher = login_of(district, home.locator(".class-teacher").inner_text())
    page = in_kazakh(visitors(), district, teacher).open(teacher.host, "/journal/cards/")
    page.locator(".tile").first.click()
    expect(page.locator(".class-marks tbody tr", has_text=child.split()[0]).first).to_be_visible()
    page.locator("summary", has_text="Табельдерді басу").click()
    link = page.get_by_role("link", name="қазақша").first.get_attribute("href")
    assert link
    assert page.evaluate(BEGINS, link) == "%PDF"

    # Another mother finds nothing at the same address.
    stranger = [x for x in district.logins if x.tenant == SCHOOL and x.role == "parent"][1]
    other = in_kazakh(visitors(width=375, height=780), district, stranger)
    answer = other.open(stranger.host, "/").goto(district.url(stranger.host, own.group()))
    assert answer is not None
    assert answer.status == 404
