"""The bill of materials names everything that is locked, with hashes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import sbom

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.requirement("SEC-01")


def named(parts: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["name"].lower(), one["version"]): one for one in parts["components"]}


def test_of_python_is_the_lock_file() -> None:
    locked = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements/prod.txt").read_text(), re.MULTILINE)
    found = named(sbom.python_parts())
    assert found.keys() == {(name.lower(), version) for name, version in locked}
    without = [
        name for name, one in found.items() if not any(e.get("hashes") for e in one["externalReferences"])
    ]
    assert without == []


def test_of_the_browser_is_the_lock_file() -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = {
        (path.rpartition("node_modules/")[2].rpartition("/")[2].lower(), one["version"])
        for path, one in locked.items()
        if path and not one.get("optional")
    }
    found = {(name.rpartition("/")[2], version) for name, version in named(sbom.browser_parts())}
    assert wanted - found == set()
