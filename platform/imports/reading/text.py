"""Tables out of plain text: which letters, which separator."""

from __future__ import annotations

import codecs
import csv
import io
from typing import Any

from imports.reading.files import bad

_SEPARATORS = ";\t,|"
_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


def rows(content: bytes) -> list[tuple[int, list[Any]]]:
    """Rows with their numbers; raises BadFile when it is no table of text."""
    text = decoded(content)
    lines = text.splitlines()
    separator = ""
    skip = 0
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == 5:
        separator, skip = lines[0][4], 1
    separator = separator or separator_of(text)
    try:
        read = list(csv.reader(io.StringIO("\n".join(lines[skip:]), newline=""), delimiter=separator))
    except csv.Error as failure:
        raise bad("broken") from failure
    return [
        (number, list(row)) for number, row in enumerate(read, 1 + skip) if any(cell.strip() for cell in row)
    ]


def decoded(content: bytes) -> str:
    """The text, by its mark, as UTF-8, or in the one-byte letters of Kazakhstan (a superset of Windows' Russian)."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strict(content, name)
    if b"\x00" in content:
        return _without_mark(content)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = _strict(content, "kz1048")
    if not _readable(text):
        raise bad("unknown")
    return text


def _without_mark(content: bytes) -> str:
    """Two bytes a letter without a mark: the noughts of the Latin signs stand all in the one or the other half."""
    halves = 0 in content[1:2000:2], 0 in content[0:2000:2]
    if halves not in ((True, False), (False, True)):
        raise bad("unknown")
    text = content.decode("utf-16-le" if halves[0] else "utf-16-be", errors="replace")
    if not _readable(text):
        raise bad("unknown")
    return text


def _readable(text: str) -> bool:
    return sum(c.isprintable() or c in "\r\n\t" for c in text) >= 0.97 * len(text)


def _strict(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeError as failure:
        raise bad("not_text") from failure


def separator_of(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of pieces."""
    lines = [line for line in text.splitlines()[:40] if line.strip()]

    def weight(sign: str) -> tuple[int, int]:
        counts = sorted(_outside_quotes(line, sign) for line in lines)
        middle = counts[len(counts) // 2] if counts else 0
        return middle, sum(count == middle for count in counts)

    return max(_SEPARATORS, key=weight)


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])
