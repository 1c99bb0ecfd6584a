"""What may be opened as a Word document: judged by its bytes before anything reads it."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import archives
from kernel.errors import DomainError

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED = 20 * 1024 * 1024
MAX_ENTRIES = 300
_REASONS = {"escapes": "broken", "disguised": "broken"}
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# Parts that run, hide or fetch something; and fields that bring in what stands elsewhere.
_ACTIVE = re.compile(
    r"vbaproject\.bin$|vbadata\.xml$|/activex/|/embeddings/|\.bin$|/afchunk|\.htm", re.IGNORECASE
)
_FETCHING = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE)\b")
_INSTRUCTION = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")
_TARGET = re.compile(rb"<Relationship\b[^>]*>")


class BadDocument(DomainError):
    """The file is no document that may be opened; the message says why and what to do."""

    code = "bad_document"


_MESSAGES: dict[str, Any] = {
    "empty": _("The file is empty."),
    "too_large": _("The document is larger than 2 MB. Take the pictures out of it."),
    "not_word": _("This is not a Word document. Save the text as DOCX and choose it again."),
    "old": _("This is an old Word document (DOC). Open it in Word and save it as DOCX."),
    "password": _("The document is protected with a password. Take the protection off and choose it again."),
    "macro": _("There are macros or embedded objects in the document. Save it as DOCX without them."),
    "outside": _("The document brings in something from outside. Take the links to other files out of it."),
    "bomb": _("The document unpacks to far too much. It was not opened."),
    "broken": _("The document is damaged and cannot be opened. Save it anew and choose it again."),
}


def bad(reason: str) -> BadDocument:
    refusal = BadDocument(_MESSAGES[reason])
    refusal.code = reason
    return refusal


def refuse(content: bytes) -> None:
    """Raise BadDocument for whatever is not a plain DOCX without macros, objects and ties to the outside."""
    if not content:
        raise bad("empty")
    if len(content) > MAX_BYTES:
        raise bad("too_large")
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise bad("password" if "EncryptedPackage".encode("utf-16-le") in content else "old")
    if content[:4] != b"PK\x03\x04":
        raise bad("not_word")
    try:
        _look_through(archives.opened(content, most_unpacked=MAX_UNPACKED, most_entries=MAX_ENTRIES))
    except archives.BadArchive as failure:
        raise bad(_REASONS.get(failure.reason, failure.reason)) from failure
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,
        RuntimeError,
        KeyError,
        EOFError,
        zlib.error,
    ) as failure:
        raise bad("broken") from failure


def _look_through(archive: zipfile.ZipFile) -> None:
    names = [name.replace("\\", "/") for name in archive.namelist()]
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise bad("not_word")
    types = _read(archive, "[Content_Types].xml")
    if b"macroenabled" in types.lower() or any(_ACTIVE.search(name) for name in names):
        raise bad("macro")
    if MAIN not in types:
        raise bad("not_word")
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        part = _read(archive, name)
        # A document type is where entities hide; Word never writes one. UTF-16 would hide the word from this look.
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part or part[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise bad("broken")
        if name.endswith(".rels"):
            _refuse_outside(part)
        for instruction in _INSTRUCTION.findall(part):
            if any(_FETCHING.search(piece.upper()) for piece in instruction):
                raise bad("outside")


def _refuse_outside(relations: bytes) -> None:
    for tie in _TARGET.findall(relations):
        if b'TargetMode="External"' in tie and b"/hyperlink" not in tie:
            raise bad("outside")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """The part, not a byte longer than the archive's own table says: sizes there may lie."""
    entry = archive.getinfo(name)
    with archive.open(entry) as part:
        content = part.read(MAX_UNPACKED + 1)
    if len(content) > MAX_UNPACKED:
        raise bad("bomb")
    return content
