"""Kinds of files that are taken. Each is declared by the package that keeps them; there is no kind "any file"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Seen(Protocol):
    """What is kept of the bytes, and what they are: pictures are drawn anew, others stay as they came."""

    @property
    def content(self) -> bytes: ...

    @property
    def media_type(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """`look` judges the bytes, never the name, and refuses with words of its own.

    What is `read_at_once` cannot wait in quarantine: without the antivirus it is not taken.
    """

    code: str
    endings: tuple[str, ...]
    largest: int
    look: Callable[[bytes], Seen]
    read_at_once: bool = False

    @property
    def accept(self) -> str:
        """For the browser's own choice of files."""
        return ",".join(self.endings)


@dataclass(frozen=True, slots=True)
class AsItCame:
    """Bytes that were looked at and stay as they are."""

    content: bytes
    media_type: str
