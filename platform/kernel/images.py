"""Pictures by their bytes. Of a JPEG the segments in which cameras write place and time are left out."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
# Chunks of a PNG that make the picture; texts, times and places stay behind.
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"}
_WIDEST = 6000


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    media_type: str


class NoPicture(DomainError):
    message = _("This is not a picture. Choose a JPEG or PNG file.")
    code = "no_picture"


class PictureTooLarge(DomainError):
    message = _("The picture is larger than {megabytes} MB.")
    code = "too_large"


def picture(content: bytes, *, largest: int) -> Picture:
    """What may be kept of an uploaded picture. Raises NoPicture, PictureTooLarge."""
    if len(content) > largest:
        raise PictureTooLarge(megabytes=largest // 1024**2)
    found = clean(content)
    if found is None:
        raise NoPicture
    return found


def clean(content: bytes) -> Picture | None:
    """The picture without its notes; None for what is none or is broken."""
    try:
        if content.startswith(_JPEG):
            return Picture(_jpeg(content), "image/jpeg")
        if content.startswith(_PNG):
            return Picture(_png(content), "image/png")
    except (struct.error, ValueError, IndexError):
        return None
    return None


def _jpeg(content: bytes) -> bytes:
    """Markers up to the scan: applications' notes (but the ICC profile) and comments are left out."""
    out, place, sized = bytearray(content[:2]), 2, False
    while True:
        if content[place] != 0xFF:
            raise ValueError
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        segment = content[place : place + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise ValueError
        if marker in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack(">HH", segment[5:9])
            sized = 0 < height <= _WIDEST and 0 < width <= _WIDEST
        is_note = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker not in (0xE2, 0xEE))
        if not is_note:
            out += segment
        place += 2 + length
        if marker == 0xDA:
            if not sized or not content.rstrip(b"\x00").endswith(b"\xff\xd9"):
                raise ValueError
            return bytes(out + content[place:])


def _png(content: bytes) -> bytes:
    out, place = bytearray(content[:8]), 8
    while True:
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        chunk = content[place : place + 12 + length]
        if len(chunk) < 12 + length:
            raise ValueError
        if kind == b"IHDR":
            width, height = struct.unpack(">II", chunk[8:16])
            if not (0 < width <= _WIDEST and 0 < height <= _WIDEST):
                raise ValueError
        if kind in _PNG_KEPT:
            out += chunk
        place += 12 + length
        if kind == b"IEND":
            return bytes(out)
