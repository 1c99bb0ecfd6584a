"""A new teacher comes: card, login and slip by the director; the first sign-in; the lock; the block."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys import keyboard, sight
from tests.journeys.keyboard import choose, tab_to

SCHOOL = "karkaraly-1"
OWN_PASSWORD = "көктем қар суы 2026"
CYRILLIC = "абвгдежзик"


def in_kazakh(visitor: Any, host: str) -> None:
    visitor.context.add_cookies([{"name": "lang", "value": "kk", "url": visitor.district.url(host)}])


def printed_slip(page: Page) -> bytes:
    """Press “Print” with the keyboard: a tab gets a PDF. The same form is sent once more for its bytes."""
    form = "form[action$='/staff/slip/']"
    tab_to(page, f"{form} button")
    with page.context.expect_event("response", lambda r: r.url.endswith("/staff/slip/")) as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 200
    assert answer.value.headers["content-type"] == "application/pdf"
    for other in page.context.pages:
        if other != page:
            other.close()
    text = page.evaluate(
        """async selector => {
            const form = document.querySelector(selector)
            const answer = await fetch(form.action, {method: 'POST', body: new FormData(form)})
            return Array.from(new Uint8Array(await answer.arrayBuffer()))
        }""",
        form,
    )
    return bytes(text)


def typed_on_slip(page: Page) -> tuple[str, str]:
    """Login and one-time password, read off the screen."""
    secrets = page.locator(".slip-secret")
    expect(secrets).to_have_count(2)
    return secrets.nth(0).inner_text().strip(), secrets.nth(1).inner_text().strip()


@pytest.mark.requirement("SIS-04", "SIS-19", "TEN-03", "GEN-03", screen="staff:add")
def test_a_teacher_gets_an_account_by_keyboard_and_loses_it(visitors: Any, district: Any) -> None:
    login = district.login(SCHOOL, "director")
    director = visitors()
    in_kazakh(director, login.host)
    keyboard.sign_in(director, login.host, login.username, login.password)
    in_kazakh(director, login.host)  # signing in gave the page the director's own language
    page: Page = director.page
    page.reload()
    tab_to(page, "a[href='/staff/']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Қызметкерлер")
    tab_to(page, "a[href='/staff/new/']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Жаңа қызметкер")

    # A surname of this run, so that the story can be told again on the same data.
    surname = "Өмірғали" + "".join(CYRILLIC[int(d)] for d in str(int(time.time()))[-7:])
    tab_to(page, "input[name=surname]")
    page.keyboard.type(surname)
    tab_to(page, "input[name=name]")
    page.keyboard.type("Гүлназ")
    tab_to(page, "input[name=patronymic]")
    page.keyboard.type("Ықыласқызы")
    tab_to(page, "input[name=sex]")
    page.keyboard.press("Space")
    choose(page, "post_0", "teacher_subject")
    choose(page, "subject_0", "algebra")
    tab_to(page, "main form button.btn-primary[type=submit]")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Кіру парақшасы")
    expect(page.locator("main")).to_contain_text(f"{surname} Гүлназ Ықыласқызы")
    sight.look(page)
    username, once = typed_on_slip(page)
    pdf = printed_slip(page)
    assert pdf.startswith(b"%PDF")
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    for part in (surname, "Гүлназ", "Ықыласқызы", username, once):
        assert part in text

    teacher = visitors()
    in_kazakh(teacher, login.host)
    keyboard.sign_in(teacher, login.host, username, once)
    own: Page = teacher.page
    expect(own).to_have_url(re.compile("/me/password/"))
    sight.look(own)
    teacher.open(login.host, "/journal/")
    expect(own).to_have_url(re.compile("/me/password/"))
    for name, typed in (("new", OWN_PASSWORD), ("again", OWN_PASSWORD)):
        tab_to(own, f"input[name={name}]")
        own.keyboard.type(typed)
    own.keyboard.press("Enter")
    expect(own).to_have_url(re.compile("/journal/"))
    in_kazakh(teacher, login.host)
    teacher.open(login.host, "/")
    expect(own.locator("html")).to_have_attribute("lang", "kk")
    expect(own.locator("h1")).to_be_visible()
    expect(own.locator("input[name=password]")).to_have_count(0)

    guesser = visitors()
    in_kazakh(guesser, login.host)
    for _try in range(5):
        guesser.sign_in_as(login.host, username, "мүлде басқа сөз")
        expect(guesser.page.locator("main .note.tone-danger")).to_contain_text("Логин немесе құпиясөз қате")
    guesser.sign_in_as(login.host, username, OWN_PASSWORD)
    expect(guesser.page.locator("main .note.tone-danger")).to_contain_text(
        re.compile(r"Құпиясөз тым көп рет қате терілді\. \d+ минуттан кейін қайталаңыз")
    )
    expect(guesser.page.locator("input[name=username]")).to_be_visible()
    # The same browser, another person: nobody else is punished; and who is in already stays in.
    guesser.sign_in(SCHOOL, "teacher")
    expect(guesser.page.locator("input[name=username]")).to_have_count(0)
    teacher.open(login.host, "/me/")
    expect(own.locator("main")).to_contain_text(username)

    page.get_by_role("link", name="Картаға").or_(page.locator("main a[href^='/staff/']").last).first.click()
    page.get_by_role("link", name=username).click()
    page.get_by_role("button", name="Бұғаттау").first.click()
    page.locator("dialog#block[open]").get_by_role("button", name="Бұғаттау").click()
    expect(page.locator("main")).to_contain_text("Тіркелгі бұғатталды және барлық құрылғыдан шығарылды.")
    # The next click of the open session leads to the sign-in page.
    own.locator("nav a[href='/journal/']").first.click()
    expect(own.locator("input[name=username]")).to_be_visible()
    expect(own).to_have_url(re.compile("/sign-in/"))
