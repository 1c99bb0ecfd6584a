"""The register of contents: each table of a tenant in three languages, what leaves with a school, what a test copy gets.

A file an app beside this one; a test holds it against the tables as they are, so that a new column is placed by
whoever adds it. `words.yaml` has the words of columns, which mean the same wherever they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

HERE = Path(__file__).parent
LANGUAGES = ("kk", "ru", "en")
KEPT, EMPTIED = "kept", "emptied"
_OF_THE_TABLE = {*LANGUAGES, "stays", "hidden", "copied"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a tenant.

    `stays` says why it never leaves with an export, empty when it does; `hidden` are columns that stay where the others
    leave. `copied` says whether a test copy has its rows, and `columns` what becomes of each there: kept, emptied, or the
    kind of the pseudonym.
    """

    name: str
    words: Mapping[str, str]
    stays: str = ""
    hidden: frozenset[str] = frozenset()
    copied: bool = True
    columns: Mapping[str, str] = field(default_factory=dict)


@cache
def tables() -> Mapping[str, Table]:
    """Every table of every kind of tenant, by its name."""
    found = {}
    for path in sorted(HERE.glob("*.yaml")):
        if path.name == "words.yaml":
            continue
        for name, told in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            columns = {
                column: treatment
                for treatment, listed in told.items()
                if treatment not in _OF_THE_TABLE
                for column in str(listed).split()
            }
            found[name] = Table(
                name=name,
                words={language: told[language] for language in LANGUAGES},
                stays=told.get("stays", ""),
                hidden=frozenset(told.get("hidden", "").split()),
                copied=told.get("copied", True),
                columns=columns,
            )
    return MappingProxyType(found)


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """What a column's name means in Kazakh and Russian; in English it is the name itself."""
    told = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    return MappingProxyType({name: {"kk": kk, "ru": ru} for name, (kk, ru) in told.items()})
