"""A girl moves from the village school to the large one in November, and back: two schools, four people, no paper lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kernel import clock
from tenants import reference

VILLAGE, LARGE, THIRD = "tegisshildik", "karkaraly-1", "mady"
PATIENCE = 60_000  # the worker wakes within seconds; a loaded machine may need more


@dataclass
class Office:
    """A school with its secretary and its director, each at a browser of their own."""

    host: str
    clerk: Page
    director: Page


def office(visitors: Any, tenant: str) -> Office:
    people = []
    for role in ("secretary", "director"):
        visitor = visitors()
        login = visitor.sign_in(tenant, role)
        # Signing in gave the page the person's own language.
        visitor.context.add_cookies(
            [{"name": "lang", "value": "ru", "url": visitor.district.url(login.host)}]
        )
        people.append(visitor)
    host = people[0].district.url(login.host, "")
    return Office(host, people[0].page, people[1].page)


def wait_for(page: Page, url: str, words: str) -> None:
    """Look at the page again and again until the other school's letter has come."""
    page.goto(url)
    for _again in range(60):
        if page.get_by_text(words, exact=False).first.is_visible():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"{url} never says {words!r}")


def sign(of: Office, transfer: str) -> None:
    """The director opens the draft from the transfer and signs it."""
    of.director.goto(f"{of.host}{transfer}")
    of.director.get_by_role("link", name="К проекту приказа").click()
    of.director.locator("button[name=then][value=sign]").click()
    expect(of.director.locator("a[href$='/paper/']")).to_be_visible(timeout=PATIENCE)


def ask(of: Office, *, school: str, iin: str, grade: str, first_day: str) -> str:
    """Ask the other school; answers the path of the transfer, the same in both schools."""
    of.clerk.goto(f"{of.host}/transfers/")
    of.clerk.get_by_role("link", name="Запросить ученика").first.click()
    of.clerk.get_by_label("Название или номер школы").fill(school)
    # Schools dealt with lately stand there until what was typed is found.
    of.clerk.locator("#schools tbody th a", has_text=school).first.click()
    of.clerk.get_by_label("ИИН").fill(iin)
    options = of.clerk.locator("select[name=class_id] option").all_inner_texts()
    into = next(one for one in options if re.match(rf"{grade}\D", one))
    of.clerk.select_option("select[name=class_id]", label=into)
    of.clerk.fill("input[name=arrival_date]", first_day)
    of.clerk.select_option("select[name=ground]", "residence")
    of.clerk.get_by_role("button", name="Запросить и выдать талон").click()
    expect(of.clerk.get_by_text("Школа должна ответить до")).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", of.clerk.url)


def agree(of: Office, transfer: str, name: str) -> None:
    wait_for(of.clerk, f"{of.host}{transfer}", "Ответьте до")
    expect(of.clerk.get_by_role("heading", name="Согласиться")).to_be_visible()
    assert name in of.clerk.locator("#agree").inner_text()
    of.clerk.locator("#agree input[name=pupil_id]").first.check()
    of.clerk.fill("#agree input[name=last_day]", clock.today().isoformat())
    of.clerk.locator("#agree").get_by_role("button", name="Согласиться").click()
    expect(of.clerk.get_by_text("Приказ о выбытии ждёт подписи директора")).to_be_visible()


def a_girl(of: Office) -> tuple[str, str, str, str]:
    """A girl of the village's upper classes whom nobody asks for: her name, ИИН, grade, and the path of her card."""
    of.clerk.goto(f"{of.host}/transfers/?side=out")
    asked = of.clerk.locator("main").inner_text()
    of.clerk.goto(f"{of.host}/contingent/pupils/?sex=f&state=here&cols=class,enrolled")
    rows = of.clerk.locator("#list tbody tr").all()
    cards = []
    for row in rows:
        labels = [text.strip() for text in row.locator("td").all_inner_texts()]
        label = next((text for text in labels if re.fullmatch(r"\d{1,2}\D{0,3}", text)), "")
        came = next((text for text in labels if re.fullmatch(r"\d{2}\.\d{2}\.\d{4}", text)), "01.01.1970")
        if datetime.strptime(came, "%d.%m.%Y").date() > clock.today():
            continue  # she is to come back later: another story's girl
        cards.append((row.locator("th a").get_attribute("href") or "", label))
    for card, label in cards:
        grade = re.match(r"\d+", label)
        if grade is None or not 7 <= int(grade.group()) <= 8:
            continue
        of.clerk.goto(f"{of.host}{card}")
        name = of.clerk.get_by_role("heading", level=1).inner_text().strip()
        if name in asked:
            continue
        of.clerk.get_by_role("button", name="Показать").first.click()
        number = of.clerk.locator("#iin strong")
        expect(number).to_be_visible()
        iin = number.inner_text().strip()
        of.clerk.goto(f"{of.host}{card}?tab=guardians")
        if of.clerk.get_by_text("мать", exact=False).count():
            return name, iin, grade.group(), card
    raise AssertionError("the village has no such girl")


@pytest.mark.requirement("SIS-18", "TEN-01")
def test_a_girl_moves_from_the_village_to_the_large_school_and_back(visitors: Any) -> None:
    village, large = office(visitors, VILLAGE), office(visitors, LARGE)
    name, iin, grade, old_card = a_girl(village)
    today = clock.today()

    # November: the large school asks, the village lets her go, the dossier travels.
    there = ask(large, school="Тегис", iin=iin, grade=grade, first_day=today.isoformat())
    agree(village, there, name)
    sign(village, there)
    wait_for(large.clerk, f"{large.host}{there}", "Досье пришло")
    large.clerk.get_by_role("link", name="Открыть досье").click()
    expect(large.clerk.get_by_text(iin)).to_be_visible()
    expect(large.clerk.get_by_text("мать", exact=True).first).to_be_visible()
    large.clerk.get_by_role("link", name="Принять").click()
    large.clerk.fill("#take-in input[name=first_day]", today.isoformat())
    large.clerk.get_by_role("button", name="Составить проект приказа о зачислении").click()
    expect(large.clerk.get_by_text("ждёт подписи директора")).to_be_visible()
    sign(large, there)
    wait_for(large.clerk, f"{large.host}{there}", "Ребёнок учится здесь")
    large.clerk.get_by_role("link", name="К карточке").click()
    expect(large.clerk.get_by_role("heading", level=1)).to_have_text(name)
    large.clerk.get_by_role("link", name="Родители").click()
    expect(large.clerk.get_by_text("мать", exact=False).first).to_be_visible()
    wait_for(village.clerk, f"{village.host}{there}", "Новая школа подтвердила прибытие")

    # A third school sees nothing of it.
    stranger = visitors()
    login = stranger.sign_in(THIRD, "director")
    answer = stranger.page.goto(stranger.district.url(login.host, there))
    assert answer is not None
    assert answer.status == 404

    # January: the village asks her back, and her old card goes on.
    first_day = reference.working_day_after(today + timedelta(days=1), 1)
    back = ask(village, school="№ 1", iin=iin, grade=grade, first_day=first_day.isoformat())
    agree(large, back, name)
    sign(large, back)
    wait_for(village.clerk, f"{village.host}{back}", "Досье пришло")
    expect(village.clerk.get_by_text("Этот ребёнок уже учился здесь")).to_be_visible()
    village.clerk.fill("#take-in input[name=first_day]", first_day.isoformat())
    village.clerk.get_by_role("button", name="Составить проект приказа о зачислении").click()
    expect(village.clerk.get_by_text("ждёт подписи директора")).to_be_visible()
    sign(village, back)
    wait_for(village.clerk, f"{village.host}{back}", "Ребёнок учится здесь")
    village.clerk.get_by_role("link", name="К карточке").click()
    expect(village.clerk).to_have_url(re.compile(re.escape(old_card)))
    wait_for(large.clerk, f"{large.host}{back}", "Новая школа подтвердила прибытие")
