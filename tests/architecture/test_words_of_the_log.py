"""Every code that the two logs keep has its words: nobody meets `imports.loaded` on a page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel import audit

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"record": ("action", "object_type"), "viewed": ("purpose",)}
WORDS = {"action": audit.ACTIONS, "object_type": audit.OBJECTS, "purpose": audit.PURPOSES}


def written() -> Iterator[tuple[str, str, str]]:
    """Which codes the product writes, and where: (kind, code, file)."""
    for path in sorted([*ROOT.glob("platform/**/*.py"), *ROOT.glob("modules/**/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for given in node.keywords:
                if given.arg in WRITERS.get(name, ()):
                    for part in ast.walk(given.value):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                            yield str(given.arg), part.value, path.relative_to(ROOT).as_posix()


CODES = sorted(set(written()))


def test_the_search_finds_what_is_written() -> None:
    assert ("action", "imports.loaded", "platform/imports/services.py") in CODES
    assert {kind for kind, _code, _file in CODES} == set(WORDS)


@pytest.mark.parametrize(("kind", "code", "file"), CODES)
def test_a_code_has_words(kind: str, code: str, file: str) -> None:
    assert code in WORDS[kind], f"{file} writes {code}: name it by audit.words() in the module's panels.py"
