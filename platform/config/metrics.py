"""Prometheus metrics of the web process."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

_REQUESTS = Counter("mektep_requests_total", "Requests", ["method", "route", "status"])
_SECONDS = Histogram(
    "mektep_request_seconds",
    "Time of requests",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    _REQUESTS.labels(method, route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)
