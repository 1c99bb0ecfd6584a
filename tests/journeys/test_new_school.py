"""The operator makes a school; its director starts it: renames it, and nobody else sees."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

NEW = "Жаңа өмір мектебі"


@pytest.mark.requirement("TEN-03", "SIS-04")
def test_a_new_school_answers_and_its_director_starts_it(visitors: Any, district: Any) -> None:
    made = json.loads(
        district.mektep(
            "tenant", "create", "zhana-omir", "--name-kk", "Жаңа мектеп", "--name-ru", "Новая школа",
            "--mode", "demo", "--parent", "karkaraly", "--director", "aigul", "--json",
        )
    )  # fmt: skip
    assert float(made["seconds"]) < 3
    listed = {row["code"]: row for row in json.loads(district.mektep("tenant", "list", "--json"))}
    assert listed["zhana-omir"]["host"] == made["host"]
    assert {"karkaraly", "karkaraly-1", "my", "ops"} <= set(listed)

    aigul = visitors()
    page = aigul.page
    aigul.sign_in_as(made["host"], made["login"], made["password"])
    # The one-time password opens nothing but the page where it is replaced.
    expect(page).to_have_url(re.compile("/me/password/"))
    page.goto(district.url(made["host"], "/school/"))
    expect(page).to_have_url(re.compile("/me/password/"))
    page.fill("input[name=new]", "бурабай көлі 2026")
    page.fill("input[name=again]", "бурабай көлі 2026")
    with page.expect_navigation():
        page.press("input[name=again]", "Enter")

    page.goto(district.url(made["host"], "/school/edit/"))
    page.fill("[name=name_kk]", NEW)
    page.fill("[name=name_ru]", "Школа «Новая жизнь»")
    with page.expect_navigation():
        page.locator("main form [type=submit]").last.click()
    expect(page.locator("body")).to_contain_text(NEW)
    assert [
        row["name_kk"]
        for row in json.loads(district.mektep("tenant", "list", "--json"))
        if row["code"] == "zhana-omir"
    ] == [NEW]

    # The old one-time password is dead, and the cookie of this school means nothing in another.
    stranger = visitors()
    stranger.sign_in_as(made["host"], made["login"], made["password"])
    expect(stranger.page.locator("input[name=username]")).to_be_visible()
    cookies = [c for c in aigul.context.cookies() if c["name"].endswith("sid")]
    other = visitors()
    other.context.add_cookies([{**c, "domain": "karkaraly-1.mektep.localhost"} for c in cookies])
    other.open("karkaraly-1.mektep.localhost", "/school/")
    expect(other.page.locator("input[name=username]")).to_be_visible()
