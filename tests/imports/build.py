"""Small spreadsheets made on the spot."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import xlsxwriter

from kernel import iin

HEADS = ["ИИН", "Фамилия", "Имя", "Отчество", "Пол", "Дата рождения", "Класс"]


def number(year: int = 2013, month: int = 4, day: int = 5, sex: str = "m", serial: int = 0) -> str:
    return iin.synthetic(date(year, month, day), sex, serial)


def line(serial: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "ИИН": number(serial=serial * 7),
        "Фамилия": "Ахметов",
        "Имя": "Ерлан",
        "Отчество": "Болатұлы",
        "Пол": "м",
        "Дата рождения": "05.04.2013",
        "Класс": "7А",
    } | more


def xlsx(
    rows: list[list[Any]], *, sheet: str = "Лист1", merge: list[tuple[int, int, int, int, str]] = ()
) -> bytes:  # type: ignore[assignment]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for top, left, bottom, right, text in merge:
            page.merge_range(top, left, bottom, right, text)
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(n, m, cell, day)
                elif isinstance(cell, str) and cell.startswith("="):
                    page.write_formula(n, m, cell, None, "из формулы")
                elif cell is not None:
                    page.write(n, m, cell)
    return target.getvalue()


def table(*lines: dict[str, Any], before: list[list[Any]] | None = None) -> list[list[Any]]:
    heads = list(dict.fromkeys(key for one in lines for key in one))
    return [*(before or []), heads, *([one.get(head, "") for head in heads] for one in lines)]
