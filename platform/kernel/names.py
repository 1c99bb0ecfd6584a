"""Names of people: three parts, the last one optional; sorted in Kazakh order, found by near letters."""

from __future__ import annotations

from dataclasses import dataclass

KK_COLLATION = "kk-x-icu"
_FOLD = str.maketrans("әғқңөұүһіё", "агкноуухие", "ъь’'ʼ")


def fold(text: str) -> str:
    """Lower case with Kazakh letters folded to their Russian neighbours, for searching only."""
    return text.lower().translate(_FOLD)


_ORDER = {letter: place for place, letter in enumerate("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя", 1000)}


def kazakh_order(text: object) -> list[int]:
    """A key that sorts short lists in memory as the Kazakh alphabet goes; tables sort by KK_COLLATION."""
    return [_ORDER.get(letter, ord(letter)) for letter in str(text).lower()]


@dataclass(frozen=True, slots=True)
class PersonName:
    surname: str
    name: str
    patronymic: str = ""

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.surname, self.name, self.patronymic) if part)

    @property
    def short(self) -> str:
        initials = " ".join(f"{part[0]}." for part in (self.name, self.patronymic) if part)
        return f"{self.surname}\u00a0{initials}" if initials else self.surname

    def __str__(self) -> str:
        return self.full
