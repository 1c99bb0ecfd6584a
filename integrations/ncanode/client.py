"""NCANode v3 over HTTP: a service on a private network that verifies by GOST (state-and-external-systems.md §1.3)."""

from __future__ import annotations

import base64
from typing import Any

import httpx

from kernel import outgoing

SYSTEM = "ncanode"
TIMEOUT = httpx.Timeout(connect=5, read=30, write=10, pool=5)
REVOCATION = ["OCSP", "CRL"]


class NcanodeFailed(Exception):
    """It did not answer, or answered nonsense."""


class NcanodeRefused(Exception):
    """It says that what it was sent is not a signature."""


class Client:
    """One call, one connection: signatures are rare."""

    def verify_cms(self, cms: bytes, content: bytes) -> dict[str, Any]:
        return self._post(
            "/cms/verify",
            {"cms": _text(cms), "data": _text(content), "revocationCheck": REVOCATION},
        )

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            with outgoing.http(SYSTEM, timeout=TIMEOUT) as client:
                answer = client.post(path, json=body)
            found = answer.json()
        except (httpx.HTTPError, ValueError, outgoing.Unlisted) as fault:
            raise NcanodeFailed(type(fault).__name__) from fault
        if answer.status_code == httpx.codes.BAD_REQUEST:
            raise NcanodeRefused(str(found.get("message", ""))[:200] if isinstance(found, dict) else "")
        if answer.status_code != httpx.codes.OK or not isinstance(found, dict):
            raise NcanodeFailed(f"HTTP {answer.status_code}")
        return found


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
