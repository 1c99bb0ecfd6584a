"""Bolat teaches where there is no connection: the journal opens, takes everything, and is sent once when he is back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.journal import SCHOOL, cell, emptied, open_algebra, opened, saved, write
from tests.journeys.test_substitution import in_kazakh

_KEPT = """async (path) => {
    for (const name of await caches.keys()) {
        if (name.startsWith('pages:') && await (await caches.open(name)).match(path)) return true
    }
    return false
}"""
_PASTE = """(cell, text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}"""


def until_kept(page: Page, path: str) -> None:
    for _ in range(60):
        if page.evaluate(_KEPT, path):
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"the device did not keep {path}")


def free_rows(page: Page, count: int) -> list[int]:
    rows = [row for row in range(8, 24) if cell(page, row).get_attribute("data-locked") is None]
    return rows[:count]


def comment(page: Page, row: int, words: str) -> None:
    cell(page, row).click()
    page.keyboard.press("Space")
    page.get_by_role("dialog").get_by_role("textbox").fill(words)
    page.keyboard.press("Control+Enter")


@pytest.mark.requirement("SIS-32", "MOB-02", "GEN-03", screen="journal:grid")
def test_a_day_without_a_connection_is_sent_once_and_overwrites_nobody(visitors: Any) -> None:
    teacher = visitors()
    page = open_algebra(teacher)
    contested, own, pasted, undone = rows = free_rows(page, 4)
    for row in rows:
        emptied(page, row)
    address = page.url
    path = "/" + address.split("/", 3)[3]
    until_kept(page, path)
    deputy = visitors()
    deputy.sign_in(SCHOOL, "deputy_academic")
    deputy.context.add_cookies([{"name": "lang", "value": "kk", "url": address}])

    # The line goes; the page is loaded again from the device and takes what a lesson brings.
    teacher.context.set_offline(True)
    page.reload()
    opened(page)
    expect(page.locator(".jg-words")).to_contain_text("Байланыс жоқ.")
    expect(page.locator(".jg-words")).to_contain_text("күйі")
    write(page, cell(page, contested), "9")
    cell(page, own).click()
    page.keyboard.press("Semicolon")  # the key of ж
    comment(page, own, "Анасы ескертті.")
    cell(page, pasted).click()
    cell(page, pasted).evaluate(_PASTE, "8")
    write(page, cell(page, undone), "3")
    page.keyboard.press("Control+z")
    expect(cell(page, undone)).to_have_text(re.compile("^•?$"))

    # Meanwhile a colleague writes into one of the cells.
    theirs = deputy.page
    theirs.goto(address)
    opened(theirs)
    write(theirs, cell(theirs, contested), "6")
    saved(theirs)

    # The browser is closed and opened again, still without a connection.
    page.close()
    page = teacher.context.new_page()
    page.goto(address)
    opened(page)
    expect(cell(page, contested)).to_contain_text("9")
    expect(cell(page, pasted)).to_contain_text("8")
    expect(cell(page, own)).to_have_class(re.compile("jg-noted"))

    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.extend(
            one["id"]
            for one in (request.post_data_json["operations"] if request.url.endswith("/save/") else [])
        ),
    )
    teacher.context.set_offline(False)
    strip = page.locator(".jg-decisions")
    expect(strip.locator("li")).to_contain_text("сіздікі – 9, олардікі – 6", timeout=40_000)
    saved(page)
    assert len(sent) == len(set(sent))
    expect(cell(page, contested)).to_contain_text("6")
    strip.get_by_role("button", name="Менікін қалдыру: 9").click()
    expect(strip).to_be_hidden()
    saved(page)
    page.get_by_role("button", name="Жаңадан жүктеу").click()
    opened(page)
    expect(cell(page, contested)).to_have_text("9")
    expect(cell(page, pasted)).to_have_text("8")
    expect(cell(page, own)).to_contain_text("ж")
    expect(cell(page, undone)).to_have_text("")
    comment(page, own, "")
    for row in rows:
        emptied(page, row)


@pytest.mark.requirement("MOB-02", screen="journal:grid")
def test_a_phone_keeps_journals_before_they_are_opened_until_one_signs_out(visitors: Any) -> None:
    phone = visitors(width=375, height=780)
    login = phone.sign_in(SCHOOL, "teacher")
    phone.context.add_cookies([{"name": "lang", "value": "kk", "domain": login.host, "path": "/"}])
    page: Page = phone.open(login.host, "/journal/")
    link = page.get_by_role("link", name=re.compile("^7[А-ЯӘ] Алгебра")).first
    path = str(link.get_attribute("href"))
    until_kept(page, path)

    phone.context.set_offline(True)
    phone.open(login.host, "/")
    page.get_by_role("link", name=re.compile("^7[А-ЯӘ] Алгебра")).first.click()
    opened(page)
    page.get_by_role("button", name="Кім жоқ").click()
    tile = page.locator(".jg-tile[data-absence='']:enabled").first
    tile.click()
    page.locator(".jg-absent-go button").click()
    expect(page.locator(".jg-status")).to_have_attribute("data-state", "offline")
    page.reload()
    opened(page)
    page.get_by_role("button", name="Қайтару").click()
    phone.open(login.host, "/schedule/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Байланыс жоқ")

    phone.context.set_offline(False)
    page.goto(phone.district.url(login.host, path))
    opened(page)
    saved(page)
    out = page.locator("button[formaction$='/sign-out/']").first
    out.evaluate("(button) => button.form.requestSubmit(button)")
    expect(page.locator("input[name=password]")).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).every((name) => !name.startsWith('pages:'))")


# Of the first grade, in a school where no other story closes anything: a teacher with two subjects, the one that she loses first.
# What is taught an hour a week is marked by half-years, which the end of a quarter does not close.
NEIGHBOUR = "aqsu-ayuly"
_TWO_SUBJECTS = """
from identity.models import User
from kernel import clock, tenancy
from modules.contingent.models import SchoolClass
from modules.schedule.models import Course
from tenants import api
with tenancy.use(api.by_code("aqsu-ayuly")):
    year = clock.school_year_of(clock.today())
    known = dict(User.objects.exclude(person_id=None).values_list("person_id", "username"))
    hers = {}
    first = SchoolClass.objects.filter(year=year, grade=1).values("pk")
    for one in Course.objects.filter(year=year, kind="core", school_class_id__in=first, group=0, hours_per_week__gt=1).order_by("pk"):
        if one.teacher_id in known:
            hers.setdefault(one.teacher_id, []).append(one.pk)
    teacher, courses = next(pair for pair in hers.items() if len(pair[1]) > 1)
    print(known[teacher], *courses[:2])
"""
# While she is away the one subject is taken from her and the quarter is closed; afterwards all is as it was.
_MEANWHILE = """
from kernel import clock, tenancy
from kernel.access import Actor
from modules.schedule import api as schedule
from modules.schedule.models import Course, Lesson
from modules.schedule.year import services as year
from tenants import api
with tenancy.use(api.by_code("aqsu-ayuly")):
    of = schedule.current_period(year=clock.school_year_of(clock.today()))
    year.{act}(actor=Actor.system_actor("journeys"), period_id=of.id)
    hers = Course.objects.get(pk="{own}").teacher_id
    before, after = (hers, None) if "{act}" == "close_period" else (None, hers)
    Course.objects.filter(pk="{other}").update(teacher_id=after)
    Lesson.objects.filter(course_id="{other}", teacher_id=before).update(teacher_id=after)
"""


def miss(page: Page) -> str:
    """Write an absence under the newest lesson of the first pupil; what stands there now."""
    target = cell(page, 0)
    letter, key = ("ж", "Semicolon") if "ж" not in target.inner_text() else ("а", "KeyF")
    target.click()
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator(".jg-status")).to_have_attribute("data-state", "offline")
    return letter


@pytest.mark.requirement("SIS-31", "SIS-32", "MOB-02", screen="journal:words")
def test_what_the_school_takes_no_more_is_told_with_the_reason_and_not_lost(
    visitors: Any, district: Any
) -> None:
    """While a teacher of the first grade has no connection the quarter is closed, and a subject is hers no more."""
    username, other, own = district.shell(_TWO_SUBJECTS).split()[-3:]
    login = next(one for one in district.logins if (one.tenant, one.username) == (NEIGHBOUR, username))
    teacher = in_kazakh(visitors(), district, login)
    addresses = [f"/journal/{own}/words/", f"/journal/{own}/", f"/journal/{other}/"]
    for address in addresses:
        page: Page = teacher.open(login.host, address)
        until_kept(page, address)
    words, closed, lost = (district.url(login.host, one) for one in addresses)

    # She types after the quarter is closed: a page that is left sends its last batch whatever the browser plays.
    teacher.context.set_offline(True)
    meanwhile = _MEANWHILE.replace("{own}", own).replace("{other}", other)
    district.shell(meanwhile.replace("{act}", "close_period"))
    try:
        text = "Санды оңдықтарға жіктейді, сызбамен түсіндіреді."
        page.goto(words)
        page.locator(".words textarea").first.fill(text)
        page.goto(closed)
        opened(page)
        first = miss(page)
        page.goto(lost)
        opened(page)
        second = miss(page)

        teacher.context.set_offline(False)
        strip = page.locator(".jg-decisions")
        expect(strip).to_contain_text("Бұл енді сіздің журналыңызда емес", timeout=40_000)
        expect(strip).to_contain_text(second)
        page.goto(closed)
        opened(page)
        expect(strip).to_contain_text("Кезең жабылған", timeout=40_000)
        expect(strip).to_contain_text(first)
        page.goto(words)
        expect(page.locator("main")).to_contain_text("Кезең жабылған")
    finally:
        district.shell(meanwhile.replace("{act}", "reopen_period"))
    # The words have waited on the device for a page that takes them, the absence in the strip.
    page.goto(words)
    expect(page.locator(".words textarea").first).to_have_value(text)
    page.goto(closed)
    opened(page)
    expect(strip).to_contain_text(first)
