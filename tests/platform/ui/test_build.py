"""The committed build: as new as its sources, and light."""

from __future__ import annotations

import gzip
import importlib.util
import shutil
import types
from pathlib import Path

import pytest

from ui import manifest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def frontend() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("frontend", ROOT / "tools/frontend.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def weight(*addresses: str) -> int:
    """Kilobytes after gzip."""
    files = [manifest.DIST / Path(address).name for address in addresses]
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) // 1024


class TestStaleness:
    def test_the_build_is_as_new_as_its_sources(self, frontend: types.ModuleType) -> None:
        assert frontend.check() == 0

    def test_a_changed_source_is_noticed(
        self, frontend: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("platform/ui/static_src", "platform/ui/islands", "platform/ui/static/ui/dist"):
            shutil.copytree(ROOT / name, tmp_path / name)
        monkeypatch.setattr(frontend, "ROOT", tmp_path)
        monkeypatch.setattr(frontend, "DIST", tmp_path / "platform/ui/static/ui/dist")
        monkeypatch.setattr(frontend, "STAMP", tmp_path / "platform/ui/static/ui/dist/sources.sha256")
        frontend.STAMP.write_text(frontend.sources_hash())
        assert frontend.check() == 0
        with (tmp_path / "platform/ui/islands/chart.ts").open("a") as source:
            source.write("// more\n")
        assert frontend.check() == 1

    def test_a_lost_file_is_noticed(
        self, frontend: types.ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(frontend, "missing_files", lambda: ["main-x.js"])
        assert frontend.check() == 1


class TestWeight:
    def test_a_page_s_styles_and_script_are_within_120_kb(self) -> None:
        built = manifest.built()
        assert weight(built.script, *built.styles) <= 120

    def test_the_journal_adds_little(self) -> None:
        script, styles = manifest.built().islands["journal-grid"]
        assert weight(script, *styles) <= 20

    def test_charts_are_loaded_only_where_they_are_shown(self) -> None:
        built = manifest.built()
        assert built.islands["chart"][0] != built.script


def test_the_lock_names_no_download_addresses() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
