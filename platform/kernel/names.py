"""Names of people: three parts, the last one optional; sorted in Kazakh order, found by near letters."""

from __future__ import annotations

from dataclasses import dataclass

KK_COLLATION = "kk-x-icu"
_FOLD = str.maketrans("әғқңөұүһіё", "агкноуухие", "ъь’'ʼ")


def fold(text: str) -> str:
    """Lower case with Kazakh letters folded to their Russian neighbours, for searching only."""
    return text.lower().translate(_FOLD)


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
