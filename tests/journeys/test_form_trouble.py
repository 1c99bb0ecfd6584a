"""An ordinary form on a bad day: the session ends, the connection breaks, somebody else sits down; nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import sight
from tests.journeys.journal import open_algebra

SCHOOL = "mady"
FORM = "/contingent/pupils/new/"
TYPED = {"surname": "Құсайынов", "name": "Ықылас", "birth_date": "2015-04-05"}
ENDED = {
    "kk": "Сеансыңыз аяқталды. Тергеніңіз осы қойындыда сақталды",
    "ru": "Ваш сеанс завершён. Набранное хранится в этой вкладке",
}
HERE_AGAIN = {
    "kk": "Бұл сақталмай қалды. Тергеніңіз қайта орнында",
    "ru": "Это не сохранилось. Набранное снова на месте",
}


def speak(visitor: Any, host: str, language: str) -> None:
    visitor.context.add_cookies([{"name": "lang", "value": language, "domain": host, "path": "/"}])


def fill(page: Page) -> None:
    for name, value in TYPED.items():
        page.fill(f"main [name={name}]", value)
    page.check("main [name=sex][value=m]")


def expect_typed(page: Page) -> None:
    for name, value in TYPED.items():
        expect(page.locator(f"main [name={name}]")).to_have_value(value)
    expect(page.locator("main [name=sex][value=m]")).to_be_checked()


def send(page: Page) -> None:
    page.locator("main form button.btn-primary[type=submit]").click()


def sign_in_here(page: Page, username: str, password: str) -> None:
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")


def begin(visitor: Any, language: str = "kk") -> Any:
    """The clerk at the form of a new pupil, with some of it typed."""
    login = visitor.sign_in(SCHOOL, "secretary")
    speak(visitor, login.host, language)
    visitor.open(login.host, FORM)
    fill(visitor.page)
    return login


def end_session(visitor: Any) -> None:
    visitor.context.clear_cookies(name=re.compile("sid$"))


@pytest.mark.requirement("GEN-03", "GEN-05", screen="contingent:add_pupil")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_session_that_ends_while_typing_loses_nothing(visitors: Any, language: str) -> None:
    clerk = visitors()
    login = begin(clerk, language)
    page: Page = clerk.page
    end_session(clerk)
    send(page)
    expect(page).to_have_url(re.compile("/sign-in/"))
    expect(page.locator("main .note")).to_contain_text(ENDED[language])
    # A slip of the finger at the password changes nothing.
    sign_in_here(page, login.username, "басқа сөз")
    expect(page.locator("main .note.tone-danger")).to_be_visible()
    expect(page.locator("main .note.tone-info")).to_contain_text(ENDED[language])
    sign_in_here(page, login.username, login.password)
    expect(page).to_have_url(re.compile(f"{FORM}$"))
    expect_typed(page)
    note = page.locator("main form .note.tone-warning")
    expect(note).to_be_visible()
    said = page.get_attribute("html", "lang")
    expect(note).to_contain_text(HERE_AGAIN[said or "kk"])
    # Told once: the form is as empty as ever the next time.
    page.goto(page.url)
    expect(page.locator("main [name=surname]")).to_have_value("")
    expect(note).to_have_count(0)


@pytest.mark.requirement("GEN-03", screen="contingent:add_pupil")
def test_who_signs_in_instead_finds_nothing_of_it(visitors: Any, district: Any) -> None:
    clerk = visitors()
    begin(clerk)
    page: Page = clerk.page
    end_session(clerk)
    send(page)
    expect(page).to_have_url(re.compile("/sign-in/"))
    other = district.login(SCHOOL, "director")
    sign_in_here(page, other.username, other.password)
    expect(page).to_have_url(re.compile(f"{FORM}$"))
    expect(page.locator("main [name=surname]")).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('mektep:draft')") is None


@pytest.mark.requirement("GEN-03", "MOB-02", screen="contingent:add_pupil")
def test_a_form_stays_where_it_is_without_a_connection(visitors: Any) -> None:
    clerk = visitors()
    login = begin(clerk)
    page: Page = clerk.page
    clerk.context.set_offline(True)
    send(page)
    expect(page.locator("#toasts")).to_contain_text("Байланыс жоқ. Терген мәтініңіз осында қалады.")
    expect(page).to_have_url(re.compile(f"{FORM}$"))
    expect_typed(page)
    clerk.context.set_offline(False)
    # It looks connected, and breaks on the way: the browser's own page of an error, and back.
    page.route(
        f"**{FORM}", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    send(page)
    expect(page).to_have_url(re.compile("chrome-error"))
    page.unroute(f"**{FORM}")
    page.go_back()
    clerk.open(login.host, FORM)
    expect_typed(page)
    expect(page.locator("main form .note.tone-warning")).to_contain_text(HERE_AGAIN["kk"])
    page.fill("main [name=name]", "")
    send(page)
    # The server's own answer is the newest word: its refusal at the field, nothing put over it.
    expect(page.locator("#id_name_error")).to_be_visible()
    expect(page.locator("main form .note.tone-warning")).to_have_count(0)
    expect(page.locator("main [name=name]")).to_have_value("")
    expect(page.locator("main [name=surname]")).to_have_value(TYPED["surname"])


@pytest.mark.requirement("GEN-03", "GEN-05", "SIS-32", screen="journal:grid")
@pytest.mark.parametrize(
    ("language", "said", "way"),
    [
        ("kk", "Сеансыңыз аяқталды. Қайта кіріңіз, ештеңе жоғалған жоқ.", "Кіру"),
        ("ru", "Ваш сеанс завершён. Войдите снова, ничего не потеряно.", "Войти"),
    ],
)
def test_a_line_typed_within_a_page_stays_and_the_way_in_opens_beside_it(
    visitors: Any, district: Any, language: str, said: str, way: str
) -> None:
    teacher = visitors()
    page = open_algebra(teacher)
    login = district.login("karkaraly-1", "teacher")
    speak(teacher, login.host, language)
    page.reload()
    page.locator("tr[id^=lesson-] a[hx-get]").first.click()
    topic = page.locator(".topic-form [name=topic]")
    topic.fill("Қысқаша көбейту формулалары: қайталау")
    sight.look(page)
    end_session(teacher)
    topic.press("Enter")
    toast = page.locator("#toasts .flash")
    expect(toast).to_contain_text(said)
    with page.expect_popup() as opened:
        toast.get_by_role("link", name=way).click()
    beside: Page = opened.value
    sign_in_here(beside, login.username, login.password)
    expect(beside.locator("input[name=password]")).to_have_count(0)
    beside.close()
    expect(topic).to_have_value("Қысқаша көбейту формулалары: қайталау")
    topic.press("Enter")
    expect(topic).to_have_count(0)
    expect(page.locator("tr[id^=lesson-]", has_text="формулалары: қайталау").first).to_be_visible()
