"""A secretary in September: an empty school, its own spreadsheets, and at the end the first mark in a journal."""

from __future__ import annotations

import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.journeys import sight
from tests.journeys.journal import cell, opened, saved, write
from tests.journeys.walking import Walk

GIVEN = Path(__file__).resolve().parents[2] / "demo" / "import"
PASSWORD = "бурабай көлі 2026"
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")


class Person:
    """Somebody at the new school's host, in Kazakh."""

    def __init__(self, visitor: Any, host: str, username: str, once: str) -> None:
        self.visitor, self.host, self.page = visitor, host, visitor.page
        visitor.sign_in_as(host, username, once)
        self.page.fill("input[name=new]", PASSWORD)
        self.page.fill("input[name=again]", PASSWORD)
        self.press(None, lambda: self.page.press("input[name=again]", "Enter"))
        self.speak("kk")

    def speak(self, language: str) -> None:
        url = self.visitor.district.url(self.host)
        self.visitor.context.add_cookies([{"name": "lang", "value": language, "url": url}])

    def open(self, path: str) -> Page:
        page: Page = self.visitor.open(self.host, path)
        return page

    def press(self, what: Any, act: Any = None) -> None:
        with self.page.expect_navigation():
            (act or what.click)()

    def step(self, code: str) -> Any:
        self.open("/school/start/")
        return self.page.locator(f"li[id='{code}']")

    def choose(self, name: str, content: bytes) -> None:
        given = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        with self.page.expect_navigation():
            self.page.set_input_files("input[name=file]", given)

    def upload(self, code: str, name: str, content: bytes) -> None:
        """From the step to the check of the file."""
        self.press(self.step(code).get_by_role("link", name="Excel-ден"))
        self.choose(name, content)
        self.press(self.page.get_by_role("button", name="Жолдарды тексеру"))
        expect(self.page).to_have_url(re.compile("/check/"))

    def load(self, count: int) -> None:
        self.press(self.page.get_by_role("button", name=f"{count} жолды жүктеу"))
        expect(self.page).to_have_url(re.compile("/report/"))


def workbook(rows: list[list[Any]], *, sheet: str = "Лист1", merge: tuple[int, ...] = ()) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        if merge:
            page.merge_range(*merge, rows[merge[0]][merge[1]])
        for n, row in enumerate(rows):
            for m, one in enumerate(row):
                if one != "":
                    page.write(n, m, one)
    return target.getvalue()


def staff_of_the_school() -> list[str]:
    book = python_calamine.CalamineWorkbook.from_path(GIVEN / "small-school-staff-kk.xlsx")
    return [" ".join(filter(None, row[2:5])) for row in book.get_sheet_by_index(0).to_python()[1:]]


def classes_unlike(teachers: list[str]) -> bytes:
    """Roman figures, both languages in one head, initials, a letter wrong in a name, titles and a total between."""
    rows: list[list[Any]] = [
        ["«Ауыл мектебі» КММ – сынып жетекшілері / классные руководители"],
        [],
        ["№", "Сынып /\nКласс", "Ауысым / Смена", "Оқыту тілі", "Сынып жетекшісі\n(аты-жөні)"],
        ["Бастауыш буын"],
    ]
    for n in range(1, 12):
        surname, *others = teachers[n].split()
        said = f"{surname} {' '.join(part[0] + '.' for part in others)}"
        if n == 4:
            said = teachers[n].replace("а", "о", 1)
        label = "он бірінші" if n == 11 else f"{ROMAN[n]} «А»"
        rows.append([n, label, 1, "қазақ", said])
        if n == 4:
            rows.append(["Негізгі буын"])
    rows += [["", "Барлығы:", 11], [], ["Мектеп директоры ____________"]]
    return workbook(rows, sheet="2026-27", merge=(0, 0, 0, 4))


def load_of_the_school(teacher: str) -> bytes:
    rows: list[list[Any]] = [["Класс", "Предмет", "Часов в неделю", "ФИО учителя", "Расписание", "Каб."]]
    rows += [
        [f"{n}А", "Математика" if n < 7 else "Алгебра", 1, teacher, f"Ср {n}", "12"] for n in range(1, 12)
    ]
    return workbook(rows, sheet="Нагрузка")


def mended(content: bytes, column: int, value: str) -> bytes:
    """The file of errors as the secretary sends it back: one cell put right in Excel, all else as it came."""
    rows = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    assert len(rows) == 2
    rows[1][column] = value
    return workbook(rows)


@pytest.fixture
def school(district: Any) -> dict[str, str]:
    code = f"ауыл-{int(time.time())}".replace("ауыл", "auyl")
    made: dict[str, str] = json.loads(
        district.mektep(
            "tenant", "create", code, "--name-kk", "Ауыл мектебі", "--name-ru", "Сельская школа", "--mode", "demo",
            "--parent", "karkaraly", "--director", "dana", "--json",
        )
    )  # fmt: skip
    return made


def secretary_of(director: Person, walk: Walk, visitors: Any) -> Person:
    """The director fills the profile in and takes a secretary on."""
    page = director.open("/")
    card = page.locator("section", has=page.get_by_role("heading", name="Жұмысты бастау қадамдары"))
    expect(card).to_contain_text("Орындалған қадамдар: 1, барлығы 10")
    director.press(card.get_by_role("link", name="Жалғастыру"))
    walk.look(director.visitor)
    expect(page.locator("li[id='school.profile']")).to_contain_text("Әлі толтырылмаған: БСН")
    expect(page.locator("li[id='schedule.year'] .icon[aria-label='орындалды']")).to_be_visible()
    director.press(page.locator("li[id='school.profile']").get_by_role("link").first)
    page.fill("[name=bin]", "260140000015")
    page.fill("[name=address_kk]", "Ауыл, Абай көш., 1")
    page.fill("[name=director]", "Д. Серікова")
    page.locator("input[name=languages][value=kk]").check()
    director.press(page.locator("main form [type=submit]").last)
    expect(director.step("school.profile").locator(".icon[aria-label='орындалды']")).to_be_visible()

    director.open("/staff/new/")
    for field, value in (("surname", "Есенова"), ("name", "Шолпан"), ("patronymic", "Маратқызы")):
        page.fill(f"input[name={field}]", value)
    page.locator("input[name=sex][value=f]").check()
    page.select_option("select[name=post_0]", "secretary")
    director.press(page.locator("main form button.btn-primary[type=submit]").last)
    secrets = page.locator(".slip-secret")
    username, once = secrets.nth(0).inner_text().strip(), secrets.nth(1).inner_text().strip()
    return Person(visitors(), director.host, username, once)


def loads_the_lists(clerk: Person, walk: Walk) -> None:
    """Employees and pupils in the files they came in, classes in one that looks like neither."""
    page = clerk.page
    steps = clerk.step("schedule.load")
    expect(steps).to_contain_text("құқығы бар адам орындайды")
    walk.look(clerk.visitor)
    clerk.upload("staff.employees", "қызметкерлер.xlsx", (GIVEN / "small-school-staff-kk.xlsx").read_bytes())
    clerk.load(17)
    # Under the report stands what comes next.
    expect(page.locator(".start-card")).to_contain_text("Оқу жылының сыныптарын ашыңыз")
    walk.look(clerk.visitor)
    expect(clerk.step("staff.employees")).to_contain_text("Қызметкерлер: 18")

    clerk.upload("contingent.classes", "сыныптар.xlsx", classes_unlike(staff_of_the_school()))
    walk.look(clerk.visitor)
    page.locator(".import-left summary").click()
    for text in ("Барлығы", "Бастауыш буын", "Мектеп директоры"):
        expect(page.locator(".import-left")).to_contain_text(text)
    wrong = page.locator("li.import-trouble", has_text="деген қызметкер жоқ")
    name = staff_of_the_school()[4]
    clerk_takes = wrong.get_by_role("button", name=f"«{name}» алу")
    clerk_takes.click()
    expect(wrong).to_have_count(0)
    expect(page.locator(".import-done")).to_be_visible()
    page.locator(".import-done").get_by_role("button", name="Қайтару").click()
    expect(wrong).to_have_count(1)
    clerk_takes.click()
    expect(wrong).to_have_count(0)
    clerk.load(10)
    walk.look(clerk.visitor)
    with page.expect_download() as download:
        page.get_by_role("link", name="Қатесі бар жолдарды жүктеп алу").click()
    back = Path(download.value.path()).read_bytes()
    # The file comes back with its own columns known: straight to the check, which says so.
    clerk.press(clerk.step("contingent.classes").get_by_role("link", name="Excel-ден"))
    clerk.choose("сыныптар (түзетілген).xlsx", mended(back, 1, "XI «А»"))
    expect(page).to_have_url(re.compile("/check/"))
    expect(page.locator("main")).to_contain_text("осындай файл үшін таңдағаныңыздай")
    clerk.load(1)
    expect(clerk.step("contingent.classes")).to_contain_text("11 сынып ашылған")

    clerk.upload("contingent.pupils", "оқушылар.xlsx", (GIVEN / "small-school-pupils-kk.xlsx").read_bytes())
    clerk.load(50)
    expect(clerk.step("contingent.pupils")).to_contain_text("50 оқушы бар")
    expect(clerk.step("contingent.guardians").locator(".icon[aria-label='орындалды']")).to_be_visible()


@pytest.mark.requirement("SIS-16", "SIS-04", "GEN-05", screen="school:start")
def test_a_new_school_comes_from_nothing_to_its_first_journal(
    visitors: Any, school: dict[str, str], walk: Walk
) -> None:
    director = Person(visitors(), school["host"], school["login"], school["password"])
    clerk = secretary_of(director, walk, visitors)
    loads_the_lists(clerk, walk)

    page = director.page
    expect(director.step("identity.accounts").locator(".icon[aria-label='орындалды']")).to_be_visible()
    director.upload("schedule.load", "жүктеме.xlsx", load_of_the_school(staff_of_the_school()[12]))
    walk.look(director.visitor)
    director.load(11)
    expect(director.step("schedule.lessons").locator(".icon[aria-label='орындалды']")).to_be_visible()

    director.open("/journal/")
    director.press(page.locator("main").get_by_role("link", name=re.compile("^5А")))
    page.get_by_role("link", name=re.compile("^Математика")).first.click()
    opened(page)
    target = cell(page, 0)
    write(page, target, "9")
    expect(target).to_have_text("9")
    saved(page)
    director.open("/")
    expect(page.get_by_role("heading", name="Жұмысты бастау қадамдары")).to_have_count(0)
    director.open("/school/")
    director.press(page.locator("main a[href='/school/start/']"))
    expect(page.locator("main")).to_contain_text("Орындалған қадамдар: 10, барлығы 10")


@pytest.mark.requirement("SIS-16", screen="school:start")
def test_a_step_that_is_not_needed_is_skipped_with_a_reason_on_a_phone(
    visitors: Any, school: dict[str, str]
) -> None:
    director = Person(visitors(width=375, height=780), school["host"], school["login"], school["password"])
    director.speak("ru")
    page, step = director.page, director.step("contingent.guardians")
    step.locator("summary").click()
    director.press(step.get_by_role("button", name="Пропустить шаг"))
    expect(step.locator(".field-error")).to_be_visible()
    sight.look(page)
    step.locator("input[name=reason]").fill("Родителей впишем осенью")
    director.press(step.get_by_role("button", name="Пропустить шаг"))
    expect(step).to_contain_text("Не нужно: Родителей впишем осенью")
    expect(page.locator("main")).to_contain_text("Сделано шагов: 2 из 10")
    director.press(step.get_by_role("button", name="Вернуть шаг"))
    expect(page.locator("main")).to_contain_text("Сделано шагов: 1 из 10")
