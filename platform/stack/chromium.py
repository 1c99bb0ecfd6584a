"""Chromium for journeys, figures and pictures: the machine's own."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Quiet: it asks nobody for news and needs no graphics card; inside a container its own sandbox cannot be had.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """The browser's program, None when there is none."""
    named = os.environ.get("MEKTEP_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def is_required() -> bool:
    """In CI a journey that cannot run is a failure; elsewhere it is said aloud and left out."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
