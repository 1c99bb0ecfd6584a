"""Days in words as documents of Kazakhstan write them; Django knows too little Kazakh for it."""

from __future__ import annotations

from datetime import date

_MONTHS = {
    "kk": (
        "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
        "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан",
    ),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
}  # fmt: skip
_WEEKDAYS = {
    "kk": ("дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"),
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
}
_NBSP = "\u00a0"


def in_words(day: date, language: str, *, weekday: bool = False, year: bool = True) -> str:
    """1 қыркүйек / 1 сентября, with the year and the day of the week when asked for."""
    known = "ru" if language.startswith("ru") else "kk"
    text = f"{day.day}{_NBSP}{_MONTHS[known][day.month - 1]}"
    if year:
        text = f"{day.year} жылғы {text}" if known == "kk" else f"{text} {day.year}{_NBSP}г."
    return f"{text}, {_WEEKDAYS[known][day.weekday()]}" if weekday else text
