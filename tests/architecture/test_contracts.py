"""Who may import whom: the contracts of pyproject.toml hold, and our own kind of contract is shown to refuse."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import grimp
import pytest

from tests.architecture.contracts import ClosedPackages

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
DOORS = next(contract for contract in SETTINGS["contracts"] if contract["id"] == "doors")


def closed(*imports: tuple[str, str]) -> ClosedPackages:
    contract = ClosedPackages(
        name="doors",
        session_options={"root_packages": ["modules"]},
        contract_options={
            k: DOORS[k] for k in ("containers", "public", "entry_points", "composition", "fillers")
        },
    )
    graph = grimp.ImportGraph()
    names = {"modules", "config", "integrations", "demo"}
    for pair in imports:
        for name in pair:
            parts = name.split(".")
            names |= {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
    for name in sorted(names):
        graph.add_module(name)
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported)
    contract.answer = contract.check(graph, verbose=False)  # type: ignore[attr-defined]
    return contract


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("modules.journal.services", "modules.contingent.services"),
        ("modules.journal.services", "modules.contingent.models"),
        ("modules.journal.services", "modules.contingent"),
        ("modules.journal.services", "modules.contingent.api_internal"),
        ("modules.journal.views", "modules.contingent.urls"),
        ("integrations.nobd.client", "modules.contingent.services"),
        ("config.api", "modules.journal.services"),
        ("demo.marks", "modules.journal.services"),
    ],
)
def test_private_rooms_are_closed(importer: str, imported: str) -> None:
    contract: Any = closed((importer, imported))
    assert not contract.answer.kept
    assert contract.answer.metadata["broken"] == [(importer, imported)]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("modules.journal.services", "modules.contingent.api"),
        ("modules.journal.handlers", "modules.contingent.events"),
        ("modules.journal.views", "modules.journal.services"),
        ("integrations.nobd.adapter", "modules.contingent.ports"),
        ("config.api", "modules.journal.rest"),
        ("demo.marks", "modules.journal.models"),
    ],
)
def test_doors_are_open(importer: str, imported: str) -> None:
    contract: Any = closed((importer, imported))
    assert contract.answer.kept


def test_every_package_of_the_product_is_under_contract() -> None:
    packages = {
        path.parent.name
        for pattern in ("platform/*/__init__.py", "*/__init__.py")
        for path in ROOT.glob(pattern)
        if path.parent.name not in {"tests", "tools"}
    }
    assert packages <= set(SETTINGS["root_packages"])


def test_platform_is_only_a_path() -> None:
    """With an __init__.py it would take the place of the standard library's module of that name."""
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "locale" / "__init__.py").exists()
    import platform

    assert platform.python_version()
