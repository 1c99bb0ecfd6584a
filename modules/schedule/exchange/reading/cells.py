"""A cell of a wall sheet taken apart: "Алгебра / Ахметов А. / 203", groups one below another or side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from imports.normalise import clean
from imports.normalise.words import key
from modules.schedule.exchange.names import abbreviates
from modules.schedule.exchange.reading.lines import Vocabulary
from modules.schedule.exchange.reading.words import group_of, room_of, weeks_of, without_weeks

_LINES = re.compile(r"[\n\r;]+|//+|\|\|")
_PARTS = re.compile(r"\s*[/|·•]\s*|\s+[–—]\s+|,\s+")
_NOTHING = {"", "-", "–", "—", "x", "х", "_", "."}
# "Ахметов А.", "А.Б. Ахметова", "Ахметова Гүлнар Серікқызы"
_INITIALS = re.compile(
    r"^[^\W\d_][\w'’-]+\s+(?:[^\W\d_]\.?\s?){1,2}$|^(?:[^\W\d_]\.\s?){1,2}[^\W\d_][\w'’-]+$"
)
_PATRONYMIC = re.compile(r"(?:вич|вна|ұлы|улы|қызы|кызы)$", re.IGNORECASE)
_TAIL_ROOM = re.compile(r"^(.*\D)\s+\(?((?:каб\.?|бөлме)?\s*[А-ЯA-Z]?\d{1,4}[а-яa-z]?)\)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """A lesson as the cell tells it; `weeks` is odd or even where it is held in those alone."""

    subject: str
    teacher: str = ""
    room: str = ""
    group: str = ""
    weeks: str = ""


@dataclass(slots=True)
class _Run:
    """What stands together: some subjects and whatever follows them."""

    subjects: list[str] = field(default_factory=list)
    teachers: list[str] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    weeks: str = ""

    @property
    def is_begun(self) -> bool:
        return bool(self.teachers or self.rooms)

    def lessons(self) -> list[Said]:
        count = max(len(one) for one in (self.subjects, self.teachers, self.rooms, self.groups))
        numbered = self.groups or ([str(n + 1) for n in range(count)] if count > 1 else [])
        return [
            Said(
                _at(self.subjects, n), _at(self.teachers, n), _at(self.rooms, n), _at(numbered, n), self.weeks
            )
            for n in range(count)
        ]


def _at(values: list[str], place: int) -> str:
    """The value at the place; one alone serves all."""
    if len(values) == 1:
        return values[0]
    return values[place] if place < len(values) else ""


def lessons(text: str, known: Vocabulary) -> list[Said]:
    """The lessons that the cell names, none for an empty one."""
    runs = [_Run()]
    for line in _LINES.split(text):
        weeks = weeks_of(line)
        if weeks and runs[-1].weeks and weeks != runs[-1].weeks:
            runs.append(_Run(weeks=weeks))  # two halves of an hour share the place by turns
        for part in _split(clean(without_weeks(line) if weeks else line), known):
            _take(part, runs, known)
        if weeks:
            runs[-1].weeks = weeks
    found = [one for run in runs if run.subjects for one in run.lessons()]
    if len(found) > 1 and not any(one.group or one.weeks for one in found):
        return [replace(one, group=str(n)) for n, one in enumerate(found, 1)]
    return found


def _split(line: str, known: Vocabulary) -> list[str]:
    """The parts of a line; what is a subject as a whole stays whole: "Дене шынықтыру, би"."""
    return [line] if key(line) in known.subjects else _PARTS.split(line)


def _take(part: str, runs: list[_Run], known: Vocabulary) -> None:
    """Put the part where it belongs: a group, then a subject, a teacher or a room, or two of them in a row."""
    group, rest = group_of(part)
    first, *more = _with_room(rest, known)
    run = runs[-1]
    if group and (group in run.groups or (run.is_begun and key(first) in known.subjects)):
        run = _Run(list(run.subjects) if not first or _is_teacher(first, known) else [])
        runs.append(run)
    if group:
        run.groups.append(group)
    for text in (first, *more):
        if text not in _NOTHING:
            _put(text, group, runs, known)


def _with_room(text: str, known: Vocabulary) -> list[str]:
    """ "Алгебра 203" as the subject and the room."""
    if key(text) in known.subjects or _room(text, known):
        return [text]
    tail = _TAIL_ROOM.match(text)
    return [tail[1].strip(" ,("), tail[2]] if tail else [text]


def _put(text: str, group: str, runs: list[_Run], known: Vocabulary) -> None:
    run = runs[-1]
    if _is_subject(text, run, known):
        if run.is_begun:
            runs.append(_Run(groups=[group] if group else []))
            run.groups = [one for one in run.groups if one != group]
        runs[-1].subjects.append(text)
    elif _is_teacher(text, known) or not (room := _room(text, known)):
        run.teachers.append(text)
    else:
        run.rooms.append(room)


def _is_subject(text: str, run: _Run, known: Vocabulary) -> bool:
    """A known subject, or the first word of the cell that is nothing else."""
    if key(text) in known.subjects:
        return True
    if _is_teacher(text, known) or _room(text, known):
        return False
    return not run.subjects or abbreviates(key(text), known.subjects)


def _is_teacher(text: str, known: Vocabulary) -> bool:
    if known.people.find(text) or known.people.by_surname(text) or _INITIALS.match(text):
        return True
    words = text.split()
    return len(words) == 3 and bool(_PATRONYMIC.search(words[2]))


def _room(text: str, known: Vocabulary) -> str:
    return text if text in known.rooms else room_of(text)
