"""A home of its own for a test's servers, gone with them at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import environment
from stack.homes import PROFILES, Home


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """MEKTEP_HOME. Under root its servers live in /var/tmp, since pytest's folders are closed to others."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = tmp_path / "home"
    yield folder
    for profile in PROFILES:
        if (folder / profile).exists():
            environment.down(folder, profile)
            Home.at(folder, profile).remove()
