"""Eight in the morning: a teacher is ill. Two presses, three are asked, the second says yes on the phone and holds the lesson."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.journal import SCHOOL, opened, saved, write

_NAMES = "tiles => tiles.map(li => li.firstChild.textContent.trim())"
_OPEN_COLUMNS = """heads => heads.map((head, n) => head.dataset.kind === 'fo' && !head.dataset.locked ? n : -1)
    .filter(n => n >= 0)"""


def login_of(district: Any, short: str) -> Any:
    """The login of the teacher who is called so for short: surname and initials."""
    surname, *initials = short.replace("\u00a0", " ").split()
    letters = [one.rstrip(".") for one in initials]

    def is_same(full: str) -> bool:
        parts = full.split()
        return parts[0] == surname and [one[0] for one in parts[1:]] == letters

    return next(x for x in district.logins if x.tenant == SCHOOL and is_same(x.full_name))


def in_kazakh(visitor: Any, district: Any, login: Any) -> Any:
    visitor.sign_in_as(login.host, login.username, login.password)
    visitor.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(login.host)}])
    return visitor


def answer(visitor: Any, host: str, lesson: str, word: str) -> None:
    """From the notification bell's page to the answer, with a thumb."""
    page = visitor.open(host, "/schedule/substitutions/mine/")
    page.locator("form.question", has_text=lesson).first.get_by_role("button", name=word).click()
    expect(page.locator("form.question", has_text=lesson)).to_have_count(0)


def with_three(page: Page) -> Locator:
    """An open lesson for which three could be asked."""
    return page.locator("article.light-open").filter(has=page.locator("ol li:nth-child(3)"))


@pytest.mark.requirement("SIS-11", "SIS-43", "MOB-04", screen="schedule:board")
def test_a_teacher_falls_ill_and_a_colleague_takes_the_lesson(visitors: Any, district: Any) -> None:
    deputy = in_kazakh(visitors(), district, district.login(SCHOOL, "deputy_academic"))
    host = district.login(SCHOOL, "deputy_academic").host
    page: Page = deputy.open(host, "/schedule/substitutions/")
    # Two presses: somebody is absent; the name. Until a lesson is open for which three are free.
    while True:
        before = with_three(page).count()
        page.get_by_role("link", name="Педагог жоқ").first.click()
        page.locator(".names").first.locator("button").first.click()
        expect(page).to_have_url(re.compile(r"/substitutions/\?day="))
        if with_three(page).count() > before:
            break
    day = re.search(r"day=([0-9-]+)", page.url)
    assert day is not None
    tile = with_three(page).last
    place = tile.locator("h3 a").get_attribute("href")
    assert place is not None
    school_class, subject = (tile.locator(f"h3 {part}").inner_text().strip() for part in ("a", "span"))
    names = tile.locator("ol li").evaluate_all(_NAMES)
    tile.get_by_role("button", name="3 педагогтен сұрау").click()
    mine = page.locator("article").filter(has=page.locator(f"a[href='{place}']"))
    expect(mine).to_have_class(re.compile("light-asked"))

    # The first cannot, the second says yes on the phone, the third is told calmly that it is done.
    lesson = f"{school_class} · {subject}"
    first, second, third = (login_of(district, one) for one in names)
    answer(in_kazakh(visitors(width=375, height=780), district, first), host, lesson, "Жоқ, ала алмаймын")
    phone = in_kazakh(visitors(width=375, height=780), district, second)
    late = in_kazakh(visitors(width=375, height=780), district, third)
    late.open(host, "/schedule/substitutions/mine/")
    answer(phone, host, lesson, "Иә, аламын")
    expect(phone.page.locator("main")).to_contain_text(lesson)
    late.page.locator("form.question", has_text=lesson).first.get_by_role("button", name="Иә, аламын").click()
    expect(late.page.locator("body")).to_contain_text("Әріптесіңіз сәл бұрын келісті")

    page.reload()
    expect(mine).to_have_class(re.compile("light-(taken|held)"))
    expect(mine).to_contain_text(names[1])

    # It stands in her day; in the journal she writes there and only there.
    desk = in_kazakh(visitors(), district, second)
    hers: Page = desk.open(host, f"/schedule/?day={day.group(1)}")
    slot = hers.locator(".week-day.is-chosen .slot", has_text="ауыстыру").filter(has_text=lesson).first
    expect(slot).to_be_visible()
    slot.locator("a.slot-what").click()
    opened(hers)
    columns = hers.locator("#journal thead th").evaluate_all(_OPEN_COLUMNS)
    assert len(columns) == 1, "the journal is open for the one lesson"
    rows = hers.locator("#journal tbody tr")
    there = rows.first.locator("th, td").nth(columns[0])
    # Late or away: a subject without marks takes that too.
    letter, key = ("а", "KeyF") if "к" in there.inner_text() else ("к", "KeyR")
    write(hers, there, [key])
    saved(hers)
    expect(there).to_contain_text(letter)
    expect(there).not_to_have_class(re.compile("jg-refused"))
    elsewhere = rows.first.locator("th, td").nth(columns[0] - 1 or columns[0] + 1)
    was = elsewhere.inner_text()
    write(hers, elsewhere, ["KeyF"])
    assert elsewhere.inner_text() == was
    hers.reload()
    opened(hers)
    expect(rows.first.locator("th, td").nth(columns[0])).to_contain_text(letter)

    # The book has the line once the day has come, and the sheet of hours the hour; a lesson ahead is not there yet.
    held = date.fromisoformat(day.group(1))
    has_come = held <= datetime.now(ZoneInfo("Asia/Almaty")).date()
    book: Page = deputy.open(host, f"/schedule/substitutions/book/?month={held:%Y-%m}")
    line = (
        book.locator("tbody tr", has_text=names[1])
        .filter(has_text=f"{held:%d.%m.%Y}")
        .filter(has_text=subject)
    )
    expect(line).to_have_count(1 if has_come else 0)
    sheet: Page = deputy.open(host, f"/schedule/substitutions/hours/?month={held:%Y-%m}")
    expect(sheet.locator("h1")).to_be_visible()
    if has_come:
        expect(sheet.locator("tbody tr", has_text=names[1])).to_be_visible()
