"""A document as blocks: what is printed of it. Pictures, colours and sizes are left to Word."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from documents.word.blocks import Align, Block, Cell, Paragraph, Run, Table
from documents.word.gate import bad

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]{1,80}?)\s*\}\}")
_ALIGN: dict[str, Align] = {
    "center": "center", "right": "right", "end": "right", "both": "justify", "distribute": "justify",
}  # fmt: skip
_DEEPEST = 4


def opened(content: bytes) -> Document:
    """The document, or BadDocument when it is damaged. The caller has had it looked through by the gate."""
    try:
        return docx.Document(io.BytesIO(content))
    except (OpcError, KeyError, ValueError, AttributeError, etree.LxmlError, zipfile.BadZipFile) as failure:
        raise bad("broken") from failure


def placeholders(content: bytes) -> set[str]:
    """Every word in double braces, wherever it stands: body, tables, heads and feet of pages."""
    found: set[str] = set()
    for paragraph in every_paragraph(opened(content)):
        found |= set(PLACEHOLDER.findall(letters(paragraph)))
    return found


def read(content: bytes) -> list[Block]:
    """The body as blocks, in order."""
    reader = _Reader(opened(content))
    return list(reader.blocks())


def every_paragraph(document: Document) -> Iterator[Any]:
    """Elements of all paragraphs, nested tables and boxes included, and those of heads and feet."""
    roots = [document.element.body]
    for section in document.sections:
        roots += [
            part._element for part in (section.header, section.footer) if not part.is_linked_to_previous
        ]
    for root in roots:
        yield from root.iter(qn("w:p"))


def letters(paragraph: Any) -> str:
    """The paragraph's letters, as one string; Word cuts a word into pieces as it likes."""
    return "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


# ---


class _Reader:
    """Walks the body; what styles say is asked once for each style, since a list has thousands of cells."""

    def __init__(self, document: Document) -> None:
        self.body = document.element.body
        self.styles = _Styles(document.styles.element)
        self.lists = _Lists(document, self.styles)

    def blocks(self) -> Iterator[Block]:
        for element in self.body:
            if element.tag == qn("w:p"):
                yield self.paragraph(element)
            elif element.tag == qn("w:tbl"):
                yield self.table(element)
            elif element.tag == qn("w:sdt"):  # a box of content that Word puts around what it fills itself
                for inner in element.iter(qn("w:p")):
                    yield self.paragraph(inner)

    def paragraph(self, element: Any) -> Paragraph:
        label, level = self.lists.label(element)
        align = self.styles.of(element, "pPr", "jc")
        indent = self.styles.of(element, "pPr", "ind")
        first = indent.get(qn("w:firstLine")) if indent is not None else None
        return Paragraph(
            runs=tuple(self.runs(element)),
            align=_ALIGN.get(align.get(qn("w:val")), "left") if align is not None else "left",
            indent=bool(first and first.isdecimal() and int(first)) and not label,
            label=label,
            level=min(level, _DEEPEST),
        )

    def runs(self, paragraph: Any) -> Iterator[Run]:
        for run in paragraph.iter(qn("w:r")):
            text = "".join(_letter(part) for part in run)
            if text:
                yield Run(text, *(self.looks(run, paragraph, name) for name in ("b", "i", "u")))

    def looks(self, run: Any, paragraph: Any, name: str) -> bool:
        """Whether letters are bold, italic, underlined: by themselves, or by the style of their paragraph."""
        own = run.find(qn("w:rPr"))
        mark = own.find(qn(f"w:{name}")) if own is not None else None
        if mark is None:
            mark = self.styles.of(paragraph, "rPr", name, own=False)
        return mark is not None and mark.get(qn("w:val")) not in ("0", "false", "none", "off")

    def table(self, element: Any) -> Table:
        rows = [tuple(self.cells(row)) for row in element.iterchildren(qn("w:tr"))]
        columns = max((sum(cell.span for cell in row) for row in rows), default=0)
        widths = [_number(column.get(qn("w:w"))) for column in element.iter(qn("w:gridCol"))]
        if len(widths) != columns or not all(widths):
            widths = [1] * columns
        shares = tuple(round(width / sum(widths), 4) for width in widths)
        return Table(tuple(rows), shares, self.is_ruled(element))

    def cells(self, row: Any) -> Iterator[Cell]:
        for cell in row.iterchildren(qn("w:tc")):
            properties = cell.find(qn("w:tcPr"))
            span = properties.find(qn("w:gridSpan")) if properties is not None else None
            merged = properties.find(qn("w:vMerge")) if properties is not None else None
            is_rest = merged is not None and merged.get(qn("w:val")) != "restart"
            inside = () if is_rest else cell.iterchildren(qn("w:p"))
            wide = _number(span.get(qn("w:val"))) if span is not None else 1
            yield Cell(tuple(self.paragraph(one) for one in inside), max(1, min(wide, 60)))

    def is_ruled(self, element: Any) -> bool:
        """Lines are drawn when the table says so itself, or when its style does."""
        borders = self.styles.of(element, "tblPr", "tblBorders")
        return borders is not None and any(
            side.get(qn("w:val")) not in (None, "nil", "none") for side in borders
        )


class _Styles:
    """What a paragraph or table has of itself, or of its style, or of the style that one is based on."""

    def __init__(self, styles: Any) -> None:
        self.known = {one.get(qn("w:styleId")): one for one in styles.iter(qn("w:style"))}
        self.usual = next(
            (
                key
                for key, one in self.known.items()
                if one.get(qn("w:type")) == "paragraph" and one.get(qn("w:default")) in ("1", "true")
            ),
            "",
        )
        self.answers: dict[tuple[str, str, str], Any] = {}

    def of(self, element: Any, group: str, name: str, *, own: bool = True) -> Any:
        kind = "tblPr" if element.tag == qn("w:tbl") else "pPr"
        properties = element.find(qn(f"w:{kind}"))
        if own and group == kind and properties is not None:
            found = properties.find(qn(f"w:{name}"))
            if found is not None:
                return found
        tie = (
            properties.find(qn("w:tblStyle" if kind == "tblPr" else "w:pStyle"))
            if properties is not None
            else None
        )
        style = tie.get(qn("w:val")) if tie is not None else self.usual if kind == "pPr" else ""
        key = (style, group, name)
        if key not in self.answers:
            self.answers[key] = self._from_style(*key)
        return self.answers[key]

    def _from_style(self, style: str, group: str, name: str) -> Any:
        seen: set[str] = set()
        while style in self.known and style not in seen:
            seen.add(style)
            properties = self.known[style].find(qn(f"w:{group}"))
            found = properties.find(qn(f"w:{name}")) if properties is not None else None
            if found is not None:
                return found
            base = self.known[style].find(qn("w:basedOn"))
            style = base.get(qn("w:val")) if base is not None else ""
        return None


def _letter(part: Any) -> str:
    tag = part.tag
    if tag == qn("w:t"):
        return part.text or ""
    if tag == qn("w:tab"):
        return "\t"
    if tag == qn("w:br") and part.get(qn("w:type")) in (None, "textWrapping"):
        return "\n"
    return "\u2011" if tag == qn("w:noBreakHyphen") else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 0


_LETTERS = {"lowerLetter": "abcdefghijklmnopqrstuvwxyz", "russianLower": "абвгдежзиклмнопрстуфхцчшщэюя"}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class _Lists:
    """Numbers of lists, counted as Word counts them."""

    def __init__(self, document: Document, styles: _Styles) -> None:
        self.styles = styles
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.counted: dict[str, list[int]] = {}
        try:
            numbering: Any = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {one.get(qn("w:abstractNumId")): one for one in numbering.iter(qn("w:abstractNum"))}
        for number in numbering.iter(qn("w:num")):
            tie = number.find(qn("w:abstractNumId"))
            declared = abstract.get(tie.get(qn("w:val"))) if tie is not None else None
            for level in declared.iter(qn("w:lvl")) if declared is not None else ():
                key = (number.get(qn("w:numId")), _number(level.get(qn("w:ilvl"))))
                self.levels[key] = (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", "%1."),
                    _number(_value(level, "start", "1")),
                )

    def label(self, paragraph: Any) -> tuple[str, int]:
        """The sign of the item and its depth; an empty one for a paragraph of no list."""
        tie = self.styles.of(paragraph, "pPr", "numPr")
        number, level = (
            (_value(tie, "numId", ""), _number(_value(tie, "ilvl", "0"))) if tie is not None else ("", 0)
        )
        if (number, level) not in self.levels:
            return "", 0
        form, pattern, start = self.levels[number, level]
        if form == "bullet":
            return "–", level
        counters = self.counted.setdefault(number, [])
        while len(counters) <= level:
            counters.append(self.levels.get((number, len(counters)), ("", "", 1))[2] - 1)
        counters[level] = max(counters[level], start - 1) + 1
        del counters[level + 1 :]
        for depth, count in enumerate(counters, 1):
            pattern = pattern.replace(
                f"%{depth}", _counted(count, self.levels.get((number, depth - 1), (form,))[0])
            )
        return pattern, level


def _value(parent: Any, name: str, otherwise: str) -> str:
    found = parent.find(qn(f"w:{name}"))
    return (found.get(qn("w:val")) or otherwise) if found is not None else otherwise


def _counted(count: int, form: str) -> str:
    if form in _LETTERS:
        known = _LETTERS[form]
        return known[(count - 1) % len(known)]
    if form in ("lowerRoman", "upperRoman") and 0 < count < 40:
        said = ""
        for value, sign in _ROMAN:
            while count >= value:
                said, count = said + sign, count - value
        return said.upper() if form == "upperRoman" else said
    return str(count)
