"""Whoever asks: requests in this process, each undone after its answer, every byte of which is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from infra.isolation.canaries import Scanner
from infra.isolation.rollbacks import Rollbacks
from kernel import jobs, tenancy


class Visitor:
    """Sends requests as anybody, at any host, and undoes what they did."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.asked = 0
        self.broken: dict[str, str] = {}  # address of a 5xx and what it was
        self._rollbacks = Rollbacks()
        self._clients: dict[str, Client] = {}

    def __enter__(self) -> Visitor:
        tenancy.on_bound.append(self._rollbacks)
        return self

    def __exit__(self, *failure: object) -> None:
        tenancy.on_bound.remove(self._rollbacks)
        self._rollbacks.undo()

    def ask(
        self,
        method: str,
        address: str,
        *,
        host: str,
        key: str = "",
        body: bytes = b"",
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
        where: str = "",
    ) -> HttpResponse:
        """The answer. A refusal to a program is a line of JSON, so a program asks."""
        client = self._clients.get(host)
        if client is None:
            client = self._clients[host] = Client(SERVER_NAME=host, raise_request_exception=False)
        client.cookies.clear()
        if key:
            client.cookies[settings.SESSION_COOKIE_NAME] = key
        if self.asked % 50 == 0:
            cache.clear()  # nobody is asked to wait, and nothing is remembered from one to the next
        self.asked += 1
        try:
            answer: Any = client.generic(
                method, address, body, content_type=content_type, headers=headers or {}
            )
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            self.scanner(content, where or f"{method} {address}")
            self.scanner(repr(sorted(answer.headers.items())).encode(), where or f"{method} {address}")
            if answer.status_code >= 500:
                failure = getattr(answer, "exc_info", None)
                self.broken.setdefault(
                    where or address,
                    f"{failure[0].__name__}: {failure[1]}"[:200] if failure else str(answer.status_code),
                )
        finally:
            self.undo()
        return answer

    @contextmanager
    def lasting(self) -> Iterator[None]:
        """What is done inside the block stays."""
        self.undo()
        tenancy.on_bound.remove(self._rollbacks)
        try:
            yield
        finally:
            tenancy.on_bound.append(self._rollbacks)

    def undo(self) -> None:
        """As if nothing had been asked since the last answer."""
        jobs.Collected.clear()
        self._rollbacks.undo()
