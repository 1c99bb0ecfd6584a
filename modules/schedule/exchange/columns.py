"""The columns of a timetable as a list: a lesson of the week in a row."""

from __future__ import annotations

import re
from typing import Any

from imports import normalise
from imports.api import Column, Read, error
from imports.normalise.words import key
from modules.schedule.exchange.reading.words import (
    EVERY_WEEK,
    day_number,
    group_of,
    lesson,
    room_of,
    weeks_of,
)


def day(value: Any) -> Read:
    """The day of the week: 1, “Дс”, “понедельник”."""
    line = normalise.clean(value)
    if not line or line in {"-", "–", "—"}:
        return Read()
    found = day_number(line)
    return Read(found) if found else error("day_unread", value=normalise.clip(line))


def number(value: Any) -> Read:
    """Which lesson of the day, by its number, its time or both: [3, ""], [None, "14:00"]."""
    line = normalise.clean(value)
    if not line or line in {"-", "–", "—"}:
        return Read()
    found, at = lesson(line)
    if found is None and not at:
        return error("lesson_unread", value=normalise.clip(line))
    return Read([found, at])


def group(value: Any) -> Read:
    """The part of the class: its number where one is told, else its name."""
    line = normalise.clean(value)
    if not line or line in {"-", "–", "—", "0"}:
        return Read()
    told, rest = group_of(line)
    digit = re.fullmatch(r"[1-9]", line)
    return Read(told or (digit[0] if digit else rest))


def room(value: Any) -> Read:
    """The room as the school writes it: “каб. 203” is 203."""
    line = normalise.clean(value)
    if not line or line in {"-", "–", "—"}:
        return Read()
    plain = room_of(line) or line
    return Read(plain) if len(plain) <= 20 else error("room_long", value=normalise.clip(line))


def weeks(value: Any) -> Read:
    """In which weeks: odd, even, or every one."""
    line = normalise.clean(value)
    found = weeks_of(line)
    if found or not line or line in {"-", "–", "—"} or key(line) in EVERY_WEEK:
        return Read(found or None)
    return error("weeks_unread", value=normalise.clip(line))


COLUMNS: tuple[Column, ...] = (
    Column(
        code="class",
        kk="Сынып",
        ru="Класс",
        names=("сыныбы", "классы", "класс, литера", "class"),
        read=normalise.text(60),
        required=True,
        matched=True,
        example_kk="7 «А»",
        example_ru="7А",
    ),
    Column(
        code="day",
        kk="Апта күні",
        ru="День недели",
        names=("күн", "күні", "день", "day"),
        read=day,
        strict=True,
        example_kk="Дүйсенбі",
        example_ru="Понедельник",
    ),
    Column(
        code="number",
        kk="Сабақ №",
        ru="№ урока",
        names=("сабақ", "урок", "номер урока", "сабақ нөмірі", "сабақтың реті", "уақыты", "время", "час", "lesson"),
        read=number,
        strict=True,
        example_kk="1",
        example_ru="1",
    ),
    Column(
        code="subject",
        kk="Пән",
        ru="Предмет",
        names=("пәні", "пән атауы", "учебный предмет", "дисциплина", "наименование предмета", "subject"),
        read=normalise.text(120),
        required=True,
        matched=True,
        example_kk="Алгебра",
        example_ru="Алгебра",
    ),
    Column(
        code="teacher",
        kk="Мұғалім",
        ru="Учитель",
        names=("мұғалімі", "пән мұғалімі", "педагог", "ФИО учителя", "преподаватель", "мұғалімнің ТАӘ", "teacher"),
        read=normalise.text(120),
        matched=True,
        example_kk="Ахметова Гүлнар Серікқызы",
        example_ru="Ахметова Гүлнар Серікқызы",
    ),
    Column(
        code="group",
        kk="Топ",
        ru="Группа",
        names=("подгруппа", "топша", "топ №", "группа №", "кіші топ", "group"),
        read=group,
    ),
    Column(
        code="room",
        kk="Кабинет",
        ru="Кабинет",
        names=("каб", "кабинет №", "аудитория", "бөлме", "room"),
        read=room,
        matched=True,
        example_kk="24",
        example_ru="24",
    ),
    Column(
        code="weeks",
        kk="Апталар",
        ru="Недели",
        names=("апта", "тақ/жұп", "чётность", "неделя", "weeks"),
        read=weeks,
        strict=True,
        choices_kk=("тақ апталар", "жұп апталар"),
        choices_ru=("нечётные недели", "чётные недели"),
    ),
    Column(
        code="pin",
        kk="Неге бекітілген",
        ru="Почему закреплён",
        names=("бекітілген", "закреплён", "закреплен"),
        read=normalise.text(200),
    ),
    Column(
        code="where",
        kk="Файлдағы орны",
        ru="Место в файле",
        names=("ячейка", "ұяшық"),
        read=normalise.text(120),
    ),
)  # fmt: skip
