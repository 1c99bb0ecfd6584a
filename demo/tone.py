"""A short recording for the demo: three notes, as FLAC in MP4, made here so that no voice of anybody is needed."""

from __future__ import annotations

import math
import struct

RATE = 8000
BLOCK = 2000
NOTES = (523.25, 659.25, 783.99)  # do, mi, sol
SECONDS = len(NOTES)


def recording() -> bytes:
    """The whole file; players of phones and browsers know it."""
    samples = _samples()
    frames = [_frame(n, samples[at : at + BLOCK]) for n, at in enumerate(range(0, len(samples), BLOCK))]
    head = _box("ftyp", b"M4A " + struct.pack(">I", 0) + b"M4A mp42isom")
    described = _movie(frames, len(samples), first=0)
    # The table of the sound says where it begins: behind what describes it, whose length is known now.
    described = _movie(frames, len(samples), first=len(head) + len(described) + 8)
    return head + described + _box("mdat", b"".join(frames))


def _samples() -> list[int]:
    """A second for each note, which fades as that of a string does."""
    found = []
    for note in NOTES:
        for n in range(RATE):
            loud = min(1.0, n / 80) * math.exp(-3 * n / RATE)
            found.append(round(100 * loud * math.sin(2 * math.pi * note * n / RATE)))
    return found


# --- FLAC: each sample as it is, eight bits


def _frame(number: int, samples: list[int]) -> bytes:
    """The code of the block's length (said behind the head), of 8 kHz, of one channel, of eight bits."""
    head = bytes([0xFF, 0xF8, 0x74, 0x02, number]) + struct.pack(">H", len(samples) - 1)
    head += bytes([_remainder(head, 8, 0x07)])
    body = head + b"\x02" + struct.pack(f">{len(samples)}b", *samples)
    return body + struct.pack(">H", _remainder(body, 16, 0x8005))


def _remainder(content: bytes, width: int, polynomial: int) -> int:
    left, top, mask = 0, 1 << (width - 1), (1 << width) - 1
    for byte in content:
        left ^= byte << (width - 8)
        for _bit in range(8):
            left = ((left << 1) ^ polynomial if left & top else left << 1) & mask
    return left


def _stream_info(total: int) -> bytes:
    about = RATE << 44 | 0 << 41 | 7 << 36 | total
    return struct.pack(">HH", BLOCK, BLOCK) + bytes(6) + about.to_bytes(8, "big") + bytes(16)


# --- MP4: one track of sound


def _box(name: str, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name.encode() + content


def _full(name: str, content: bytes, flags: int = 0) -> bytes:
    return _box(name, struct.pack(">I", flags) + content)


_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def _movie(frames: list[bytes], total: int, *, first: int) -> bytes:
    info = _stream_info(total)
    flac = _full("dfLa", struct.pack(">I", 0x80000000 | len(info)) + info)
    entry = _box("fLaC", bytes(6) + struct.pack(">H8xHH4xI", 1, 1, 8, RATE << 16) + flac)
    sizes = struct.pack(f">II{len(frames)}I", 0, len(frames), *map(len, frames))
    table = _box(
        "stbl",
        _full("stsd", struct.pack(">I", 1) + entry)
        + _full("stts", struct.pack(">III", 1, len(frames), BLOCK))
        + _full("stsc", struct.pack(">IIII", 1, 1, len(frames), 1))
        + _full("stsz", sizes)
        + _full("stco", struct.pack(">II", 1, first)),
    )
    here = _full("dref", struct.pack(">I", 1) + _full("url ", b"", flags=1))
    sound = _box("minf", _full("smhd", bytes(4)) + _box("dinf", here) + table)
    media = _box(
        "mdia",
        _full("mdhd", struct.pack(">IIIIHH", 0, 0, RATE, total, 0x55C4, 0))
        + _full("hdlr", bytes(4) + b"soun" + bytes(12) + b"\0")
        + sound,
    )
    track = _full(
        "tkhd",
        struct.pack(">IIIII8xHHHH", 0, 0, 1, 0, total, 0, 0, 0x100, 0) + _MATRIX + bytes(8),
        flags=3,
    )
    movie = _full(
        "mvhd",
        struct.pack(">IIIIIH10x", 0, 0, RATE, total, 0x10000, 0x100)
        + _MATRIX
        + bytes(24)
        + struct.pack(">I", 2),
    )
    return _box("moov", movie + _box("trak", track + media))
