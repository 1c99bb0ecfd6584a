"""People found by their names as they are typed: near letters, Latin keyboards, parts of words, slips of the pen.

Every list and the search in the head of the page look for people through here. What is typed is folded by
`kernel.names.fold` and compared with a column that the database folds by the same rule.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

from django.db.models import F, FloatField, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from kernel.names import fold

Row = TypeVar("Row", bound=Model)

MOST_WORDS = 5
# Found by trying on the commonest names of the country: a wrong, lost or swapped letter is forgiven, another name is not.
NEAR, FAR_BEHIND = 0.38, 0.8
SHORTEST = 4  # a shorter word has too few letters to be nearly anything
MOST_ALIKE = 100

# Letters that look the same on paper, for a word in which both keyboards met.
_LOOK_ALIKES = str.maketrans("abcehikmoptxyәұү", "авсенікмортхуәұү")
_SAID = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("gh", "г"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"),
    ("yu", "ю"), ("iu", "ю"), ("ya", "я"), ("ia", "я"), ("yo", "е"), ("ye", "е"),
    ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"),
    ("j", "ж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"),
    ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "у"), ("x", "х"), ("y", "ы"), ("z", "з"),
    ("ä", "а"), ("ö", "о"), ("ü", "у"), ("ū", "у"), ("ŭ", "у"), ("ı", "ы"), ("ş", "ш"), ("ğ", "г"), ("ñ", "н"), ("ŋ", "н"),
)  # fmt: skip
_SOUNDS = dict(_SAID)
_SOUND = re.compile("|".join(re.escape(latin) for latin, _cyrillic in _SAID))
_SHORT_I = re.compile(r"(?<=[aeiouäöü])[iy](?![aou])")
_LATIN = re.compile(r"[a-zäöüūŭışğñŋ]")
_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]")


def cyrillic(word: str) -> str:
    """A word of Latin letters as it sounds: `nursultan` → `нурсултан`, `zhanbai` → `жанбай`."""
    return _SOUND.sub(lambda found: _SOUNDS[found[0]], _SHORT_I.sub("й", word))


def words(text: str) -> list[tuple[str, ...]]:
    """The words of the text, folded; each with its other readings when it was typed in Latin letters."""
    found = []
    for word in text.lower().split()[:MOST_WORDS]:
        readings = [word]
        if _LATIN.search(word):
            mixed = _CYRILLIC.search(word)
            readings = [word.translate(_LOOK_ALIKES)] if mixed else [word, cyrillic(word)]
        if folded := tuple(dict.fromkeys(filter(None, map(fold, readings)))):
            found.append(folded)
    return found


def begins(text: str, *, field: str = "folded") -> Q:
    """Every word of the text begins some part of the name."""
    wanted = Q()
    for readings in words(text):
        one = Q()
        for word in readings:
            one |= Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})
        wanted &= one
    return wanted


def holds(text: str, *, field: str) -> Q:
    """Every word of the text stands somewhere in the field: for logins and phones, which are typed from any place."""
    wanted = Q()
    for readings in words(text):
        one = Q()
        for word in readings:
            one |= Q(**{f"{field}__contains": word})
        wanted &= one
    return wanted


class _Likeness(Func):
    """How near the word comes to the nearest piece of the field, 0 to 1, by the groups of three letters they share."""

    function = "ext.word_similarity"
    output_field = FloatField()


def alike(rows: QuerySet[Row], text: str, *, field: str = "folded", limit: int = MOST_ALIKE) -> list[Any]:
    """Keys of the rows whose name is nearly the text, the nearest first: for when nothing begins so.

    Nobody is nearly like a text without a word of four letters. What is much farther than the nearest is left out.
    """
    asked = words(text)
    if all(len(word) < SHORTEST for readings in asked for word in readings):
        return []
    total: Combinable = Value(0.0)
    for place, readings in enumerate(asked):
        word = readings[-1]
        if len(word) < SHORTEST:
            rows = rows.filter(begins(word, field=field))
            continue
        rows = rows.annotate(**{f"near{place}": _Likeness(Value(word), F(field))})
        rows = rows.filter(**{f"near{place}__gte": NEAR})
        total = total + F(f"near{place}")
    ranked = rows.annotate(nearness=total).order_by("-nearness", field, "pk").values_list("pk", "nearness")
    found = list(ranked[:limit])
    return [key for key, nearness in found if nearness >= found[0][1] * FAR_BEHIND]


def first(rows: QuerySet[Row], text: str, *, limit: int, field: str = "folded") -> list[Row]:
    """The first rows that begin so, in the rows' own order; when there are none, those nearly so."""
    found = list(rows.filter(begins(text, field=field))[:limit])
    if found or not (near := alike(rows, text, field=field, limit=limit)):
        return found
    place = {key: number for number, key in enumerate(near)}
    return sorted(rows.filter(pk__in=near), key=lambda row: place[row.pk])
