"""Spreadsheets that look as nobody foresaw: the same three pupils, told in other ways, in other kinds of files.

Each function gives the bytes of a file. Whatever the file of `FILES`, the pupils of `PEOPLE` are in it and nobody else.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from kernel import iin

BORN = (date(2013, 4, 5), date(2013, 10, 31), date(2014, 2, 1))
IINS = tuple(iin.synthetic(day, sex, 7 * n) for n, (day, sex) in enumerate(zip(BORN, "mfm", strict=True)))
NAMES = (
    ("Ахметов", "Ерлан", "Болатұлы"),
    ("Үсенова", "Әйгерім", "Қайратқызы"),
    ("Ким", "Игорь", ""),
)
SEXES = ("м", "ж", "м")
CLASSES = ("7А", "7А", "7Ә")
PEOPLE = {
    (*name, day.isoformat(), school_class)
    for name, day, school_class in zip(NAMES, BORN, CLASSES, strict=True)
}
Rows = Sequence[Sequence[Any]]


def dotted(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def whole(n: int) -> str:
    return " ".join(part for part in NAMES[n] if part)


def serial(day: date) -> int:
    """The number by which Excel keeps a day."""
    return (day - date(1899, 12, 30)).days


# --- kinds of files


def xlsx(
    sheets: dict[str, Rows],
    *,
    merged: dict[str, list[tuple[int, int, int, int, str]]] | None = None,
    hidden: str = "",
) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for top, left, bottom, right, text in (merged or {}).get(name, []):
                page.merge_range(top, left, bottom, right, text)
            for n, row in enumerate(rows):
                for m, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(n, m, cell, book.add_format({"num_format": "dd/mm/yy"}))
                    elif cell not in (None, ""):
                        page.write(n, m, cell)
            if hidden:
                page.set_column(hidden, None, None, {"hidden": True})
    return target.getvalue()


def csv(rows: Rows, *, letters: str, sign: str) -> bytes:
    return "\r\n".join(sign.join(str("" if c is None else c) for c in row) for row in rows).encode(letters)


def ods(rows: Rows) -> bytes:
    """An open document with the parts that a reader looks at."""

    def cell(value: Any) -> str:
        if value in (None, ""):
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>{value}</text:p></table:table-cell>'
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Оқушылар">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", content)
    return target.getvalue()


def xls(rows: Rows) -> bytes:
    """A workbook of Excel 97: one sheet in BIFF8, in the old container with sectors of 512 bytes."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def text(line: str) -> bytes:
        return struct.pack("<HB", len(line), 1) + line.encode("utf-16-le")

    cells = b""
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            if isinstance(cell, int | float):
                cells += record(0x0203, struct.pack("<HHHd", n, m, 0, float(cell)))
            elif cell not in (None, ""):
                cells += record(0x0204, struct.pack("<HHH", n, m, 0) + text(str(cell)))
    size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    sheet = (
        record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
        + size
        + cells
        + record(0x000A, b"")
    )
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + record(
        0x0042, struct.pack("<H", 1200)
    )
    name = "Список".encode("utf-16-le")
    length = len(begin) + 4 + 8 + len(name) + 4
    bound = record(0x0085, struct.pack("<IBBBB", length, 0, 0, 6, 1) + name)
    return _container(begin + bound + record(0x000A, b"") + sheet)


def _container(stream: bytes) -> bytes:
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\x00")
    sectors = len(stream) // 512
    assert sectors < 120  # one sector tells where all the others are
    chain = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFD]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        name = title.encode("utf-16-le") + b"\x00\x00" if title else b""
        return (
            name.ljust(64, b"\x00")
            + struct.pack("<HBBIII", len(name), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + b"\x00" * 36
            + struct.pack("<IQ", start, size)
        )

    folder = (
        entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
        + entry("Workbook", 2, 0xFFFFFFFF, 0, len(stream))
        + entry("", 0, 0xFFFFFFFF, 0, 0) * 2
    )
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
        + struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", sectors + 1, *[0xFFFFFFFF] * 108)
    )  # fmt: skip
    return head + stream + folder.ljust(512, b"\x00") + table


# --- files


def heads_in_two_rows() -> bytes:
    """A title, heads over two rows with joined cells, a row that numbers the columns."""
    rows: list[list[Any]] = [
        ["Қарқаралы ауданы бойынша № 3 мектеп"],
        [],
        ["№", "Оқушы", "", "", "Туған күні", "ЖСН", "Сынып", "Жынысы"],
        ["", "тегі", "аты", "әкесінің аты", "", "", "", ""],
        [1, 2, 3, 4, 5, 6, 7, 8],
    ]
    for n in range(3):
        rows.append([n + 1, *NAMES[n], BORN[n], IINS[n], CLASSES[n], SEXES[n]])
    return xlsx(
        {"Тізім": rows},
        merged={"Тізім": [(0, 0, 0, 7, rows[0][0]), (2, 1, 2, 3, "Оқушы")]},
    )


def a_sheet_for_each_class() -> bytes:
    """Sheets named by classes, columns in another order on the second, nothing about the class in the rows."""
    heads = ["№ п/п", "Фамилия, имя, отчество", "Дата рожд.", "ИИН", "Пол"]
    first = [[], heads, *([n + 1, whole(n), dotted(BORN[n]), IINS[n], SEXES[n]] for n in (0, 1))]
    turned = [
        [],
        [heads[0], heads[3], heads[4], heads[1], heads[2]],
        [1, IINS[2], SEXES[2], whole(2), dotted(BORN[2])],
    ]
    return xlsx({"7 А": first, "7 Ә": turned, "Лист3": [["черновик"]]})


def classes_as_titles_between_the_rows() -> bytes:
    """One sheet: a line with the class, its pupils, a total; the heads once more; signatures at the end."""
    heads = ["№", "Ф.И.О. учащегося", "Пол (м/ж)", "День рождения", "ИИН\nученика", "Домашний адрес"]

    def line(number: int, n: int) -> list[Any]:
        return [number, whole(n).upper(), SEXES[n], serial(BORN[n]), IINS[n], "ул. Абая, 5"]

    rows = [
        ["СПИСОК УЧАЩИХСЯ на 2026-2027 учебный год"],
        heads,
        ["7 «А» класс, классный руководитель Серікова А.К."],
        line(1, 0), line(2, 1),
        ["Итого:", 2],
        [],
        heads,
        ["VII Ә класс"],
        line(1, 2),
        ["", "Всего по школе: 3"],
        [],
        ["Директор школы", "", "", "", "", "__________ Омаров Б."],
        ["м.п."],
    ]  # fmt: skip
    return xlsx({"2026": rows}, merged={"2026": [(2, 0, 2, 5, rows[2][0])]})


def a_class_in_the_title_alone() -> bytes:
    """What a class teacher keeps: text with semicolons in the old Russian letters, one class a file."""
    rows = [
        ["Список 7 \"А\" класса"],
        ["Фамилия", "Имя", "Отчество", "Дата рождения", "ИИН", "Пол"],
        [*NAMES[2], "01 февраля 2014 г.", IINS[2], "муж."],
    ]  # fmt: skip
    return csv(rows, letters="cp1251", sign=";")


def kazakh_text_with_tabs() -> bytes:
    rows = [["Тегі", "Аты", "Әкесінің аты", "Туған күні", "ЖСН", "Жынысы", "Сыныбы"]]
    for n in range(3):
        rows.append([*NAMES[n], BORN[n].isoformat(), IINS[n], ["ұл", "қыз", "ер"][n], CLASSES[n]])
    return csv(rows, letters="utf-16", sign="\t")


def an_open_document() -> bytes:
    rows: list[list[Any]] = [["ИИН", "ФИО ученика", "Класс", "Пол", "Дата рождения"]]
    for n in range(3):
        rows.append([int(IINS[n]), whole(n), CLASSES[n], SEXES[n], BORN[n]])
    return ods(rows)


def an_old_workbook() -> bytes:
    rows: list[list[Any]] = [
        ["Список учащихся"],
        ["Класс", "Фамилия", "Имя", "Отчество", "Пол", "Дата рождения", "ИИН"],
    ]
    for n in range(3):
        rows.append([CLASSES[n], *NAMES[n], SEXES[n], serial(BORN[n]), float(IINS[n])])
    return xls(rows)


def heads_with_typos_in_both_languages() -> bytes:
    """Both languages in one head, broken lines, mistakes, a column hidden, columns that mean nothing here."""
    heads = ["р/с", "Тегі /\nФамилия", "Аты / Имя", "Әкесінің аты /\nОтчество", "Жынысы / Пол", "Туған күні /\nДата рожденя",
             "ЖСН / ИИН", "Сыныбы\n/ Класс", "Қосымша", "Телефон мамы"]  # fmt: skip
    rows: list[list[Any]] = [heads]
    for n in range(3):
        rows.append(
            [
                n + 1,
                *NAMES[n],
                SEXES[n],
                dotted(BORN[n]),
                f" {IINS[n][:6]} {IINS[n][6:]}",
                f'{CLASSES[n][0]} "{CLASSES[n][1]}"',
                "x",
                "",
            ]
        )
    return xlsx({"Sheet1": rows}, hidden="I:I")


def a_title_of_pupils_over_the_heads() -> bytes:
    """A title that speaks of pupils, joined over the whole table, right above the heads."""
    rows: list[list[Any]] = [["Мектеп оқушыларының тізімі"], ["ФИО", "Класс", "Пол", "Дата рождения", "ИИН"]]
    for n in range(3):
        rows.append([whole(n), CLASSES[n], SEXES[n], BORN[n], IINS[n]])
    return xlsx({"Лист1": rows}, merged={"Лист1": [(0, 0, 0, 4, rows[0][0])]})


def no_first_zeros_and_look_alikes() -> bytes:
    """The spreadsheet took the numbers for numbers; the typist had an English keyboard for some letters."""
    rows: list[list[Any]] = [["ФАМИЛИЯ", "ИМЯ", "ОТЧЕСТВО", "ПОЛ", "Д.Р.", "ИИН", "КЛАСС"]]
    look_alike = str.maketrans("АЕОС", "AEOC")
    for n in range(3):
        surname = NAMES[n][0].translate(look_alike) if n == 0 else NAMES[n][0].upper()
        rows.append([surname, NAMES[n][1], NAMES[n][2], SEXES[n], BORN[n], int(IINS[n]), CLASSES[n]])
    return xlsx({"Лист1": rows})


FILES: dict[str, Callable[[], bytes]] = {
    "heads in two rows": heads_in_two_rows,
    "a sheet for each class": a_sheet_for_each_class,
    "classes between the rows": classes_as_titles_between_the_rows,
    "Kazakh text with tabs": kazakh_text_with_tabs,
    "an open document": an_open_document,
    "an old workbook": an_old_workbook,
    "a title of pupils": a_title_of_pupils_over_the_heads,
    "typos in both languages": heads_with_typos_in_both_languages,
    "numbers and look-alikes": no_first_zeros_and_look_alikes,
}
