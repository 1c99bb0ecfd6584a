"""The quarter is closed: the deputy sees who has not signed, one teacher signs on the computer, another with the phone."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys import sight
from tests.journeys.journal import SCHOOL
from tests.journeys.test_substitution import in_kazakh, login_of
from tests.journeys.walking import Walk

SIGN = "ЭЦҚ-мен қол қою"


def env(district: Any, name: str) -> str:
    lines = (district.home / "demo" / "env").read_text().splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith(f"{name}="))


def unsigned(visitors: Any, district: Any) -> tuple[Page, str, str]:
    """The deputy's list narrowed to sheets not signed: the page, the first one's address, its teacher's short name."""
    login = district.login(SCHOOL, "deputy_academic")
    page = in_kazakh(visitors(), district, login).open(login.host, "/journal/sheets/?state=due&sort=teacher")
    row = page.locator("table tbody tr").first
    address = row.locator("a").first.get_attribute("href")
    teacher = row.locator("td").filter(has_text=re.compile(r"^\s*\S+\s\S\.")).first.inner_text().strip()
    assert address
    return page, address, teacher


def state_in_list(page: Page, address: str) -> str:
    page.goto(page.url.split("?")[0] + "?size=200")
    return page.locator("table tbody tr", has=page.locator(f'a[href="{address}"]')).inner_text()


def prepared(visitors: Any, district: Any, address: str, teacher: str) -> tuple[Any, Page]:
    """The teacher at the page of signing."""
    login = login_of(district, teacher)
    visitor = in_kazakh(visitors(), district, login)
    page = visitor.open(login.host, address)
    page.get_by_role("button", name="Парақты дайындап, қол қою").click()
    expect(page.get_by_role("heading", name="Қол қою", exact=True)).to_be_visible()
    return visitor, page


@pytest.mark.requirement("SIS-36", "INT-05", screen="journal:sheets")
def test_a_teacher_signs_on_the_computer(visitors: Any, district: Any) -> None:
    deputy, address, teacher = unsigned(visitors, district)
    visitor, page = prepared(visitors, district, address, teacher)
    button = page.get_by_role("button", name=SIGN)
    # NCALayer is not running: nothing is there to answer.
    page.route_web_socket(re.compile(r"^ws://127\.0\.0\.1"), lambda ws: ws.close())
    page.reload()
    button.click()
    expect(page.get_by_role("alert").filter(has_text="NCALayer жауап бермейді")).to_be_visible()

    # The window of NCALayer is closed without choosing a key.
    def closes_window(ws: Any) -> None:
        ws.on_message(lambda _frame: ws.send(json.dumps({"status": True, "body": {}})))
        ws.send(json.dumps({"result": {"version": "1.4"}}))

    page.route_web_socket(re.compile(r"^ws://127\.0\.0\.1"), closes_window)
    page.reload()
    button.click()
    expect(page.get_by_role("alert").filter(has_text="Қол қойылған жоқ")).to_be_visible()
    # Now it runs, and the key is chosen.
    second = visitor.context.new_page()
    second.on("console", visitor._console)
    second.goto(page.url)
    second.get_by_role("button", name=SIGN).click()
    expect(second).to_have_url(re.compile("/documents/signed/"))
    expect(second.get_by_text("қол қойылған", exact=True).first).to_be_visible()
    expect(second.get_by_text("DEMO CA")).to_be_visible()
    with second.expect_download() as taken:
        second.get_by_role("link", name="Қолтаңба файлы (.cms)").click()
    assert taken.value.suggested_filename.endswith(".cms")
    assert "қол қойылған" in state_in_list(deputy, address)


@pytest.mark.requirement("SIS-36", "INT-05", screen="documents:sign")
def test_another_signs_with_the_phone(visitors: Any, district: Any, walk: Walk) -> None:
    deputy, address, teacher = unsigned(visitors, district)
    visitor, page = prepared(visitors, district, address, teacher)
    walk.look(visitor)
    node = env(district, "MEKTEP_NCANODE_URL")
    people = json.loads((district.home / "demo" / "eds" / "people.json").read_text())
    own = district.iin(login_of(district, teacher))
    stranger = next(one["iin"] for one in people if one["iin"] != own)
    page.get_by_role("button", name="QR кодты көрсету").click()
    expect(page.get_by_role("img", name="eGov Mobile үшін QR код")).to_be_visible()
    assert sight.faults(page) == []
    link = page.locator("a.eds-here").get_attribute("href") or ""
    square = f"mobileSign:{unquote(link.partition('link=')[2])}"
    refused = httpx.post(f"{node}/phone", json={"iin": stranger, "square": square}, timeout=30)
    assert refused.status_code == 403
    expect(page.get_by_role("alert").filter(has_text="ЖСН сәйкес емес")).to_be_visible()
    assert httpx.post(f"{node}/phone", json={"iin": own, "square": square}, timeout=30).status_code == 200
    expect(page).to_have_url(re.compile("/documents/signed/"))
    expect(page.get_by_text("eGov Mobile")).to_be_visible()
    assert "қол қойылған" in state_in_list(deputy, address)
