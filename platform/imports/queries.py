"""Reads of the wizard."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When

from imports import declaration, permissions
from imports.checking import Source, shown
from imports.declaration import Change, ChangeKind, Importer, Verdict
from imports.models import ImportBatch, ImportChange, ImportRow, RememberedMapping, RememberedWord, Repair
from imports.normalise import clip
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.models import Job


def allowed(*, actor: Actor) -> list[Importer]:
    """The importers that the actor may run."""
    require(actor, permissions.IMPORT)
    return [one for one in declaration.importers() if actor.may(one.permission)]


def get_batch(*, actor: Actor, batch_id: UUID, lock: bool = False) -> ImportBatch:
    """The batch, if the actor may run its importer; raises NotFound."""
    require(actor, permissions.IMPORT)
    rows = ImportBatch.objects.select_for_update() if lock else ImportBatch.objects.all()
    row = rows.filter(pk=batch_id).first()
    if row is None or not actor.may(declaration.importer(row.importer).permission):
        raise NotFound
    return row


def batches(*, actor: Actor, limit: int = 50) -> list[ImportBatch]:
    """The newest batches that the actor may see."""
    codes = [one.code for one in allowed(actor=actor)]
    return list(ImportBatch.objects.filter(importer__in=codes).order_by("-created_at", "id")[:limit])


def job_of(batch: ImportBatch) -> Job | None:
    """The job that works on the batch."""
    return Job.objects.filter(pk=batch.job_id).first() if batch.job_id else None


def _rows(batch: ImportBatch, numbers: Collection[int] | None = None) -> QuerySet[ImportRow]:
    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    return rows if numbers is None else rows.filter(number__in=numbers)


Meanings = dict[tuple[str, str], str]


def meanings(importer: Importer) -> Meanings:
    """What the school's words mean, by column and word."""
    if not any(column.matched for column in importer.columns):
        return {}
    rows = RememberedWord.objects.filter(importer=importer.code).values_list("column", "said", "means")
    return {(column, said): means for column, said, means in rows}


def word_of(cell: Any) -> str:
    """A cell as a word that may be remembered."""
    return clip(shown(cell), 120).lower()


def meant(cells: dict[str, Any], known: Meanings, columns: Iterable[str]) -> dict[str, Any]:
    """The cells with remembered words put in place of the file's own."""
    said = {code: known.get((code, word_of(cells[code]))) for code in columns if code in cells}
    return cells | {code: means for code, means in said.items() if means}


def sources(batch: ImportBatch, numbers: Collection[int] | None = None) -> list[Source]:
    """The batch's rows as the check wants them: cells by column, with the person's corrections in."""
    rows = _rows(batch, numbers)
    places, several = batch.mapping.items(), len(batch.taken) > 1
    importer = declaration.importer(batch.importer)
    known = meanings(importer)
    matched = [column.code for column in importer.columns if column.matched] if known else []
    found = []
    for number, raw, decisions, settled in rows.values_list("number", "raw", "decisions", "settled"):
        cells = {code: raw[place] for code, place in places if 0 <= place < len(raw)}
        if matched:
            cells = meant(cells, known, matched)
        found.append(
            Source(
                number,
                cells | decisions if decisions else cells,
                frozenset(settled),
                batch.sheet_of(number) if several else "",
            )
        )
    return found


Found = tuple[int, str, list[dict[str, Any]], bool, dict[str, Any], list[str] | None, str]


def found_of(batch: ImportBatch, numbers: Collection[int] | None = None) -> dict[int, Found]:
    """By number of the row: key, verdict, problems, whether doubtful, values, ties, what it brings."""
    fields = ("number", "pk", "verdict", "problems", "has_doubts", "parsed", "ties", "brings")
    return {number: tuple(rest) for number, *rest in _rows(batch, numbers).values_list(*fields)}


def ties_of(batch: ImportBatch) -> dict[int, list[str] | None]:
    """By number of the row: what binds it to others, as it was checked the last time."""
    return dict(ImportRow.objects.filter(batch=batch).values_list("number", "ties"))


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows there are of each verdict, and how many to be loaded are doubtful."""
    verdicts = {one.value: Count("pk", filter=Q(verdict=one.value)) for one in Verdict}
    doubt = Count("pk", filter=Q(has_doubts=True) & ~Q(verdict=Verdict.ERROR.value))
    return ImportRow.objects.filter(batch=batch).aggregate(rows=Count("pk"), doubt=doubt, **verdicts)


def brought(batch: ImportBatch) -> list[str]:
    """What loading does besides the rows: each thing once, numbers in their order."""
    rows = ImportRow.objects.filter(batch=batch, verdict__in=(Verdict.CREATE, Verdict.UPDATE))
    found = set(rows.exclude(brings="").values_list("brings", flat=True))
    return sorted(found, key=_number_first)


def _number_first(text: str) -> tuple[int, str]:
    digits = re.match(r"\d*", text)
    return int(digits[0]) if digits and digits[0] else 0, text


def problem_rows(batch: ImportBatch, *, code: str = "", severity: str = "") -> QuerySet[ImportRow]:
    """Rows with troubles, errors first."""
    rows = ImportRow.objects.filter(batch=batch).filter(Q(verdict="error") | Q(has_doubts=True))
    if severity == "error":
        rows = rows.filter(verdict="error")
    elif severity == "doubt":
        rows = rows.filter(has_doubts=True)
    if code:
        rows = rows.filter(codes__contains=[code])
    errors_first = Case(When(verdict="error", then=0), default=1)
    return rows.order_by(errors_first, "number")


def first_rows(batch: ImportBatch, limit: int = 5) -> list[ImportRow]:
    return list(_rows(batch)[:limit])


def all_rows(batch: ImportBatch) -> list[ImportRow]:
    return list(_rows(batch))


def remembered(importer: str, signature: str) -> RememberedMapping | None:
    """How the school took the columns of such a file the last time."""
    return RememberedMapping.objects.filter(importer=importer, signature=signature).first()


def last_repair(batch: ImportBatch) -> Repair | None:
    return batch.repairs.order_by("-id").first()


def changes_of(batch: ImportBatch) -> list[Change]:
    """What the batch did, the last first."""
    found = []
    for row in ImportChange.objects.filter(batch=batch).order_by("-id"):
        if row.object_id is not None:
            found.append(Change(row.object_type, row.object_id, ChangeKind(row.kind), row.before, row.after))
        found += [Change(row.object_type, UUID(one), ChangeKind.CREATED) for one in reversed(row.created_ids)]
    return found


def problem_groups(batch: ImportBatch) -> list[dict[str, Any]]:
    """Troubles by kind with how many rows have each, errors first."""
    groups: dict[tuple[str, str, str], int] = {}
    helped: dict[tuple[str, str, str], int] = {}
    rows = ImportRow.objects.filter(batch=batch).exclude(codes=[]).values_list("problems", flat=True)
    for problems in rows:
        for problem in problems:
            key = (problem["severity"], problem["code"], problem["column"])
            groups[key] = groups.get(key, 0) + 1
            helped[key] = helped.get(key, 0) + bool(problem["suggestion"])
    return [
        {"severity": key[0], "code": key[1], "column": key[2], "count": count, "suggestions": helped[key]}
        for key, count in sorted(groups.items(), key=lambda item: (item[0][0] != "error", -item[1], item[0]))
    ]


@dataclass(slots=True)
class Word:
    """A word of the file in a column that names things of the school, and in how many rows it stands."""

    column: str
    said: str
    text: str
    count: int = 0
    means: str = ""
    suggestion: str = ""
    is_error: bool = False


def words(batch: ImportBatch, importer: Importer) -> list[Word]:
    """Words that are not known, and those of which it was said what they mean; the unknown ones and the commonest first."""
    matched = {
        column.code: batch.mapping[column.code]
        for column in importer.columns
        if column.matched and column.code in batch.mapping
    }
    if not matched:
        return []
    known = meanings(importer)
    found: dict[tuple[str, str], Word] = {}
    guesses: dict[tuple[str, str], set[str]] = {}
    for raw, problems, decisions in _rows(batch).values_list("raw", "problems", "decisions"):
        for code, place in matched.items():
            text = clip(shown(raw[place]), 120) if place < len(raw) else ""
            if not text or code in decisions:
                continue
            trouble = [
                one for one in problems if one["column"] == code and one["code"] in importer.word_troubles
            ]
            means = known.get((code, text.lower()), "")
            if not trouble and not means:
                continue
            one = found.setdefault((code, text.lower()), Word(code, text.lower(), text, means=means))
            one.count += 1
            one.is_error = one.is_error or any(each["severity"] == "error" for each in trouble)
            guesses.setdefault((code, text.lower()), set()).update(
                each["suggestion"] for each in trouble if each["suggestion"]
            )
    for key, one in found.items():
        # Where rows speak against each other nothing is guessed.
        one.suggestion = next(iter(guesses[key])) if len(guesses.get(key, ())) == 1 else ""
    return sorted(found.values(), key=lambda one: (bool(one.means), not one.is_error, -one.count, one.text))


def numbers_with(batch: ImportBatch, said: Iterable[tuple[str, str]]) -> list[int]:
    """Numbers of the rows in which one of the words (by column) stands."""
    wanted = set(said)
    places = {code: batch.mapping[code] for code, _word in wanted if code in batch.mapping}
    return [
        number
        for number, raw in _rows(batch).values_list("number", "raw")
        if any(place < len(raw) and (code, word_of(raw[place])) in wanted for code, place in places.items())
    ]


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """Names of files by the load's id as text, for the security log."""
    rows = ImportBatch.objects.filter(pk__in=list(ids)).values_list("pk", "file_name")
    return {str(pk): name for pk, name in rows}
