"""The school's own spreadsheet, with everything that is wrong in such lists: checked, mended, loaded, taken back."""

from __future__ import annotations

import io
import json
import re
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from kernel import iin
from kernel.names import fold
from tests.journeys.walking import Walk

SCHOOL = "mady"
CYRILLIC = "абвгдежзик"
KEYS = {"row", "column", "code", "value", "message_kk", "message_ru"}


@dataclass(frozen=True)
class List:
    """A list of pupils of this run: its file, its people and where its troubles stand."""

    content: bytes
    tag: str
    zeros: str


def number(born: date, sex: str, serial: int) -> str:
    return iin.synthetic(born, sex, serial % 9000)


def wrong_digit(good: str) -> str:
    return good[:11] + str((int(good[11]) + 1) % 10)


def pupils_of_this_run(school_class: str) -> List:
    """Nobody of an earlier run is met again: the numbers and the surnames carry the moment."""
    moment = int(time.time())
    tag = "".join(CYRILLIC[int(d)] for d in str(moment)[-6:])
    serial = moment % 8000
    born = date(2013, 3, 15)
    zeros = number(date(2009, 3, 15), "m", serial)
    twice = number(born, "f", serial + 40)
    lines: list[list[Any]] = [
        # 5: all right
        [school_class, born, f"Қуанышев{tag}", "Ерлан", "Болатұлы", number(born, "m", serial), "ер", "+7 705 111 22 33"],
        # 6: the spreadsheet has eaten the leading zero
        [school_class, date(2009, 3, 15), f"Ізтаев{tag}", "Дәурен", "Серікұлы", int(zeros), "ер", ""],
        # 7 and 8: two people with one number
        [school_class, born, f"Әлиева{tag}", "Аружан", "Ержанқызы", twice, "әйел", ""],
        [school_class, born, f"Үсенова{tag}", "Мөлдір", "Асанқызы", twice, "әйел", ""],
        # 9: a wrong digit
        [school_class, born, f"Өтегенов{tag}", "Нұрлан", "", wrong_digit(number(born, "m", serial + 80)), "ер", ""],
        # 10: the date is a text
        [school_class, "15.03.2013 ж.", f"Ғабитова{tag}", "Айша", "", number(born, "f", serial + 120), "әйел", ""],
        [],
        [],
        # 13: the first letter is Latin
        [school_class, born, f"Cейітова{tag}", "Інжу", "", number(born, "f", serial + 160), "әйел", ""],
        # 14: a formula
        [school_class, born, f"Һамитов{tag}", '="Ая"&"н"', "", number(born, "m", serial + 200), "ер", ""],
    ]  # fmt: skip
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Тізім")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.merge_range(0, 0, 0, 7, "Мади ауылының орта мектебі")
        sheet.write(1, 0, "Оқушылардың тізімі")
        heads = ["Сыныбы", "Туған күні", "Тегі", "Аты", "Әкесінің аты", "ЖСН", "Жынысы", f"Байланыс {tag}"]
        for row, line in enumerate([heads, *lines], start=3):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, day)
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(row, column, cell, None, "Аян")
                else:
                    sheet.write(row, column, cell)
    return List(target.getvalue(), tag, zeros)


def line_of(page: Page, row: int) -> Any:
    return page.locator("li.import-trouble", has=page.locator(f"input[name=row][value='{row}']"))


def press(page: Page, button: Any) -> None:
    with page.expect_navigation():
        button.click()


def found(visitor: Any, host: str, text: str) -> list[str]:
    """Names that the list of pupils gives for the text, looked up in a tab of its own."""
    page = visitor.context.new_page()
    page.goto(visitor.district.url(host, f"/contingent/pupils/?q={text}"))
    names = page.locator("#list tbody th").all_inner_texts()
    page.close()
    return [
        name for name in names if fold(text) in fold(name)
    ]  # where nothing begins so, what is like it is shown


LOADED = ("Қуанышев", "Ізтаев", "Әлиева", "Ғабитова", "Сейітова", "Һамитов")


def loaded(visitor: Any, host: str, tag: str) -> list[str]:
    """Surnames of the file that the school has now."""
    return [surname for surname in LOADED if found(visitor, host, surname + tag)]


def school_class_of(visitor: Any, host: str) -> str:
    """A class that the school has."""
    page = visitor.open(host, "/contingent/pupils/")
    labels = page.locator("select[name=class] option").all_inner_texts()
    return next(label.strip() for label in labels if re.match(r"[5-9]\s?[А-ЯӘІҢҒҮҰҚӨҺ]", label.strip()))


@pytest.mark.requirement("SIS-16", "GEN-05", screen="imports:check")
def test_a_clerk_loads_a_troubled_list_and_takes_it_back(visitors: Any, district: Any, walk: Walk) -> None:
    clerk = visitors()
    login = clerk.sign_in(SCHOOL, "secretary")
    clerk.context.add_cookies([{"name": "lang", "value": "kk", "url": district.url(login.host)}])
    given = pupils_of_this_run(school_class_of(clerk, login.host))
    page: Page = clerk.page
    press(page, page.locator("main").get_by_role("link", name="Excel-ден жүктеу"))
    # A chosen file is read at once.
    with page.expect_navigation():
        page.set_input_files(
            "input[name=file]",
            {"name": "оқушылар.xlsx", "mimeType": "application/octet-stream", "buffer": given.content},
        )

    # The names of columns stand in the fourth row and in another order: found, and to be corrected.
    expect(page.locator("main")).to_contain_text("4-жол")
    walk.look(clerk)
    for code, head in (
        ("class", "Сыныбы"), ("birth_date", "Туған күні"), ("surname", "Тегі"), ("name", "Аты"),
        ("patronymic", "Әкесінің аты"), ("iin", "ЖСН"), ("sex", "Жынысы"),
    ):  # fmt: skip
        expect(page.locator(f"select[name={code}] option:checked")).to_have_text(head)
    expect(page.locator("select[name=phone]")).to_have_value("")
    page.locator("main summary").click()
    page.select_option("select[name=phone]", label=f"Байланыс {given.tag}")
    press(page, page.get_by_role("button", name="Жолдарды тексеру"))

    expect(page).to_have_url(re.compile("/check/"))
    for row, said in (
        (6, given.zeros),
        (8, "7-жолда да осы ЖСН тұр"),
        (9, "ЖСН-ның бақылау саны сәйкес келмейді"),
        (13, f"кирилшесі «Сейітова{given.tag}»"),
        (14, "Ұяшықта формула бар"),
    ):
        expect(line_of(page, row)).to_contain_text(said)
    assert page.locator("li.import-trouble").count() == 5
    walk.look(clerk)
    assert loaded(clerk, login.host, given.tag) == []

    line_of(page, 13).get_by_role("button", name=f"«Сейітова{given.tag}» алу").click()
    expect(line_of(page, 13)).to_have_count(0)
    line_of(page, 14).locator("input[name=value]").fill("Аян")
    line_of(page, 14).get_by_role("button", name="Енгізу").click()
    expect(line_of(page, 14)).to_have_count(0)
    press(page, page.get_by_role("button", name="6 жолды жүктеу"))

    expect(page).to_have_url(re.compile("/report/"))
    expect(page.locator("main")).to_contain_text("Жүктелді:")
    walk.look(clerk)
    numbers = page.locator(".stats").inner_text().split()
    assert [int(n) for n in numbers if n.isdigit()] == [6, 0, 0, 2]
    assert loaded(clerk, login.host, given.tag) == list(LOADED)
    # Somebody without Kazakh letters on the keyboard finds them too.
    [name] = found(clerk, login.host, f"куанышев{given.tag}")
    assert name.strip() == f"Қуанышев{given.tag} Ерлан Болатұлы"
    [name] = found(clerk, login.host, f"сейитова{given.tag}")
    assert name.strip() == f"Сейітова{given.tag} Інжу"

    press(page, page.get_by_role("link", name="Жүктеуді кері қайтару"))
    walk.look(clerk)
    press(page, page.get_by_role("button", name="Кері қайтару"))
    expect(page.locator("main")).to_contain_text("Жүктеу кері қайтарылды:")
    assert loaded(clerk, login.host, given.tag) == []


PROSE = "Бүгін сынып сағаты болды.\nОқушылар белсенді қатысты.\n".encode()
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
WRONG = [
    ("хат.pdf", PDF, "мұндай файлдар қабылданбайды", "Файлы этого вида здесь не принимаются"),
    ("тізім.xlsx", PDF, "Бұл – PDF файлы", "Это файл PDF"),
    ("бос.xlsx", b"", "Файл бос.", "Файл пустой."),
    ("хат.xlsx", PROSE, "баған атаулары табылмады", "не найдены названия столбцов"),
]


@pytest.mark.requirement("SIS-16", "GEN-05", screen="imports:upload")
@pytest.mark.parametrize(
    ("name", "content", "kk", "ru"), WRONG, ids=["pdf", "renamed-pdf", "empty", "renamed-text"]
)
def test_a_wrong_file_is_refused_in_words(
    visitors: Any, district: Any, name: str, content: bytes, kk: str, ru: str
) -> None:
    clerk = visitors()
    login = clerk.sign_in(SCHOOL, "secretary")
    for language, said in (("kk", kk), ("ru", ru)):
        clerk.context.add_cookies([{"name": "lang", "value": language, "url": district.url(login.host)}])
        page = clerk.open(login.host, "/imports/pupils/new/")
        page.set_input_files(
            "input[name=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        expect(page.locator(".field-error")).to_contain_text(said)
        expect(page).to_have_url(re.compile("/imports/pupils/new/"))


@pytest.mark.requirement("SIS-16")
def test_the_command_checks_the_same_list(district: Any, tmp_path: Path) -> None:
    file = tmp_path / "оқушылар.xlsx"
    given = pupils_of_this_run("7А")
    file.write_bytes(given.content)
    answer = json.loads(
        district.mektep("import", "pupils", str(file), "--tenant", SCHOOL, "--check", "--json")
    )
    assert set(answer) == {"create", "update", "skip", "errors"}
    assert (answer["create"], answer["update"], answer["skip"]) == (5, 0, 0)
    assert all(set(line) == KEYS for line in answer["errors"])
    assert [(line["row"], line["column"], line["code"]) for line in answer["errors"]] == [
        (6, "iin", "iin_zeros"),
        (8, "iin", "iin_twice"),
        (9, "iin", "iin_checksum"),
        (13, "surname", "latin_lookalike"),
        (14, "name", "formula"),
    ]
    for line in answer["errors"]:
        assert line["message_kk"]
        assert line["message_ru"]
        assert line["message_kk"] != line["message_ru"]
