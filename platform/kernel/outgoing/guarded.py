"""Fetch from an address that a person typed. Nothing in the product does so by itself: a link is kept and shown.

The name is resolved once and the connection goes to what was found, so that a name cannot mean another machine between
the check and the visit.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from kernel.outgoing.addresses import is_public

SECONDS = 3.0
LARGEST = 1024 * 1024
_PORTS = {"http": 80, "https": 443}
_PIECE = 16 * 1024


class NotFetched(Exception):
    """`reason`: address, closed, away, redirect, status, too_large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class _Place:
    scheme: str
    host: str
    path: str


def fetch(url: str) -> Fetched:
    """What lies at the address: in three seconds, at most a megabyte, without following where it sends. Raises NotFetched."""
    place = _read(url)
    deadline = time.monotonic() + SECONDS
    try:
        with _connected(place, deadline) as near:
            return _asked(place, near, deadline)
    except (OSError, http.client.HTTPException, ValueError) as failure:
        raise NotFetched("away") from failure


def _read(url: str) -> _Place:
    if len(url) > 2000 or any(ord(letter) <= 32 or ord(letter) == 127 or letter == "\\" for letter in url):
        raise NotFetched("address")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError) as failure:
        raise NotFetched("address") from failure
    if parts.scheme not in _PORTS or not host or parts.username is not None or parts.password is not None:
        raise NotFetched("address")
    if port not in (None, _PORTS[parts.scheme]):
        raise NotFetched("address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise NotFetched("address")
    return _Place(parts.scheme, host, path)


def _connected(place: _Place, deadline: float) -> socket.socket:
    """A connection to the resolved address; one closed address among several closes them all."""
    found = socket.getaddrinfo(place.host, _PORTS[place.scheme], type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(one) for one in addresses):
        raise NotFetched("closed")
    plain = socket.create_connection((addresses[0], _PORTS[place.scheme]), timeout=_left(deadline))
    if place.scheme == "http":
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=place.host)
    except OSError:
        plain.close()
        raise


def _asked(place: _Place, near: socket.socket, deadline: float) -> Fetched:
    visit = http.client.HTTPConnection(place.host)
    visit.sock = near
    near.settimeout(_left(deadline))
    visit.request("GET", place.path, headers={"Accept-Encoding": "identity", "Connection": "close"})
    answer = visit.getresponse()
    if 300 <= answer.status < 400:
        raise NotFetched("redirect")
    if answer.status != http.client.OK:
        raise NotFetched("status")
    content = bytearray()
    while True:
        near.settimeout(_left(deadline))
        piece = answer.read1(_PIECE)
        if not piece:
            return Fetched(bytes(content), answer.headers.get_content_type())
        content += piece
        if len(content) > LARGEST:
            raise NotFetched("too_large")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
