"""The columns of a file of classes: how they are called in either language, and how their cells are read."""

from __future__ import annotations

import re
from typing import Any

from imports import normalise
from imports.api import Column, Read, doubt, error

_PRESCHOOL = re.compile(r"^(?:0|предшкол\w*|мектепалды\w*|мад|кпп)$", re.IGNORECASE)
_KINDS: dict[str, tuple[str, ...]] = {
    "general": ("общеобразовательный", "обычный", "жалпы білім беретін", "жалпы", "общий"),
    "gymnasium": ("гимназический", "гимназия", "гимназиялық"),
    "lyceum": ("лицейский", "лицей", "лицейлік"),
    "preschool": ("предшкольный", "предшкола", "мектепалды", "класс предшкольной подготовки", "мад"),
    "special": ("специальный", "коррекционный", "арнайы", "түзету"),
}
_DIRECTIONS: dict[str, tuple[str, ...]] = {
    "natural": (
        "естественно-математическое", "естественно-математический", "ЕМН", "ЕМ", "физико-математический",
        "химико-биологический", "жаратылыстану-математикалық", "жаратылыстану-математика", "ЖМБ", "ЖМ",
    ),
    "social": (
        "общественно-гуманитарное", "общественно-гуманитарный", "ОГН", "ОГ", "гуманитарный",
        "қоғамдық-гуманитарлық", "ҚГБ", "ҚГ", "гуманитарлық",
    ),
}  # fmt: skip
_NO_DIRECTION = ("-", "–", "—", "нет", "жоқ", "без профиля", "бейінсіз", "общий", "жалпы")


def _direction(value: Any) -> Read:
    """The profile of a senior class; a dash or “none” is nothing said, as an empty cell is."""
    line = normalise.clean(value)
    if line.casefold() in _NO_DIRECTION:
        return Read()
    return normalise.words(lambda: _DIRECTIONS)(value)


def _grade(value: Any) -> Read:
    """The grade alone: 7, “7 класс”, VII, “предшкола”."""
    line = normalise.clean(value)
    if _PRESCHOOL.match(line):
        return Read(0)
    read = normalise.school_class(value)
    if read.value is None:
        return read
    grade, letter = read.value
    return error("class_unread", value=normalise.clip(line)) if letter else Read(grade)


def _letter(value: Any) -> Read:
    line = normalise.clean(value).strip(" «»\"'“”")
    read = normalise.school_class(f"1{line}") if line else Read()
    if read.value is None:
        return error("class_unread", value=normalise.clip(line)) if line else read
    return Read(read.value[1])


def _small(least: int, most: int) -> Any:
    """A whole number within bounds; another one is left out."""

    def read(value: Any) -> Read:
        found = normalise.number(value)
        if found.value is None:
            return found
        if not found.value.isdigit() or not least <= int(found.value) <= most:
            return doubt("number_bounds", None, value=normalise.clip(normalise.clean(value)))
        return Read(int(found.value))

    return read


COLUMNS: tuple[Column, ...] = (
    Column(
        code="class",
        kk="Сыныбы",
        ru="Класс",
        names=("сынып", "класс, литера", "класс-комплект", "наименование класса", "сынып атауы", "сыныптар", "классы"),
        read=normalise.school_class,
        strict=True,
        example_kk="7 «Ә»",
        example_ru="7А",
    ),
    Column(
        code="grade",
        kk="Параллель",
        ru="Параллель",
        names=("параллель (цифра)", "номер класса", "сынып нөмірі", "ступень", "год обучения", "класс (цифра)"),
        read=_grade,
        strict=True,
    ),
    Column(
        code="letter",
        kk="Литері",
        ru="Литера",
        names=("буква", "литер", "әріпі", "әрпі", "литера класса", "сынып литері"),
        read=_letter,
        strict=True,
    ),
    Column(
        code="language",
        kk="Оқыту тілі",
        ru="Язык обучения",
        names=("оқу тілі", "язык", "язык класса", "тілі", "сынып тілі"),
        read=normalise.language,
        example_kk="қазақ",
        example_ru="казахский",
        choices_kk=("қазақ", "орыс"),
        choices_ru=("казахский", "русский"),
    ),
    Column(
        code="shift",
        kk="Ауысым",
        ru="Смена",
        names=("ауысымы", "смена обучения"),
        read=normalise.shift,
        example_kk="1",
        example_ru="1",
        choices_kk=("1", "2"),
        choices_ru=("1", "2"),
    ),
    Column(
        code="kind",
        kk="Сынып түрі",
        ru="Вид класса",
        names=("тип класса", "түрі", "вид", "статус класса"),
        read=normalise.words(lambda: _KINDS),
        example_kk="жалпы білім беретін",
        example_ru="общеобразовательный",
        choices_kk=("жалпы білім беретін", "гимназиялық", "лицейлік", "мектепалды", "арнайы"),
        choices_ru=("общеобразовательный", "гимназический", "лицейский", "предшкольный", "специальный"),
    ),
    Column(
        code="direction",
        kk="Бағыты (бейіні)",
        ru="Направление (профиль)",
        names=("профиль", "профиль класса", "направление", "профильное направление", "бейіні", "бейін", "бағыты", "бағыт", "сынып бейіні"),
        read=_direction,
        choices_kk=("жаратылыстану-математикалық", "қоғамдық-гуманитарлық"),
        choices_ru=("естественно-математическое", "общественно-гуманитарное"),
    ),
    Column(
        code="room",
        kk="Бекітілген кабинет",
        ru="Закреплённый кабинет",
        names=("кабинет", "кабинет №", "№ кабинета", "закрепленный кабинет", "номер кабинета", "каб.", "кабинеті", "кабинет нөмірі", "сынып бөлмесі", "аудитория"),
        read=normalise.text(20),
        example_kk="214",
        example_ru="214",
    ),
    Column(
        code="capacity",
        kk="Орын саны",
        ru="Число мест",
        names=("наполняемость", "вместимость", "мест", "орын", "орындар", "предельная наполняемость", "сыйымдылығы"),
        read=_small(1, 60),
        example_kk="25",
        example_ru="25",
    ),
    Column(
        code="teacher",
        kk="Сынып жетекшісі",
        ru="Классный руководитель",
        names=("кл. руководитель", "классный рук.", "кл. рук.", "жетекші", "сынып жетекшісінің аты-жөні", "руководитель"),
        read=normalise.text(120),
        example_kk="Ахметова Гүлнар Серікқызы",
        example_ru="Ахметова Гүлнар Серікқызы",
    ),
    Column(
        code="joined",
        kk="Қосылған сыныптар",
        ru="Совмещён с",
        names=("совмещенный с", "совмещённые классы", "комплект", "класс-комплект с", "бірге оқитын сыныптар", "біріктірілген"),
        read=normalise.text(60),
    ),
)  # fmt: skip
