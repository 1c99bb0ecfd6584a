"""People of the school found as they are written in cells: in full, turned round, or by surname and initials."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from uuid import UUID

from kernel.names import fold


class People:
    """Full names with their ids."""

    def __init__(self, choices: Iterable[tuple[UUID, str]]) -> None:
        self.names = dict(choices)
        self.known: dict[str, set[UUID]] = {}
        for key, name in self.names.items():
            surname, *others = fold(name).split() or [""]
            initials = [part[0] for part in others]
            for said in (others, others[:1], initials, initials[:1]):
                self.known.setdefault(" ".join([surname, *said]), set()).add(key)

    def find(self, line: str) -> set[UUID]:
        """Everybody who may be meant: nobody, one, or several."""
        words = fold(line).replace(".", " ").split()
        straight, turned = " ".join(words), " ".join([*words[-1:], *words[:-1]])
        return self.known.get(straight) or self.known.get(turned) or set()

    def nearest(self, line: str) -> str:
        """The name that was probably meant, when a letter is wrong."""
        by_key = {fold(name): name for name in self.names.values()}
        found = get_close_matches(fold(line), by_key, n=1, cutoff=0.8)
        return by_key[found[0]] if found else ""
