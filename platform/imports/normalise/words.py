"""Words with a fixed meaning: sex, yes and no, languages, and lists of terms that a module brings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from imports.findings import NOTHING, Finding, Read, Severity, doubt, error
from imports.normalise.text import clean, clip, cyrillic
from kernel.names import fold

_SEX = {
    "m": "м муж мужской мужчина мал мальчик m male ер ерк еркек ұл улы юноша",
    "f": "ж жен женский женщина дев девочка f female әйел айел қыз кыз девушка",
}
_YES = {
    "да",
    "иа",
    "иә",
    "ия",
    "есть",
    "бар",
    "yes",
    "y",
    "true",
    "истина",
    "1",
    "+",
    "v",
    "x",
    "х",
    "✓",
    "✔",
    "д",
}
_NO = {"нет", "жок", "жоқ", "no", "n", "false", "ложь", "0", "-", "–", "—", "н", "не"}
_LANGUAGES = {
    "kk": (
        "казахский",
        "казахск",
        "каз",
        "казахский язык",
        "на казахском",
        "қазақ",
        "қазақша",
        "қазақ тілі",
        "қазақ тілінде",
        "kk",
        "kaz",
        "kz",
    ),
    "ru": (
        "русский",
        "рус",
        "русск",
        "русский язык",
        "на русском",
        "орыс",
        "орысша",
        "орыс тілі",
        "орыс тілінде",
        "ru",
        "rus",
    ),
}
_SIGNS = re.compile(r"[^\w\s]+")


def key(line: str) -> str:
    """A word as it is looked up: small, folded, without signs, look-alikes put right."""
    words = " ".join(cyrillic(word) for word in line.split())
    return " ".join(_SIGNS.sub(" ", fold(words)).split())


def _table(source: Mapping[str, str]) -> dict[str, str]:
    table: dict[str, str] = {}
    for code, line in source.items():
        for word in line.split():
            table.setdefault(key(word), code)
            table.setdefault(word.lower(), code)
    return table


_SEX_TABLE = _table(_SEX) | {key("ұл бала"): "m", key("қыз бала"): "f"}
_LANGUAGE_TABLE = {key(one): code for code, ones in _LANGUAGES.items() for one in ones}
_YES_KEYS, _NO_KEYS = {key(w) or w for w in _YES}, {key(w) or w for w in _NO}


def sex(value: Any) -> Read:
    """m or f."""
    line = clean(value)
    if not line:
        return NOTHING
    found = _SEX_TABLE.get(line.lower().strip(". ")) or _SEX_TABLE.get(key(line))
    return Read(found) if found else error("sex_unread", value=clip(line))


def yes_no(value: Any) -> Read:
    """True or nothing."""
    line = clean(value)
    small = line.lower().strip(". ")
    if not line or small in _NO or key(line) in _NO_KEYS:
        return NOTHING
    if small in _YES or key(line) in _YES_KEYS:
        return Read(True)
    return doubt("yes_no_unread", None, value=clip(line))


def language(value: Any) -> Read:
    """The language of teaching: kk or ru; any other word is doubtful and left out."""
    line = clean(value)
    if not line:
        return NOTHING
    found = _LANGUAGE_TABLE.get(key(line))
    return Read(found) if found else doubt("language_unread", None, value=clip(line))


def words(
    terms: Callable[[], Mapping[str, Iterable[str]]],
    *,
    several: bool = False,
    unknown: Severity = Severity.DOUBT,
    separators: str = r"[;\n]+|,(?!\s*(?:получающая|доход))",
) -> Callable[[Any], Read]:
    """A reader of coded terms. `terms` gives the words of each code; it is asked once.

    With `several` the cell may hold a list and the value is a list of codes.
    """
    known: dict[str, str] = {}
    split = re.compile(separators)

    def table() -> dict[str, str]:
        if not known:
            for code, ones in terms().items():
                for one in ones:
                    known.setdefault(key(one), code)
        return known

    def read(value: Any) -> Read:
        line = clean(value)
        if not line or line in {"-", "–", "—"}:
            return NOTHING
        whole = table().get(key(line))
        if whole:
            return Read([whole] if several else whole)
        codes: list[str] = []
        unread: list[str] = []
        for part in split.split(line) if several else [line]:
            if part.strip():
                found = table().get(key(part))
                (codes if found else unread).append(found or part.strip())
        findings = tuple(Finding("unknown_word", unknown, "", {"value": clip(part)}) for part in unread)
        return Read((codes or None) if several else None, findings)

    return read
