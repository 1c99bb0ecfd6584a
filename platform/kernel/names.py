"""Names of people: three parts, the last one optional; sorted in Kazakh order, found by near letters."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Lower

KK_COLLATION = "kk-x-icu"
# The one rule of near letters. The database keeps folded names by it (`folded_name`), the search folds what is typed
# by it (kernel.search); a test holds the two together. A change of it is a migration of every folded column.
_LETTERS, _NEIGHBOURS, _SILENT = "әғқңөұүһіё", "агкноуухие", "ъь’'ʼ"
_FOLD = str.maketrans(_LETTERS, _NEIGHBOURS, _SILENT)


def fold(text: str) -> str:
    """Lower case with Kazakh letters folded to their Russian neighbours, for searching only."""
    return text.lower().translate(_FOLD)


def folded(expression: Combinable) -> models.Func:
    """An expression of the database as `fold` would give it."""
    return models.Func(
        Lower(expression),
        Value(_LETTERS + _SILENT),
        Value(_NEIGHBOURS),
        function="TRANSLATE",
        output_field=models.TextField(db_collation=KK_COLLATION),
    )


def folded_name() -> models.GeneratedField:
    """A column with the name as the search sees it: `fold`, kept by the database itself."""
    whole = Concat(F("surname"), Value(" "), F("name"), Value(" "), F("patronymic"))
    return models.GeneratedField(
        expression=folded(whole),
        output_field=models.TextField(db_collation=KK_COLLATION),
        db_persist=True,
        editable=False,
    )


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
        """Surname with initials; no line ends within it."""
        initials = "\u00a0".join(f"{part[0]}." for part in (self.name, self.patronymic) if part)
        return f"{self.surname}\u00a0{initials}" if initials else self.surname

    def __str__(self) -> str:
        return self.full
