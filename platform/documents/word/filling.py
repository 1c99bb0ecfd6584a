"""Values in the place of words in braces, inside the document itself, so that its look stays the author's."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docx.oxml.ns import qn

from documents.word.reading import PLACEHOLDER, every_paragraph, letters, opened

LINE = "line."
# What XML cannot hold; a name from a spreadsheet may.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Values = Mapping[str, str]


def fill(content: bytes, values: Values, lines: Sequence[Values] = ()) -> bytes:
    """The document with values in the place of its words. A word without a value becomes empty.

    A table row, or else a paragraph, with a word of a line repeats for each line. A paragraph all of whose words
    are empty is left out, so that "Ground: {{ground}}" does not stay alone. A value of several lines that fills a
    whole paragraph makes a paragraph of each.
    """
    document = opened(content)
    body = document.element.body
    for row in [row for row in body.iter(qn("w:tr")) if _is_of_line(row)]:
        _repeat(row, lines, values)
    for paragraph in [one for one in every_paragraph(document) if _is_of_line_itself(one)]:
        _repeat(paragraph, lines, values)
    for paragraph in list(every_paragraph(document)):
        _fill_paragraph(paragraph, values)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _is_of_line(row: Any) -> bool:
    """The innermost row that names a line."""
    if any(_is_of_line(inner) for inner in row.iter(qn("w:tr")) if inner is not row):
        return False
    return any(_is_of_line_itself(paragraph) for paragraph in row.iter(qn("w:p")))


def _is_of_line_itself(paragraph: Any) -> bool:
    return any(word.startswith(LINE) for word in PLACEHOLDER.findall(letters(paragraph)))


def _repeat(element: Any, lines: Sequence[Values], values: Values) -> None:
    for line in lines:
        fresh = copy.deepcopy(element)
        element.addprevious(fresh)
        for paragraph in _paragraphs(fresh):
            _put(paragraph, {**values, **line})
    _take_out(element)


def _paragraphs(element: Any) -> Iterable[Any]:
    return [element] if element.tag == qn("w:p") else list(element.iter(qn("w:p")))


def _fill_paragraph(paragraph: Any, values: Values) -> None:
    text = letters(paragraph)
    words = PLACEHOLDER.findall(text)
    if not words:
        return
    if not any(values.get(word) for word in words) and paragraph.getparent().tag != qn("w:tc"):
        _take_out(paragraph)
        return
    alone = PLACEHOLDER.fullmatch(text.strip())
    parts = _clean(values.get(words[0], "")).split("\n") if alone else []
    if len(parts) > 1:
        for part in parts:
            fresh = copy.deepcopy(paragraph)
            paragraph.addprevious(fresh)
            _put(fresh, {words[0]: part})
        _take_out(paragraph)
        return
    _put(paragraph, values)


def _put(paragraph: Any, values: Values) -> None:
    """Replace the words; a word cut into pieces by Word takes the look of its first piece."""
    pieces = list(paragraph.iter(qn("w:t")))
    text = "".join(piece.text or "" for piece in pieces)
    found = list(PLACEHOLDER.finditer(text))
    if not found:
        return
    ends, place = [], 0
    for piece in pieces:
        place += len(piece.text or "")
        ends.append(place)
    for match in reversed(found):
        value = " ".join(_clean(values.get(match[1], "")).split("\n"))
        first = next(n for n, end in enumerate(ends) if match.start() < end)
        last = next(n for n, end in enumerate(ends) if match.end() <= end)
        begins = [0, *ends]
        before = (pieces[first].text or "")[: match.start() - begins[first]]
        after = (pieces[last].text or "")[match.end() - begins[last] :]
        if first == last:
            pieces[first].text = before + value + after
        else:
            pieces[first].text, pieces[last].text = before + value, after
            for piece in pieces[first + 1 : last]:
                piece.text = ""
        # What stands after this place keeps its own reckoning: matches are taken from the end.
        for piece in (pieces[first], pieces[last]):
            piece.set(qn("xml:space"), "preserve")


def _clean(value: object) -> str:
    """The value as letters only: braces in a name make no new word of it."""
    text = _NOT_XML.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("{{", "{ {").replace("}}", "} }")


def _take_out(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
