"""Spreadsheets of pupils for the benchmarks: checked, loaded, and their floor.

The floor reads the file with calamine and sends with COPY exactly the rows that stay when it is loaded: pupils and all
that hangs on them, and the rows of the file with what was read of them, into the same tables.
"""

from __future__ import annotations

import io
import statistics
import time
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import python_calamine
import xlsxwriter
from django.db import connection, transaction
from django.db.models import AutoField

from imports import services
from imports.models import ImportBatch, ImportChange, ImportRow
from kernel import iin
from kernel.access import Actor
from modules.contingent.models import Guardian, Guardianship, Membership, Pupil, PupilStatus, SchoolClass

ROUNDS = 3
LETTERS = "АӘБВГҒДЕЖЗИКҚЛМНҢОӨПРСТУҰ"
SURNAMES = [
    "Ахметов",
    "Нұрпейісов",
    "Сейітқали",
    "Жұмабек",
    "Оспанов",
    "Тілеуберді",
    "Қасымов",
    "Ибраев",
    "Мұратов",
    "Әбенов",
    "Ермеков",
    "Бекенов",
]
NAMES = [
    "Темірлан",
    "Аружан",
    "Ерлан",
    "Дана",
    "Нұрсұлтан",
    "Әсем",
    "Бекзат",
    "Гүлім",
    "Дәурен",
    "Айару",
    "Санжар",
    "Жансая",
    "Мирас",
    "Томирис",
    "Әлихан",
]
PATRONYMICS = {
    "m": ["Қуанышұлы", "Болатұлы", "Серікұлы", "Талғатұлы"],
    "f": ["Қуанышқызы", "Болатқызы", "Серікқызы", "Талғатқызы"],
}
TABLES = [
    SchoolClass,
    Pupil,
    Membership,
    Guardian,
    Guardianship,
    PupilStatus,
    ImportBatch,
    ImportRow,
    ImportChange,
]
HEADS = [
    "№", "ИИН", "Фамилия", "Имя", "Отчество (при его наличии)", "Пол", "Дата рождения", "Национальность",
    "Гражданство", "Класс", "Язык обучения", "Смена", "Дата зачисления", "№ приказа о зачислении", "№ личного дела",
    "Адрес", "Мать: ФИО", "Мать: ИИН", "Мать: телефон", "Отец: ФИО", "Отец: ИИН", "Отец: телефон",
    "Льготная категория", "ООП (ПМПК)", "Надомное обучение", "Подвоз",
]  # fmt: skip


class Undone(Exception):
    """Rolls a round back."""


def spreadsheet(rows: int) -> bytes:
    """A school of so many, every cell filled in, without an error; 27 pupils to a class."""
    letters = LETTERS[: max(1, round(rows / 11 / 27))]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADS)
        for n in range(rows):
            grade = 1 + n % 11
            born = date(2019 - grade, 1, 1) + timedelta(days=n * 7 % 365)
            sex = "mf"[n % 2]
            mother, father = date(1985, 1, 1) + timedelta(days=n), date(1981, 1, 1) + timedelta(days=n)
            surname, name = SURNAMES[n * 7 % 12], NAMES[n * 11 % 15]
            sheet.write_row(
                n + 1,
                0,
                [
                    n + 1, iin.synthetic(born, sex, n * 5 % 9000), surname, name, PATRONYMICS[sex][n % 4],
                    "мж"[n % 2], born.strftime("%d.%m.%Y"), "казах(шка)", "РК", f"{grade}{letters[n // 11 % len(letters)]}",
                    "казахский", 1, "01.09.2025", f"{n}-у", f"А-{n}", f"Қарқаралы, Абай ул. {n}",
                    f"{surname} {NAMES[n * 13 % 15]} Талғатқызы", iin.synthetic(mother, "f", n * 5 % 9000), f"8705{n:07d}",
                    f"{surname} Қуаныш Сәкенұлы", iin.synthetic(father, "m", n * 5 % 9000), f"8701{n:07d}",
                    "Многодетная семья" if n % 8 == 0 else "", "", "", "да" if n % 10 == 0 else "",
                ],
            )  # fmt: skip
    return target.getvalue()


def in_turns(*acts: Any) -> list[float]:
    """Medians of the acts, done one after another in every round, so that a noisy neighbour harms all alike."""
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for act, kept in zip(acts, times, strict=True):
            begun = time.perf_counter()
            act()
            kept.append(time.perf_counter() - begun)
    return [statistics.median(kept) for kept in times]


def floor(content: bytes, rows: int, copied: dict[str, tuple[str, bytes]]) -> None:
    """Read the file and write what the load wrote, with nothing in between."""
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == rows + 1
    with suppress(Undone), transaction.atomic():
        with connection.cursor() as cursor:
            for table, (columns, lines) in copied.items():
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(lines)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        raise Undone


def written() -> dict[str, tuple[str, bytes]]:
    """What the load wrote, as COPY wants it; columns that the database makes itself are left to it."""
    found = {}
    for model in TABLES:
        columns = ", ".join(
            f.column
            for f in model._meta.local_concrete_fields
            if not f.generated and not isinstance(f, AutoField)
        )
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY (SELECT {columns} FROM {model._meta.db_table}) TO STDOUT") as copy,
        ):
            found[model._meta.db_table] = columns, b"".join(bytes(part) for part in copy)
    return found


def take_in(clerk: Actor, content: bytes) -> ImportBatch:
    """Upload the file and take its columns as they were recognised."""
    batch = services.receive(actor=clerk, importer_code="pupils", name="pupils.xlsx", content=content)
    return services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)


def check_and_load(rows: int) -> tuple[float, float, float]:
    """Seconds of the floor, of the check, and of check and load together; medians of rounds in turns."""
    clerk, content = Actor.system_actor("bench"), spreadsheet(rows)
    copied: dict[str, tuple[str, bytes]] = {}

    def checked() -> ImportBatch:
        batch = services.check(actor=clerk, batch_id=take_in(clerk, content).pk)
        assert batch.counts["create"] == rows, batch.counts
        return batch

    def check_round() -> None:
        with suppress(Undone), transaction.atomic():
            checked()
            raise Undone

    def load_round() -> None:
        with suppress(Undone), transaction.atomic():
            services.load(actor=clerk, batch_id=checked().pk)
            if not copied:
                copied.update(written())
            raise Undone

    load_round()
    bare, check, both = in_turns(lambda: floor(content, rows, copied), check_round, load_round)
    return bare, check, both
