"""Prometheus metrics of the web process."""

from __future__ import annotations

from functools import cache

from prometheus_client import Counter, Histogram

_REQUESTS = Counter("mektep_requests_total", "Requests", ["method", "route", "status"])
_SECONDS = Histogram(
    "mektep_request_seconds",
    "Time of requests",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@cache
def _of(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The two series of a kind of request; there are as many as routes, never as addresses."""
    return _REQUESTS.labels(method, route, str(status)), _SECONDS.labels(route)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    requests, durations = _of(method if method in _METHODS else "other", route, status)
    requests.inc()
    durations.observe(seconds)
