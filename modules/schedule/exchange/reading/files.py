"""What kind of timetable a file is, and its lessons."""

from __future__ import annotations

from imports.reading import read_tables
from imports.reading.files import MAX_BYTES, bad
from modules.schedule.exchange.reading import asc, fet, walls, xml
from modules.schedule.exchange.reading.lines import Reading, Vocabulary


def read(content: bytes, known: Vocabulary) -> Reading | None:
    """The lessons of a wall sheet, of FET or of aSc; None for a list, which is read as any other. Raises BadFile."""
    if (found := read_program(content)) is not None:
        return found
    into = Reading()
    sheets = [one for one in read_tables(content) if one.visible and walls.is_wall(one)]
    for sheet in sheets:
        walls.read(sheet, known, into, several=len(sheets) > 1)
    if not sheets:
        return None
    if not into.lines:
        raise bad("no_rows")
    return into


def read_program(content: bytes) -> Reading | None:
    """The lessons of FET's or aSc's file; None when it is neither. Raises BadFile."""
    if len(content) > MAX_BYTES:
        raise bad("too_large")
    plain = xml.unpacked(content)
    if not xml.is_xml(plain):
        return None
    root = xml.parse(plain)
    for kind in (asc, fet):
        if kind.is_mine(root):
            return kind.read(root)
    raise bad("xml")
