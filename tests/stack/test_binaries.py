"""Which PostgreSQL is good enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from stack import binaries
from stack.errors import StackError
from stack.homes import Home


def fake(folder: Path, *, version: str, contrib: bool = True, icu: bool = True) -> Path:
    bin_dir = folder / "bin"
    bin_dir.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        (bin_dir / name).write_text(
            f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}' # {'ucol_open' * icu}\n"
        )
        (bin_dir / name).chmod(0o755)
    if contrib:
        extensions = folder / "share" / "extension"
        extensions.mkdir(parents=True)
        (extensions / "pg_trgm.control").touch()
    return bin_dir


@pytest.mark.parametrize(
    ("wanting", "reason"),
    [
        ({"version": "14.9"}, "version 14 is older than 15"),
        ({"version": "97.1", "contrib": False}, "the contrib extensions (pg_trgm) are missing"),
        ({"version": "97.1", "icu": False}, "it was built without ICU"),
    ],
)
def test_a_wanting_postgres_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanting: dict[str, str], reason: str
) -> None:
    bin_dir = fake(tmp_path / "pg", **wanting)  # type: ignore[arg-type]
    assert binaries.inspect(bin_dir) == reason

    monkeypatch.setenv("MEKTEP_PG_BIN", str(bin_dir))
    with pytest.raises(StackError) as refusal:
        binaries.find(Home(tmp_path, "test", None))
    assert reason in refusal.value.message


def test_data_of_another_version_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEKTEP_PG_BIN", str(fake(tmp_path / "pg", version="97.1")))
    with pytest.raises(StackError, match="made by PostgreSQL 96, but only 97 is here"):
        binaries.find(Home(tmp_path, "test", None), major=96)
