"""What bytes are besides what they say first: a paper that is a program too, a sound that is a page too."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from kernel.errors import Unsafe

# A page in disguise; letters of either case, as browsers read them.
_PAGE = re.compile(rb"<(?:script|html|iframe|svg|object|embed|!doctype\s+html|\?php)\b", re.IGNORECASE)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# Names in a PDF by which it would act, call elsewhere, carry another file, or hide all this behind a password. All are
# so long that the bytes of a picture do not spell one by chance.
_LIVELY = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia|Rendition|SubmitForm|ImportData|GoToE|GoToR|Encrypt|XFA[\s(<\[])"
)
_PACKED = re.compile(rb"(?<!end)stream\r?\n?")
_DICTIONARY = 2_000
_MOST_UNPACKED = 40 * 1024 * 1024


def refuse_disguise(content: bytes) -> None:
    """Raise Unsafe for what is an archive or a page besides being what it is."""
    if _PAGE.search(content) or b"%PDF-" in content[1:1024] or zipfile.is_zipfile(io.BytesIO(content)):
        raise Unsafe


def refuse_lively_pdf(content: bytes) -> None:
    """Raise Unsafe for a PDF that does anything but be read; objects that lie packed in it are unfolded and judged too."""
    refuse_disguise(content)
    if b"%%EOF" not in content[-1024:]:
        raise Unsafe
    plain = _plain(content)
    packed = _packed_objects(content)
    if plain.count(b"/ObjStm") != len(packed) or any(_LIVELY.search(part) for part in (plain, *packed)):
        raise Unsafe


def _plain(content: bytes) -> bytes:
    """Names may be written by the numbers of their letters."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)


def _packed_objects(content: bytes) -> list[bytes]:
    """Streams of packed objects, unfolded. Raises Unsafe for one that cannot be or that unfolds to far too much."""
    found, left = [], _MOST_UNPACKED
    for start in _PACKED.finditer(content):
        head = _plain(content[max(0, start.start() - _DICTIONARY) : start.start()].rpartition(b"obj")[2])
        if b"/ObjStm" not in head:
            continue
        if b"/FlateDecode" not in head or b"/DecodeParms" in head:
            raise Unsafe
        try:
            unfolding = zlib.decompressobj()
            found.append(_plain(unfolding.decompress(content[start.end() :], left + 1)))
        except zlib.error as failure:
            raise Unsafe from failure
        left -= len(found[-1])
        if left < 0 or unfolding.unconsumed_tail:
            raise Unsafe
    return found
