"""The row with the names of columns: found wherever it stands, in either language, in any order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from imports.normalise.text import clean, cyrillic
from imports.normalise.words import key
from imports.reading.sheets import Table

LOOKED_THROUGH = 30
_BRACKETS = re.compile(r"\([^)]*\)")
_PIECES = re.compile(r"\s*[/|\\]\s*")
# Upper names under which the list's own people stand: “Оқушы: тегі” is a surname, “Мать: ФИО” is not a pupil's.
_OWN = re.compile(
    r"оқушы|учени|учащ|обучающ|реб[её]н|бала|сотрудн|работн|қызметкер|педагог|мұғалім|ф\.?\s?и\.?\s?о|т\.?\s?а\.?\s?ә|данные|сведен|мәлімет",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"мать|матер|мам|отец|отц|пап|родител|ана|әке|опекун|представ|заңды|қамқор|қорған", re.IGNORECASE
)
# “ФИО матери, телефон”: what else stands in the cell is not what the column is about.
_AND_PHONE = re.compile(
    r"(?<=\w)\s*(?:[,;+&]|\s(?:и|және|мен)\s)\s*(?:тел|конт|сот|моб|ұялы|байланыс)[^,;:]*$", re.IGNORECASE
)
_NEAR = 0.86


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the names stand, how they read, and which column of ours each was taken for."""

    row: int
    labels: tuple[str, ...]
    mapping: Mapping[str, int]


def find_heads(table: Table, synonyms: Mapping[str, Sequence[str]]) -> Heads | None:
    """The best row among the first thirty, alone or with the row below it; None when none fits.

    `synonyms` gives for each column code the words it is known by.
    """
    known = {code: [key(word) for word in words] for code, words in synonyms.items()}
    enough = min(3, len(known))
    candidates = list(_candidates(table))
    exact = []
    for last, labels, is_joined in candidates:
        exact.append((len(_exactly(labels, known)), not is_joined, -last, labels))
        if last == candidates[0][0] + 1 and max(exact)[0] >= max(enough, 0.6 * sum(map(bool, max(exact)[3]))):
            break  # the very first rows are the names: no need to look further
    # A short list may have two columns only; then both must be known.
    good = [one for one in exact if one[0] >= enough or one[0] == sum(map(bool, one[3])) == 2]
    if good:
        _found, _alone, last, labels = max(good, key=lambda one: one[:3])
        return Heads(-last, labels, match(labels, known))
    near = [(match(labels, known), not is_joined, last, labels) for last, labels, is_joined in candidates]
    mapping, _alone, last, labels = max(
        near, key=lambda one: (len(one[0]), one[1], -one[2]), default=({}, True, 0, ())
    )
    return Heads(last, labels, mapping) if len(mapping) >= enough else None


def _candidates(table: Table) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """Rows that may hold the names: each alone, and each together with the row below it."""
    first = table.rows[: LOOKED_THROUGH + 1]
    for place, (number, cells) in enumerate(first):
        if number > LOOKED_THROUGH:
            return
        single = tuple(_label(cell) for cell in cells)
        if (
            place + 1 < len(first)
            and sum(map(bool, single)) > 2
            and _is_divided(table, number, first[place + 1])
        ):
            yield number + 1, _joined(table, number, single, first[place + 1][1]), True
            continue
        yield number, single, False
        # One filled cell above is the title of the whole list and no name of columns.
        if place + 1 < len(first) and first[place + 1][0] == number + 1 and sum(map(bool, single)) > 1:
            yield number + 1, _joined(table, number, single, first[place + 1][1]), True


def _is_divided(table: Table, number: int, below: tuple[int, list[Any]]) -> bool:
    """Whether the row below does nothing but name the parts of joined cells: “Учащихся” over “мальчики | девочки”."""
    under = {
        place
        for top, left, bottom, right in table.merged
        if top == bottom == number - 1 and right > left
        for place in range(left, right + 1)
    }
    filled = {place for place, cell in enumerate(below[1]) if _label(cell)}
    return below[0] == number + 1 and filled <= under and 0 < len(under) < len(below[1])


def _bare(label: str) -> str:
    """The label without what stands in brackets, and without the phone that shares the cell."""
    return key(_AND_PHONE.sub("", _BRACKETS.sub(" ", label).strip()))


def _pieces(label: str) -> list[str]:
    """What else the label may be read as: its part in one of two languages, or the lower of two names."""
    parts = [key(_BRACKETS.sub(" ", part)) for part in _PIECES.split(label)]
    above, sign, below = " ".join(map(cyrillic, label.split())).partition(": ")
    if sign and _OWN.search(above) and not _OTHERS.search(above):
        parts.append(_bare(below))
    return [part for part in parts if part] if len(parts) > 1 else []


def _exactly(labels: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Column codes with the first free label that is one of their words: whole, without brackets, or in part."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for forms in (
        [[key(label)] for label in labels],
        [[_bare(label)] for label in labels],
        [_pieces(label) for label in labels],
    ):
        places: dict[str, list[int]] = {}
        for place, ones in enumerate(forms):
            for form in ones:
                if form and place not in taken:
                    places.setdefault(form, []).append(place)
        for code, words in known.items():
            if code in found or not places:
                continue
            for word in words:
                free = [place for place in places.get(word, ()) if place not in taken]
                if free:
                    found[code] = free[0]
                    taken.add(free[0])
                    break
    return found


def recognise(labels: Sequence[str], synonyms: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Column codes with the place of the label that means them, by the words they are known by."""
    return match(labels, {code: [key(word) for word in words] for code, words in synonyms.items()})


def match(labels: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Column codes with the place of the label that means them: exactly, without brackets, or nearly."""
    found = _exactly(labels, known)
    taken = set(found.values())
    forms = [
        (place, form)
        for place, label in enumerate(labels)
        if place not in taken
        for form in (_bare(label), *_pieces(label))
        if form
    ]
    pairs = sorted(
        (
            (_nearness(form, word), code, place)
            for code, words in known.items()
            if code not in found
            for word in words
            if len(word) > 3
            for place, form in forms
            if abs(len(word) - len(form)) <= 4 and len(set(word) & set(form)) >= 0.6 * len(set(word))
        ),
        reverse=True,
    )
    for nearness, code, place in pairs:
        if nearness >= _NEAR and code not in found and place not in taken:
            found[code] = place
            taken.add(place)
    return found


def _nearness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _label(cell: Any) -> str:
    return clean(cell)[:120]


def _joined(table: Table, number: int, upper: tuple[str, ...], lower: Sequence[Any]) -> tuple[str, ...]:
    """Two rows of names as one: “Мать” over “ФИО | ИИН” reads “Мать: ФИО”, “Мать: ИИН”."""
    spread = list(upper) + [""] * max(0, len(lower) - len(upper))
    for top, left, bottom, right in table.merged:
        if top <= number - 1 <= bottom and left < len(spread):
            for place in range(left, min(right, len(spread) - 1) + 1):
                spread[place] = spread[left]
    if not table.merged:
        for place in range(1, len(spread)):
            named = place < len(lower) and _label(lower[place])
            if named and not spread[place]:
                spread[place] = spread[place - 1]
    below = [_label(lower[place]) if place < len(lower) else "" for place in range(len(spread))]
    return tuple(
        f"{head}: {sub}" if head and sub and head != sub else head or sub
        for head, sub in zip(spread, below, strict=True)
    )


def signature(labels: Sequence[str]) -> str:
    """What a school's usual file is known by: its names of columns in their order."""
    return hashlib.sha256("\x1f".join(key(label) for label in labels).encode()).hexdigest()[:32]


def guess_heads(table: Table) -> Heads | None:
    """The first full row of words, when no name is recognised: the person will say which column is which."""
    rows = [(number, cells) for number, cells in table.rows if number <= LOOKED_THROUGH]
    widest = max((sum(1 for c in cells if clean(c)) for _n, cells in rows), default=0)
    for number, cells in rows:
        labels = tuple(_label(cell) for cell in cells)
        filled = [label for label in labels if label]
        if len(filled) >= max(2, 0.6 * widest) and not any(label.isdigit() for label in filled):
            return Heads(number, labels, {})
    return None
