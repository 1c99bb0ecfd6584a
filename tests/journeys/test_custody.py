"""A divorced father without custody: by page, address, program or notice he reaches nothing of the girl; the mother all."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

SCHOOL = "karkaraly-1"
GROUND = "Қарқаралы аудандық сотының шешімі № 3512-26"
CHILD = re.compile(r"/family/([0-9a-f-]{36})/")
MALE = re.compile(r"(ұлы|ич)$")


def goes(page: Page, district: Any, host: str, path: str) -> int:
    """Where an address leads the reader: the status of the answer."""
    answer = page.goto(district.url(host, path))
    assert answer is not None
    return int(answer.status)


def child_of(page: Page) -> str:
    """The id of the child on the open page of the family."""
    found = CHILD.search(page.content())
    assert found is not None
    return found.group(1)


def api(page: Page, class_id: str) -> str:
    """What the program's door tells the reader of a class."""
    return str(
        page.evaluate(
            "path => fetch(path).then((answer) => answer.text())", f"/api/v1/classes/{class_id}/pupils"
        )
    )


@pytest.mark.requirement("SIS-16", screen="contingent:ban")
def test_a_father_without_custody_reaches_nothing_of_the_girl(visitors: Any, district: Any) -> None:
    office = visitors(locale="kk-KZ")
    login = office.sign_in(SCHOOL, "secretary")
    host = login.host
    office.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(host)}])

    # Two parents of one child, each with an account of their own.
    parents = {one.full_name: one for one in district.logins if one.tenant == SCHOOL and one.role == "parent"}
    him = visitors(width=375, height=780)
    for name in reversed([one for one in parents if MALE.search(one)]):
        father = parents[name]
        him.sign_in_as(host, father.username, father.password)
        if len(set(CHILD.findall(him.page.content()))) != 1:
            him.context.clear_cookies()
            continue
        girl = child_of(him.page)
        page = office.open(host, f"/contingent/pupils/{girl}/?tab=guardians")
        people = page.locator("h2.person-name").all_inner_texts()
        mother = next((parents[one] for one in people if one != name and one in parents), None)
        if mother is not None and page.locator(".badge.tone-danger, .tone-danger").count() == 0:
            break
        him.context.clear_cookies()
    else:
        pytest.fail("the demo has no family of which both parents sign in")
    assert mother is not None
    girls_name = page.locator("h1").inner_text()
    first_name = girls_name.split()[1]
    class_url = page.locator(".crumbs a").last.get_attribute("href") or ""

    # He has a son of another marriage in a lower class: the same person, found by name and phone.
    page.locator("h2.person-name a", has_text=father.full_name).click()
    phone = page.input_value("input[name=phone]")
    page = office.open(host, "/contingent/")
    page.locator("tbody th a[href^='/contingent/classes/']").first.click()
    page.locator(f"tbody th a[href^='/contingent/pupils/']:not([href*='{girl}'])").last.click()
    son = re.search(r"pupils/([0-9a-f-]{36})", page.url)
    assert son is not None
    office.open(host, f"/contingent/pupils/{son.group(1)}/guardians/new/")
    page.select_option("select[name=relation]", "father")
    surname, first, *rest = father.full_name.split()
    for field, value in (
        ("surname", surname),
        ("name", first),
        ("patronymic", " ".join(rest)),
        ("phone", phone),
    ):
        page.fill(f"input[name={field}]", value)
    page.locator("main form button.btn-primary[type=submit]").click()
    expect(page.locator("h2.person-name", has_text=father.full_name)).to_be_visible()

    # He is at the girl's page when the clerk notes the decision of the court.
    his, class_id = him.page, class_url.rstrip("/").rsplit("/", 1)[-1]
    assert goes(his, district, host, f"/family/{girl}/") == 200
    expect(his.locator(f"a[href='/family/{son.group(1)}/']")).to_be_visible()
    assert girl in api(his, class_id)
    page = office.open(host, f"/contingent/pupils/{girl}/?tab=guardians")
    page.locator(".card", has_text=father.full_name).locator("a[href$='/ban/']").click()
    began = date.today() - timedelta(days=3)
    page.fill("input[name=since]", began.isoformat())
    page.fill("input[name=ground]", " ")
    page.locator("main form button.btn-primary[type=submit]").click()
    expect(page.locator("input[name=since]")).to_have_value(began.isoformat())
    page.fill("input[name=ground]", GROUND)
    page.locator("main form button.btn-primary[type=submit]").click()
    expect(page.locator("[class*=tone-danger]").first).to_contain_text("баланы көре алмайды")
    expect(page.locator("main")).to_contain_text(GROUND)

    # The open session loses the girl with the next press, and keeps the son.
    his.reload()
    expect(his.locator("body")).not_to_contain_text(first_name)
    for path in (
        f"/family/{girl}/",
        f"/family/{girl}/year/",
        f"/family/{girl}/lookers/",
        f"/contingent/pupils/{girl}/",
        f"/contingent/pupils/{girl}/?tab=documents",
        f"/contingent/pupils/{girl}/?tab=health",
        f"/contingent/pupils/{girl}/photo/",
    ):
        assert goes(his, district, host, path) == 404, path
    assert goes(his, district, host, "/family/") == 200
    expect(his.locator("main")).not_to_contain_text(girls_name.rsplit(" ", 1)[0])
    assert son.group(1) in his.content()
    assert girl not in api(his, class_id)
    assert goes(his, district, host, "/notify/") == 200
    expect(his.locator("main")).not_to_contain_text(first_name)

    # The mother sees all, and who looked.
    her = visitors(width=375, height=780)
    her.sign_in_as(host, mother.username, mother.password)
    for path in (f"/family/{girl}/", f"/family/{girl}/year/", f"/contingent/pupils/{girl}/"):
        assert goes(her.page, district, host, path) == 200, path
    assert goes(her.page, district, host, f"/family/{girl}/lookers/") == 200
    expect(her.page.locator("main")).to_contain_text(login.full_name.split()[0])
    expect(her.page.locator("main")).to_contain_text("Хатшы")

    # Another decision lifts it: he sees her again, and the card remembers both.
    page = office.open(host, f"/contingent/pupils/{girl}/?tab=guardians")
    page.locator("a[href$='/lift/']").first.click()
    page.fill("input[name=ground]", "Облыстық соттың шешімі")
    page.locator("main form button.btn-primary[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Облыстық соттың шешімі")
    assert goes(his, district, host, f"/family/{girl}/") == 200
    page = office.open(host, f"/contingent/pupils/{girl}/?tab=changes")
    expect(page.locator("main")).to_contain_text(GROUND)
