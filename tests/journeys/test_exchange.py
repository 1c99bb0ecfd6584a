"""The deputy loads a timetable out of aSc, explains a teacher, compares the variant with the week in force, prints the wall sheet."""

from __future__ import annotations

import io
import re
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
import python_calamine as calamine
from playwright.sync_api import Page, expect

from tests.journeys import sight

SCHOOL = "karkaraly-1"
BOARD = "/schedule/timetables/"
STRANGER = "Бөгдебаев Адам"
FETCHED = """async url => {
  const answer = await fetch(url);
  return [answer.status, answer.headers.get('content-type'), (await answer.arrayBuffer()).byteLength];
}"""


def asc_of(workbook: bytes) -> tuple[str, str, str]:
    """The first class of our own workbook as aSc exports it: two lessons change places, a teacher goes by another name.

    Answers the file, the class, and the teacher's right name.
    """
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0)
    head, *rows = sheet.to_python()
    label = str(head[4])
    cards: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    days = {name: n for n, name in enumerate(dict.fromkeys(row[0] for row in rows))}
    times = {int(row[2]): str(row[3]).partition("–")[0] for row in rows}
    for row in rows:
        for line in str(row[4]).splitlines():
            subject, teacher, *room = [part.strip() for part in line.split("·")]
            cards[subject, teacher].append((days[row[0]], int(row[2]), room[0] if room else ""))
    whole = [key for key in cards if not re.search(r"\(\d\)$", key[0])]
    first, second = whole[:2]
    cards[first][0], cards[second][0] = cards[second][0], cards[first][0]
    found = []
    for n, ((subject, teacher), places) in enumerate(cards.items(), 1):
        part = re.search(r" \((\d)\)$", subject)
        name = STRANGER if (subject, teacher) == first else teacher
        plain = subject[: part.start()] if part else subject
        found.append((n, plain, name, f"G{part[1]}" if part else "G0", places))
    lines = "".join(
        f'<lesson id="L{n}" classids="C1" subjectid="S{n}" teacherids="T{n}" groupids="{group}" periodspercard="1"'
        f' periodsperweek="{len(places)}.0"/>'
        for n, _subject, _name, group, places in found
    )
    placed = "".join(
        f'<card lessonid="L{n}" period="{number}" days="{"0" * day}1{"0" * (4 - day)}" weeks="1" terms="1"/>'
        for n, _subject, _name, _group, places in found
        for day, number, _room in places
    )
    subjects = "".join(f'<subject id="S{n}" name={quoteattr(subject)}/>' for n, subject, *_more in found)
    teachers = "".join(f'<teacher id="T{n}" name={quoteattr(name)}/>' for n, _subject, name, *_more in found)
    groups = "".join(
        f'<group id="G{n}" classid="C1" name="{n or "all"}" entireclass="{int(not n)}" divisiontag="{int(bool(n))}"/>'
        for n in range(3)
    )
    periods = "".join(f'<period period="{n}" starttime="{at}"/>' for n, at in sorted(times.items()))
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><timetable displayname="aSc Timetables 2012 XML"><periods>{periods}'
        f"</periods><subjects>{subjects}</subjects><teachers>{teachers}</teachers>"
        f'<classes><class id="C1" name={quoteattr(label)}/></classes><groups>{groups}</groups>'
        f"<lessons>{lines}</lessons><cards>{placed}</cards></timetable>"
    )
    return text, label, " ".join(first[1].split())


@pytest.mark.requirement("SIS-15", screen="schedule:timetable_compare")
def test_a_timetable_of_asc_becomes_a_variant_that_is_compared_and_printed(
    visitors: Any, tmp_path: Path
) -> None:
    deputy = visitors()
    login = deputy.sign_in(SCHOOL, "deputy_academic")
    page: Page = deputy.open(login.host, f"{BOARD}out/now/")
    sight.look(page)
    with page.expect_download() as taken:
        page.locator("a[href$='timetable.xlsx']").click()
    text, label, teacher = asc_of(taken.value.path().read_bytes())
    name = f"aSc {time.time():.0f}"  # a story may be told twice to one demo
    file = tmp_path / f"{name}.xml"
    file.write_text(text, encoding="utf-8")

    # From the variants to the wizard; the columns of a program's file are known already.
    page.goto(page.url.replace("out/now/", ""))
    page.locator("a[href='/imports/timetable/new/']").click()
    with page.expect_navigation(url=re.compile(r"/(columns|check)/")):
        page.set_input_files("[name=file]", file)
    if "/columns/" in page.url:
        with page.expect_navigation(url=re.compile("/check/")):
            page.locator("main form button.btn-primary").last.click()
    sight.ready(page)
    sight.look(page)

    # A teacher whom the school does not know is explained once.
    words = page.locator("#words li", has_text=STRANGER)
    meaning = words.locator("input[name=means]")
    meaning.fill(teacher)
    with page.expect_response("**/words/"):
        page.locator("#words button.btn-primary").click()
    sight.settled(page)
    expect(page.locator(".import-troubles", has_text=STRANGER)).to_have_count(0)
    expect(page.locator("#words li", has_text=STRANGER).locator("input[name=means]")).to_have_value(teacher)

    # Loaded, it is a variant; the week in force has not changed.
    with page.expect_navigation(url=re.compile("/report/")):
        page.locator("form[action$='/load/'] button").click()
    sight.look(page)
    page.goto(re.sub(r"/imports/.*", BOARD, page.url))
    variant = page.locator("tbody th a", has_text=name)
    address = variant.get_attribute("href") or ""
    page.goto(re.sub(rf"{BOARD}.*", address, page.url))
    page.locator("a[href*='/compare/']").click()
    sight.ready(page)
    sight.look(page)
    code = page.locator("select[name=of] option", has_text=re.compile(rf"^{label} \(\d+\)$")).get_attribute(
        "value"
    )
    page.select_option("select[name=of]", code)
    expect(page.locator(".cmp-table td.is-other").first).to_be_visible()
    assert page.locator(".cmp-table .cmp-entry em").first.inner_text().strip()
    sight.look(page)

    # And the sheet for the wall.
    page.goto(re.sub(rf"{BOARD}.*", f"{BOARD}out/{address.rstrip('/').rpartition('/')[2]}/", page.url))
    wall = page.locator("a[href*='wall.pdf']").first.get_attribute("href")
    status, kind, size = page.evaluate(FETCHED, wall)
    assert (status, kind) == (200, "application/pdf")
    assert size > 10_000
