"""Texts that a school edits in Word: looked through, filled with values, read into blocks for the printed form.

A template holds words in double braces, {{number}}. There is no language in it: a value takes the place of a word,
and a paragraph or table row with a word of a line ({{line.name}}) repeats for each line.
"""

from documents.word.blocks import Align, Block, Cell, Paragraph, Run, Table
from documents.word.composing import compose
from documents.word.filling import fill
from documents.word.gate import MAX_BYTES, MEDIA_TYPE, BadDocument, refuse
from documents.word.reading import placeholders, read
from documents.word.writing import write

__all__ = [
    "MAX_BYTES",
    "MEDIA_TYPE",
    "Align",
    "BadDocument",
    "Block",
    "Cell",
    "Paragraph",
    "Run",
    "Table",
    "compose",
    "fill",
    "placeholders",
    "read",
    "refuse",
    "write",
]
