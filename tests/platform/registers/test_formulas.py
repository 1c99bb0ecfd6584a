"""What people typed leaves as text, in every workbook that the product writes: nothing in it runs where it is opened."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
import python_calamine as calamine
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from imports.reading import read_tables
from modules.journal.exports import opened_book
from registers import excel

pytestmark = [pytest.mark.requirement("SEC-01"), pytest.mark.requirement("SEC-04")]

EVIL = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "{=1+1}", "=HYPERLINK(\"http://evil\")", "\t=1+1", "\r=1+1",
    "＝1+1", "http://evil/", "mailto:a@b", "external:c:\\evil.xlsx", "internal:Sheet1!A1", "\\\\evil\\share", "0042", "1e9",
)  # fmt: skip
# What XML can hold: Excel itself takes no other signs.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=60
)
WITH_START = st.builds(lambda start, rest: start + rest, st.sampled_from("=+-@{\t|'"), TEXT)


def listed(text: str) -> bytes:
    return excel.workbook([excel.Sheet("A", [excel.Column("B"), excel.Column(text)], [["x", text]])])


def journal(text: str) -> bytes:
    out = io.BytesIO()
    with opened_book(out) as (book, looks):
        book.add_worksheet("A").write(0, 0, text, looks.text)
    return out.getvalue()


def wizard(text: str) -> bytes:
    """As imports.workbooks opens its own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {**excel.PLAIN, "in_memory": True}) as book:
        book.add_worksheet("A").write(0, 0, text)
    return out.getvalue()


@pytest.mark.parametrize("write", [listed, journal, wizard])
@given(text=st.one_of(st.sampled_from(EVIL), WITH_START, TEXT))
@example(text="=1+1")
def test_any_text_comes_back_as_it_was_and_nothing_is_a_formula(
    write: Callable[[str], bytes], text: str
) -> None:
    content = write(text)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if name.startswith("xl/worksheets/"):
                assert not re.search(rb"<(?:\w+:)?f[\s>/]", part), name
                assert b"<hyperlink" not in part
            assert b'TargetMode="External"' not in part
    cells = [
        cell
        for row in calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        .get_sheet_by_index(0)
        .to_python()
        for cell in row
    ]
    assert text in cells


def test_a_formula_that_comes_in_is_marked_and_not_taken() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["name", "class"])
        sheet.write_row(1, 0, ["Аян", "7А"])
        sheet.write_formula(1, 1, '=HYPERLINK("http://evil","7А")')
    [table] = read_tables(out.getvalue())
    assert table.formulas == {(2, 1)}
