"""A collector as an operations centre has one: TLS on both sides, messages counted by octets, kept as they came."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path


class Collector:
    """Takes one connection after another until it is closed; whoever shows no certificate of the authority is refused."""

    def __init__(self, *, certificate: Path, key: Path, authorities: Path) -> None:
        self.messages: list[bytes] = []
        self.refused = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.context.load_cert_chain(str(certificate), str(key))
        self.context.load_verify_locations(str(authorities))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                plain, _address = self.socket.accept()
            except OSError:  # closed
                return
            try:
                with self.context.wrap_socket(plain, server_side=True) as secure:
                    self.messages += frames(_all_of(secure))
                    secure.unwrap()
            except (OSError, ValueError):
                self.refused += 1
                plain.close()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def _all_of(secure: ssl.SSLSocket) -> bytes:
    parts = []
    while part := secure.recv(65536):
        parts.append(part)
    return b"".join(parts)


def frames(stream: bytes) -> list[bytes]:
    """Messages of a stream of `LENGTH SP MESSAGE`. Raises ValueError when it is cut or not counted."""
    found = []
    while stream:
        length, __, rest = stream.partition(b" ")
        size = int(length)
        if len(rest) < size:
            raise ValueError("the last message is cut")
        found.append(rest[:size])
        stream = rest[size:]
    return found
