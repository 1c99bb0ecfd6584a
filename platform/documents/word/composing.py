"""Given texts as Word documents. They are written as plain text, so that a change of one is seen in the history:

= A line in the middle, bold          > A line at the right          _ A line at the left, without an indent
@ 20 50 30                             widths of the columns of the table that follows, in percent
| left | middle | right |              a row of a table without lines
|| № || Name ||                        a row of a table with lines; the first one is its head
Anything else is a paragraph with an indent. An empty line stands for itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT, SIZE, WIDE = "Times New Roman", 12, 165
_ALIGN = {"=": WD_ALIGN_PARAGRAPH.CENTER, ">": WD_ALIGN_PARAGRAPH.RIGHT, "_": WD_ALIGN_PARAGRAPH.LEFT}


def compose(text: str) -> bytes:
    """The text as a document of A4."""
    document = _sheet()
    widths: list[int] = []
    for mark, lines in groupby(_lines(text), key=lambda pair: pair[0]):
        for rows in [[body for _, body in lines]]:
            if mark == "@":
                widths = [int(part) for part in rows[-1].split()]
            elif mark in ("|", "||"):
                _table(document, [_cells(row, mark) for row in rows], widths, ruled=mark == "||")
                widths = []
            else:
                for row in rows:
                    _paragraph(document, mark, row)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.strip("\n").split("\n"):
        for mark in ("||", "|", "@ ", "= ", "> ", "_ "):
            if line.startswith(mark):
                yield mark.strip(), line[len(mark) :].strip()
                break
        else:
            yield "", line.strip()


def _cells(row: str, mark: str) -> list[str]:
    return [cell.strip() for cell in row.removesuffix(mark).split(mark)]


def _sheet() -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(SIZE)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(4)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    return document


def _paragraph(document: Document, mark: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = mark == "=" or None
    paragraph.alignment = _ALIGN.get(mark, WD_ALIGN_PARAGRAPH.JUSTIFY)
    if not mark and text:
        paragraph.paragraph_format.first_line_indent = Mm(10)


def _table(document: Document, rows: list[list[str]], widths: list[int], *, ruled: bool) -> None:
    columns = max(len(row) for row in rows)
    shares = widths if len(widths) == columns else [100 // columns] * columns
    table = document.add_table(len(rows), columns, style="Table Grid" if ruled else None)
    table.autofit = False
    for place, share in enumerate(shares):
        table.columns[place].width = Mm(WIDE * share // 100)
    for number, (line, row) in enumerate(zip(table.rows, rows, strict=True)):
        here = line.cells  # asking the table for one cell goes through all of them
        for place, text in enumerate(row):
            cell = here[place]
            cell.width = Mm(WIDE * shares[place] // 100)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.add_run(text).bold = (ruled and number == 0) or None
            if ruled and number == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif not ruled and place and place == columns - 1:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            elif not ruled and 0 < place < columns - 1:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
