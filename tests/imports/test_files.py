"""Files that people choose by mistake, and files made to harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from imports import declaration
from imports.reading import BadFile, find_heads, read_tables
from imports.services import list_of
from kernel import tenancy
from kernel.tenancy import Kind, TenantRef
from tests.imports.build import HEADS, line, table, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    school = TenantRef(id=tenancy.PUBLIC.id, code="t", schema="t", kind=Kind.SCHOOL, mode="test")
    token = tenancy._current.set(school)
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield
    tenancy._current.reset(token)


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def stream(name: str) -> bytes:
    return OLE + name.encode("utf-16-le")


def with_sheet(xml: bytes) -> bytes:
    """A good workbook whose sheet is replaced."""
    source = zipfile.ZipFile(io.BytesIO(xlsx(table(line()))))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return target.getvalue()


def sheet_of(cells: str) -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f'<?xml version="1.0"?>{head}{cells}</sheetData></worksheet>'.encode()


BAD = {
    "empty": b"",
    "empty ": b"\xef\xbb\xbf \r\n",
    "too_large": b"a;b\n" * 3_000_000,
    "pdf": b"%PDF-1.7 x",
    "picture": b"\x89PNG\r\n\x1a\n" + b"0" * 20,
    "html": b"<html><table><tr><td>1</td></tr></table></html>",
    "xml": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "word": zipped(word__document_xml=b"x"),
    "word ": stream("WordDocument"),
    "archive": zipped(notes_txt=b"x"),
    "archive ": b"Rar!\x1a\x07",
    "macro": zipped(xl__workbook_xml=b"x", **{"xl__vbaProject.bin": b"x"}),
    "macro ": stream("Workbook") + "_VBA_PROJECT".encode("utf-16-le"),
    "password": stream("EncryptedPackage"),
    "binary": zipped(**{"xl__workbook.bin": b"x"}),
    "broken": b"PK\x03\x04 this is cut off",
    "unknown": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("reason", list(BAD))
def test_says_what_is_wrong_with_a_file(reason: str) -> None:
    with pytest.raises(BadFile) as refusal:
        read_tables(BAD[reason])
    assert refusal.value.code == reason.strip()
    assert len(str(refusal.value)) > 5


class TestHarm:
    def test_a_bomb_is_not_unpacked(self) -> None:
        content = zipped(**{"xl__workbook.xml": b"x", "xl__worksheets__sheet1.xml": b"0" * 60_000_000})
        with pytest.raises(BadFile) as refusal:
            read_tables(content)
        assert refusal.value.code == "bomb"

    def test_a_cell_at_the_end_of_the_sheet_is_not_reached_for(self) -> None:
        for cell in (
            '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
            '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        ):
            with pytest.raises(BadFile) as refusal:
                read_tables(with_sheet(sheet_of(cell)))
            assert refusal.value.code in ("too_long", "too_wide")

    def test_entities_are_not_expanded(self) -> None:
        xml = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + sheet_of("")[21:]
        with pytest.raises(BadFile) as refusal:
            read_tables(with_sheet(xml))
        assert refusal.value.code == "broken"

    def test_more_rows_than_anybody_needs(self) -> None:
        with pytest.raises(BadFile) as refusal:
            read_tables(("ИИН;Фамилия\n" + "1;2\n" * 10_300).encode())
        assert refusal.value.code == "too_long"

    def test_a_broken_old_workbook_harms_nobody(self) -> None:
        with pytest.raises(BadFile):
            read_tables(stream("Workbook"))

    def test_formulas_are_seen_and_marked(self) -> None:
        found = read_tables(xlsx([["ИИН", "Имя"], ["1", '=HYPERLINK("http://example.kz","x")']]))[0]
        assert found.formulas == {(2, 1)}


TEXT = "ИИН;Фамилия;Имя;Пол;Дата рождения;Класс\n140201805023;Әбілова;Іңкәр;ж;01.02.2014;5«Ә»\n"


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Тізім">
<table:table-row><table:table-cell office:value-type="string"><text:p>ЖСН</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Тегі</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="{blank}"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>140201805023</text:p></table:table-cell>
<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def ods(blank: int = 1) -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zipped(
        mimetype=kind,
        **{
            "META-INF__manifest.xml": manifest,
            "content.xml": ODS.replace("\n", "").format(blank=blank).encode(),
        },
    )


class TestOpenDocument:
    def test_reads_rows_under_their_numbers_and_marks_formulas(self) -> None:
        [found] = read_tables(ods())
        assert [number for number, _cells in found.rows] == [1, 3]
        assert found.rows[1][1][0] == "140201805023"
        assert found.formulas == {(3, 1)}


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "kz1048"])
    def test_reads_the_letters_of_every_program(self, encoding: str) -> None:
        [found] = read_tables(TEXT.encode(encoding))
        assert found.rows[1][1][1:3] == ["Әбілова", "Іңкәр"]

    def test_reads_windows_russian(self) -> None:
        [found] = read_tables(
            TEXT.replace("Әбілова", "Иванова").replace("Іңкәр", "Анна").replace("Ә", "А").encode("cp1251")
        )
        assert found.rows[1][1][1:3] == ["Иванова", "Анна"]

    @pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
    def test_finds_the_separator(self, sign: str) -> None:
        [found] = read_tables(TEXT.replace(";", sign).encode())
        assert len(found.rows[0][1]) == 6

    def test_the_separator_named_in_the_first_line(self) -> None:
        [found] = read_tables(b"sep=|\n" + TEXT.replace(";", "|").encode())
        assert found.rows[0] == (2, TEXT.split("\n")[0].split(";"))

    def test_a_separator_inside_quotes_is_text(self) -> None:
        [found] = read_tables('ИИН,Фамилия,Адрес\n1,Иванов,"Абай, 5; кв. 2"\n'.encode())
        assert found.rows[1][1] == ["1", "Иванов", "Абай, 5; кв. 2"]


class TestHeads:
    def heads(self, rows: list[list[Any]], **more: Any) -> Any:
        [found] = read_tables(xlsx(rows, **more))
        return find_heads(found, declaration.importer("pupils").synonyms())

    def test_skips_a_preamble_and_blank_rows(self) -> None:
        before = [["Список учащихся"], ["на 1 сентября 2026 года"], [], ["Директор: Мюллер Д. Ю."]]
        found = self.heads(table(line(), before=before))
        assert found.row == 5
        assert set(found.mapping) == {"iin", "surname", "name", "patronymic", "sex", "birth_date", "class"}

    @pytest.mark.parametrize(
        "heads",
        [
            ["ЖСН", "Тегі", "Аты", "Әкесінің аты", "Жынысы", "Туған күні", "Сынып"],
            ["иин", "ФАМИЛИЯ", "имя ", "Отчество (при наличии)", "Пол (м/ж)", "Дата рожд.", "Класс обучения"],
            ["ИИH", "Фaмилия", "Имя", "Отчествo", "Пoл", "Дата  рождения", "Клаcс"],  # Latin letters inside
            ["IIN", "Фамилиия", "Имя", "Отчесвто", "Пол", "Дата рожденя", "Класс"],  # slips of the keyboard
        ],
    )
    def test_knows_the_names_in_many_forms(self, heads: list[str]) -> None:
        found = self.heads([heads, list(line().values())])
        assert [
            found.mapping.get(c)
            for c in ("iin", "surname", "name", "patronymic", "sex", "birth_date", "class")
        ] == list(range(7))

    def test_any_order(self) -> None:
        turned = dict(reversed(line().items()))
        found = self.heads(table(turned))
        assert (found.mapping["class"], found.mapping["iin"]) == (0, 6)

    def test_two_rows_of_names_with_joined_cells(self) -> None:
        rows = [
            ["ИИН", "Фамилия", "Имя", "Класс", None, None, None, None],
            [None, None, None, None, "ФИО", "телефон", "ФИО", "телефон"],
            [
                "140201805023",
                "Әбілова",
                "Іңкәр",
                "5А",
                "Әбілова Дана",
                "87051112233",
                "Әбілов Ержан",
                "87052223344",
            ],
        ]
        found = self.heads(rows, merge=[(0, 4, 0, 5, "Мать"), (0, 6, 0, 7, "Отец")])
        assert found.row == 2
        assert (found.mapping["mother_phone"], found.mapping["father_name"]) == (5, 6)

    def test_one_column_with_the_whole_name(self) -> None:
        found = self.heads([["№", "ФИО ученика", "ИИН", "Класс"], [1, "Ахметов Ерлан", "1", "7А"]])
        assert found.mapping == {"full_name": 1, "iin": 2, "class": 3}

    def test_a_foreign_table_is_left_to_the_person(self) -> None:
        tables = read_tables(xlsx([["Товар", "Цена", "Количество"], ["Мел", 100, 5]]))
        found = list_of(declaration.importer("pupils"), tables)
        assert (found.head_row, dict(found.mapping)) == (1, {})

    def test_takes_the_sheet_that_fits(self) -> None:
        import xlsxwriter

        target = io.BytesIO()
        with xlsxwriter.Workbook(target) as book:
            book.add_worksheet("Титул").write(0, 0, "Школа")
            page = book.add_worksheet("Ученики")
            page.write_row(0, 0, HEADS)
            page.write_row(1, 0, list(line().values()))
        found = list_of(declaration.importer("pupils"), read_tables(target.getvalue()))
        assert (found.sheets, found.head_row) == (("Ученики",), 1)

    def test_dates_stay_dates(self) -> None:
        [found] = read_tables(xlsx([["Дата рождения", "a", "b"], [date(2015, 9, 1), 1, 2]]))
        assert found.rows[1][1][0] == date(2015, 9, 1)
