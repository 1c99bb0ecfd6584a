"""What modules and the command line need of the wizard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from imports import checking, declaration, permissions, services
from imports.declaration import (
    Change,
    ChangeKind,
    Column,
    File,
    Importer,
    Row,
    Verdict,
    register,
    used,
    uses,
)
from imports.findings import Finding, Read, Severity, doubt, error, say
from imports.reading import signature
from imports.reading.files import BadFile
from imports.steps import Steps
from kernel.access import Actor, require

__all__ = [
    "BadFile",
    "Change",
    "ChangeKind",
    "Column",
    "File",
    "Finding",
    "Importer",
    "Read",
    "Row",
    "Severity",
    "Steps",
    "Verdict",
    "doubt",
    "error",
    "iin_refusal",
    "loadable",
    "permissions",
    "register",
    "run_file",
    "signature",
    "used",
    "uses",
]


def iin_refusal(problem: str) -> str:
    """The sentence for a code that kernel.iin.check gave."""
    return say(f"iin_{problem}", {"count": "?"})


def loadable(*, actor: Actor) -> set[str]:
    """Codes of what the actor may load from a spreadsheet."""
    if not actor.may(permissions.IMPORT):
        return set()
    return {one.code for one in declaration.importers() if actor.may(one.permission)}


def run_file(importer_code: str, path: str | Path, *, actor: Actor, check_only: bool) -> dict[str, Any]:
    """Check a file and, unless only that is asked, load its good rows; the same code as the screens.

    Gives {create, update, skip, errors: [{row, column, code, value, message_kk, message_ru}]}; `errors` lists what
    keeps rows out and what is doubtful. Raises BadFile.
    """
    importer = declaration.importer(importer_code)
    require(actor, importer.permission)
    content = Path(path).read_bytes()
    found = services.list_of(importer, importer.read(content, actor=actor).tables)
    sources = services.sources_of(importer, found)
    missing = importer.lacks(found.mapping)
    if missing:
        raise services.ColumnsMissing(columns=", ".join(column.label(actor.language) for column in missing))
    checked = checking.check(importer, sources, actor=actor)
    counts = checked.counts
    if not check_only and counts["create"] + counts["update"]:
        batch = services.receive(
            actor=actor, importer_code=importer_code, name=Path(path).name, content=content
        )
        services.choose_columns(actor=actor, batch_id=batch.pk, mapping=found.mapping)
        services.begin(actor=actor, batch_id=batch.pk, state=services.State.CHECKING)
        services.check(actor=actor, batch_id=batch.pk)
        batch = services.load(actor=actor, batch_id=batch.pk)
        counts = batch.report
    return {
        "create": counts["create"],
        "update": counts["update"],
        "skip": counts["skip"],
        "errors": checking.report_lines(importer, checked.rows),
    }
