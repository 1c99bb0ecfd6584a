"""The journal grid in a real browser whose processor is slowed six times: when it can be typed into, what it weighs.

    python -m tests.benchmarks.journal_grid_browser URL [--cookie NAME=VALUE ...]

Without a URL (`make bench`) it serves the grid's own harness, 30 pupils × 60 lessons, from this process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import mimetypes
import statistics
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

from stack import chromium
from tests.benchmarks.measure import alone

SLOWDOWN = 6
ROUNDS = 5
WATCH = """
new MutationObserver((_, self) => {
  if (document.querySelector('[data-island=journal-grid][data-ready]')) {
    self.disconnect()
    requestAnimationFrame(() => setTimeout(() => { window.usableAt = performance.now() }))
  }
}).observe(document, {subtree: true, childList: true, attributes: true})
"""
TYPE = """
() => new Promise((done) => {
  const times = []
  const press = (key, code) => document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))
  document.querySelector('#journal td:nth-of-type(5), [data-island=journal-grid] td:nth-of-type(5)').focus()
  const step = (left) => {
    if (!left) return done(times)
    const begun = performance.now()
    press('7', 'Digit7')
    press('Enter', 'Enter')
    requestAnimationFrame(() => setTimeout(() => { times.push(performance.now() - begun); step(left - 1) }))
  }
  step(20)
})
"""


def run() -> list[dict[str, Any]]:
    """Figures for `make bench`; an empty list where there is no Chromium."""
    if not chromium.find():
        return []
    with harness() as url:
        return measure(url, {})


def measure(url: str, cookies: dict[str, str]) -> list[dict[str, Any]]:
    """Five first loads, each in a fresh browser profile; the least disturbed speaks, since neighbours only add time."""
    from playwright.sync_api import sync_playwright

    usable, weights, steps = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for _ in range(ROUNDS):
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            parts = urlsplit(url)
            context.add_cookies(
                [
                    {"name": n, "value": v, "url": f"{parts.scheme}://{parts.netloc}"}
                    for n, v in cookies.items()
                ]
            )
            page = context.new_page()
            devtools = context.new_cdp_session(page)
            weight = 0

            def loaded(event: dict[str, Any]) -> None:
                nonlocal weight
                weight += event["encodedDataLength"]

            devtools.send("Network.enable")
            devtools.on("Network.loadingFinished", loaded)
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
            page.add_init_script(WATCH)
            page.goto(url)
            page.wait_for_function("window.usableAt !== undefined", timeout=60_000)
            usable.append(page.evaluate("window.usableAt") / 1000)
            page.wait_for_load_state("networkidle")
            weights.append(weight / 1024)
            steps += [one / 1000 for one in page.evaluate(TYPE)]
            context.close()
        browser.close()
    return [
        alone("journal grid usable, processor 6 × slower", value=min(usable), goal=1500),
        alone("journal page over the wire", value=statistics.median(weights), goal=300, unit="KB"),
        alone(
            "a mark typed and the next cell, processor 6 × slower", value=statistics.median(steps), goal=50
        ),
    ]


@contextmanager
def harness() -> Iterator[str]:
    """The harness page and the static files, compressed as in production, on a free port."""
    server = make_server("127.0.0.1", 0, _serve, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ui/journal-grid"
    finally:
        server.shutdown()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the figures speak."""


def _serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from django.contrib.staticfiles.finders import find
    from django.core.handlers.wsgi import WSGIRequest
    from django.urls import set_urlconf
    from django.utils import translation

    from ui import harness as page

    path = environ["PATH_INFO"]
    kind, body = "text/html", b""
    if path.startswith("/static/"):
        found = find(path.removeprefix("/static/"))
        body = Path(str(found)).read_bytes() if found else b""
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    elif path.endswith("/save"):
        size = int(environ.get("CONTENT_LENGTH") or 0)
        operations = json.loads(environ["wsgi.input"].read(size))["operations"]
        results = [
            {"id": o["id"], "status": "ok", "value": o["new"], "version": o["version"] + 1}
            for o in operations
        ]
        kind, body = "application/json", json.dumps({"results": results}).encode()
    else:
        set_urlconf("config.urls.portal")
        request = WSGIRequest(environ)
        request.resolver_match = None  # type: ignore[assignment]
        environ.setdefault("HTTP_HOST", "localhost")
        with translation.override("kk"):
            body = page.show(request).content
    headers = [("Content-Type", kind)]
    if kind.startswith("text/") or "javascript" in kind or "json" in kind or "svg" in kind:
        body = gzip.compress(body, 6)
        headers.append(("Content-Encoding", "gzip"))
    start("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--cookie", action="append", default=[], metavar="NAME=VALUE")
    asked = parser.parse_args()
    rows = measure(asked.url, dict(pair.split("=", 1) for pair in asked.cookie))
    print(json.dumps(rows, indent=2, ensure_ascii=False))
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
