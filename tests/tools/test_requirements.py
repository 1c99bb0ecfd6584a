"""The page of requirements follows from the marks of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

import requirements

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = {"journal": {"SIS-1": {"need": "Marks | points"}, "SIS-2": {"need": "Absences"}}}
SAMPLE = """
import pytest
pytestmark = [pytest.mark.journey, pytest.mark.requirement("SIS-1")]

@pytest.mark.requirement("SIS-2", screen="journal:grid")
class TestGrid:
    def test_saves(self): ...

@pytest.mark.requirement("NO-9")
def test_other(): ...

def helper(): ...
"""


@pytest.fixture
def found(tmp_path: Path) -> dict[str, requirements.Proof]:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_sample.py").write_text(SAMPLE)
    return requirements.proofs(tests)


def test_marks_of_file_class_and_function_count(found: dict[str, requirements.Proof]) -> None:
    assert found["SIS-1"].tests == [
        "tests/test_sample.py::TestGrid::test_saves",
        "tests/test_sample.py::test_other",
    ]
    assert found["SIS-2"].tests == ["tests/test_sample.py::TestGrid::test_saves"]
    assert found["SIS-2"].screens == {"journal:grid"}


def test_an_unknown_demand_is_a_fault(found: dict[str, requirements.Proof]) -> None:
    assert requirements.unknown(CHAPTERS, found) == [
        "NO-9: no such demand (tests/test_sample.py::test_other)"
    ]


def test_what_has_no_test_is_open(found: dict[str, requirements.Proof]) -> None:
    found.pop("SIS-1")
    text = requirements.page(CHAPTERS, found)
    assert "| SIS-1 | Marks \\| points | open |" in text
    assert "| SIS-2 | Absences | tested |" in text
    assert "1 of 2 demands" in text


def test_no_test_proves_what_nobody_asked() -> None:
    chapters = requirements.demands(requirements.DEMANDS.read_text(encoding="utf-8"))
    assert not requirements.unknown(chapters, requirements.proofs(ROOT / "tests"))
