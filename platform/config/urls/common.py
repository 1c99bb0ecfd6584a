"""Routes that every host has."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config import views

handler404 = "config.views.not_found"
handler500 = "config.views.server_error"


def rooms(*entries: tuple[str, str]) -> list[URLPattern | URLResolver]:
    """Routes of the named modules that are present."""
    return [
        path(prefix, include(name))
        for prefix, name in entries
        if find_spec(name.rsplit(".", 1)[0]) and find_spec(name)
    ]


everywhere: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    *rooms(("ui/", "ui.urls")),
]
