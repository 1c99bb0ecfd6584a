"""Synthetic people of Kazakhstan: names as the country has them, numbers that nobody alive can own."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from kernel import iin
from tenants import reference

_CONSONANT_ENDS = {"ж": "евич", "ш": "евич", "ч": "евич", "щ": "евич", "ц": "евич"}


@dataclass(frozen=True, slots=True)
class Family:
    """A surname as men and women bear it, and the roots from which patronymics are made."""

    male: str
    female: str
    is_kazakh: bool


@dataclass(frozen=True, slots=True)
class Person:
    iin: str
    surname: str
    name: str
    patronymic: str
    sex: str
    birth_date: date
    phone: str = ""


class Crowd:
    """An endless supply of people; the same seed gives the same people."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a demo's dice, not a secret
        self._used: set[str] = set()
        names = reference.raw("given-names")
        self._names = {
            (kazakh, sex): ([n["kk"] for n in names[key]], [n.get("weight", 1) for n in names[key]])
            for kazakh, sex, key in (
                (True, "m", "kazakh_male"),
                (True, "f", "kazakh_female"),
                (False, "m", "russian_male"),
                (False, "f", "russian_female"),
            )
        }
        surnames = reference.raw("surnames")
        self._kazakh = [Family(s["male_kk"], s["female_kk"], True) for s in surnames["kazakh"]]
        self._other = [Family(s["male_ru"], s["female_ru"], False) for s in surnames["other"]]
        self._exceptions = {e["name"]: (e["male"], e["female"]) for e in surnames["patronymic_exceptions"]}

    def family(self, *, kazakh_share: float = 0.85) -> Family:
        is_kazakh = self.random.random() < kazakh_share
        return self.random.choice(self._kazakh if is_kazakh else self._other)

    def given_name(self, family: Family, sex: str) -> str:
        names, weights = self._names[(family.is_kazakh, sex)]
        return self.random.choices(names, weights)[0]

    def patronymic(self, father: str, sex: str, *, is_kazakh: bool) -> str:
        """The patronymic after a father's name: -ұлы and -қызы, or the Russian endings."""
        if is_kazakh:
            return father + ("ұлы" if sex == "m" else "қызы")
        if father in self._exceptions:
            return self._exceptions[father][0 if sex == "m" else 1]
        if father.endswith("ий"):
            male = father[:-2] + "ьевич"
        elif father[-1] in "йь":
            male = father[:-1] + "евич"
        elif father[-1] in "ая":
            male = father + "евич" if is_kazakh else father[:-1] + "ич"
        else:
            male = father + _CONSONANT_ENDS.get(father[-1], "ович")
        return male if sex == "m" else male.removesuffix("ич") + "на"

    def number(self, born: date, sex: str) -> str:
        while True:
            value = iin.synthetic(born, sex, self.random.randrange(10_000))
            if value not in self._used:
                self._used.add(value)
                return value

    def phone(self) -> str:
        return f"+77{self.random.choice(['01', '02', '05', '07', '47', '71', '75', '76', '77'])}{self.random.randrange(10**7):07d}"

    def birth_date(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randrange((last - first).days + 1))

    def adult(
        self, *, sex: str | None = None, family: Family | None = None, born: tuple[int, int] = (1966, 2001)
    ) -> Person:
        sex = sex or self.random.choices("fm", (78, 22))[0]
        family = family or self.family()
        father = self.given_name(family, "m")
        birth = self.birth_date(date(born[0], 1, 1), date(born[1], 12, 31))
        return Person(
            iin=self.number(birth, sex),
            surname=family.male if sex == "m" else family.female,
            name=self.given_name(family, sex),
            patronymic=self.patronymic(father, sex, is_kazakh=family.is_kazakh),
            sex=sex,
            birth_date=birth,
            phone=self.phone(),
        )

    def child(self, *, born: int, family: Family, father: str) -> Person:
        """A child of the family, born in the school cohort of the year; one in twenty has no patronymic."""
        sex = self.random.choice("fm")
        birth = self.birth_date(date(born, 1, 1), date(born, 12, 31))
        with_patronymic = self.random.random() > 0.05
        return Person(
            iin=self.number(birth, sex),
            surname=family.male if sex == "m" else family.female,
            name=self.given_name(family, sex),
            patronymic=self.patronymic(father, sex, is_kazakh=family.is_kazakh) if with_patronymic else "",
            sex=sex,
            birth_date=birth,
        )
