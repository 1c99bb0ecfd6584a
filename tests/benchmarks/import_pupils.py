"""A spreadsheet of 1,200 pupils: checked, and loaded, against reading it bare and copying the same rows in.

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
from kernel import iin, tenancy
from kernel.access import Actor
from modules.contingent.models import Guardian, Guardianship, Membership, Pupil, PupilStatus, SchoolClass
from tests import world
from tests.benchmarks.measure import against, alone

ROWS = 1_200
ROUNDS = 5
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


def spreadsheet() -> bytes:
    """A school of 1,200, every cell filled in, without an error."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADS)
        for n in range(ROWS):
            grade = 1 + n % 11
            born = date(2019 - grade, 1, 1) + timedelta(days=n % 330)
            sex = "mf"[n % 2]
            mother, father = date(1985, 1, 1) + timedelta(days=n), date(1981, 1, 1) + timedelta(days=n)
            sheet.write_row(
                n + 1,
                0,
                [
                    n + 1, iin.synthetic(born, sex, n * 5 % 9000), "Нұрпейісов", "Темірлан", "Қуанышұлы",
                    "мж"[n % 2], born.strftime("%d.%m.%Y"), "казах(шка)", "РК", f"{grade}{'АӘБВ'[n // 11 % 4]}",
                    "казахский", 1, "01.09.2025", f"{n}-у", f"А-{n}", f"Қарқаралы, Абай ул. {n}",
                    f"Нұрпейісова Дана Талғатқызы {''}".strip(), iin.synthetic(mother, "f", n * 5 % 9000), f"8705{n:07d}",
                    "Нұрпейісов Қуаныш Сәкенұлы", iin.synthetic(father, "m", n * 5 % 9000), f"8701{n:07d}",
                    "Многодетная семья" if n % 8 == 0 else "", "", "", "да" if n % 10 == 0 else "",
                ],
            )  # fmt: skip
    return target.getvalue()


def _in_turns(*acts: Any) -> list[float]:
    """Medians of the acts, done one after another in every round, so that a noisy neighbour harms all alike."""
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for act, kept in zip(acts, times, strict=True):
            begun = time.perf_counter()
            act()
            kept.append(time.perf_counter() - begun)
    return [statistics.median(kept) for kept in times]


def _floor(content: bytes, copied: dict[str, tuple[str, bytes]]) -> None:
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == ROWS + 1
    with suppress(Undone), transaction.atomic():
        with connection.cursor() as cursor:
            for table, (columns, rows) in copied.items():
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(rows)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        raise Undone


def _copied() -> dict[str, tuple[str, bytes]]:
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


def _measure() -> list[dict[str, Any]]:
    clerk = Actor.system_actor("bench")
    content = spreadsheet()
    copied: dict[str, tuple[str, bytes]] = {}

    def checked() -> Any:
        batch = services.receive(actor=clerk, importer_code="pupils", name="1200.xlsx", content=content)
        services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
        batch = services.check(actor=clerk, batch_id=batch.pk)
        assert batch.counts["create"] == ROWS, batch.counts
        return batch

    def check_round() -> None:
        with suppress(Undone), transaction.atomic():
            checked()
            raise Undone

    def load_round() -> None:
        with suppress(Undone), transaction.atomic():
            services.load(actor=clerk, batch_id=checked().pk)
            if not copied:
                copied.update(_copied())
            raise Undone

    load_round()
    floor, check, both = _in_turns(lambda: _floor(content, copied), check_round, load_round)
    return [
        alone("Import of 1,200 pupils: the check", value=check, goal=1, unit="s"),
        alone("Import of 1,200 pupils: check and load", value=both, goal=5, unit="s"),
        against(
            "Import of 1,200 pupils: check and load against calamine and COPY",
            value=both,
            floor=floor,
            goal=5,
        ),
    ]


def run() -> list[dict[str, Any]]:
    with world.database("import_pupils"), tenancy.use(world.find("school-a")):
        return _measure()
