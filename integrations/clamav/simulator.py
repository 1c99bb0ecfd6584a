"""A daemon that speaks as clamd does and knows one virus, the one that is harmless: EICAR's, also deep in archives.

For the demo and the tests; it protects nobody.
"""

from __future__ import annotations

import io
import socketserver
import struct
import zipfile
import zlib

# Put together here, so that no antivirus takes this file for the sample.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Eicar-Test-Signature"
LARGEST = 25 * 1024 * 1024  # StreamMaxLength as it comes
_DEEPEST = 8
_MOST_UNPACKED = 50 * 1024 * 1024


class Daemon(socketserver.ThreadingTCPServer):
    """`Daemon(("127.0.0.1", 0)).serve_forever()`; with `silent` it takes connections and never answers."""

    allow_reuse_address = True
    daemon_threads = True
    silent = False


class Conversation(socketserver.StreamRequestHandler):
    server: Daemon
    timeout = 30

    def handle(self) -> None:
        command = self._until_zero()
        if self.server.silent:
            return
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            self.wfile.write(self._scanned().encode() + b"\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _until_zero(self) -> bytes:
        said = b""
        while not said.endswith(b"\0") and len(said) < 64:
            one = self.rfile.read(1)
            if not one:
                break
            said += one
        return said.removesuffix(b"\0")

    def _scanned(self) -> str:
        content = bytearray()
        while True:
            head = self.rfile.read(4)
            if len(head) < 4:
                return "INSTREAM: no end. ERROR"
            (length,) = struct.unpack("!I", head)
            if not length:
                return f"stream: {SIGNATURE} FOUND" if infected(bytes(content)) else "stream: OK"
            if len(content) + length > LARGEST:
                return "INSTREAM size limit exceeded. ERROR"
            content += self.rfile.read(length)


def infected(content: bytes, depth: int = 0) -> bool:
    """Whether the sample stands in it, in the open or packed."""
    if EICAR in content:
        return True
    if depth >= _DEEPEST:
        return False
    return any(infected(part, depth + 1) for part in _parts(content))


def _parts(content: bytes) -> list[bytes]:
    """What an archive holds, as far as it can be unpacked in reason."""
    found: list[bytes] = []
    if content[:2] == b"\x1f\x8b":
        try:
            found.append(zlib.decompressobj(31).decompress(content, _MOST_UNPACKED))
        except zlib.error:
            return []
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return found
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            left = _MOST_UNPACKED
            for entry in archive.infolist():
                left -= entry.file_size
                if left > 0 and not entry.flag_bits & 1:
                    found.append(archive.read(entry))
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError):
        return found
    return found
