"""The columns of the load: how they are called in either language, and how their cells are read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from imports import normalise
from imports.api import Column, Read, doubt, error
from imports.normalise.words import key
from modules.staff import api as staff

# The first letters of the days in both languages, as schools shorten them.
_DAYS = {
    "дс": 1, "дүй": 1, "пн": 1, "пон": 1,
    "сс": 2, "сей": 2, "вт": 2, "вто": 2,
    "ср": 3, "сәр": 3, "сре": 3,
    "бс": 4, "бей": 4, "чт": 4, "чет": 4,
    "жм": 5, "жұм": 5, "пт": 5, "пят": 5,
    "сб": 6, "сен": 6, "суб": 6,
}  # fmt: skip
_PLACE = re.compile(r"([^\W\d_]+)\.?[\s:–-]*((?:\d{1,2}[\s,;и]*)+)")


def places(value: Any) -> Read:
    """“Пн 1, Ср 3; Пт 2-3” as [[1, 1], [3, 3], …]: the day of the week and the number of the lesson."""
    line = normalise.clean(value)
    if not line or line in {"-", "–", "—"}:
        return Read()
    spread = re.sub(r"(\d{1,2})\s*[-–]\s*(\d{1,2})", _range, line)
    found = []
    rest = _PLACE.sub("", spread)
    for day, numbers in _PLACE.findall(spread):
        low = day.lower()
        weekday = _DAYS.get(low) or _DAYS.get(low[:3]) or _DAYS.get(low[:2] if len(low) == 2 else "")
        if weekday is None:
            return error("places_unread", value=normalise.clip(line))
        found += [[weekday, int(number)] for number in re.findall(r"\d{1,2}", numbers)]
    if not found or rest.strip(" ,;.") or any(number > 16 for _day, number in found):
        return error("places_unread", value=normalise.clip(line))
    return Read(sorted(map(list, {(day, number) for day, number in found})))


def _range(found: re.Match[str]) -> str:
    first, last = int(found[1]), int(found[2])
    return ", ".join(map(str, range(first, last + 1))) if first < last <= 16 else found[0]


def hours(value: Any) -> Read:
    """Hours a week: 0.5 to 20 in halves."""
    read = normalise.number(value)
    if read.value is None:
        return read
    given = Decimal(read.value)
    if not Decimal("0.5") <= given <= 20 or given * 2 % 1:
        return error("hours_bounds", value=normalise.clip(normalise.clean(value)))
    return Read(str(given))


def group(value: Any) -> Read:
    """The number of the part of the class; the whole class has none."""
    line = normalise.clean(value)
    found = re.search(r"\d", line)
    if not line or key(line) in {"весь класс", "барлығы", "бүкіл сынып", "букил сынып", "нет", "жок"}:
        return Read()
    return Read(int(found[0])) if found else doubt("group_unread", None, value=normalise.clip(line))


COLUMNS: tuple[Column, ...] = (
    Column(
        code="class",
        kk="Сыныбы",
        ru="Класс",
        names=("сынып", "классы", "сыныптар", "класс, литера"),
        read=normalise.school_class,
        required=True,
        example_kk="7 «А»",
        example_ru="7А",
    ),
    Column(
        code="subject",
        kk="Пән",
        ru="Предмет",
        names=("пәні", "оқу пәні", "учебный предмет", "дисциплина", "наименование предмета", "пән атауы"),
        read=normalise.words(staff.subject_words),
        required=True,
        example_kk="Алгебра",
        example_ru="Алгебра",
    ),
    Column(
        code="hours",
        kk="Аптасына сағат",
        ru="Часов в неделю",
        names=("сағат", "сағат саны", "часы", "часов", "кол-во часов", "количество часов", "нагрузка", "жүктеме", "час"),
        read=hours,
        strict=True,
        example_kk="3",
        example_ru="3",
    ),
    Column(
        code="teacher",
        kk="Мұғалімі",
        ru="Учитель",
        names=("мұғалім", "пән мұғалімі", "педагог", "ФИО учителя", "преподаватель", "мұғалімнің ТАӘ", "учитель-предметник"),
        read=normalise.text(120),
        example_kk="Ахметова Гүлнар Серікқызы",
        example_ru="Ахметова Гүлнар Серікқызы",
    ),
    Column(
        code="group",
        kk="Топ",
        ru="Группа",
        names=("подгруппа", "топша", "топ №", "группа №", "кіші топ"),
        read=group,
    ),
    Column(
        code="places",
        kk="Аптадағы орны",
        ru="Место в неделе",
        names=("расписание", "кесте", "дни и уроки", "күндері мен сабақтары", "сабақ кестесі", "уроки"),
        read=places,
        strict=True,
        example_kk="Дс 1, Ср 3, Жм 2",
        example_ru="Пн 1, Ср 3, Пт 2",
    ),
    Column(
        code="room",
        kk="Кабинет",
        ru="Кабинет",
        names=("каб", "кабинет №", "аудитория", "бөлме"),
        read=normalise.text(20),
        example_kk="24",
        example_ru="24",
    ),
)  # fmt: skip
