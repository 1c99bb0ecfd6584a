"""Whoever asks: requests in this process, each undone after its answer, every byte of which is looked at."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core import signals
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from infra.isolation.canaries import Scanner
from infra.isolation.rollbacks import Rollbacks
from kernel import jobs, tenancy

PROGRAM = "application/json"  # who sends this is refused in a line and not in a page
PERSON = "text/html"
FORM = "application/x-www-form-urlencoded"


class _Product(BaseHandler):
    """The product's middleware and views as they are, without a server in front of them."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        self.failure = ""
        signals.got_request_exception.connect(self._broke)

    def _broke(self, **_: object) -> None:
        kind, failure, _trace = sys.exc_info()
        self.failure = f"{kind.__name__ if kind else ''}: {failure}"[:200]

    def __call__(self, environ: dict[str, Any]) -> HttpResponseBase:
        self.failure = ""
        signals.request_started.send(sender=self.__class__, environ=environ)
        request = WSGIRequest(environ)
        # Django's own switch, which its types do not know: without a token every form would be refused unread.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)


class Visitor:
    """Sends requests as anybody, at any host, and undoes what they did."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.asked = 0
        self.broken: dict[str, str] = {}  # address of a 5xx and what it was
        self._rollbacks = Rollbacks()
        self._product = _Product()

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
        content_type: str = PROGRAM,
        headers: Mapping[str, str] | None = None,
        where: str = "",
    ) -> HttpResponse:
        """The answer, all bytes of which were looked at."""
        if self.asked % 50 == 0:
            cache.clear()  # nobody is asked to wait, and nothing is remembered from one to the next
        self.asked += 1
        try:
            answer: Any = self._product(
                _environ(method, address, host, key, body, content_type, headers or {})
            )
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            head = repr([*sorted(answer.headers.items()), *map(str, answer.cookies.values())]).encode()
            self.scanner(content, where or f"{method} {address}")
            self.scanner(head, where or f"{method} {address}")
            if answer.status_code >= 500:
                self.broken.setdefault(where or address, self._product.failure or str(answer.status_code))
            answer.close()
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


def _environ(
    method: str,
    address: str,
    host: str,
    key: str,
    body: bytes,
    content_type: str,
    headers: Mapping[str, str],
) -> dict[str, Any]:
    """The request as a server hands it over."""
    path, _, query = address.partition("?")
    name, _, port = host.partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": name,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
    if key:
        environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={key}"
    environ |= {f"HTTP_{header.upper().replace('-', '_')}": value for header, value in headers.items()}
    return environ
