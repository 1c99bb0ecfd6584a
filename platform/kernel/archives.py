"""ZIP containers, which spreadsheets and documents are: judged by their list of entries before anything is unpacked."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import Literal

MOST_ENTRIES = 2_000
MOST_RATIO = 100
_RATIO_COUNTS_FROM = 5 * 1024 * 1024
_END = b"PK\x05\x06"
_END_LENGTH = 22

Reason = Literal["broken", "bomb", "password", "escapes", "disguised"]


class BadArchive(Exception):
    """It may not be unpacked; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def opened(content: bytes, *, most_unpacked: int, most_entries: int = MOST_ENTRIES) -> zipfile.ZipFile:
    """The archive, when its list shows no bomb, no way out of the folder, and nothing before or behind it.

    Raises BadArchive.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as failure:
        raise BadArchive("broken") from failure
    if len(entries) > most_entries:
        raise BadArchive("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadArchive("password")
    unpacked, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    # Entries that share the same bytes weigh more than the file itself.
    if unpacked > most_unpacked or packed > len(content):
        raise BadArchive("bomb")
    if any(_swells(one) for one in entries) or (
        unpacked > _RATIO_COUNTS_FROM and unpacked > MOST_RATIO * packed
    ):
        raise BadArchive("bomb")
    if any(_leads_out(one) for one in entries) or len({one.filename for one in entries}) < len(entries):
        raise BadArchive("escapes")
    if not entries or entries[0].header_offset or content[-_END_LENGTH:][:4] != _END:
        raise BadArchive("disguised")
    return archive


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _RATIO_COUNTS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """A link, a path from the root, or one that climbs."""
    name = entry.filename.replace("\\", "/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")
