"""Parts of a dossier: the modules above put in what they know of a pupil, and show what came from another school.

In the module's dossier.py (imported at start):

    transfers.part("library.books", _("Books in hand"), collect=books_of, show=tables_of, order=40)

`collect(*, actor, pupil_id, on)` answers what JSON can keep, or None; it runs in the old school when the child
leaves. `show(content)` answers tables, in the new school and on paper; what it cannot read it refuses with
ValueError, KeyError or TypeError. Contents travel between releases: they carry a version of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import structlog
from django.utils.translation import gettext as _

from kernel.access import Actor
from modules.transfers.data import Table

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    label: Any
    collect: Callable[..., Mapping[str, Any] | None]
    show: Callable[[Mapping[str, Any]], Iterable[Table]]
    order: int = 50


PARTS: dict[str, Part] = {}


def part(
    code: str,
    label: Any,
    *,
    collect: Callable[..., Mapping[str, Any] | None],
    show: Callable[[Mapping[str, Any]], Iterable[Table]],
    order: int = 50,
) -> Part:
    """Register a part once. A second one of the same code raises."""
    if code in PARTS:
        raise ValueError(f"part {code} of the dossier is registered twice")
    PARTS[code] = Part(code, label, collect, show, order)
    return PARTS[code]


def gather(*, actor: Actor, pupil_id: UUID, on: date) -> dict[str, Any]:
    """All parts as they stand on the day. A part that fails fails the whole: half a dossier would pass for a whole one."""
    found = {
        one.code: one.collect(actor=actor, pupil_id=pupil_id, on=on)
        for one in sorted(PARTS.values(), key=lambda one: (one.order, one.code))
    }
    return {code: dict(content) for code, content in found.items() if content}


def tables(contents: Mapping[str, Any]) -> list[Table]:
    """What came, as people read it, in the order of the parts."""
    shown: list[Table] = []
    for one in sorted(PARTS.values(), key=lambda one: (one.order, one.code)):
        if one.code in contents:
            try:
                shown += one.show(contents[one.code])
            except (ValueError, KeyError, TypeError, AttributeError):
                log.exception("transfers.part_unreadable", part=one.code)
                shown.append(Table(str(one.label), (), (), _("This part cannot be read here.")))
    if unknown := sorted(set(contents) - set(PARTS)):
        log.warning("transfers.parts_unknown", parts=unknown)
    return shown
