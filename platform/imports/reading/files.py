"""What a file is, by its first bytes and never by its name, and whether it may be opened at all."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import archives
from kernel.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 150 * 1024 * 1024
_REASONS = {"escapes": "broken", "disguised": "broken"}


class Kind(StrEnum):
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


class BadFile(DomainError):
    """The file cannot be read; the message says why and what to do."""

    code = "bad_file"


_MESSAGES: dict[str, Any] = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 10 MB. Split it into several ones."),
    "unknown": _("This is not a spreadsheet. Save the list as XLSX, XLS, ODS or CSV and choose it again."),
    "word": _("This is a text document. Copy the table into a spreadsheet and save it as XLSX."),
    "pdf": _("This is a PDF file. A spreadsheet is needed: XLSX, XLS, ODS or CSV."),
    "picture": _("This is a picture. A spreadsheet is needed: XLSX, XLS, ODS or CSV."),
    "html": _(
        "This is a web page that is only named like a spreadsheet. Open it in Excel and save it as XLSX."
    ),
    "xml": _("This is an old XML form of a spreadsheet. Open it in Excel and save it as XLSX."),
    "archive": _("This is an archive. Take the spreadsheet out of it first."),
    "password": _("The file is protected with a password. Take the protection off and choose it again."),
    "macro": _("There are macros in the file. Save it as XLSX without macros and choose it again."),
    "binary": _("This is a binary workbook (XLSB). Save it as XLSX and choose it again."),
    "bomb": _("The file unpacks to far too much. It was not opened."),
    "broken": _("The file is damaged and cannot be opened. Save it anew and choose it again."),
    "too_wide": _(
        "There are more than 200 columns, or cells far away from the table. Delete what is not the list."
    ),
    "too_long": _("There are more than {limit} rows. Split the file into several ones."),
    "fet_report": _(
        "This is a report of FET, without the load. Choose the file whose name ends with data_and_timetable.fet."
    ),
    "no_rows": _("There is no row with data in the file."),
    "not_text": _("The letters of the file cannot be read. Save it as XLSX or as CSV in UTF-8."),
    "no_heads": _("No row with the names of columns was found in the first {limit} rows. Take the template."),
}


def bad(reason: str, **values: Any) -> BadFile:
    refusal = BadFile(_MESSAGES[reason], **values)
    refusal.code = reason
    return refusal


def kind_of(content: bytes) -> Kind:
    """The kind of the file; raises BadFile for whatever is not a safe spreadsheet."""
    if not content.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise bad("empty")
    if len(content) > MAX_BYTES:
        raise bad("too_large")
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_kind(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _ole_kind(content)
    return _other_kind(content)


def _zip_kind(content: bytes) -> Kind:
    try:
        archive = archives.opened(content, most_unpacked=MAX_UNPACKED)
    except archives.BadArchive as failure:
        raise bad(_REASONS.get(failure.reason, failure.reason)) from failure
    names = {name.replace("\\", "/") for name in archive.namelist()}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise bad("macro")
    if "xl/workbook.xml" in names:
        _refuse_macro_type(archive)
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        raise bad("binary")
    if any(name.startswith("word/") for name in names):
        raise bad("word")
    if "mimetype" in names:
        return _open_document(archive, names)
    raise bad("archive")


def _refuse_macro_type(archive: zipfile.ZipFile) -> None:
    if b"macroenabled" in _part(archive, "[Content_Types].xml").lower():
        raise bad("macro")


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (
        KeyError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        zipfile.BadZipFile,
        zlib.error,
    ) as failure:
        raise bad("broken") from failure


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    declared = _part(archive, "mimetype")[:100]
    if b"opendocument.spreadsheet" not in declared:
        raise bad("word" if b"opendocument.text" in declared else "archive")
    if "META-INF/manifest.xml" in names and b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
        raise bad("password")
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise bad("macro")
    return Kind.ODS


def _ole_kind(content: bytes) -> Kind:
    """The old container: a workbook, a document, or a new workbook wrapped in a password."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise bad("password")
    if has("WordDocument"):
        raise bad("word")
    if has("_VBA_PROJECT"):
        raise bad("macro")
    if has("Workbook") or has("Book"):
        return Kind.XLS
    raise bad("unknown")


def _other_kind(content: bytes) -> Kind:
    start = content[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if start.startswith(b"%pdf"):
        raise bad("pdf")
    if content[:4] in (b"\x89PNG", b"GIF8", b"RIFF") or content[:3] == b"\xff\xd8\xff":
        raise bad("picture")
    if content[:4] in (b"Rar!", b"7z\xbc\xaf") or content[:2] == b"\x1f\x8b":
        raise bad("archive")
    plain = start.replace(b"\x00", b"")
    if plain.startswith(b"<?xml"):
        raise bad("html" if b"<html" in plain else "xml")
    if re.match(rb"<[a-z!?/]", plain):
        raise bad("html")
    if plain.startswith(b"{\\rtf"):
        raise bad("word")
    if zipfile.is_zipfile(io.BytesIO(content)):  # a text in front, an archive behind it
        raise bad("archive")
    return Kind.CSV
