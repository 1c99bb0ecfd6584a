"""What a text is made of, as far as it is printed: paragraphs and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look. A line break within a paragraph is "\\n", a tab "\\t"."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`label` is the sign of a list's item ("1.", "–"), `level` how deep it stands."""

    runs: tuple[Run, ...] = ()
    align: Align = "left"
    indent: bool = False
    label: str = ""
    level: int = 0
    kind: str = "paragraph"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Cell:
    paragraphs: tuple[Paragraph, ...] = ()
    span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the line, one for each column."""

    rows: tuple[tuple[Cell, ...], ...] = ()
    widths: tuple[float, ...] = ()
    ruled: bool = True
    kind: str = "table"


Block = Paragraph | Table
