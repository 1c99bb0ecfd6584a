"""What stands in a test copy in the place of what tells of a person: the same for the same value throughout one copy.

The key of a copy is drawn when it is made and kept nowhere: nobody can go back from a copy to its source.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kernel.iin import check_digit
from kernel.names import PersonName, fold
from tenants.clones.names import Names, Real, folded, language_of, sex_of
from tenants.contents.reading import Row

SHIFT = 45  # days
_STRETCH = (
    120  # days between two moments whose shift is drawn; longer than twice SHIFT, so that no order is turned
)
_BEGINNING = date(1900, 1, 1)
_CODE = re.compile(
    r"[a-z][a-z0-9_.:/-]{0,60}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d(-\d\d)?(T[\d:.+Z-]*)?|\d\d:\d\d(:\d\d)?|\d{1,5}"
)
_FILLING = {"kk": "мысал мәтін ", "ru": "образец текста ", "en": "sample text "}
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщэюя", "0123456789")


@dataclass
class Pseudonyms:
    """One copy's. First every row is `met`, so that no name of anybody is drawn for another; then rows are `told`."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    real: Real = field(default_factory=Real)
    _people: dict[str, str] = field(default_factory=dict)
    _sexes: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.names = Names(self.real, self._draw)
        self._kinds: Mapping[str, Callable[[Any, Row], Any]] = {
            "surname": lambda value, row: self._name(row).surname,
            "name": lambda value, row: self._name(row).name,
            "patronymic": lambda value, row: self._name(row).patronymic,
            "full_name": lambda value, row: self.full_name(value),
            "iin": lambda value, row: self.iin(value, row),
            "birth_date": lambda value, row: self.day(date.fromisoformat(value)).isoformat(),
            "phone": lambda value, row: self.phone(value),
            "email": lambda value, row: f"p{self._hash('email', folded(value))[:10]}@example.invalid",
            "login": lambda value, row: f"u{row['id']}",
            "search": lambda value, row: fold(" ".join((*self._parts(row), f"u{row['id']}"))),
            "text": lambda value, row: self.text(value),
            "scrambled": lambda value, row: self.scrambled(value),
            "json": lambda value, row: self.json(value),
        }

    def meet(self, row: Row) -> None:
        """Learn a row that has somebody's name."""
        parts = self._real_parts(row)
        self.real.add(*parts)
        if sex := row.get("sex"):
            self._sexes[parts] = sex

    def acquaint(self, row: Row) -> None:
        """After everybody was met: know the person by every way in which a name is written."""
        before, after = PersonName(*self._real_parts(row)), self._name(row)
        for way in (
            lambda one: one.full,
            lambda one: one.short,
            lambda one: one.short.replace("\u00a0", " "),
            lambda one: one.short.replace("\u00a0", " ").replace(". ", "."),
            lambda one: f"{one.surname} {one.name}".strip(),
            lambda one: f"{one.name} {one.surname}".strip(),
            lambda one: f"{one.name} {one.patronymic}".strip(),
        ):
            self._people.setdefault(folded(way(before)), way(after))

    def told(self, row: Row, treatments: Mapping[str, str]) -> Row:
        """The row with what tells of a person replaced; `treatments` are kinds by column."""
        changed = {
            column: self._kinds[kind](row[column], row)
            for column, kind in treatments.items()
            if row.get(column) not in (None, "")
        }
        return {**row, **changed}

    # --- kinds

    def full_name(self, value: str) -> str:
        """The pseudonym of somebody known, else a text of the same length; the product's own acts keep their codes."""
        known = self._people.get(folded(value))
        if known is not None:
            return known
        return value if _CODE.fullmatch(value) and value not in self.real else self.text(value)

    def iin(self, value: str, row: Row) -> str:
        """A number that cannot be: of a century that has not begun, with a wrong last digit."""
        known = self._numbers.get(value)
        if known is not None:
            return known
        born = self._born(value, row)
        digit = "8" if self._sex(row) == "f" else "7"
        serial = self._draw("iin", value)
        for step in range(10_000):
            body = f"{born:%y%m%d}{digit}{(serial + step) % 10_000:04d}"
            right = check_digit(body)
            found = f"{body}{((10 if right is None else right) + 1 + serial % 8) % 10}"
            if found not in self._taken and int(found[11]) != right:
                break
        self._taken.add(found)
        self._numbers[value] = found
        return found

    def day(self, value: date) -> date:
        """Some days earlier or later, so that of two days the earlier one never becomes the later."""
        since = (value - _BEGINNING).days
        place, rest = divmod(since, _STRETCH)
        begin, end = self._shift(place), self._shift(place + 1)
        return value + timedelta(days=begin + (end - begin) * rest // _STRETCH)

    def phone(self, value: str) -> str:
        """A number of a code that is given to nobody."""
        known = self._numbers.get(value)
        if known is not None:
            return known
        digits = self._draw("phone", value)
        while (found := f"+7000{digits % 10_000_000:07d}") in self._taken:
            digits += 1
        self._taken.add(found)
        self._numbers[value] = found
        return found

    def text(self, value: str) -> str:
        """Words that say nothing, in as many characters."""
        if not value.strip():
            return value
        letters = set(value.lower())
        language = (
            "kk" if letters & set("әғқңөұүһі") else "ru" if letters & set("абвгдежзиклмнопрст") else "en"
        )
        filling = _FILLING[language]
        found = (filling * (len(value) // len(filling) + 1))[: len(value)]
        return found[:-1] + "." if found.endswith(" ") else found

    def scrambled(self, value: str) -> str:
        """Other letters and digits in the same places: numbers of papers, short names that must differ."""
        stream = bytes.fromhex(self._hash("scrambled", value)) * (len(value) // 32 + 1)
        found = []
        for letter, drawn in zip(value, stream, strict=False):
            alphabet = next((one for one in _ALPHABETS if letter.lower() in one), None)
            if alphabet is None:
                found.append("ы" if letter.isalpha() else letter)
                continue
            other = alphabet[
                (alphabet.index(letter.lower()) + 1 + drawn % (len(alphabet) - 1)) % len(alphabet)
            ]
            found.append(other.upper() if letter.isupper() else other)
        return "".join(found)

    def json(self, value: Any) -> Any:
        """The same shape: codes, ids, days and short numbers stay, all other words are replaced."""
        if isinstance(value, dict):
            return {self._said(key): self.json(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.json(one) for one in value]
        return self._said(value) if isinstance(value, str) else value

    def _said(self, value: str) -> str:
        if value in self._numbers:
            return self._numbers[value]
        if folded(value) in self._people:
            return self._people[folded(value)]
        if _CODE.fullmatch(value) and value not in self.real:
            return value
        return self.scrambled(value) if value.strip("+").isdigit() else self.text(value)

    # --- people

    def _name(self, row: Row) -> PersonName:
        surname, name, patronymic = self._real_parts(row)
        sex, language = self._sex(row), language_of(surname, name)
        return PersonName(
            self.names.surname(surname, sex=sex, language=language) if surname else "",
            self.names.name(name, sex=sex, language=language) if name else "",
            self.names.patronymic(patronymic, sex=sex, language=language) if patronymic else "",
        )

    def _parts(self, row: Row) -> tuple[str, str, str]:
        name = self._name(row)
        return name.surname, name.name, name.patronymic

    @staticmethod
    def _real_parts(row: Row) -> tuple[str, str, str]:
        return row.get("surname") or "", row.get("name") or "", row.get("patronymic") or ""

    def _sex(self, row: Row) -> str:
        parts = self._real_parts(row)
        return str(row.get("sex") or self._sexes.get(parts) or sex_of(*parts))

    def _born(self, value: str, row: Row) -> date:
        if row.get("birth_date"):
            return self.day(date.fromisoformat(row["birth_date"]))
        try:
            return self.day(date(1900 + int(value[:2]), int(value[2:4]), int(value[4:6])))
        except ValueError:
            return _BEGINNING + timedelta(days=self._draw("born", value) % 36_000)

    # --- drawing

    def _shift(self, place: int) -> int:
        return self._draw("shift", str(place)) % (2 * SHIFT + 1) - SHIFT

    def _draw(self, what: str, of: str) -> int:
        return int(self._hash(what, of)[:15], 16)

    def _hash(self, what: str, of: str) -> str:
        return hmac.digest(self.key, f"{what}|{of}".encode(), hashlib.sha256).hex()
