"""Recordings of a voice by their bytes: what browsers record, short, and nothing but sound."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kernel.contents import refuse_disguise
from kernel.errors import DomainError

LARGEST = 400 * 1024  # a minute of speech has about 200 KB
_WEBM, _OGG = b"\x1a\x45\xdf\xa3", b"OggS"
_PICTURES = re.compile(rb"V_(?:VP[89]|AV1|MPEG)|theora", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recording:
    content: bytes
    media_type: str


class NoRecording(DomainError):
    message = _("This is not a recording of a voice.")
    code = "no_recording"


class RecordingTooLarge(DomainError):
    message = _("The recording is larger than {kilobytes} KB. Say it shorter.")
    code = "too_large"


def recording(content: bytes) -> Recording:
    """A recording as it is kept. Raises NoRecording, RecordingTooLarge, errors.Unsafe."""
    if len(content) > LARGEST:
        raise RecordingTooLarge(kilobytes=LARGEST // 1024)
    media_type = _media_type(content)
    if media_type is None:
        raise NoRecording
    refuse_disguise(content)
    return Recording(content, media_type)


def _media_type(content: bytes) -> str | None:
    head = content[:4096]
    if head.startswith(_WEBM):
        # Its kind, then a track of sound and none of pictures.
        is_sound = b"webm" in head[:64] and b"A_OPUS" in head and not _PICTURES.search(head)
        return "audio/webm" if is_sound else None
    if head.startswith(_OGG):
        return "audio/ogg" if b"OpusHead" in head[:64] and not _PICTURES.search(head) else None
    if head[4:8] == b"ftyp":
        # Safari's: the tracks are described before or behind the sound.
        return "audio/mp4" if b"soun" in content and b"vide" not in content else None
    return None
