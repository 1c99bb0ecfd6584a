"""eGov Mobile as it acts on a square (§1.2): asks whose document it is, fetches it, signs, brings the signature."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from integrations.eds_simulator.authority import Authority, KeyPair

SCHEME = "mobileSign:"
Answer = tuple[int, dict[str, Any]]
Send = Callable[[str, str, dict[str, str], Any], Answer]


class NotASquare(ValueError):
    """It leads to nothing that eGov Mobile knows."""


@dataclass
class Phone:
    """A phone with one key in it. `send(method, url, headers, body)` carries a request and answers status and JSON."""

    authority: Authority
    key: KeyPair
    send: Send
    language: str = "ru"

    def scan(self, text: str) -> Answer:
        """What the server says to the signature, or to what came before it."""
        if not text.startswith(SCHEME):
            raise NotASquare(text[:40])
        headers = {"Accept-Language": self.language}
        status, said = self.send("GET", text.removeprefix(SCHEME), headers, None)
        if status != httpx.codes.OK:
            return status, said
        place = said["document"]
        headers["Authorization"] = f"Bearer {place['auth_token']}"
        status, given = self.send("GET", place["uri"], headers, None)
        if status != httpx.codes.OK:
            return status, given
        attached = given["signMethod"] == "CMS_WITH_DATA"
        for one in given["documentsToSign"]:
            file = one["document"]["file"]
            made = self.authority.sign(self.key, base64.b64decode(file["data"]), attached=attached)
            file["data"] = base64.b64encode(made).decode()
        return self.send("PUT", place["uri"], headers, given)


def over_loopback(method: str, url: str, headers: dict[str, str], body: Any) -> Answer:
    """To a host of the demo, whose names lead to this machine whatever its resolver thinks."""
    parts = urlsplit(url)
    answer = httpx.request(
        method,
        parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl(),
        headers={**headers, "Host": parts.netloc},
        json=body,
        timeout=30,
    )
    return answer.status_code, answer.json()
