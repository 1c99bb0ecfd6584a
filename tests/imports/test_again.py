"""A correction checks anew the rows it touches and no others, and says the same as a check of the whole file."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from imports import checking, queries, repairs, services
from imports.models import ImportBatch, ImportRow
from imports.services import State
from kernel import jobs, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.contingent.models import SchoolClass
from tests.benchmarks.import_scene import spreadsheet
from tests.factories import schedule as scene
from tests.imports.build import line, number, table, xlsx

SEEN = ("number", "verdict", "problems", "has_doubts", "parsed", "ties", "brings")


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def take(clerk: Actor, importer: str, content: bytes) -> ImportBatch:
    batch = services.receive(actor=clerk, importer_code=importer, name="тізім.xlsx", content=content)
    services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
    return services.check(actor=clerk, batch_id=batch.pk)


def seen(batch: ImportBatch) -> tuple[list[tuple[Any, ...]], dict[str, int], list[str]]:
    rows = list(ImportRow.objects.filter(batch=batch).order_by("number").values_list(*SEEN))
    return rows, ImportBatch.objects.get(pk=batch.pk).counts, queries.brought(batch)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the rows that were read, in order."""
    numbers: list[int] = []
    real = checking.read_row

    def counted(importer: Any, source: checking.Source, memo: checking.Memo) -> Any:
        numbers.append(source.number)
        return real(importer, source, memo)

    monkeypatch.setattr(checking, "read_row", counted)
    return numbers


@pytest.mark.requirement("SIS-16")
class TestLongFile:
    @pytest.fixture(scope="class")
    def five_thousand(self) -> bytes:
        return spreadsheet(5_000)

    def test_one_cell_checks_its_class_and_no_more(
        self, clerk: Actor, five_thousand: bytes, read: list[int], django_assert_max_num_queries: Any
    ) -> None:
        batch = take(clerk, "pupils", five_thousand)
        assert batch.counts["create"] == 5_000
        read.clear()
        with django_assert_max_num_queries(30):
            batch = repairs.correct_cell(
                actor=clerk, batch_id=batch.pk, number=777, column="surname", value="Өтегенов"
            )
        assert batch.state == State.CHECKED
        assert batch.rows.get(number=777).parsed["surname"] == "Өтегенов"
        assert len(read) < 120, "one class of 27, and those who share a name and a birthday with any of it"
        read.clear()
        other = batch.rows.get(number=778).parsed["iin"]
        batch = repairs.correct_cell(actor=clerk, batch_id=batch.pk, number=4_000, column="iin", value=other)
        assert len(read) < 240, "the class of the row, and that of the child whose number it has now"
        assert batch.rows.get(number=4_000).verdict == "error"
        assert "778" in str(batch.rows.get(number=4_000).problems)
        assert batch.counts["error"] == 1
        assert batch.counts["create"] == 4_999
        after = seen(batch)
        assert after == seen(services.check(actor=clerk, batch_id=batch.pk))

    def test_rows_without_a_word_of_what_binds_them_are_checked_all(
        self, clerk: Actor, read: list[int]
    ) -> None:
        """A file that was checked before rows knew what binds them."""
        batch = take(clerk, "pupils", xlsx(table(*(line(n) for n in range(5)))))
        ImportRow.objects.filter(batch=batch, number=3).update(ties=None)
        read.clear()
        repairs.correct_cell(actor=clerk, batch_id=batch.pk, number=2, column="name", value="Бекзат")
        assert sorted(read) == [2, 3, 4, 5, 6]


@pytest.mark.requirement("SIS-16")
class TestManyAtOnce:
    @pytest.fixture
    def base(
        self, client_for: Callable[..., Client], school_a: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> tuple[Client, str]:
        monkeypatch.setattr(repairs, "INLINE_AGAIN", 3)
        with tenancy.use(school_a):
            rows = [line(n, Фамилия="АХМЕТОВ", Имя=f"Бек{'аеиоұ'[n]}т") for n in range(5)]
            batch = take(Actor.system_actor("test"), "pupils", xlsx(table(*rows)))
        return client_for(Role.SECRETARY), f"/imports/file/{batch.pk}/"

    def press(self, base: tuple[Client, str], **headers: str) -> Any:
        client, address = base
        return client.post(address + "accept/", {"column": "surname", "code": "letter_case"}, headers=headers)

    def test_goes_to_a_job_and_comes_back(self, base: tuple[Client, str], school_a: TenantRef) -> None:
        client, address = base
        assert self.press(base)["Location"] == address + "progress/"
        page = client.get(address + "progress/")
        assert page.status_code == 200
        # Whoever comes by another way is led there too.
        assert client.get(address + "check/", follow=True).redirect_chain[-1][0] == address + "progress/"
        with tenancy.use(school_a):
            done = jobs.run(ImportBatch.objects.get().job_id)
        assert (done.state, done.kind) == ("done", "imports.check")
        told = client.get(address + "progress/", headers={"HX-Request": "true"})
        assert told.headers["HX-Redirect"] == address + "check/"
        page = client.get(address + "check/").content.decode()
        assert "letter_case" not in page
        assert address + "undo-last/" in page

    def test_leads_the_whole_page_away_when_a_part_was_asked_for(self, base: tuple[Client, str]) -> None:
        answer = self.press(base, **{"HX-Request": "true"})
        assert answer.status_code == 200
        assert answer.headers["HX-Redirect"] == base[1] + "progress/"
        # A second press of a slow hand finds the file at work.
        answer = self.press(base, **{"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == base[1]

    def test_one_row_is_done_at_once(self, base: tuple[Client, str]) -> None:
        client, address = base
        answer = client.post(address + "cell/", {"row": "2", "column": "surname", "value": "Серіков"})
        assert answer["Location"].startswith(address + "check/")


# --- the same as a whole check

IINS = ["", "", "12", *(number(serial=7 * n) for n in range(7)), number(sex="f", serial=3)]
SURNAMES = ["Ахметов", "АХМЕТОВ", "Серіков", "Cepиков", "Оспанов", "Ибраев", ""]
PUPIL: dict[str, list[str]] = {
    "ИИН": IINS,
    "Фамилия": SURNAMES,
    "Имя": ["Ерлан", "Дана"],
    "Отчество": [""],
    "Пол": ["м", "ж", "?", ""],
    "Дата рождения": ["05.04.2013", "06.04.2013", "07.04.2013", ""],
    "Класс": ["7А", "7Ә", "8А", "8Ә", "9А", "9Ә", "10А", "А"],
    "Язык обучения": ["казахский", "русский", "", ""],
    "Мать: ФИО": ["Ахметова Гүлнар", ""],
    "Мать: телефон": ["87051112233", ""],
}
EMPLOYEE: dict[str, list[str]] = {
    "ИИН": IINS,
    "Фамилия": SURNAMES,
    "Имя": ["Ерлан", "Дана"],
    "Пол": ["м", "ж", ""],
    "Дата рождения": ["05.04.1983", ""],
    "Должность": ["учитель", "директор", "дворник"],
    "Предмет": ["алгебра", "физика", ""],
    "Ставка": ["1", "0,5", "9"],
}
GUARDIAN: dict[str, list[str]] = {
    "ИИН ребёнка": [number(serial=0), number(serial=7), ""],
    "ФИО ребёнка": ["Ахметов Ерлан", "Ахметов Бекзат", "Бейтаныс Бала", ""],
    "Класс": ["7А", ""],
    "Кем приходится": ["мать", "отец", ""],
    "ФИО родителя": ["Ахметова Гүлнар", "Гүлнар Ахметова", "Ахметов Болат", ""],
    "ИИН родителя": [number(1985, 4, 5, "f", 1), number(1985, 4, 5, "f", 9), ""],
    "Телефон": ["87051112233", "87051112244", ""],
}
TEACHERS = ["Ахметова Гүлнар", "Серікова Дана", "Оспанова Айжан", "Ибраева Айгүл"]
CLASS: dict[str, list[str]] = {
    "Класс": ["7А", "7Ә", "8А", "8Ә", "9А", "9Ә", "10А", "А", ""],
    "Язык обучения": ["казахский", "русский", ""],
    "Профиль": ["ЕМН", "-", ""],
    "Классный руководитель": [*TEACHERS, "Бейтаныс Біреу", "", ""],
    "Совмещён с": ["8Ә", "9А, 9Ә", "комплект", "", "", "", "", ""],
    "Число мест": ["25", "99", ""],
}
LOAD: dict[str, list[str]] = {
    "Класс": ["7А", "7Ә", "8А", "8Ә", "9А", "9Ә", "11Я"],
    "Предмет": ["алгебра", "физика", "геометрия", "химия"],
    "Часов в неделю": ["1", "2", "12", "0,3", ""],
    "Учитель": [*TEACHERS, "Бейтаныс Біреу", "", "", ""],
    "Группа": ["", "", "", "1", "2"],
    "Место в неделе": ["пн 1", "вт 2, ср 3", "пн 2, вт 3", "жм 5", "", "", "", "никогда"],
}
TYPICAL: dict[str, list[str]] = {
    "Класс": ["7", "8", "9", "А"],
    "Язык обучения": ["казахский", "русский"],
    "Направление": ["", "", "ЕМН"],
    "Предмет": ["алгебра", "физика", "геометрия"],
    "Часов в неделю": ["1", "2", "0,3", ""],
}
COLUMNS = {
    "pupils": (PUPIL, ["iin", "surname", "name", "sex", "birth_date", "class", "language"]),
    "staff": (EMPLOYEE, ["iin", "surname", "name", "sex", "birth_date", "post", "subject", "rate"]),
    "guardians": (
        GUARDIAN,
        ["child_iin", "child", "class", "relation", "full_name", "iin", "phone"],
    ),
    "classes": (CLASS, ["class", "language", "direction", "teacher", "joined", "capacity"]),
    "load": (LOAD, ["class", "subject", "hours", "teacher", "group", "places"]),
    "typical": (TYPICAL, ["grade", "language", "direction", "subject", "hours"]),
}


def at_work() -> None:
    """Teachers, classes, and a load that stands in the week already."""
    people = [scene.teacher(*name.split()) for name in TEACHERS]
    for place, (grade, letter) in enumerate((g, letter) for g in (7, 8, 9) for letter in "АӘ"):
        row = SchoolClass.objects.filter(grade=grade, letter=letter).first()
        row = row or scene.school_class(grade, letter, head=people[place % 4])
        for turn, subject in enumerate(("algebra", "physics")):
            course = scene.course(row, people[(place + turn) % 4], subject, 9)
            scene.slot(course, 1 + turn, 1 + place)


@pytest.mark.requirement("SIS-16")
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("importer", list(COLUMNS))
def test_any_presses_say_what_a_whole_check_says(
    clerk: Actor, read: list[int], importer: str, seed: int
) -> None:
    dice = random.Random(f"{importer} {seed}")
    school = take(clerk, "pupils", xlsx(table(line(0), line(1, Имя="Бекзат"))))
    services.load(actor=clerk, batch_id=school.pk)
    at_work()
    pool, codes = COLUMNS[importer]
    heads = list(pool)
    rows = [[dice.choice(pool[head]) for head in heads] for _ in range(24)]
    batch = take(clerk, importer, xlsx([heads, *rows]))
    part, whole = 0, 0
    for _ in range(14):
        read.clear()
        press(clerk, batch, dice, dict(zip(codes, _pools(pool, codes, heads), strict=True)))
        part += len(set(read))
        after = seen(batch)
        read.clear()
        services.check(actor=clerk, batch_id=batch.pk)
        whole += len(read)
        assert after == seen(batch)
    assert part < whole


def _pools(pool: dict[str, list[str]], codes: list[str], heads: list[str]) -> list[list[str]]:
    """What may be typed into the column of each code; columns that nobody corrects are left out."""
    kept = [head for head in heads if head not in ("Отчество", "Мать: ФИО", "Мать: телефон")]
    assert len(kept) == len(codes)
    return [pool[head] for head in kept]


def press(clerk: Actor, batch: ImportBatch, dice: random.Random, typed: dict[str, list[str]]) -> None:
    """One press of a clerk, whatever comes."""
    troubled = [(row.number, p) for row in batch.rows.order_by("number") for p in row.problems]
    what = dice.random()
    if what < 0.5 or not troubled:
        column = dice.choice(list(typed))
        value = dice.choice(typed[column])
        repairs.correct_cell(
            actor=clerk, batch_id=batch.pk, number=dice.randrange(2, 26), column=column, value=value
        )
    elif what < 0.7:
        row, problem = dice.choice(troubled)
        repairs.settle(
            actor=clerk, batch_id=batch.pk, number=row, column=problem["column"], code=problem["code"]
        )
    elif what < 0.85 or queries.last_repair(batch) is None:
        _row, problem = dice.choice(troubled)
        repairs.accept_all(actor=clerk, batch_id=batch.pk, column=problem["column"], code=problem["code"])
    else:
        repairs.undo_last(actor=clerk, batch_id=batch.pk)
