"""docs/requirements.md: every demand of the customer, the tests that prove it and the screen where it is met.

    requirements.py             write the page
    requirements.py --check     change nothing; fail when the page is out of date or a test names an unknown demand

A demand is *tested* when at least one test carries its mark, `@pytest.mark.requirement("SIS-32",
screen="journal:grid")`, and *open* otherwise. Tests are read, not run.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DEMANDS = ROOT / "docs" / "requirements.yaml"
PAGE = ROOT / "docs" / "requirements.md"


@dataclass
class Proof:
    """What stands behind one demand."""

    tests: list[str] = field(default_factory=list)
    screens: set[str] = field(default_factory=set)


def demands(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Chapters, in each the demands by id."""
    return yaml.safe_load(text)


def proofs(tests: Path) -> dict[str, Proof]:
    """What each test says it proves: marks on functions, on classes, and `pytestmark` of a file."""
    found: dict[str, Proof] = defaultdict(Proof)
    for file in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        place = file.relative_to(tests.parent).as_posix()
        for name, marks in _tests(tree.body, list(_file_marks(tree))):
            for ids, screens in marks:
                for one in ids:
                    found[one].tests.append(f"{place}::{name}")
                    found[one].screens |= screens
    return found


Mark = tuple[tuple[str, ...], set[str]]


def _tests(body: list[ast.stmt], outer: list[Mark], prefix: str = "") -> Iterator[tuple[str, list[Mark]]]:
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _tests(node.body, [*outer, *_marks(node.decorator_list)], f"{prefix}{node.name}::")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield f"{prefix}{node.name}", [*outer, *_marks(node.decorator_list)]


def _file_marks(tree: ast.Module) -> Iterator[Mark]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            several = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            yield from _marks(several)


def _marks(expressions: list[ast.expr]) -> Iterator[Mark]:
    for mark in expressions:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.requirement":
            ids = tuple(
                a.value for a in mark.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
            )
            screens = {
                str(word.value.value)
                for word in mark.keywords
                if word.arg == "screen" and isinstance(word.value, ast.Constant)
            }
            yield ids, screens


def page(chapters: dict[str, dict[str, dict[str, str]]], found: dict[str, Proof]) -> str:
    total = sum(len(chapter) for chapter in chapters.values())
    tested = sum(1 for chapter in chapters.values() for one in chapter if one in found)
    lines = [
        "# Requirements",
        "",
        "Made by `tools/requirements.py` from the marks of the tests; not to be edited by hand.",
        "",
        f"{tested} of {total} demands have a test that proves them; the others are open.",
    ]
    for title, chapter in chapters.items():
        lines += ["", f"## {title}", "", "| id | demand | state | tests | screen |", "|---|---|---|---|---|"]
        for one, demand in chapter.items():
            proof = found.get(one, Proof())
            lines.append(
                f"| {one} | {_cell(demand['need'])} | {'tested' if proof.tests else 'open'} "
                f"| {'<br>'.join(f'`{test}`' for test in sorted(set(proof.tests)))} "
                f"| {', '.join(f'`{screen}`' for screen in sorted(proof.screens))} |"
            )
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def unknown(chapters: dict[str, dict[str, dict[str, str]]], found: dict[str, Proof]) -> list[str]:
    """Marks with an id that the customer never gave."""
    known = {one for chapter in chapters.values() for one in chapter}
    return [f"{one}: no such demand ({found[one].tests[0]})" for one in sorted(set(found) - known)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    chapters = demands(DEMANDS.read_text(encoding="utf-8"))
    found = proofs(ROOT / "tests")
    faults = unknown(chapters, found)
    wanted = page(chapters, found)
    if not asked.check:
        PAGE.write_text(wanted, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
        faults.append("docs/requirements.md is out of date: run tools/requirements.py")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
