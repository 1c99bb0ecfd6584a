"""Files nobody has seen load as well as those that came with the product."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import python_calamine
import time_machine

from imports import declaration, repairs, services, workbooks
from imports.models import ImportBatch
from imports.queries import all_rows
from kernel.access import Actor
from kernel.tenancy import TenantRef
from modules.contingent.models import Membership
from tests.imports import unlike

PEOPLE = sorted(unlike.PEOPLE)


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def take(clerk: Actor, content: bytes) -> ImportBatch:
    batch = services.receive(actor=clerk, importer_code="pupils", name="тізім", content=content)
    services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
    return services.check(actor=clerk, batch_id=batch.pk)


def learn_here() -> list[tuple[Any, ...]]:
    return sorted(
        (p.surname, p.name, p.patronymic, p.birth_date.isoformat(), m.school_class.label)
        for m in Membership.objects.select_related("pupil", "school_class")
        for p in [m.pupil]
    )


@pytest.mark.requirement("SIS-16")
@pytest.mark.parametrize("name", list(unlike.FILES))
def test_loads_without_a_hand_laid_on_it(clerk: Actor, name: str) -> None:
    batch = take(clerk, unlike.FILES[name]())
    assert batch.counts["error"] == 0, [row.problems for row in batch.rows.all()]
    services.load(actor=clerk, batch_id=batch.pk)
    assert learn_here() == PEOPLE


@pytest.mark.requirement("SIS-16")
def test_takes_the_class_from_the_title_of_an_old_russian_text(clerk: Actor) -> None:
    batch = take(clerk, unlike.a_class_in_the_title_alone())
    assert batch.counts["error"] == 0
    services.load(actor=clerk, batch_id=batch.pk)
    assert learn_here() == [("Ким", "Игорь", "", "2014-02-01", "7А")]


class TestDecoration:
    def test_what_is_no_row_of_the_list_is_told_with_its_reason(self, clerk: Actor) -> None:
        batch = take(clerk, unlike.classes_as_titles_between_the_rows())
        assert [(number, reason) for number, reason, _text in batch.left_out] == [
            (3, "title"), (6, "total"), (8, "heads_again"), (9, "title"), (11, "total"), (13, "note"), (14, "note"),
        ]  # fmt: skip

    def test_rows_of_several_sheets_are_told_apart(self, clerk: Actor) -> None:
        batch = take(clerk, unlike.a_sheet_for_each_class())
        assert batch.taken == ["7 А", "7 Ә"]
        assert [batch.where(row.number) for row in all_rows(batch)] == ["7 А – 3", "7 А – 4", "7 Ә – 3"]

    def test_sheets_that_are_no_classes_are_read_when_the_person_says_so(self, clerk: Actor) -> None:
        heads = ["ИИН", "ФИО ученика", "Класс", "Пол", "Дата рождения"]

        def line(n: int) -> list[Any]:
            return [unlike.IINS[n], unlike.whole(n), unlike.CLASSES[n], unlike.SEXES[n], unlike.BORN[n]]

        content = unlike.xlsx({"бастауыш": [heads, line(0)], "орта": [heads, line(1), line(2)]})
        batch = services.receive(actor=clerk, importer_code="pupils", name="a.xlsx", content=content)
        assert (batch.taken, batch.counts["rows"]) == (["бастауыш"], 1)
        batch = services.choose_sheets(actor=clerk, batch_id=batch.pk, sheets=["бастауыш", "орта"])
        services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
        assert services.check(actor=clerk, batch_id=batch.pk).counts["create"] == 3

    def test_the_example_of_our_own_template_is_nobody(self, clerk: Actor) -> None:
        content = workbooks.template(declaration.importer("pupils"), "kk")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python()
        explained = {row[0] for row in book.get_sheet_by_index(1).to_python()}
        assert {column.kk for column in declaration.importer("pupils").columns} <= explained
        person = {"ЖСН": unlike.IINS[0], "Тегі": "Үсенов", "Аты": "Абай", "Сыныбы": "7А"}
        rows.append([person.get(head, "") for head in rows[0]])
        batch = take(clerk, unlike.xlsx({"a": rows}))
        assert (batch.counts["create"], batch.left_out) == (1, [[2, "example", ""]])

    def test_a_row_that_may_be_a_person_is_never_left_out(self, clerk: Actor) -> None:
        rows = [
            ["Фамилия", "Имя", "ИИН", "Класс"],
            ["Ахметов", "", "", ""],
            ["Директоров", "Ерлан", unlike.IINS[0], "7А"],
        ]
        batch = take(clerk, unlike.xlsx({"a": rows}))
        assert (batch.counts["error"], batch.counts["create"], batch.left_out) == (1, 1, [])


class TestFileBack:
    def rows_of(self, content: bytes) -> list[list[Any]]:
        return (
            python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
            .get_sheet_by_index(0)
            .to_python()
        )

    def back(self, batch: ImportBatch) -> bytes:
        return workbooks.with_errors(declaration.importer("pupils"), batch, all_rows(batch), only=True)

    def test_loads_again_after_it_was_mended_in_the_spreadsheet(self, clerk: Actor) -> None:
        rows = [
            ["Фамилия", "Имя", "Отчество", "Пол", "Дата рождения", "ИИН", "Класс"],
            [*unlike.NAMES[0], "м", unlike.BORN[0], unlike.IINS[0], "7А"],
            [*unlike.NAMES[1], "ж", unlike.BORN[1], unlike.IINS[1], "седьмой"],
            [*unlike.NAMES[2], "?", unlike.BORN[2], unlike.IINS[2], "7Ә"],
        ]
        batch = take(clerk, unlike.xlsx({"Лист1": rows}))
        batch = repairs.correct_cell(actor=clerk, batch_id=batch.pk, number=4, column="sex", value="м")
        services.load(actor=clerk, batch_id=batch.pk)
        sheet = self.rows_of(self.back(batch))
        assert sheet[0][:7] == rows[0]
        assert sheet[1][-1] == "3"
        sheet[1][6] = "7 «А»"
        again = take(clerk, unlike.xlsx({"Лист1": sheet}))
        assert (again.counts["create"], again.counts["error"]) == (1, 0)
        assert again.labels == rows[0]
        assert again.remembered_at is not None
        services.load(actor=clerk, batch_id=again.pk)
        assert learn_here() == PEOPLE

    def test_of_several_sheets_says_the_class_that_was_in_their_names(self, clerk: Actor) -> None:
        heads = ["ФИО", "Дата рождения", "ИИН", "Пол"]
        sheets = {
            "7 А": [heads, [unlike.whole(0), "31.02.2013", unlike.IINS[0], "?"]],
            "7 Ә": [heads, [unlike.whole(2), unlike.BORN[2], unlike.IINS[2], "?"]],
        }
        batch = take(clerk, unlike.xlsx(sheets))
        sheet = self.rows_of(self.back(batch))
        assert sheet[0][4] == "Сыныбы"
        assert [line[4] for line in sheet[1:]] == ["7А", "7Ә"]
        assert [line[-1] for line in sheet[1:]] == ["7 А – 2", "7 Ә – 2"]

    def test_no_cell_of_it_is_a_formula(self, clerk: Actor) -> None:
        evil = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1"]
        rows = [["Фамилия", "Имя", "ИИН", "Класс"], *([cell, "Аян", "1", "7А"] for cell in evil)]
        batch = take(clerk, unlike.csv(rows, letters="utf-8", sign=";"))
        import zipfile

        archive = zipfile.ZipFile(io.BytesIO(self.back(batch)))
        xml = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in xml
        assert b"hyperlink" not in xml
        texts = {line[0].strip() for line in self.rows_of(self.back(batch))[1:]}
        assert texts == {cell.strip() for cell in evil}


class TestMemory:
    FILE = unlike.xlsx({"a": [["Аа", "Бб", "Вв", "Гг"], [*unlike.NAMES[0][:2], unlike.IINS[0], "7А"]]})
    CHOICE = {"surname": 0, "name": 1, "iin": 2, "class": 3}

    def test_the_next_file_with_the_same_heads_is_mapped_at_once_until_it_is_forgotten(
        self, clerk: Actor
    ) -> None:
        first = services.receive(actor=clerk, importer_code="pupils", name="a.xlsx", content=self.FILE)
        assert (first.mapping, first.remembered_at) == ({}, None)
        services.choose_columns(actor=clerk, batch_id=first.pk, mapping=self.CHOICE)
        second = services.receive(actor=clerk, importer_code="pupils", name="b.xlsx", content=self.FILE)
        assert second.mapping == self.CHOICE
        assert second.remembered_at is not None
        second = services.forget_columns(actor=clerk, batch_id=second.pk)
        assert (second.mapping, second.remembered_at) == ({}, None)
        third = services.receive(actor=clerk, importer_code="pupils", name="c.xlsx", content=self.FILE)
        assert third.mapping == {}

    def test_another_importer_does_not_remember_it(self, clerk: Actor) -> None:
        first = services.receive(actor=clerk, importer_code="pupils", name="a.xlsx", content=self.FILE)
        services.choose_columns(actor=clerk, batch_id=first.pk, mapping=self.CHOICE)
        other = services.receive(actor=clerk, importer_code="guardians", name="a.xlsx", content=self.FILE)
        assert other.remembered_at is None


class TestUndoOfRepairs:
    def test_goes_back_press_by_press(self, clerk: Actor) -> None:
        rows = [
            ["Фамилия", "Имя", "Отчество", "Пол", "Дата рождения", "ИИН", "Класс"],
            *([*unlike.NAMES[n], "?", unlike.BORN[n], unlike.IINS[n], unlike.CLASSES[n]] for n in range(3)),
        ]
        batch = take(clerk, unlike.xlsx({"a": rows}))
        assert batch.counts["error"] == 3
        batch = repairs.correct_cell(actor=clerk, batch_id=batch.pk, number=2, column="sex", value="ж")
        assert batch.rows.get(number=2).decisions == {"sex": "ж"}
        batch = repairs.accept_all(actor=clerk, batch_id=batch.pk, column="sex", code="sex_unread")
        assert batch.counts["error"] == 0
        batch = repairs.undo_last(actor=clerk, batch_id=batch.pk)
        assert batch.counts["error"] == 2
        assert batch.rows.get(number=2).decisions == {"sex": "ж"}
        batch = repairs.undo_last(actor=clerk, batch_id=batch.pk)
        assert batch.counts["error"] == 3
        with pytest.raises(repairs.NothingToUndo):
            repairs.undo_last(actor=clerk, batch_id=batch.pk)

    def test_a_settled_doubt_comes_back(self, clerk: Actor) -> None:
        rows = [["Фамилия", "Имя", "ИИН", "Класс"], ["АХМЕТОВ", "Ерлан", unlike.IINS[0], "7А"]]
        batch = take(clerk, unlike.xlsx({"a": rows}))
        before = batch.counts["doubt"]
        batch = repairs.settle(actor=clerk, batch_id=batch.pk, number=2, column="surname", code="letter_case")
        batch = repairs.undo_last(actor=clerk, batch_id=batch.pk)
        assert batch.counts["doubt"] == before
        assert "letter_case" in {p["code"] for p in batch.rows.get().problems}
