"""clamd's own protocol: the bytes go in pieces, each behind its length, and one line comes back (clamd(8), INSTREAM)."""

from __future__ import annotations

import struct

from kernel import outgoing

SYSTEM = "clamav"
TIMEOUT = 10.0
PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class ClamdFailed(Exception):
    """It did not answer, or said that it could not look."""


class Client:
    """One file, one connection."""

    def scan(self, content: bytes) -> str:
        """The name of what was found, or empty. Raises ClamdFailed for everything but a plain yes or no."""
        try:
            with outgoing.connect(SYSTEM, timeout=TIMEOUT) as to:
                to.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), PIECE):
                    piece = content[start : start + PIECE]
                    to.sendall(struct.pack("!I", len(piece)) + piece)
                to.sendall(struct.pack("!I", 0))
                answer = _line(to.recv)
        except (OSError, outgoing.Unlisted) as fault:
            raise ClamdFailed(type(fault).__name__) from fault
        return found_in(answer)


def _line(receive: outgoing.Receive) -> bytes:
    """What it says up to the zero. Raises OSError when it hangs up before."""
    said = b""
    while b"\0" not in said:
        piece = receive(1024)
        if not piece or len(said) > _LONGEST_ANSWER:
            raise ConnectionError("no whole answer")
        said += piece
    return said.partition(b"\0")[0]


def found_in(answer: bytes) -> str:
    """`stream: OK` is the only good answer; `stream: Eicar-Test-Signature FOUND` names what was found."""
    text = answer.decode("utf-8", "replace").strip()
    verdict = text.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND").strip() or "?"
    raise ClamdFailed(text[:200])
