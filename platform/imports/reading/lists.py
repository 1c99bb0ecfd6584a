"""The list in a file: which sheets hold it, where it begins, and which of its rows are people and not decoration.

Nothing goes silently: every row that is left out is told with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from imports.declaration import SHEET_STEP
from imports.normalise.text import clean
from imports.normalise.words import key
from imports.reading.files import bad
from imports.reading.headers import LOOKED_THROUGH, Heads, find_heads, guess_heads
from imports.reading.sheets import MAX_ROWS, Table

_TOTAL = re.compile(
    r"^(?:(?:итого|всего|барлығы|барлық|жиыны|қорытынды|жалпы саны)\b"
    r"|(?:мальчик\w*|девоч\w*|ұл(?:дар)?|қыз(?:дар)?)\s*[:–—-]\s*\d+$)",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\b(?:директор\w*|исполнитель|секретар\w*|подпис\w*|хатшы\w*|орындаған|қолы|мөр\w*)\b|\bм\.\s*п\.|\bм\.\s*о\.",
    re.IGNORECASE,
)
# Reasons of rows left out; imports.findings has their words.
HEADS, NUMBERS, TOTAL, TITLE, NOTE, BLANK = "heads_again", "numbers", "total", "title", "note", "blank"


@dataclass(frozen=True, slots=True)
class Found:
    """A list that was found. Rows of its second and further sheets are numbered from SHEET_STEP on."""

    sheets: tuple[str, ...]
    head_row: int
    heads: Heads
    labels: tuple[str, ...]
    mapping: Mapping[str, int]
    rows: list[tuple[int, list[Any]]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    left_out: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Sheet:
    table: Table
    heads: Heads


def find_list(
    tables: Sequence[Table],
    synonyms: Mapping[str, Sequence[str]],
    *,
    sheets: Sequence[str] = (),
    titled: str = "",
    title_label: str = "",
    read_title: Callable[[Any], str] = clean,
    ours: frozenset[str] = frozenset(),
) -> Found:
    """The list that fits the words best, from one sheet or from several alike. Raises BadFile.

    `sheets` are the person's choice; without one, sheets alike are read together when each is named by a class.
    `titled` is the column that a title above the rows fills in, `title_label` what it is called then; labels in
    `ours` are columns that this product wrote itself and takes no notice of.
    """
    known = [_without(one, ours) for one in _with_heads(tables, synonyms, sheets)]
    best = max(known, key=lambda one: (len(one.heads.mapping), -known.index(one)))
    alike = [one for one in known if _is_alike(one, best)] if best.heads.mapping else [best]
    taken = alike if sheets or all(read_title(one.table.name) for one in alike) else [best]
    fills = titled if titled and titled not in best.heads.mapping else ""
    width = len(best.heads.labels)
    rows: list[tuple[int, list[Any]]] = []
    left_out: list[tuple[int, str, str]] = []
    formulas: set[tuple[int, int]] = set()
    titles = False
    for place, one in enumerate(taken):
        shift = place * SHEET_STEP
        order = _order(one.heads.labels, best.heads.labels)
        current = _title_above(one, read_title, alone=len(taken) == 1) if fills else ""
        for number, cells, reason in _sorted_rows(one, best.heads.mapping, read_title if titled else None):
            if reason == TITLE and fills:
                current = read_title(_first(cells))
            if reason:
                left_out.append((number + shift, reason, " · ".join(filter(None, map(clean, cells)))[:120]))
                continue
            line = [cells[at] if at is not None and at < len(cells) else "" for at in order]
            formulas |= {
                (number + shift, to) for to, at in enumerate(order) if (number, at) in one.table.formulas
            }
            if fills:
                line.append(current)
                titles = titles or bool(current)
            rows.append((number + shift, line))
    if not rows:
        raise bad("no_rows")
    if len(rows) > MAX_ROWS:
        raise bad("too_long", limit=MAX_ROWS)
    labels, mapping = best.heads.labels, dict(best.heads.mapping)
    if titles:
        labels, mapping[titled] = (*labels, title_label), width
    else:
        rows = [(number, line[:width]) for number, line in rows]
    return Found(
        tuple(one.table.name for one in taken),
        best.heads.row,
        best.heads,
        labels,
        mapping,
        rows,
        frozenset(formulas),
        [one for one in left_out if one[1] != BLANK],
    )


def _with_heads(
    tables: Sequence[Table], synonyms: Mapping[str, Sequence[str]], sheets: Sequence[str]
) -> list[_Sheet]:
    """Sheets with names of columns; a guess when none is recognised."""
    wanted = (
        [one for one in tables if one.name in sheets]
        or [one for one in tables if one.visible]
        or list(tables)
    )
    known = [_Sheet(one, heads) for one in wanted if (heads := find_heads(one, synonyms)) is not None]
    if known:
        return known
    for one in wanted:
        heads = guess_heads(one)
        if heads is not None:
            return [_Sheet(one, heads)]
    raise bad("no_heads", limit=LOOKED_THROUGH)


def _without(one: _Sheet, ours: frozenset[str]) -> _Sheet:
    """The sheet without the columns that we wrote at its end: what was wrong, and in which row."""
    labels = list(one.heads.labels)
    while (last := next((label for label in reversed(labels) if label), "")) in ours and last:
        del labels[len(labels) - 1 - labels[::-1].index(last) :]
    heads = Heads(
        one.heads.row,
        tuple(labels),
        {code: place for code, place in one.heads.mapping.items() if place < len(labels)},
    )
    return _Sheet(one.table, heads)


def _is_alike(one: _Sheet, best: _Sheet) -> bool:
    return one.heads.mapping.keys() == best.heads.mapping.keys()


def _order(labels: Sequence[str], wanted: Sequence[str]) -> list[int | None]:
    """For each wanted label its place on this sheet; columns without a name keep their place."""
    if labels == wanted:
        return list(range(len(wanted)))
    places: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        if label:
            places.setdefault(key(label), []).append(place)
    return [places[key(label)].pop(0) if places.get(key(label)) else None for label in wanted]


def _title_above(one: _Sheet, read: Callable[[Any], str], *, alone: bool) -> str:
    """What the rows above the heads, or the name of the sheet, say of all rows."""
    for number, cells in reversed(one.table.rows):
        if number < one.heads.row:
            for cell in cells:
                if clean(cell) and (said := read(cell)):
                    return said
    return read(one.table.name) if not alone or one.table.name else ""


def _sorted_rows(
    one: _Sheet, mapping: Mapping[str, int], read_title: Callable[[Any], str] | None
) -> Iterator[tuple[int, list[Any], str]]:
    """Rows below the heads, each with the reason for which it is no row of the list, or none."""
    patterns = [
        [clean(cell).lower() for cell in cells]
        for number, cells in one.table.rows
        if one.heads.row - 1 <= number <= one.heads.row
    ]
    starts = {next((text for text in pattern if text), "") for pattern in patterns}
    wanted = set(mapping.values())
    merged = {(top + 1, left) for top, left, _bottom, right in one.table.merged if right - left >= 2}
    is_first = True
    for number, cells in _filled_down(one):
        filled = [place for place, cell in enumerate(cells) if cell not in ("", None) and clean(cell)]
        reason = BLANK
        if filled:
            first = clean(cells[filled[0]])
            reason = _reason(cells, filled, first, wanted, read_title, (number, filled[0]) in merged)
            if not reason and first.lower() in starts and any(_says(cells, filled, one) for one in patterns):
                reason = HEADS
            if not reason and is_first and _is_numbering(cells, filled):
                reason = NUMBERS
        is_first = is_first and reason in (HEADS, NUMBERS, BLANK)
        yield number, cells, reason


def _filled_down(one: _Sheet) -> Iterator[tuple[int, list[Any]]]:
    """Rows below the heads; a cell joined over several rows of a column stands in each of them."""
    above = {
        (row + 1, left): (top + 1, left)
        for top, left, bottom, right in one.table.merged
        if left == right and top >= one.heads.row
        for row in range(top + 1, bottom + 1)
    }
    rows = dict(one.table.rows)
    for number, cells in one.table.rows:
        if number <= one.heads.row:
            continue
        filled = list(cells) if above else cells
        for place, cell in enumerate(filled if above else ()):
            source = above.get((number, place))
            if source and cell in ("", None) and place < len(rows.get(source[0], ())):
                filled[place] = rows[source[0]][place]
        yield number, filled


def _reason(
    cells: Sequence[Any],
    filled: Sequence[int],
    first: str,
    wanted: set[int],
    read_title: Callable[[Any], str] | None,
    is_merged: bool,
) -> str:
    if _TOTAL.match(first) or (
        len(filled) <= 4 and any(_TOTAL.match(clean(cells[place])) for place in filled[:3])
    ):
        return TOTAL
    if len(filled) <= 3 and _SIGNED.search(first):
        return NOTE
    if len(filled) > 1 or len(wanted) < 3:
        return ""
    if isinstance(cells[filled[0]], int | float) or first.isdigit():
        return BLANK if filled[0] not in wanted else ""
    if read_title is not None and (filled[0] not in wanted or not first.isalpha()) and read_title(first):
        return TITLE
    return NOTE if is_merged or filled[0] not in wanted else ""


def _says(cells: Sequence[Any], filled: Sequence[int], pattern: Sequence[str]) -> bool:
    """Whether the row says the names of columns once more."""
    same = sum(place < len(pattern) and clean(cells[place]).lower() == pattern[place] for place in filled)
    return same >= max(2, 0.8 * len(filled))


def _is_numbering(cells: Sequence[Any], filled: Sequence[int]) -> bool:
    """The row under the heads that numbers the columns: 1, 2, 3 …"""
    texts = [clean(cells[place]) for place in filled]
    return len(texts) >= 3 and texts == [str(n) for n in range(1, len(texts) + 1)]


def _first(cells: Sequence[Any]) -> Any:
    return next(cell for cell in cells if cell not in ("", None) and clean(cell))
