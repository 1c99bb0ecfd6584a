"""The columns of a file of guardians: how they are called in either language, and how their cells are read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imports import normalise
from imports.api import Column, Read, error
from modules.contingent.importers.pupils.columns import COLUMNS as PUPIL_COLUMNS

_RELATIONS: dict[str, tuple[str, ...]] = {
    "mother": ("мать", "мама", "анасы", "ана", "шешесі", "мамасы", "мачеха", "өгей шеше"),
    "father": ("отец", "папа", "әкесі", "әке", "папасы", "отчим", "өгей әке"),
    "guardian": ("опекун", "попечитель", "законный представитель", "қамқоршы", "қамқоршысы", "қорғаншы", "қорғаншысы", "заңды өкілі", "патронатный воспитатель", "приёмный родитель"),
    "relative": ("родственник", "бабушка", "дедушка", "тётя", "дядя", "сестра", "брат", "әжесі", "атасы", "апасы", "ағасы", "туысы", "туыс", "әже", "ата"),
}  # fmt: skip
# Who may not see the child. What is written here and not understood keeps the row out: a guess would open the card.
_MAY_SEE: dict[str, tuple[str, ...]] = {
    "yes": ("да", "иә", "есть", "бар", "видит", "разрешено", "рұқсат", "+", "1", "полная", "опекает", "живёт с ребёнком"),
    "no": ("нет", "жоқ", "не видит", "запрещено", "тыйым", "-", "0", "рұқсат жоқ", "лишён родительских прав", "лишена родительских прав", "ата-ана құқығынан айырылған", "без права опеки"),
}  # fmt: skip


_read_sight = normalise.words(lambda: _MAY_SEE)


def _sight(value: Any) -> Read:
    """Whether she may see the child."""
    read = _read_sight(value)
    return error("sight_unread", value=normalise.clip(normalise.clean(value))) if read.findings else read


def _of_pupil(code: str, like: str, *, example: str = "", **called: Any) -> Column:
    """A column that reads as one of these and is called otherwise, in a file about something else."""
    pattern = next(column for column in PUPIL_COLUMNS if column.code == like)
    return replace(pattern, code=code, required=False, example_kk=example, example_ru=example, **called)


def _of_guardian(who: str) -> tuple[Column, ...]:
    """The columns of the mother, the father or the guardian, without examples."""
    return tuple(
        replace(column, example_kk="", example_ru="")
        for column in PUPIL_COLUMNS
        if column.code.startswith(f"{who}_")
    )


COLUMNS: tuple[Column, ...] = (
    _of_pupil(
        "child_iin",
        "iin",
        kk="Баланың ЖСН",
        ru="ИИН ребёнка",
        names=("ИИН ученика", "ИИН учащегося", "ИИН обучающегося", "оқушының ЖСН", "ЖСН (бала)", "ИИН (ребёнок)"),
    ),
    _of_pupil(
        "child",
        "full_name",
        kk="Баланың ТАӘ",
        ru="ФИО ребёнка",
        names=("ФИО ученика", "ФИО учащегося", "ФИО обучающегося", "ученик", "оқушы", "ребёнок", "бала", "оқушының аты-жөні", "баланың аты-жөні", "оқушының ТАӘ", "фамилия имя ученика", "фамилия, имя ребёнка"),
        example="Ахметов Ерлан Болатұлы",
    ),
    _of_pupil("class", "class", kk="Сыныбы", ru="Класс", names=("класс ребёнка", "класс ученика", "баланың сыныбы", "сынып"), example="7А"),
    Column(
        code="relation",
        kk="Балаға кім болады",
        ru="Кем приходится",
        names=("кем является", "степень родства", "родство", "отношение", "туыстығы", "кім", "кем приходится ребёнку", "статус", "кімі"),
        read=normalise.words(lambda: _RELATIONS),
        example_kk="анасы",
        example_ru="мать",
        choices_kk=("анасы", "әкесі", "қамқоршысы", "туысы"),
        choices_ru=("мать", "отец", "опекун", "родственник"),
    ),
    _of_pupil(
        "full_name",
        "full_name",
        kk="Ата-анасының ТАӘ",
        ru="ФИО родителя",
        names=("ФИО", "ТАӘ", "аты-жөні", "ФИО законного представителя", "родитель", "ата-анасы", "ФИО родителя (законного представителя)", "ата-анасының аты-жөні", "заңды өкілінің ТАӘ", "ФИО опекуна", "законный представитель", "родители", "фамилия имя отчество родителя"),
        example="Ахметова Гүлнар Серікқызы",
    ),
    Column(
        code="iin",
        kk="Ата-анасының ЖСН",
        ru="ИИН родителя",
        names=("ИИН", "ЖСН", "ИИН законного представителя", "ИИН опекуна", "заңды өкілінің ЖСН"),
        read=normalise.iin,
    ),
    Column(
        code="phone",
        kk="Телефоны",
        ru="Телефон",
        names=("телефон родителя", "контактный телефон", "сотовый", "номер телефона", "ұялы телефоны", "байланыс телефоны", "тел", "мобильный", "ата-анасының телефоны"),
        read=normalise.phone,
        example_kk="+7 705 111 22 33",
        example_ru="+7 705 111 22 33",
    ),
    Column(
        code="email",
        kk="Электрондық пошта",
        ru="Эл. почта",
        names=("e-mail", "email", "почта", "электронная почта", "адрес эл. почты", "пошта"),
        read=normalise.email,
    ),
    Column(
        code="language",
        kk="Хабарлама тілі",
        ru="Язык сообщений",
        names=("язык общения", "язык", "тілі", "қарым-қатынас тілі"),
        read=normalise.language,
        choices_kk=("қазақ", "орыс"),
        choices_ru=("казахский", "русский"),
    ),
    Column(
        code="may_see",
        kk="Баланы көруге рұқсат",
        ru="Видит данные ребёнка",
        names=("доступ", "доступ к данным", "право видеть", "рұқсат", "доступ к данным ребёнка", "родительские права", "ата-ана құқығы", "опека"),
        read=_sight,
        strict=True,
        choices_kk=("иә", "жоқ"),
        choices_ru=("да", "нет"),
    ),
    Column(
        code="ground",
        kk="Шешім (негіз)",
        ru="Решение (основание)",
        names=("основание", "решение суда", "документ", "негіздеме", "негіз", "сот шешімі", "основание запрета"),
        read=normalise.text(300),
        example_kk="",
        example_ru="",
    ),
    *_of_guardian("mother"),
    *_of_guardian("father"),
)  # fmt: skip
