"""The books keep pace with two schools and a girl between them; a stranger checks her certificate by its link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect

from kernel import clock
from tenants import reference
from tests.journeys.test_transfer import LARGE, VILLAGE, Office, a_girl, agree, ask, office, sign, wait_for
from tests.journeys.walking import Walk


def the_books_add_up(of: Office) -> None:
    """Every month and every quarter of both the school's own counts agree."""
    for query in ("", "?by=quarters"):
        of.clerk.goto(f"{of.host}/records/movement/{query}")
        expect(of.clerk.get_by_text("сходится", exact=True).first).to_be_visible()
        assert of.clerk.get_by_text("не сходится").count() == 0


def number_in_the_book(page: Page, card: str) -> str:
    """The number on the card; the worker writes it within seconds of the order."""
    wait_for(page, card, "Алфавитная книга:")
    text = page.get_by_text("Алфавитная книга:").inner_text()
    found = re.search(r"\w/\d+", text)
    assert found, text
    return found.group()


def is_pdf(page: Page, path: str) -> bool:
    """Whether the signed-in person gets a paper there; asked by the page itself, which knows the school's host."""
    begins = page.evaluate("path => fetch(path).then(a => a.text()).then(text => text.slice(0, 4))", path)
    return bool(begins == "%PDF")


def names_of(of: Office, way: str) -> str:
    """Who arrived or departed in the running month."""
    month = f"m{clock.today():%m}"
    of.clerk.goto(f"{of.host}/records/movement/names/?way={way}&term={month}")
    return of.clerk.locator("main").inner_text()


@pytest.mark.requirement("SIS-44", "SIS-45", "GEN-02")
def test_books_of_both_schools_when_a_girl_goes_and_comes_back(visitors: Any, walk: Walk) -> None:
    village, large = office(visitors, VILLAGE), office(visitors, LARGE)
    name, iin, grade, old_card = a_girl(village)
    card_in_village = f"{village.host}{old_card}"
    number = number_in_the_book(village.clerk, card_in_village)
    the_books_add_up(village)
    today = clock.today()

    # November: she goes to the large school; both books say so and both add up.
    there = ask(large, school="Тегис", iin=iin, grade=grade, first_day=today.isoformat())
    agree(village, there, name)
    sign(village, there)
    wait_for(large.clerk, f"{large.host}{there}", "Досье пришло")
    large.clerk.fill("#take-in input[name=first_day]", today.isoformat())
    large.clerk.get_by_role("button", name="Составить проект приказа о зачислении").click()
    expect(large.clerk.get_by_text("ждёт подписи директора")).to_be_visible()
    sign(large, there)
    wait_for(large.clerk, f"{large.host}{there}", "Ребёнок учится здесь")
    large.clerk.get_by_role("link", name="К карточке").click()
    new_card = large.clerk.url
    assert number_in_the_book(large.clerk, new_card)[0] == name[0]
    assert name in names_of(large, "in")
    assert name in names_of(village, "out")
    the_books_add_up(large)
    the_books_add_up(village)

    # A certificate of the new school: two presses, and anybody can check it without signing in.
    large.clerk.goto(new_card)
    large.clerk.get_by_text("Справка об обучении", exact=True).click()
    large.clerk.get_by_role("link", name="Для другого места…").click()
    large.clerk.get_by_role("button", name="Выдать").click()
    expect(large.clerk.get_by_role("heading", level=1)).to_contain_text("Справка об обучении №")
    certificate = large.clerk.url
    assert is_pdf(large.clerk, f"{certificate}paper.pdf")
    address = large.clerk.locator("a[href*='/records/genuine/']").inner_text().strip()
    stranger = visitors(locale="ru-RU")
    stranger.page.goto(address)
    expect(stranger.page.get_by_text("Справка подлинная")).to_be_visible()
    said = stranger.page.locator("main").inner_text()
    surname = name.split()[0]
    assert surname not in said
    assert iin not in stranger.page.content()
    assert f"{surname[0]}•••" in said
    forged = stranger.page.goto(address.rstrip("/")[:-4] + "AAAA/")
    assert forged is not None
    assert forged.status == 404
    expect(stranger.page.get_by_text("Такой справки здесь нет")).to_be_visible()
    assert urlparse(address).hostname == urlparse(large.host).hostname

    # January: she is back under her old number; the large school withdraws its certificate.
    first_day = reference.working_day_after(today + timedelta(days=1), 1)
    back = ask(village, school="№ 1", iin=iin, grade=grade, first_day=first_day.isoformat())
    agree(large, back, name)
    sign(large, back)
    wait_for(village.clerk, f"{village.host}{back}", "Досье пришло")
    village.clerk.fill("#take-in input[name=first_day]", first_day.isoformat())
    village.clerk.get_by_role("button", name="Составить проект приказа о зачислении").click()
    expect(village.clerk.get_by_text("ждёт подписи директора")).to_be_visible()
    sign(village, back)
    wait_for(village.clerk, f"{village.host}{back}", "Ребёнок учится здесь")
    assert number_in_the_book(village.clerk, card_in_village) == number
    wait_for(village.clerk, f"{village.host}/records/alphabet/?q={number}", "2 записи")
    the_books_add_up(large)
    the_books_add_up(village)
    large.clerk.goto(certificate)
    large.clerk.get_by_text("Отозвать справку", exact=True).click()
    large.clerk.get_by_label("Причина").fill("ученица выбыла")
    large.clerk.get_by_role("button", name="Отозвать").click()
    stranger.page.goto(address)
    expect(stranger.page.get_by_text("Справка отозвана")).to_be_visible()
    walk.look(stranger)


@pytest.mark.requirement("SIS-44", "SIS-45", "GEN-05")
def test_a_village_school_with_classes_of_three_keeps_its_books_in_kazakh(visitors: Any) -> None:
    visitor = visitors()
    login = visitor.sign_in(VILLAGE, "secretary")
    host, page = visitor.district.url(login.host, ""), visitor.page
    page.goto(f"{host}/records/movement/?by=quarters")
    expect(page.get_by_role("heading", level=1)).to_have_text("Келу мен кету")
    assert page.get_by_text("сәйкес емес").count() == 0
    for language in ("kk", "ru"):
        for book in ("movement", "alphabet"):
            assert is_pdf(page, f"/records/{book}/?as=pdf&lang={language}")

    # A class of a joined set: certificates for all of it, in Kazakh.
    page.goto(f"{host}/contingent/")
    page.get_by_role("link", name=re.compile("^7")).first.click()
    page.get_by_role("link", name="Оқитыны туралы анықтамалар").last.click()
    pupils = page.locator("input[name=pupil]").count()
    page.locator("main form").get_by_role("button", name="Беру").click()
    expect(page.get_by_text(re.compile(f"^{pupils} анықтама|Оқитыны туралы №")).first).to_be_visible()
    if pupils > 1:
        assert is_pdf(page, page.get_by_role("link", name="қазақша").get_attribute("href") or "")
    page.goto(f"{host}/records/certificates/?state=issued")
    expect(page.get_by_role("heading", level=1)).to_have_text("Оқитыны туралы анықтамалар")
    assert page.locator("#certificates tbody tr").count() >= pupils
