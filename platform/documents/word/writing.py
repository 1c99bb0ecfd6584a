"""Blocks written as a Word document: the other way of `read`. What people typed stays text, whatever signs are in it."""

from __future__ import annotations

import io
from collections.abc import Iterable

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from documents.word.blocks import Block, Cell, Paragraph, Table

FONT = "Times New Roman"
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_LEFT, _RIGHT = 20, 12


def write(blocks: Iterable[Block], *, landscape: bool = False, size: int = 11) -> bytes:
    """The blocks as a document of A4; a table's first row is repeated on every page."""
    document = _sheet(landscape, size)
    width = (297 if landscape else 210) - _LEFT - _RIGHT
    for block in blocks:
        if isinstance(block, Table):
            _table(document, block, width)
        else:
            _fill(document.add_paragraph(), block)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _sheet(landscape: bool, size: int) -> Document:
    document = docx.Document()
    section = document.sections[0]
    sides = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = sides
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.top_margin = section.bottom_margin = Mm(15)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(size)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(3)
    document.core_properties.author = document.core_properties.comments = ""
    return document


def _fill(target: WordParagraph, block: Paragraph) -> None:
    target.alignment = _ALIGN[block.align]
    if block.indent:
        target.paragraph_format.first_line_indent = Mm(10)
    for run in block.runs:
        made = target.add_run(run.text)  # a line break in the text becomes one in the paragraph
        made.bold, made.italic, made.underline = run.bold or None, run.italic or None, run.underline or None


def _table(document: Document, block: Table, width: float) -> None:
    shares = block.widths or (1.0,) * sum(cell.span for cell in block.rows[0])
    sides = [Mm(width * share / sum(shares)) for share in shares]
    table = document.add_table(len(block.rows), len(shares), style="Table Grid" if block.ruled else None)
    table.autofit = False
    for place, side in enumerate(sides):
        table.columns[place].width = side
    for line, row in zip(table.rows, block.rows, strict=True):
        here, place = line.cells, 0  # asking the table for one cell goes through all of them
        for cell in row:
            target = here[place]
            if cell.span > 1:
                target = target.merge(here[place + cell.span - 1])
            else:
                target.width = sides[place]
            _cell(target, cell)
            place += cell.span
    if block.ruled and len(block.rows) > 1:
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _cell(target: _Cell, cell: Cell) -> None:
    for place, paragraph in enumerate(cell.paragraphs):
        written = target.paragraphs[0] if place == 0 else target.add_paragraph()
        written.paragraph_format.space_after = Pt(0)
        _fill(written, paragraph)
