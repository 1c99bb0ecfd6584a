"""The one true story: a teacher types, the mother sees it, the figures above follow, the neighbours see nothing."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.journal import SCHOOL, cell, emptied, open_algebra, opened, saved, write


def short(full_name: str) -> str:
    """Surname and name, as the journal lists people."""
    return " ".join(full_name.split()[:2])


@pytest.mark.requirement("SIS-32", "SIS-53", "MOB-11", "MOB-12", "GEN-03", screen="journal:grid")
def test_a_mark_reaches_the_mother(visitors: Any, district: Any) -> None:
    mother_login = district.login(SCHOOL, "parent")
    mother = visitors(width=375, height=780)
    mother.sign_in_as(mother_login.host, mother_login.username, mother_login.password)
    home = mother.page
    expect(home).to_have_url(re.compile("/family/"))
    expect(home.locator("html")).to_have_attribute("lang", "kk")
    child = home.locator("h1").inner_text()

    teacher = visitors()
    page = open_algebra(teacher)
    target = emptied(page, short(child))
    write(page, target, "9")
    expect(target).to_have_text("9")
    saved(page)
    page.reload()
    opened(page)
    expect(cell(page, short(child))).to_have_text("9")

    home.reload()
    expect(home.locator("main")).to_contain_text("Алгебра")
    fresh = home.locator("section, .card", has_text="Жаңа бағалар").first
    expect(fresh).to_contain_text("9")
    # Nothing of other children: another pupil's page answers as if there were none.
    stranger = next(
        x
        for x in district.logins
        if x.tenant == SCHOOL and x.role == "parent" and x.username != mother_login.username
    )
    other = visitors(width=375, height=780)
    other.sign_in_as(stranger.host, stranger.username, stranger.password)
    theirs = re.search(r"/family/([0-9a-f-]{36})", other.page.content())
    assert theirs is not None
    response = home.goto(district.url(mother_login.host, f"/family/{theirs.group(1)}/"))
    assert response is not None
    assert response.status == 404


@pytest.mark.requirement("TEN-04", "ANL-00", "ANL-03", screen="authority:dashboard")
def test_figures_follow_in_seconds_and_the_neighbour_sees_nothing(visitors: Any, district: Any) -> None:
    head, region, neighbour, director = visitors(), visitors(), visitors(), visitors()
    for visitor, tenant, role in (
        (head, "karkaraly", "authority_head"),
        (region, "karaganda", "authority_head"),
        (neighbour, "shet", "authority_head"),
    ):
        visitor.sign_in(tenant, role)
    director.sign_in(SCHOOL, "director")
    director.open(district.login(SCHOOL, "director").host, "/analytics/")
    before = {v: figures(v.page) for v in (head, region, neighbour, director)}
    assert "Мади" not in neighbour.page.locator("main").inner_text()

    teacher = visitors()
    page = open_algebra(teacher)
    target = cell(page, 3)
    was_absent = re.search("[а-яәіңғүұқөһ]", target.inner_text()) is not None
    target.click()
    if was_absent:
        page.keyboard.press("Delete")
    else:
        page.keyboard.press("KeyY")
        page.keyboard.press("Enter")
    saved(page)
    typed = time.monotonic()
    for visitor in (director, head, region):
        while figures(visitor.page) == before[visitor]:
            assert time.monotonic() - typed < 20, "the figures did not follow"
            visitor.page.wait_for_timeout(400)
            visitor.page.reload()
    assert time.monotonic() - typed < 20
    neighbour.page.reload()
    assert figures(neighbour.page) == before[neighbour]


def figures(page: Page) -> str:
    """The stat tiles of a dashboard, as text."""
    return " | ".join(page.locator("main .stat, main [class*=stat]").all_inner_texts())


@pytest.mark.requirement("GEN-05", screen="ui:language")
def test_the_language_switches_without_losing_the_page_or_the_form(visitors: Any, district: Any) -> None:
    director = visitors()
    login = director.sign_in(SCHOOL, "director")
    page = director.open(login.host, "/school/edit/")
    page.fill("[name=address_kk]", "Қарқаралы қаласы, Бөкейхан көшесі, 7")
    page.get_by_role("button", name=re.compile("Қаз|Қазақша")).first.click()
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    expect(page).to_have_url(re.compile("/school/edit/"))
    expect(page.locator("[name=address_kk]")).to_have_value("Қарқаралы қаласы, Бөкейхан көшесі, 7")
    page.get_by_role("button", name=re.compile("Рус")).first.click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
