"""What the wizard takes as a file."""

from __future__ import annotations

from dataclasses import replace

from imports.reading.files import MAX_BYTES, bad, kind_of
from kernel import uploads

_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_MEDIA_TYPE = "application/octet-stream"


def _look(content: bytes) -> uploads.Seen:
    kind_of(content)
    return uploads.AsItCame(content, _MEDIA_TYPE)


def _look_at_others(content: bytes) -> uploads.Seen:
    """Containers are judged before anybody opens them; another program's text is judged by its reader."""
    if len(content) > MAX_BYTES:
        raise bad("too_large")
    if content[:4] in _CONTAINERS:
        kind_of(content)
    return uploads.AsItCame(content, _MEDIA_TYPE)


SHEET = uploads.Kind(
    "sheet", (".xlsx", ".xls", ".ods", ".csv", ".txt", ".tsv"), MAX_BYTES, _look, read_at_once=True
)


def sheet_or(endings: tuple[str, ...]) -> uploads.Kind:
    """A spreadsheet, or a file of another program that an importer reads."""
    return replace(SHEET, endings=(*SHEET.endings, *endings), look=_look_at_others) if endings else SHEET
