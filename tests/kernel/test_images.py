"""A photo of a phone becomes a small upright picture that tells nothing of where it was taken."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import ExifTags, Image

from kernel import images


def jpeg(width: int, height: int, *, turned: int = 1, **more: object) -> bytes:
    """A photo as a phone writes it: the place, the phone, a small copy, and how it was held."""
    dice = random.Random(5)
    grain = Image.frombytes("RGB", (64, 48), dice.randbytes(64 * 48 * 3))
    shot = grain.resize((width, height), Image.Resampling.BICUBIC)
    shot.paste((200, 0, 0), (0, 0, width // 2, height // 8))  # a mark at the top
    notes = Image.Exif()
    notes[ExifTags.Base.Make] = "Samsung"
    notes[ExifTags.Base.Orientation] = turned
    notes.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (49.0, 24.0, 36.0), 3: "E", 4: (75.0, 28.0, 12.0)})
    target = io.BytesIO()
    shot.save(target, "JPEG", quality=92, exif=notes, comment=b"at home", **more)
    return target.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int) -> bytes:
    """Kilobytes that unfold to gigabytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(4_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def of_a_phone() -> bytes:
    """Twelve megapixels, held upright: the picture lies on its side, and a note says so."""
    return jpeg(4000, 3000, turned=6)


@pytest.mark.requirement("SIS-16")
class TestPhoto:
    def test_of_twelve_megapixels_is_small_upright_and_silent(self, of_a_phone: bytes) -> None:
        with Image.open(io.BytesIO(of_a_phone)) as sent:
            assert sent.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        kept = images.photo(of_a_phone)
        assert kept.media_type == "image/jpeg"
        assert len(kept.content) < 200_000
        with Image.open(io.BytesIO(kept.content)) as seen:
            assert seen.size == (600, 800)
            assert dict(seen.getexif()) == {}
            assert not seen.info.keys() & {"exif", "comment", "icc_profile", "xmp"}
            red, green, blue = seen.convert("RGB").getpixel((590, 20))
        assert (red > 150, green < 80, blue < 80) == (True, True, True), "the mark is at the right now"
        for word in (b"Exif", b"Samsung", b"at home", b"GPS"):
            assert word not in kept.content

    def test_that_is_small_is_not_blown_up(self) -> None:
        with Image.open(io.BytesIO(images.photo(jpeg(120, 90)).content)) as seen:
            assert seen.size == (120, 90)

    def test_of_a_clear_ground_stands_on_white(self) -> None:
        target = io.BytesIO()
        Image.new("RGBA", (40, 50), (0, 0, 0, 0)).save(target, "PNG", pnginfo=None)
        with Image.open(io.BytesIO(images.photo(target.getvalue()).content)) as seen:
            assert (seen.format, seen.getpixel((20, 20))) == ("JPEG", (255, 255, 255))

    @pytest.mark.parametrize("mode", ["L", "LA", "P", "CMYK", "I;16", "1"])
    def test_of_any_colours_is_taken(self, mode: str) -> None:
        target = io.BytesIO()
        Image.new(mode, (30, 20)).save(target, "JPEG" if mode == "CMYK" else "PNG")
        with Image.open(io.BytesIO(images.photo(target.getvalue()).content)) as seen:
            assert seen.mode == "RGB"

    def test_progressive_too(self) -> None:
        with Image.open(io.BytesIO(images.photo(jpeg(1600, 1200, progressive=True)).content)) as seen:
            assert seen.size == (800, 600)


class TestRefused:
    @pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (5_001, 5_000), (400_000, 100)])
    def test_a_bomb_before_it_is_unfolded(self, width: int, height: int) -> None:
        with pytest.raises(images.TooManyPixels):
            images.photo(bomb(width, height))

    def test_megapixels_are_named(self) -> None:
        with pytest.raises(images.TooManyPixels) as told:
            images.photo(bomb(5_001, 5_000))
        assert "25" in str(told.value)

    def test_what_is_too_heavy(self) -> None:
        with pytest.raises(images.PictureTooLarge):
            images.photo(jpeg(40, 40) + bytes(images.LARGEST_PHOTO))

    @pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
    def test_what_was_cut_off(self, share: float) -> None:
        whole = jpeg(400, 300)
        with pytest.raises(images.NoPicture):
            images.photo(whole[: int(len(whole) * share)])

    @pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "WEBP", "ICO"])
    def test_other_kinds(self, kind: str) -> None:
        target = io.BytesIO()
        Image.new("RGB", (32, 32)).save(target, kind)
        with pytest.raises(images.NoPicture):
            images.photo(target.getvalue())

    @pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff", b"%PDF-1.7", b"MZ"])
    def test_what_is_none(self, content: bytes) -> None:
        with pytest.raises(images.NoPicture):
            images.photo(content)
