"""Names for people who do not exist: from the lists of the country, and never a name that somebody of the source has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from kernel.names import fold
from tenants.reference import files

ENOUGH = 12
_HARD = "бвгғдзкқлмнңпрстфхһ"  # after these every patronymic is joined as it is
_STARTS = {
    "m": ("Ақ", "Бек", "Ер", "Жан", "Нұр", "Тай", "Темір", "Хан", "Арыс", "Бай", "Дос", "Қазы", "Мұз", "Сар"),
    "f": (
        "Ай",
        "Ақ",
        "Гүл",
        "Күн",
        "Нұр",
        "Алтын",
        "Жан",
        "Сая",
        "Тоты",
        "Раш",
        "Бал",
        "Зер",
        "Меру",
        "Толқ",
    ),
}
_ENDS = {
    "m": ("бол", "дәурен", "мұрат", "тай", "хан", "дос", "лан", "қали", "сейіт", "төре", "шора", "бай"),
    "f": ("гүл", "бике", "сара", "ай", "сұлу", "зия", "дана", "көз", "шат", "ару", "қыз", "еркем"),
}
_OF_FATHER = {("kk", "m"): "ұлы", ("kk", "f"): "қызы", ("ru", "m"): "ович", ("ru", "f"): "овна"}


def folded(word: str) -> str:
    """Near letters alike: Шәріпов is no name for whom Шарипов is known."""
    return fold(word.strip())


def sex_of(surname: str, name: str, patronymic: str) -> str:
    """As the endings say; m when they say nothing."""
    father, family = folded(patronymic), folded(surname)
    if father.endswith(("кызы", "вна", "ична")):
        return "f"
    if father.endswith(("улы", "вич", "ич")):
        return "m"
    if family.endswith(("ова", "ева", "ина", "ына", "ская", "цкая")):
        return "f"
    return "f" if folded(name) in _known("f") and folded(name) not in _known("m") else "m"


def language_of(*words: str) -> str:
    """ru for a name of the Russian lists, kk for every other."""
    return "ru" if any(folded(word) in _russian() for word in words if word) else "kk"


@dataclass(slots=True)
class Real:
    """Every part of a name that somebody of the source has."""

    words: set[str] = field(default_factory=set)

    def add(self, *parts: str) -> None:
        for part in parts:
            self.words.update(folded(word) for word in part.replace("-", " ").split())
            self.words.add(folded(part))

    def __contains__(self, name: str) -> bool:
        return folded(name) in self.words


@dataclass
class Names:
    """Names to be drawn; `draw(what, of)` is a number that is the same for the same words."""

    real: Real
    draw: Callable[[str, str], int]
    _pools: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _families: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def surname(self, word: str, *, sex: str, language: str) -> str:
        """Relatives keep one surname, each in the form of their sex."""
        if language not in self._families:
            free = [pair for pair in _families(language) if self._are_free(pair)]
            if len(free) < ENOUGH:
                free += filter(
                    self._are_free, ((f"{one}ов", f"{one}ова") for one in _made_up("m") if one[-1] in _HARD)
                )
            self._families[language] = free
        stem = (
            folded(word).removesuffix("а") if folded(word).endswith(("ова", "ева", "ина")) else folded(word)
        )
        pool = self._families[language]
        return pool[self.draw("surname", stem) % len(pool)][sex == "f"]

    def name(self, word: str, *, sex: str, language: str) -> str:
        return self._one_of("name", sex, language, folded(word))

    def patronymic(self, word: str, *, sex: str, language: str) -> str:
        form = "ru" if folded(word).endswith(("вич", "вна", "ич", "ична")) else "kk"
        stem = folded(word)
        for end in ("улы", "кызы", "ович", "евич", "овна", "евна"):
            stem = stem.removesuffix(end)  # brothers and sisters keep one father
        father = self._one_of("father", form, language, stem)
        return f"{father}{_OF_FATHER[form, sex]}"

    def _one_of(self, part: str, sex: str, language: str, word: str) -> str:
        pool = self._pools.get((part, sex, language))
        if pool is None:
            pool = self._pools[part, sex, language] = self._free(part, sex, language)
        return pool[self.draw(part, word) % len(pool)]

    def _free(self, part: str, sex: str, language: str) -> list[str]:
        """The names of the list that nobody has; made-up ones beside them where few are left."""
        if part == "father":  # what joins with every ending of a patronymic, and is free with each
            named, made = _given("m", language), _made_up("m")
            suits = self._is_free_father
        else:
            named, made = _given(sex, language), _made_up(sex)
            suits = self._is_free
        pool = [one for one in named if suits(one)]
        return pool if len(pool) >= ENOUGH else pool + [one for one in made if suits(one)]

    def _are_free(self, pair: tuple[str, str]) -> bool:
        return all(one not in self.real for one in pair)

    def _is_free(self, name: str) -> bool:
        return name not in self.real

    def _is_free_father(self, name: str) -> bool:
        return (
            name[-1] in _HARD
            and name not in self.real
            and all(f"{name}{end}" not in self.real for end in _OF_FATHER.values())
        )


def _given(sex: str, language: str) -> list[str]:
    lists = {
        ("kk", "m"): "kazakh_male",
        ("kk", "f"): "kazakh_female",
        ("ru", "m"): "russian_male",
        ("ru", "f"): "russian_female",
    }
    return [one["kk"] for one in files.raw("given-names")[lists[language, sex]]]


def _families(language: str) -> list[tuple[str, str]]:
    if language == "kk":
        return [(one["male_kk"], one["female_kk"]) for one in files.raw("surnames")["kazakh"]]
    return [
        (one["male_ru"], one["female_ru"]) for one in files.raw("surnames")["other"] if one["origin"] == "ru"
    ]


def _made_up(sex: str) -> list[str]:
    return [f"{start}{end}" for start in _STARTS[sex] for end in _ENDS[sex]]


@cache
def _russian() -> frozenset[str]:
    given = {folded(one) for sex in "mf" for one in _given(sex, "ru")}
    return frozenset(given | {folded(one) for pair in _families("ru") for one in pair})


@cache
def _known(sex: str) -> frozenset[str]:
    return frozenset(folded(one) for language in ("kk", "ru") for one in _given(sex, language))
