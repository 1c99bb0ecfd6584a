"""The steps of the wizard: take the file, choose the columns, check, load, take back. Corrections: repairs.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from imports import checking, declaration, permissions, queries
from imports.checking import Checked, Source
from imports.copying import insert, insert_rows, one_at_a_time, update_rows
from imports.declaration import Change, ChangeKind, Importer, Row, Verdict
from imports.findings import Severity
from imports.kinds import sheet_or
from imports.models import ImportBatch, ImportChange, ImportRow, RememberedMapping
from imports.normalise import clean
from imports.reading import Table, signature
from imports.reading.headers import recognise
from imports.reading.lists import Found, find_list
from imports.steps import Progress, Steps
from imports.workbooks import own_labels
from kernel import audit, clock, files, jobs, uploads
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError

# What is done while the person waits; longer files go to a job with progress.
INLINE_ROWS = 2_000
INLINE_LOAD = 300
_FOUND = ("verdict", "problems", "has_doubts", "parsed", "ties", "brings")
_TOLD = (*Verdict, "doubt")
_MOST_LEFT_OUT = 200  # told by name; all are counted
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


def allowed_to(actor: Actor, importer: Importer) -> None:
    require(actor, permissions.IMPORT)
    require(actor, importer.permission)


# --- 1 the file


def list_of(importer: Importer, tables: list[Table], sheets: Sequence[str] = ()) -> Found:
    """The list that fits the importer best. Raises BadFile."""
    column = importer.column(importer.from_title)
    found = find_list(
        tables,
        importer.synonyms(),
        sheets=sheets,
        titled=importer.from_title,
        title_label=column.label(get_language() or "kk") if column else "",
        read_title=importer.read_title,
        ours=own_labels(),
    )
    return _without_example(importer, found)


def _without_example(importer: Importer, found: Found) -> Found:
    """The list without the example that our own template came with and nobody deleted."""
    examples = {
        place: {column.example_kk, column.example_ru}
        for code, place in found.mapping.items()
        if (column := importer.column(code)) is not None
    }

    def is_example(cells: Sequence[Any]) -> bool:
        said = {place: text for place in examples if (text := clean(cells[place]))}
        return len(said) >= 3 and all(text in examples[place] for place, text in said.items())

    rows = [one for one in found.rows if not is_example(one[1])] if found.rows[1:] else found.rows
    gone = [(number, "example", "") for number, cells in found.rows if is_example(cells)] if rows else []
    return replace(found, rows=rows, left_out=[*found.left_out, *gone]) if rows and gone else found


def receive(*, actor: Actor, importer_code: str, name: str, content: bytes) -> ImportBatch:
    """Take a file in, without loading anything of it. Raises BadFile with the reason, and as uploads.admit does."""
    importer = declaration.importer(importer_code)
    allowed_to(actor, importer)
    upload = uploads.admit(sheet_or(importer.accepts), content, actor=actor)
    file = importer.read(content, actor=actor)
    tables = file.tables
    found = list_of(importer, tables)
    with transaction.atomic():
        kept = uploads.keep(actor=actor, name=Path(name).name, upload=upload, purpose="imports")
        batch = ImportBatch.objects.create(
            importer=importer.code,
            file_id=kept.pk,
            file_name=kept.name,
            sheets=[one.name for one in tables if one.visible] or [one.name for one in tables],
            created_by_id=actor.user_id,
            created_by_name=actor.system or actor.name,
            created_at=clock.now(),
            told=[list(one) for one in file.told[:_MOST_LEFT_OUT]],
            **_taken(importer, found),
        )
        _put_rows(batch, found)
        audit.record(
            actor=actor,
            action="imports.uploaded",
            object_type="import",
            object_id=batch.pk,
            details={"importer": importer.code, "rows": len(found.rows)},
        )
    return batch


@transaction.atomic
def choose_sheets(*, actor: Actor, batch_id: UUID, sheets: Sequence[str]) -> ImportBatch:
    """Read other sheets of the file instead. Raises BadFile, WrongStep."""
    batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
    importer = declaration.importer(batch.importer)
    allowed_to(actor, importer)
    if batch.state not in (State.UPLOADED, State.CHECKED):
        raise WrongStep
    __, content = files.read(file_id=batch.file_id, purpose="imports")
    tables = importer.read(content, actor=actor).tables
    found = list_of(importer, tables, [one for one in sheets if one in batch.sheets])
    batch.rows.all().delete()
    batch.repairs.all().delete()
    values = {**_taken(importer, found), "checked_at": None, "state": State.UPLOADED}
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save(update_fields=list(values))
    _put_rows(batch, found)
    return batch


def _taken(importer: Importer, found: Found) -> dict[str, Any]:
    """What the batch keeps of the list: where it stands, and its columns as the school took them the last time."""
    mark = signature(found.heads.labels)
    remembered = queries.remembered(importer.code, mark)
    mapping = remembered.mapping if remembered else found.mapping
    return {
        "sheet": found.sheets[0][:120],
        "taken": list(found.sheets),
        "head_row": found.head_row,
        "labels": list(found.labels),
        "signature": mark,
        "mapping": {
            code: place
            for code, place in mapping.items()
            if importer.column(code) and place < len(found.labels)
        },
        "remembered_at": remembered.used_at if remembered else None,
        "left_out": [list(one) for one in found.left_out[:_MOST_LEFT_OUT]],
        "counts": {"rows": len(found.rows), "left_out": len(found.left_out)},
    }


def _put_rows(batch: ImportBatch, found: Found) -> None:
    insert_rows(
        ImportRow,
        (
            "batch",
            "number",
            "raw",
            "decisions",
            "settled",
            "parsed",
            "verdict",
            "problems",
            "codes",
            "has_doubts",
            "brings",
        ),
        (
            (batch.pk, number, raw_cells(found, number, cells), {}, [], {}, "", [], [], False, "")
            for number, cells in found.rows
        ),
    )


def raw_cells(found: Found, number: int, cells: list[Any]) -> list[Any]:
    formulas = found.formulas
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


@transaction.atomic
def forget_columns(*, actor: Actor, batch_id: UUID) -> ImportBatch:
    """Take the columns as they are recognised, and no more as they were chosen for such files. Raises WrongStep."""
    batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
    importer = declaration.importer(batch.importer)
    allowed_to(actor, importer)
    if batch.state not in (State.UPLOADED, State.CHECKED):
        raise WrongStep
    RememberedMapping.objects.filter(importer=batch.importer, signature=batch.signature).delete()
    batch.mapping = recognise(batch.labels, importer.synonyms())
    batch.remembered_at, batch.state = None, State.UPLOADED
    batch.save(update_fields=["mapping", "remembered_at", "state"])
    audit.record(
        actor=actor,
        action="imports.columns_forgotten",
        object_type="import",
        object_id=batch.pk,
        details={"importer": importer.code},
    )
    return batch


# --- 3 the check


def check(*, actor: Actor, batch_id: UUID, progress: Progress | None = None) -> ImportBatch:
    """Check every row and keep what was found. Nothing is written to the school's records."""
    batch = queries.get_batch(actor=actor, batch_id=batch_id)
    if batch.state not in (State.UPLOADED, State.CHECKING, State.CHECKED):
        raise WrongStep
    importer = declaration.importer(batch.importer)
    allowed_to(actor, importer)
    checked = checking.check(importer, queries.sources(batch), actor=actor, progress=progress)
    keep_findings(batch, importer, checked)
    return batch


@transaction.atomic
def keep_findings(batch: ImportBatch, importer: Importer, checked: Checked) -> None:
    places, before = {}, {}
    rows = queries.found_of(batch, None if batch.checked_at is None else [one.number for one in checked.rows])
    for number, row in rows.items():
        places[number], before[number] = row[0], row[1:]
    changed = []
    for found in checked.rows:
        problems = checking.problems_of(importer, found) if found.findings else []
        values = (
            found.verdict.value, problems, _doubtful(problems), found.values, sorted(set(importer.ties(found))),
            found.brings[:120],
        )  # fmt: skip
        if before.get(found.number) != values:
            changed.append((places[found.number], *values))
    _put_findings(changed)
    _count(batch)
    batch.state, batch.checked_at, batch.job_id = State.CHECKED, clock.now(), None
    batch.save(update_fields=["state", "checked_at", "counts", "job_id"])


def _put_findings(changed: Sequence[tuple[Any, ...]]) -> None:
    """Write what the check found: the key of a row, and its values in the order of _FOUND."""
    place = 1 + _FOUND.index("problems")
    rows = [(*row, sorted({problem["code"] for problem in row[place]})) for row in changed]
    update_rows(ImportRow, (*_FOUND, "codes"), rows)


def _doubtful(problems: list[dict[str, Any]]) -> bool:
    return any(problem["severity"] == Severity.DOUBT for problem in problems)


def _count(batch: ImportBatch) -> None:
    batch.counts = {"left_out": batch.counts.get("left_out", 0), **queries.counts(batch)}


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


# --- 4 the load


def load(*, actor: Actor, batch_id: UUID, progress: Progress | None = None) -> ImportBatch:
    """Carry the good rows out, all of them or none. Pressed twice, it loads once.

    Rows are checked again first: the school may have changed since. Whoever waits and asks to stop, stops it with
    nothing loaded. Raises WrongStep, NothingToLoad.
    """
    batch = queries.get_batch(actor=actor, batch_id=batch_id)
    importer = declaration.importer(batch.importer)
    allowed_to(actor, importer)
    with transaction.atomic():
        # Two presses meet here: the second waits, then finds the batch loaded.
        batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
        if batch.state not in (State.CHECKED, State.LOADING):
            raise WrongStep
        one_at_a_time(f"imports.{importer.code}")
        steps = Steps(progress, batch.counts.get("rows", 0))
        steps.tell(0, _("Comparing with the school"))
        rows = _compare_again(batch, importer, actor)
        good = [row for row in rows if row.verdict in (Verdict.CREATE, Verdict.UPDATE)]
        if not good:
            raise NothingToLoad
        steps = Steps(progress, len(good))
        changes = importer.commit_file(good, actor=actor, steps=steps, file_name=batch.file_name)
        steps.tell(1, _("Noting what was done"))
        _note(batch, changes)
        batch.report = dict(batch.counts)
        batch.state, batch.committed_at = State.LOADED, clock.now()
        batch.save(update_fields=["state", "committed_at", "report", "counts"])
        audit.record(
            actor=actor,
            action="imports.loaded",
            object_type="import",
            object_id=batch.pk,
            details={"importer": importer.code, **{name: batch.counts[name] for name in _TOLD}},
        )
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


def _compare_again(batch: ImportBatch, importer: Importer, actor: Actor) -> list[Row]:
    """The rows that were good, compared with the school as it is now; what has become wrong is noted."""
    rows = queries.found_of(batch)
    good = [
        Row(n, row[4], sheet=batch.sheet_of(n)) for n, row in rows.items() if row[1] != Verdict.ERROR.value
    ]
    importer.check(good, actor=actor)
    changed = []
    for found in good:
        key, verdict, problems, has_doubts, parsed, ties, brings = rows[found.number]
        if found.is_blocked:
            found.verdict = Verdict.ERROR
            fresh = [p for p in checking.problems_of(importer, found) if p["severity"] == Severity.ERROR]
            problems = [*problems, *fresh]
        if verdict != found.verdict.value:
            changed.append((key, found.verdict.value, problems, has_doubts, parsed, ties, brings))
    _put_findings(changed)
    _count(batch)
    return good


# --- 5 back


@transaction.atomic
def undo(*, actor: Actor, batch_id: UUID) -> ImportBatch:
    """Take back what the batch did; what was changed or used since stays and is named in the report."""
    batch = queries.get_batch(actor=actor, batch_id=batch_id, lock=True)
    importer = declaration.importer(batch.importer)
    allowed_to(actor, importer)
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


def sources_of(importer: Importer, found: Found) -> list[Source]:
    """Rows of a file that is only looked at, without a batch."""
    known = queries.meanings(importer)
    matched = [column.code for column in importer.columns if column.matched] if known else []
    several = len(found.sheets) > 1
    sources = []
    for number, cells in found.rows:
        raw = raw_cells(found, number, cells)
        sheet = found.sheets[number // declaration.SHEET_STEP] if several else ""
        cells_by_code = {c: raw[p] for c, p in found.mapping.items() if p < len(raw)}
        sources.append(Source(number, queries.meant(cells_by_code, known, matched), sheet=sheet))
    return sources
