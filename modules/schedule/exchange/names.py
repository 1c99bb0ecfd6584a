"""Names as files write them, matched with those of the school: shortened, misspelt, turned round."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from uuid import UUID

from imports.normalise.words import key
from imports.people import People
from kernel.names import fold


class Staff(People):
    """People who may be written by their surname alone where nobody else has it."""

    def __init__(self, choices: Iterable[tuple[UUID, str]]) -> None:
        super().__init__(choices)
        self.surnames: dict[str, set[UUID]] = {}
        for one, name in self.names.items():
            if words := fold(name).split():
                self.surnames.setdefault(words[0], set()).add(one)

    def by_surname(self, line: str) -> set[UUID]:
        words = fold(line).replace(".", " ").split()
        return self.surnames.get(words[0], set()) if len(words) == 1 else set()

    def meant(self, line: str) -> set[UUID]:
        """Everybody who may be meant by the line, look-alike letters put right."""
        return self.find(line) or self.by_surname(line) or self.find(_cyrillic(line))

    def nearest(self, line: str) -> str:
        """The name that was probably meant: a letter is wrong, or only the surname and a wrong initial agree."""
        if found := super().nearest(line):
            return found
        words = fold(_cyrillic(line)).replace(".", " ").split()
        long = [word for word in words if len(word) > 3]
        if not long:
            return ""
        near = get_close_matches(long[0], self.surnames, n=1, cutoff=0.8)
        ones = self.surnames.get(near[0], set()) if near else set()
        initials = [word[0] for word in words if word != long[0]]
        if initials:
            ones = {one for one in ones if self._first_letter(one) == initials[0]}
        return self.names[next(iter(ones))] if len(ones) == 1 else ""

    def _first_letter(self, one: UUID) -> str:
        return fold(self.names[one]).split()[1][:1] if len(self.names[one].split()) > 1 else ""


def _cyrillic(line: str) -> str:
    return key(line)


def abbreviates(said: str, known: Collection[str]) -> bool:
    """Whether the folded words shorten one of the known names: "англ яз" of "английский язык"."""
    return bool(meanings(said, known))


def meanings(said: str, known: Collection[str]) -> list[str]:
    """The known names of which the words may be short forms."""
    words = said.split()
    if not words or len("".join(words)) < 3:
        return []
    return [name for name in known if _shortens(words, name.split())]


def _shortens(words: list[str], name: list[str]) -> bool:
    """Each word begins one of the name's, in their order; the first begins the first."""
    if not name or not name[0].startswith(words[0]):
        return False
    place = 0
    for word in words:
        while place < len(name) and not name[place].startswith(word):
            place += 1
        if place == len(name):
            return False
        place += 1
    return True


def nearest(said: str, known: Collection[str]) -> str:
    """The known name (folded) that was probably meant; nothing when several are as near."""
    short = meanings(said, known)
    if len(short) == 1:
        return short[0]
    close = get_close_matches(said, short or list(known), n=2, cutoff=0.72)
    return close[0] if close else (short[0] if short else "")
