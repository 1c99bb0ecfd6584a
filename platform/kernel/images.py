"""Pictures by their bytes, drawn anew: what cameras write beside them, place and time, is left out; photos become small."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from kernel.errors import DomainError

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
    with _opened(content) as opened:
        # A JPEG is unfolded at a half, a quarter or an eighth of its size: quicker, and in less memory.
        opened.draft("RGB", (_LONGER_SIDE * 2, _LONGER_SIDE * 2))
        opened.thumbnail((_LONGER_SIDE, _LONGER_SIDE))
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    drawn = Image.new("RGB", upright.size, "white")
    drawn.paste(upright, mask=upright)
    target = io.BytesIO()
    drawn.save(target, "JPEG", quality=85, optimize=True)
    return Picture(target.getvalue(), "image/jpeg")


def picture(content: bytes, *, largest: int) -> Picture:
    """What is kept of a picture in its own size: drawn anew, upright, so that nothing else of the file is left.

    Raises NoPicture, PictureTooLarge, TooManyPixels.
    """
    if len(content) > largest:
        raise PictureTooLarge(megabytes=largest // 1024**2)
    with _opened(content) as opened:
        upright, is_jpeg = ImageOps.exif_transpose(opened), opened.format == "JPEG"
        drawn = Image.new(mode := _mode(upright, is_jpeg=is_jpeg), upright.size)
        drawn.paste(upright.convert(mode))
    target = io.BytesIO()
    if is_jpeg:
        drawn.save(target, "JPEG", quality=90, optimize=True)
        return Picture(target.getvalue(), "image/jpeg")
    drawn.save(target, "PNG", optimize=True)
    return Picture(target.getvalue(), "image/png")


def _mode(image: Image.Image, *, is_jpeg: bool) -> str:
    if is_jpeg:
        return "L" if image.mode == "L" else "RGB"
    return "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """The picture, when it is a whole JPEG or PNG of bearable size; too large ones are refused before they are unfolded."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise TooManyPixels(megapixels=_MOST_PIXELS // 1_000_000)
            yield opened
    except Image.DecompressionBombError as failure:
        raise TooManyPixels(megapixels=_MOST_PIXELS // 1_000_000) from failure
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as failure:
        raise NoPicture from failure
