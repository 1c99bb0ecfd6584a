"""A table pasted from Excel or Word, read into lines of a plan.

Columns are known by the words of their heads in Kazakh and Russian; without a head, by what stands in them. Rows that
name a quarter begin it. Nothing is thrown away silently: what is no line is told with its reason.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modules.plans.data import LENGTHS, Kind, NewLine

# The meanings a column may have, in the order of the form.
MEANINGS = ("number", "section", "topic", "objectives", "hours", "dates", "note", "kind", "quarter", "")
_HEADS: dict[str, tuple[str, ...]] = {
    "number": ("№", "n", "no", "р/с", "р/с №", "№ п/п", "п/п", "рет саны", "№ урока", "сабақ №", "реті"),
    "section": ("раздел", "бөлім", "сквозн", "ортақ тақырып", "тарау", "unit"),
    "objectives": ("цел", "мақсат", "objective"),
    "topic": ("тем", "тақыры", "topic", "мазмұны", "содержание"),
    "hours": ("час", "сағат", "кол-во", "саны", "hours"),
    "dates": ("срок", "мерзім", "дата", "күні", "date"),
    "note": ("примеч", "ескерт", "note"),
    "kind": ("вид работ", "тип", "түрі"),
    "quarter": ("четверть", "тоқсан"),
}  # fmt: skip
_ROMAN = {
    "i": 1,
    "і": 1,
    "ii": 2,
    "іі": 2,
    "iii": 3,
    "ііі": 3,
    "iv": 4,
    "іv": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
}
# A row of its own: “ІІ четверть”, “2-тоқсан (24 сағат)”; “3-тоқсан бойынша ТЖБ” is a line.
_QUARTER = re.compile(
    r"^\W*(iii|ііі|ii|іі|iv|іv|i|і|[1-4])\s*[-–.]?\s*(?:ші|я|й|ая)?\s*(?:четверть|тоқсан)"
    r"(?:\W*\d+\W*(?:нед|апта|час|сағ|ч)\w*)*\W*$",
    re.I,
)
CODE = re.compile(r"(?<![\d.])(?:[1-9]|1[0-2])(?:\.\d+){2,4}(?![\d.])")
_SOCH = re.compile(
    r"\b(соч|тжб)\b|суммативн\w+ оцен\w+ за (?:\w+ )?четверть|тоқсанды[қк] жиынты[қк] бағалау", re.I
)
_SOR = re.compile(r"\b(сор|бжб)\b|суммативн\w+ оцен\w+ за раздел|бөлім бойынша жиынты[қк] бағалау", re.I)
_RESERVE = re.compile(r"^\W*резерв", re.I)
_REPETITION = re.compile(r"^\W*(повторени|қайталау)", re.I)
_TOTAL = re.compile(r"^\W*(итого|всего|барлығы|жалпы|жиыны)", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """A row as it was read. `trouble` is a code of why it is left out unless somebody says otherwise."""

    row: int
    line: NewLine | None
    trouble: str = ""
    raw: tuple[str, ...] = ()


def cells(text: str) -> list[list[str]]:
    """The pasted table: rows of cells. Cells with breaks inside stand in quotation marks, as Excel puts them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter="\t", strict=True))
    except csv.Error:  # a stray quotation mark: then a break is the end of a row
        rows = [line.split("\t") for line in text.split("\n")]
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    rows = [row for row in rows if any(row)]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def head_of(rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """How many rows the head takes, and what each column means."""
    for place, row in enumerate(rows[:8]):
        meanings = [_meaning(cell) for cell in row]
        if "topic" in meanings and len([one for one in meanings if one]) >= 2:
            return place + 1, _once(meanings)
    return 0, _by_content(rows)


def _meaning(head: str) -> str:
    said = head.strip().lower().rstrip(".")
    if said in _HEADS["number"]:
        return "number"
    for meaning, words in _HEADS.items():
        if meaning != "number" and len(said) <= 90 and any(word in said for word in words):
            return meaning
    return ""


def _once(meanings: Iterable[str]) -> list[str]:
    """A meaning belongs to the first column that has it."""
    seen: set[str] = set()
    answer = []
    for one in meanings:
        answer.append("" if one in seen else one)
        seen.add(one)
    return answer


def _by_content(rows: Sequence[Sequence[str]]) -> list[str]:
    """Without a head: codes are objectives, small numbers hours or the row's number, the longest words the topic."""
    columns = [[cell for cell in column if cell] for column in zip(*rows, strict=False)]
    answer = [""] * len(columns)
    lengths: dict[int, float] = {}
    for place, column in enumerate(columns):
        if not column:
            continue
        coded = sum(bool(CODE.search(cell)) for cell in column)
        numbers = [int(cell) for cell in column if cell.isdecimal()]
        if coded * 2 >= len(column):
            answer[place] = "objectives"
        elif len(numbers) * 2 > len(column):
            runs = place == 0 and len(numbers) > 1 and numbers == sorted(set(numbers))
            answer[place] = "number" if runs else "hours"
        elif sum(bool(re.match(r"^\d{1,2}\.\d{1,2}", cell)) for cell in column) * 2 > len(column):
            answer[place] = "dates"
        else:
            lengths[place] = len(set(column)) + sum(map(len, column)) / len(column) / 1000
    words = sorted(lengths, key=lambda place: -lengths[place])
    if words:
        answer[words[0]] = "topic"
        if len(words) > 1 and words[1] < words[0]:
            answer[words[1]] = "section"
    return _once(answer)


def read(
    rows: Sequence[Sequence[str]], meanings: Sequence[str], *, start: int, quarter: int = 1
) -> list[Found]:
    """Rows after the head as lines. `quarter` is the one that holds until a row names another."""
    answer: list[Found] = []
    section = ""
    for number, row in enumerate(rows[start:], start=start + 1):
        named = next((int(_ROMAN[m[1].lower()]) for cell in row[:4] if (m := _QUARTER.match(cell))), None)
        values = {m: cell for m, cell in zip(meanings, row, strict=False) if m}
        filled = [cell for cell in row if cell]
        if named and (len(set(filled)) <= 2 or not values.get("topic") or _QUARTER.match(values["topic"])):
            quarter = named
            answer.append(Found(number, None, "quarter", tuple(row)))
            continue
        if any(_TOTAL.match(cell) for cell in filled[:2]):
            answer.append(Found(number, None, "total", tuple(row)))
            continue
        topic = values.get("topic", "")
        if not topic and values.get("section") and (_kind(values) != Kind.LESSON):
            topic = values["section"]
        if not topic:
            # Excel joins the cells of a unit: the words stand in the first row of it only.
            section = values.get("section") or (filled[0] if len(filled) == 1 else section)
            answer.append(Found(number, None, "no_topic", tuple(row)))
            continue
        section = values.get("section") or section
        own = quarter_in(values.get("quarter", "")) or quarter
        line = NewLine(
            quarter=own,
            kind=_kind(values | {"topic": topic}),
            section=section[: LENGTHS["section"]],
            topic=topic[: LENGTHS["topic"]],
            objectives=values.get("objectives", "")[: LENGTHS["objectives"]],
            hours=_hours(values.get("hours", "")),
            note=values.get("note", "")[: LENGTHS["note"]],
        )
        answer.append(Found(number, line, "cut" if len(topic) > LENGTHS["topic"] else "", tuple(row)))
    return answer


def quarter_in(text: str) -> int | None:
    """A quarter in Arabic or Roman figures: 2, ІІ, “2 тоқсан”."""
    words = text.lower().split()
    return _ROMAN.get(words[0].strip("-.")) if words else None


def _hours(text: str) -> int:
    found = re.match(r"\s*(\d{1,2})", text)
    return min(40, max(1, int(found[1]))) if found else 1


def _kind(values: Mapping[str, str]) -> str:
    """By the words of the topic, else of the column of kinds, else of the note."""
    for place in ("kind", "topic", "note"):
        text = values.get(place, "")
        for kind, words in (
            (Kind.SOCH, _SOCH),
            (Kind.SOR, _SOR),
            (Kind.RESERVE, _RESERVE),
            (Kind.REPETITION, _REPETITION),
        ):
            if words.search(text):
                return kind
    return Kind.LESSON


def kind_of(topic: str) -> str:
    """The kind that the words of a topic say."""
    return _kind({"topic": topic})


def codes(text: str) -> list[str]:
    """Codes of learning objectives in a text: 7.1.2.5."""
    return list(dict.fromkeys(CODE.findall(text)))
