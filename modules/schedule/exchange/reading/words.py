"""Days, numbers of lessons, groups and rooms as people and programs write them, in Kazakh, Russian and English."""

from __future__ import annotations

import re
from typing import Any

from imports.normalise import clean
from imports.normalise.words import key

_DAYS = {
    1: "дүйсенбі дүй дс понедельник пон пн monday mon mo",
    2: "сейсенбі сей сс вторник вто вт tuesday tue tu",
    3: "сәрсенбі сәр ср среда сре wednesday wed we",
    4: "бейсенбі бей бс четверг чет чт thursday thu th",
    5: "жұма жұм жм пятница пят пт friday fri fr",
    6: "сенбі сен сб суббота суб saturday sat sa",
    7: "жексенбі жек жс воскресенье вос вс sunday sun su",
}
_DAY_OF = {key(word): day for day, words in _DAYS.items() for word in words.split()}
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.\-]([0-5]\d)(?!\d)")
_NUMBER = re.compile(r"(?<![\d:.])(\d{1,2})(?![\d:])(?!\.\d)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_WITH_SHIFT = re.compile(r"^\s*([1-3])\s*/\s*(\d{1,2})(?!\d)")
_GROUP_WORD = r"(?:топ\w*|топша\w*|кіші\s*топ\w*|гр|группа|подгруппа|подгр|п/г|group)"
GROUP = re.compile(
    rf"\(?\s*(?:{_GROUP_WORD}\.?\s*№?\s*([1-9])(?!\d)|(?<!\d)([1-9])\s*-?\s*(?:я|ая|ші|шы)?\s*{_GROUP_WORD}\.?)\s*\)?",
    re.IGNORECASE,
)
BARE_GROUP = re.compile(r"\s*\(([1-9])\)\s*$")
_ROOM_WORD = re.compile(
    r"^(?:кабинет|каб|бөлме|аудитория|ауд|класс?\s*бөлме|room)\b\.?\s*[:№-]?\s*|\s*[-–]?\s*(?:кабинет|каб|бөлме|ауд)\.?$",
    re.IGNORECASE,
)
_ROOM = re.compile(r"^[А-ЯA-ZӘІҢҒҮҰҚӨҺ]?-?\d{1,4}(?:[-/]\d{1,2})?\s?[а-яa-zәіңғүұқөһ]?$", re.IGNORECASE)
_HALLS = re.compile(
    r"зал|шеберхана|мастерск|стадион|кітапхана|библиотек|лаборат|бассейн|алаң|зертхана", re.IGNORECASE
)
_TURN = re.compile(
    r"\(?\s*(?:(тақ\s*апта\w*|неч[ёе]тн\w*(?:\s*недел\w*)?|числител\w*)"
    r"|(жұп\s*апта\w*|ч[ёе]тн\w*(?:\s*недел\w*)?|знаменател\w*))\s*\)?",
    re.IGNORECASE,
)
EVERY_WEEK = {"каждую неделю", "все недели", "апта сайын", "барлық апта", "барлык апта"}


def weekday(value: Any) -> int:
    """Monday is 1; 0 when it is no day. Letters set apart or one below another count too."""
    line = clean(value)
    if not line or len(line) > 40:
        return 0
    if line.isdigit():
        return 0
    words = key(line).split()
    if words and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    for word in words[:2]:
        found = _DAY_OF.get(word) or (_DAY_OF.get(word[:3]) if len(word) > 4 else None)
        if found:
            return found
    return 0


def day_number(value: Any) -> int:
    """The same where a column holds nothing but days: a figure may stand there too."""
    line = clean(value)
    return int(line) if line in "1234567" and len(line) == 1 else weekday(line)


def lesson(value: Any) -> tuple[int | None, str]:
    """Which lesson of the day: its number, and its time as "08:00"; either may be missing."""
    line = clean(value)
    time = _TIME.search(line)
    at = f"{int(time[1]):02}:{time[2]}" if time else ""
    if shifted := _WITH_SHIFT.match(line):
        return int(shifted[2]), at
    rest = _TIME.sub(" ", line)
    if number := _NUMBER.search(rest):
        return (int(number[1]) if int(number[1]) <= 16 else None), at
    roman = _ROMAN.get(rest.strip(" .-–").lower().replace("і", "i").replace("х", "x"))
    return roman, at


def is_lesson(value: Any) -> bool:
    """Whether the cell holds a number or a time of a lesson and nothing else."""
    line = clean(value)
    if not line or len(line) > 24:
        return False
    rest = re.sub(
        r"(?:урок|сабақ|час|сағат|lesson|ші|шы|й)\w*|[\d\s:./№–—-]+", " ", line, flags=re.IGNORECASE
    )
    number, at = lesson(line)
    bare = not rest.strip(" .()-")
    return (number is not None or bool(at)) and (bare or line.strip(". ").lower() in _ROMAN)


def weeks_of(text: str) -> str:
    """The weeks that the text names: odd or even; nothing for every week."""
    found = _TURN.search(text)
    return "" if found is None else "odd" if found[1] else "even"


def without_weeks(text: str) -> str:
    return _TURN.sub(" ", text)


def group_of(text: str) -> tuple[str, str]:
    """The number of the part of the class that the text names, and the text without it."""
    if found := GROUP.search(text):
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        return found[1] or found[2], " ".join(rest.split()).strip(" ,;-–")
    if bare := BARE_GROUP.search(text):
        return bare[1], text[: bare.start()].strip()
    return "", text


def room_of(text: str) -> str:
    """The room that the text names, nothing when it names none."""
    line = clean(text).strip(" .,()")
    said = _ROOM_WORD.sub("", line)
    if said != line and said:
        return said.strip()
    return line if _ROOM.match(line) or (_HALLS.search(line) and len(line) <= 30) else ""
