"""Pictures by their bytes: what cameras write beside them, place and time, is left out; photos are drawn anew, small."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from kernel.errors import DomainError

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
# Chunks of a PNG that make the picture; texts, times and places stay behind.
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"}
_WIDEST = 6000
# Larger ones are refused by what their heads say, before anything is unfolded.
_MOST_PIXELS = 25_000_000
LARGEST_PHOTO = 10 * 1024**2
_LONGER_SIDE = 800


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


class TooManyPixels(DomainError):
    message = _("The picture has more than {megapixels} megapixels. Choose a smaller one.")
    code = "too_many_pixels"


def photo(content: bytes) -> Picture:
    """The photo of a person as it is kept: upright, 800 pixels at most, a JPEG that says nothing of the camera.

    Raises NoPicture, PictureTooLarge, TooManyPixels.
    """
    if len(content) > LARGEST_PHOTO:
        raise PictureTooLarge(megabytes=LARGEST_PHOTO // 1024**2)
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise TooManyPixels(megapixels=_MOST_PIXELS // 1_000_000)
            # A JPEG is unfolded at a half, a quarter or an eighth of its size: quicker, and in less memory.
            opened.draft("RGB", (_LONGER_SIDE * 2, _LONGER_SIDE * 2))
            opened.thumbnail((_LONGER_SIDE, _LONGER_SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except Image.DecompressionBombError as failure:
        raise TooManyPixels(megapixels=_MOST_PIXELS // 1_000_000) from failure
    except (OSError, SyntaxError, ValueError, struct.error) as failure:
        raise NoPicture from failure
    drawn = Image.new("RGB", upright.size, "white")
    drawn.paste(upright, mask=upright)
    target = io.BytesIO()
    drawn.save(target, "JPEG", quality=85, optimize=True)
    return Picture(target.getvalue(), "image/jpeg")


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
