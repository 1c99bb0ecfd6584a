"""The steps of the wizard: take the file, choose the columns, check, correct, load, take back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from imports import checking, declaration, permissions, queries
from imports.checking import Checked, Progress, Source
from imports.copying import insert, insert_rows, one_at_a_time
from imports.declaration import Change, ChangeKind, Importer, Row, Verdict
from imports.findings import Severity
from imports.models import ImportBatch, ImportChange, ImportRow, RememberedMapping
from imports.reading import Heads, Table, find_heads, read_tables, signature
from imports.reading.files import bad
from imports.reading.headers import LOOKED_THROUGH, guess_heads
from kernel import audit, clock, files, jobs
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError, NotFound

# What is done while the person waits; longer files go to a job with progress.
INLINE_ROWS = 2_000
INLINE_LOAD = 300
State = ImportBatch.State


class WrongStep(Conflict):
    message = _("This step is over or has not come yet. Look at the state of the file.")
    code = "wrong_step"


class ColumnsMissing(DomainError):
    message = _("Choose columns of the file for: {columns}")
    code = "columns_missing"


class NothingToLoad(DomainError):
    message = _("There is no row to load: all are wrong or in the school already.")
    code = "nothing_to_load"


def _may(actor: Actor, importer: Importer) -> None:
    require(actor, permissions.IMPORT)
    require(actor, importer.permission)


# --- 1 the file


def pick_table(importer: Importer, tables: list[Table], sheet: str = "") -> tuple[Table, Heads]:
    """The sheet and the row of names that fit the importer best; a guess when none is recognised."""
    if sheet:
        tables = [table for table in tables if table.name == sheet] or tables
    visible = [table for table in tables if table.visible] or tables
    found = [(table, find_heads(table, importer.synonyms())) for table in visible]
    known = [(table, heads) for table, heads in found if heads is not None]
    if known:
        return max(known, key=lambda pair: len(pair[1].mapping))
    for table in visible:
        heads = guess_heads(table)
        if heads is not None:
            return table, heads
    raise bad("no_heads", limit=LOOKED_THROUGH)


def receive(*, actor: Actor, importer_code: str, name: str, content: bytes, sheet: str = "") -> ImportBatch:
    """Take a file in, without loading anything of it. Raises BadFile with the reason."""
    importer = declaration.importer(importer_code)
    _may(actor, importer)
    tables = read_tables(content)
    table, heads = pick_table(importer, tables, sheet)
    body = [(number, cells) for number, cells in table.rows if number > heads.row]
    if not body:
        raise bad("no_rows")
    mark = signature(heads.labels)
    remembered = queries.remembered(importer.code, mark)
    mapping = {
        code: place
        for code, place in (remembered or heads.mapping).items()
        if importer.column(code) and place < len(heads.labels)
    }
    with transaction.atomic():
        kept = files.store(
            actor=actor,
            name=Path(name).name,
            content=content,
            content_type="application/octet-stream",
            purpose="imports",
        )
        batch = ImportBatch.objects.create(
            importer=importer.code,
            file_id=kept.pk,
            file_name=kept.name,
            sheet=table.name[:120],
            sheets=[one.name for one in tables],
            head_row=heads.row,
            signature=mark,
            labels=list(heads.labels),
            mapping=mapping,
            counts={"rows": len(body)},
            created_by_id=actor.user_id,
            created_by_name=actor.system or actor.name,
            created_at=clock.now(),
        )
        insert_rows(
            ImportRow,
            ("batch", "number", "raw", "decisions", "settled", "parsed", "verdict", "problems", "has_doubts"),
            (
                (batch.pk, number, raw_cells(table, number, cells), {}, [], {}, "", [], False)
                for number, cells in body
            ),
        )
        audit.record(
            actor=actor,
            action="imports.uploaded",
            object_type="import",
            object_id=batch.pk,
            details={"importer": importer.code, "rows": len(body)},
        )
    return batch


def raw_cells(table: Table, number: int, cells: list[Any]) -> list[Any]:
    formulas = table.formulas
    return [checking.stored(cell, is_formula=(number, place) in formulas) for place, cell in enumerate(cells)]


# --- 2 the columns


@transaction.atomic
def choose_columns(*, actor: Actor, batch_id: UUID, mapping: Mapping[str, int]) -> ImportBatch:
    """Say which column of the file is which; remembered for the next file with the same names.

    Raises ColumnsMissing, WrongStep.
    """
    batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
    if batch.state not in (State.UPLOADED, State.CHECKED):
        raise WrongStep
    importer = declaration.importer(batch.importer)
    chosen = {
        column.code: mapping[column.code]
        for column in importer.columns
        if 0 <= mapping.get(column.code, -1) < len(batch.labels)
    }
    missing = importer.lacks(chosen)
    if missing:
        names = ", ".join(column.label(actor.language) for column in missing)
        raise ColumnsMissing(columns=names)
    batch.mapping, batch.state = chosen, State.UPLOADED
    batch.save(update_fields=["mapping", "state"])
    RememberedMapping.objects.update_or_create(
        importer=batch.importer,
        signature=batch.signature,
        defaults={"mapping": chosen, "used_at": clock.now()},
    )
    return batch


# --- 3 the check


def check(*, actor: Actor, batch_id: UUID, progress: Progress | None = None) -> ImportBatch:
    """Check every row and keep what was found. Nothing is written to the school's records."""
    batch = queries.get_batch(actor=actor, batch_id=batch_id)
    if batch.state not in (State.UPLOADED, State.CHECKING, State.CHECKED):
        raise WrongStep
    importer = declaration.importer(batch.importer)
    _may(actor, importer)
    checked = checking.check(importer, queries.sources(batch), actor=actor, progress=progress)
    _keep(batch, importer, checked)
    return batch


@transaction.atomic
def _keep(batch: ImportBatch, importer: Importer, checked: Checked) -> None:
    if batch.checked_at is None:
        places = dict(ImportRow.objects.filter(batch=batch).values_list("number", "pk"))
        before = {}
    else:
        rows = queries.found_of(batch)
        places = {number: row[0] for number, row in rows.items()}
        before = {number: row[1:] for number, row in rows.items()}
    changed = []
    for found in checked.rows:
        problems = checking.problems_of(importer, found) if found.findings else []
        values = (found.verdict.value, problems, _doubtful(problems), found.values)
        if before.get(found.number) != values:
            changed.append((places[found.number], *values))
    _write_findings(changed)
    _count(batch, checked)
    batch.state, batch.checked_at, batch.job_id = State.CHECKED, clock.now(), None
    batch.save(update_fields=["state", "checked_at", "counts", "extras", "job_id"])


def _write_findings(rows: list[tuple[int, str, list[dict[str, Any]], bool, dict[str, Any]]]) -> None:
    """One statement for all rows: Django's bulk_update takes seconds for a thousand."""
    if not rows:
        return
    names = ("id", "verdict", "problems", "has_doubts", "parsed")
    values = [dict(zip(names, row, strict=True)) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE imports_importrow AS kept
            SET verdict = found.verdict, problems = found.problems,
                has_doubts = found.has_doubts, parsed = found.parsed
            FROM jsonb_to_recordset(%s::jsonb)
              AS found(id bigint, verdict text, problems jsonb, has_doubts boolean, parsed jsonb)
            WHERE kept.id = found.id
            """,
            [json.dumps(values, ensure_ascii=False)],
        )


def _doubtful(problems: list[dict[str, Any]]) -> bool:
    return any(problem["severity"] == Severity.DOUBT for problem in problems)


def _count(batch: ImportBatch, checked: Checked) -> None:
    batch.counts = {"rows": len(checked.rows), **checked.counts}
    batch.extras = [{"title": str(extra.title), "items": list(extra.items)} for extra in checked.extras]


def begin(*, actor: Actor, batch_id: UUID, state: str) -> ImportBatch:
    """Mark that a job works on the batch, so that nobody starts another one. Raises WrongStep."""
    with transaction.atomic():
        batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
        before = (State.UPLOADED, State.CHECKED) if state == State.CHECKING else (State.CHECKED,)
        if batch.state not in before:
            raise WrongStep
        batch.state = state
        batch.save(update_fields=["state"])
        return batch


def step_back(*, batch_id: UUID) -> None:
    """After a job that failed or was cancelled: the file waits where it was before."""
    ImportBatch.objects.filter(pk=batch_id, state=State.CHECKING).update(state=State.UPLOADED, job_id=None)
    ImportBatch.objects.filter(pk=batch_id, state=State.LOADING).update(state=State.CHECKED, job_id=None)


@transaction.atomic
def begin_job(*, actor: Actor, batch_id: UUID, state: str) -> None:
    """Hand the check or the load to a job."""
    batch = begin(actor=actor, batch_id=batch_id, state=state)
    name = "imports.commit" if state == State.LOADING else "imports.check"
    batch.job_id = jobs.start(name, actor=actor, batch_id=str(batch_id)).pk
    batch.save(update_fields=["job_id"])


# --- corrections in place


@transaction.atomic
def correct_cell(*, actor: Actor, batch_id: UUID, number: int, column: str, value: str) -> ImportBatch:
    """Put another text into a cell; the file itself stays as it is."""
    batch, row = _open_row(actor, batch_id, number)
    importer = declaration.importer(batch.importer)
    if importer.column(column) is None:
        raise NotFound
    row.decisions = {**row.decisions, column: value[:250]}
    row.settled = [mark for mark in row.settled if not mark.startswith(f"{column}:")]
    row.save(update_fields=["decisions", "settled"])
    return _again(actor, batch)


@transaction.atomic
def settle(*, actor: Actor, batch_id: UUID, number: int, column: str, code: str) -> ImportBatch:
    """Leave a doubtful cell as it was read; an error cannot be settled so."""
    batch, row = _open_row(actor, batch_id, number)
    mark = f"{column}:{code}"
    if mark not in row.settled:
        row.settled = [*row.settled, mark]
        row.save(update_fields=["settled"])
    return _again(actor, batch)


@transaction.atomic
def accept_all(*, actor: Actor, batch_id: UUID, column: str, code: str) -> ImportBatch:
    """Take the suggestion of every row that has this trouble in this column."""
    batch = _checked_batch(actor, batch_id)
    changed = []
    for row in queries.problem_rows(batch, code=code):
        for problem in row.problems:
            if problem["column"] == column and problem["code"] == code and problem["suggestion"]:
                row.decisions = {**row.decisions, column: problem["suggestion"]}
                changed.append(row)
                break
    ImportRow.objects.bulk_update(changed, ["decisions"], batch_size=500)
    return _again(actor, batch)


def _checked_batch(actor: Actor, batch_id: UUID) -> ImportBatch:
    batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
    _may(actor, declaration.importer(batch.importer))
    if batch.state != State.CHECKED:
        raise WrongStep
    return batch


def _open_row(actor: Actor, batch_id: UUID, number: int) -> tuple[ImportBatch, ImportRow]:
    batch = _checked_batch(actor, batch_id)
    row = ImportRow.objects.select_for_update().filter(batch=batch, number=number).first()
    if row is None:
        raise NotFound
    return batch, row


def _again(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Check once more: one cell can change what is said of other rows (the same ИИН twice)."""
    importer = declaration.importer(batch.importer)
    _keep(batch, importer, checking.check(importer, queries.sources(batch), actor=actor))
    return batch


# --- 4 the load


def load(*, actor: Actor, batch_id: UUID, progress: Progress | None = None) -> ImportBatch:
    """Carry the good rows out, all of them or none. Pressed twice, it loads once.

    Rows are checked again first: the school may have changed since. Raises WrongStep, NothingToLoad.
    """
    batch = queries.get_batch(actor=actor, batch_id=batch_id)
    importer = declaration.importer(batch.importer)
    _may(actor, importer)
    with transaction.atomic():
        # Two presses meet here: the second waits, then finds the batch loaded.
        batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
        if batch.state not in (State.CHECKED, State.LOADING):
            raise WrongStep
        one_at_a_time(f"imports.{importer.code}")
        checked = _check_again(batch, importer, actor)
        good = [row for row in checked.rows if row.verdict in (Verdict.CREATE, Verdict.UPDATE)]
        if not good:
            raise NothingToLoad
        changes = importer.commit(good, actor=actor)
        _note(batch, changes)
        batch.report = dict(batch.counts)
        batch.state, batch.committed_at = State.LOADED, clock.now()
        batch.save(update_fields=["state", "committed_at", "report", "counts", "extras"])
        audit.record(
            actor=actor,
            action="imports.loaded",
            object_type="import",
            object_id=batch.pk,
            details={"importer": importer.code, **checked.counts},
        )
    if progress is not None:
        progress(len(good), len(good))
    return batch


def _note(batch: ImportBatch, changes: list[Change]) -> None:
    """Keep what was done: one row for all objects made of a kind, in the order of the first of them."""
    made: dict[str, list[str]] = {}
    notes = []
    for change in changes:
        if change.kind is ChangeKind.CREATED:
            if change.object_type not in made:
                made[change.object_type] = []
                notes.append(
                    ImportChange(
                        batch_id=batch.pk,
                        object_type=change.object_type,
                        kind=change.kind.value,
                        created_ids=made[change.object_type],
                    )
                )
            made[change.object_type].append(str(change.object_id))
        else:
            notes.append(
                ImportChange(
                    batch_id=batch.pk,
                    object_type=change.object_type,
                    object_id=change.object_id,
                    kind=change.kind.value,
                    before=dict(change.before),
                    after=dict(change.after),
                )
            )
    insert(notes)


def _check_again(batch: ImportBatch, importer: Importer, actor: Actor) -> Checked:
    """The rows that were good, compared with the school as it is now; what has become wrong is noted."""
    rows = queries.found_of(batch)
    good = [Row(n, row[4]) for n, row in rows.items() if row[1] != Verdict.ERROR.value]
    extras = importer.check(good, actor=actor)
    changed = []
    lost = len(rows) - len(good)
    for found in good:
        key, verdict, problems, has_doubts, parsed = rows[found.number]
        if found.is_blocked:
            found.verdict = Verdict.ERROR
            lost += 1
            fresh = [p for p in checking.problems_of(importer, found) if p["severity"] == Severity.ERROR]
            problems = [*problems, *fresh]
        if verdict != found.verdict.value:
            changed.append((key, found.verdict.value, problems, has_doubts, parsed))
    _write_findings(changed)
    checked = Checked(good, extras)
    doubts = sum(1 for row in good if row.verdict is not Verdict.ERROR and rows[row.number][3])
    batch.counts = {"rows": len(rows), **checked.counts, "error": lost, "doubt": doubts}
    batch.extras = [{"title": str(extra.title), "items": list(extra.items)} for extra in extras]
    return checked


# --- 5 back


@transaction.atomic
def undo(*, actor: Actor, batch_id: UUID) -> ImportBatch:
    """Take back what the batch did; what was changed or used since stays and is named in the report."""
    batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
    importer = declaration.importer(batch.importer)
    _may(actor, importer)
    if batch.state != State.LOADED:
        raise WrongStep
    kept = importer.undo(queries.changes_of(batch), actor=actor)
    batch.report = {**batch.report, "kept": kept}
    batch.state, batch.undone_at = State.UNDONE, clock.now()
    batch.save(update_fields=["state", "undone_at", "report"])
    audit.record(
        actor=actor,
        action="imports.undone",
        object_type="import",
        object_id=batch.pk,
        details={"importer": importer.code, "kept": len(kept)},
    )
    return batch


def discard(*, actor: Actor, batch_id: UUID) -> None:
    """Forget a file that was not loaded, with its rows."""
    with transaction.atomic():
        batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
        if batch.state not in (State.UPLOADED, State.CHECKED):
            raise WrongStep
        file_id = batch.file_id
        batch.delete()
        audit.record(actor=actor, action="imports.discarded", object_type="import", object_id=batch_id)
    files.delete(file_id=file_id)


def sources_of_table(
    importer: Importer, table: Table, heads: Heads, mapping: Mapping[str, int]
) -> list[Source]:
    """Rows of a file that is only looked at, without a batch."""
    found = []
    for number, cells in table.rows:
        if number > heads.row:
            raw = raw_cells(table, number, cells)
            found.append(Source(number, {c: raw[p] for c, p in mapping.items() if p < len(raw)}))
    return found
