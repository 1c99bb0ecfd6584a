"""Corrections on the check page: one cell, one doubt, all suggestions of a kind; and the way back before the load."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from imports import checking, declaration, queries
from imports.copying import update_rows
from imports.declaration import Importer, Row
from imports.models import ImportBatch, ImportRow, RememberedWord, Repair
from imports.services import State, WrongStep, allowed_to, begin_job, keep_findings
from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import DomainError, NotFound

# Rows that may be checked anew while the person waits.
INLINE_AGAIN = 1_000


class NothingToUndo(DomainError):
    message = _("Nothing has been put right yet.")
    code = "nothing_to_undo"


@transaction.atomic
def correct_cell(*, actor: Actor, batch_id: UUID, number: int, column: str, value: str) -> ImportBatch:
    """Put another text into a cell; the file itself stays as it is."""
    batch, row = _open_row(actor, batch_id, number)
    if declaration.importer(batch.importer).column(column) is None:
        raise NotFound
    _note(batch, [row], column)
    row.decisions = {**row.decisions, column: value[:250]}
    row.settled = [mark for mark in row.settled if not mark.startswith(f"{column}:")]
    row.save(update_fields=["decisions", "settled"])
    return _again(actor, batch, [number])


@transaction.atomic
def settle(*, actor: Actor, batch_id: UUID, number: int, column: str, code: str) -> ImportBatch:
    """Leave a doubtful cell as it was read; an error cannot be settled so."""
    batch, row = _open_row(actor, batch_id, number)
    mark = f"{column}:{code}"
    if mark in row.settled:
        return batch
    _note(batch, [row], column, code)
    row.settled = [*row.settled, mark]
    row.save(update_fields=["settled"])
    return _again(actor, batch, [number])


@transaction.atomic
def accept_all(*, actor: Actor, batch_id: UUID, column: str, code: str) -> ImportBatch:
    """Take the suggestion of every row that has this trouble in this column."""
    batch = _checked_batch(actor, batch_id)
    offered = {}
    for row in queries.problem_rows(batch, code=code):
        for problem in row.problems:
            if problem["column"] == column and problem["code"] == code and problem["suggestion"]:
                offered[row] = problem["suggestion"]
                break
    _note(batch, list(offered), column, code)
    for row, suggestion in offered.items():
        row.decisions = {**row.decisions, column: suggestion}
    update_rows(ImportRow, ("decisions",), [(row.pk, row.decisions) for row in offered])
    return _again(actor, batch, [row.number for row in offered])


@transaction.atomic
def say_words(*, actor: Actor, batch_id: UUID, words: Mapping[tuple[str, str], str]) -> ImportBatch:
    """Say what words (by column) mean, for all rows of this file and of the next ones; an empty text forgets it."""
    batch = _checked_batch(actor, batch_id)
    importer = declaration.importer(batch.importer)
    matched = {column.code for column in importer.columns if column.matched}
    known = queries.meanings(importer)
    changed = {
        (column, said[:120].lower()): " ".join(means.split())[:200]
        for (column, said), means in words.items()
        if column in matched and said
    }
    changed = {
        key: means
        for key, means in changed.items()
        if known.get(key, "") != means and key[1] != means.lower()
    }
    for (column, said), means in changed.items():
        if means:
            RememberedWord.objects.update_or_create(
                importer=importer.code,
                column=column,
                said=said,
                defaults={"means": means, "used_at": clock.now()},
            )
        else:
            RememberedWord.objects.filter(importer=importer.code, column=column, said=said).delete()
    if not changed:
        return batch
    audit.record(
        actor=actor,
        action="imports.words_said",
        object_type="import",
        object_id=batch.pk,
        details={"importer": importer.code, "words": len(changed)},
    )
    return _again(actor, batch, queries.numbers_with(batch, changed))


@transaction.atomic
def undo_last(*, actor: Actor, batch_id: UUID) -> ImportBatch:
    """Take the last correction back, be it of one cell or of a thousand. Raises NothingToUndo, WrongStep."""
    batch = _checked_batch(actor, batch_id)
    last = batch.repairs.order_by("-id").first()
    if last is None:
        raise NothingToUndo
    before = {number: (decided, settled) for number, decided, settled in last.before}
    rows = list(ImportRow.objects.select_for_update().filter(batch=batch, number__in=before))
    for row in rows:
        decided, settled = before[row.number]
        row.decisions = {code: value for code, value in row.decisions.items() if code != last.column}
        if decided is not None:
            row.decisions[last.column] = decided
        row.settled = settled
    update_rows(ImportRow, ("decisions", "settled"), [(row.pk, row.decisions, row.settled) for row in rows])
    last.delete()
    return _again(actor, batch, list(before))


def _note(batch: ImportBatch, rows: Sequence[ImportRow], column: str, code: str = "") -> None:
    """Keep how the rows stood, for the way back."""
    before: list[list[Any]] = [[row.number, row.decisions.get(column), row.settled] for row in rows]
    if before:
        Repair.objects.create(batch=batch, column=column, code=code, before=before, created_at=clock.now())


def _checked_batch(actor: Actor, batch_id: UUID) -> ImportBatch:
    batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
    allowed_to(actor, declaration.importer(batch.importer))
    if batch.state != State.CHECKED:
        raise WrongStep
    return batch


def _open_row(actor: Actor, batch_id: UUID, number: int) -> tuple[ImportBatch, ImportRow]:
    batch = _checked_batch(actor, batch_id)
    row = ImportRow.objects.select_for_update().filter(batch=batch, number=number).first()
    if row is None:
        raise NotFound
    return batch, row


def _again(actor: Actor, batch: ImportBatch, numbers: Collection[int]) -> ImportBatch:
    """Check the rows that were put right, and those of which they change what is said (the same ИИН twice).

    Many at once go to a job.
    """
    importer = declaration.importer(batch.importer)
    bound = _bound(importer, batch, numbers, actor)
    if len(bound) > INLINE_AGAIN:
        begin_job(actor=actor, batch_id=batch.pk, state=State.CHECKING)
        batch.refresh_from_db()
        return batch
    checked = checking.check(importer, queries.sources(batch, bound), actor=actor)
    keep_findings(batch, importer, checked)
    return batch


def _bound(importer: Importer, batch: ImportBatch, numbers: Collection[int], actor: Actor) -> Collection[int]:
    """The rows and all that were bound to them before they were put right, or are since."""
    before = queries.ties_of(batch)
    ties = {number: names for number, names in before.items() if names is not None}
    if len(ties) < len(before) or len(numbers) > INLINE_AGAIN:
        return before
    for row in _read(importer, queries.sources(batch, numbers), actor):
        ties[row.number] = [*ties[row.number], *importer.ties(row)]
    return checking.bound_to(numbers, ties)


def _read(importer: Importer, sources: Sequence[checking.Source], actor: Actor) -> list[Row]:
    """The rows as they are since, with as much as their ties are told by."""
    if importer.ties_of_plan:
        return checking.check(importer, sources, actor=actor).rows
    memo: checking.Memo = {}
    return [checking.read_row(importer, source, memo) for source in sources]
