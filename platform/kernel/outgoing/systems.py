"""Systems that the installation's settings name: an adapter says which one it means and never an address."""

from __future__ import annotations

import socket
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

import httpx
from django.conf import settings

Receive = Callable[[int], bytes]
_PORTS = {"tls": 6514, "tcp": 3310}


class Unlisted(Exception):
    """Settings name no such system, or no address for it."""


def _place(system: str) -> SplitResult:
    named = settings.OUTGOING.get(system)
    address = str(getattr(settings, named, "") or "") if named else ""
    if not address:
        raise Unlisted(system)
    return urlsplit(address)


def connect(system: str, *, timeout: float) -> socket.socket:
    """A connection to the system: `tcp://host:port`, `tls://host:port` (the caller wraps it) or `unix:///path`.

    Raises OSError, Unlisted.
    """
    place = _place(system)
    if place.scheme == "unix":
        near = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        near.settimeout(timeout)
        try:
            near.connect(place.path)
        except OSError:
            near.close()
            raise
        return near
    if place.scheme not in _PORTS or not place.hostname:
        raise Unlisted(system)
    return socket.create_connection((place.hostname, place.port or _PORTS[place.scheme]), timeout=timeout)


def http(system: str, *, timeout: httpx.Timeout) -> httpx.Client:
    """A client that speaks with this system alone: no redirects, no proxy that an environment names. Raises Unlisted."""
    place = _place(system)
    if place.scheme not in ("http", "https"):
        raise Unlisted(system)

    def stay(request: httpx.Request) -> None:
        if (request.url.scheme, request.url.host, request.url.port) != (
            place.scheme,
            place.hostname,
            place.port,
        ):
            raise Unlisted(system)

    return httpx.Client(
        base_url=place.geturl().rstrip("/"),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        event_hooks={"request": [stay]},
    )
