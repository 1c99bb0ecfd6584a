"""Workbooks that the wizard gives out: the template, and the file back with a column of troubles."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from documents.excel import PLAIN
from imports import checking
from imports.declaration import Importer
from imports.findings import say
from imports.models import ImportBatch, ImportRow

_ROWS_WITH_CHOICES = 2_000


def template(importer: Importer, language: str) -> bytes:
    """An empty list with our names of columns, an example and drop-down choices, in the language asked for."""
    target = io.BytesIO()
    with translation.override(language), xlsxwriter.Workbook(target, {**PLAIN, "in_memory": True}) as book:
        sheet = book.add_worksheet(str(importer.title)[:31])
        head = book.add_format(
            {"bold": True, "text_wrap": True, "bg_color": "#DCE6EE", "bottom": 1, "num_format": "@"}
        )
        needed = book.add_format(
            {"bold": True, "text_wrap": True, "bg_color": "#FFE3A8", "bottom": 1, "num_format": "@"}
        )
        text = book.add_format({"num_format": "@"})
        grey = book.add_format({"num_format": "@", "italic": True, "font_color": "#666666"})
        must = {group[0] for group in importer.needs}
        ru = language == "ru"
        for place, column in enumerate(importer.columns):
            label = column.label(language)
            sheet.set_column(place, place, max(12, min(34, len(label) + 2)), text)
            sheet.write_string(0, place, label, needed if column.code in must else head)
            sheet.write_string(1, place, column.example_ru if ru else column.example_kk, grey)
            choices = column.choices_ru if ru else column.choices_kk
            if choices:
                sheet.data_validation(
                    1,
                    place,
                    _ROWS_WITH_CHOICES,
                    place,
                    {"validate": "list", "source": list(choices), "error_type": "warning"},
                )
        sheet.freeze_panes(1, 0)
        help_sheet = book.add_worksheet(_("How to fill in")[:31])
        wide = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for place, width in enumerate((34, 14, 34, 60)):
            help_sheet.set_column(place, place, width, wide)
        advice = _advice()
        for number, line in enumerate(advice):
            help_sheet.merge_range(number, 0, number, 3, "", wide)
            help_sheet.write_string(number, 0, line, wide)
        for number, cells in enumerate(_explained(importer, language), len(advice) + 1):
            for place, text_of_cell in enumerate(cells):
                help_sheet.write_string(
                    number, place, text_of_cell, head if number == len(advice) + 1 else wide
                )
    return target.getvalue()


def _explained(importer: Importer, language: str) -> list[tuple[str, str, str, str]]:
    """Column by column: whether it must be filled in, an example, what else may stand there."""
    lines = [(_("Column"), _("Needed"), _("Example"), _("Choices"))]
    for column in importer.columns:
        alone = any(group == (column.code,) for group in importer.needs)
        one_of = any(column.code in group for group in importer.needs)
        needed = _("yes") if alone else _("one of several") if one_of else ""
        example, choices = (
            (column.example_ru, column.choices_ru)
            if language == "ru"
            else (column.example_kk, column.choices_kk)
        )
        lines.append((column.label(language), needed, example, ", ".join(choices)))
    return lines


def _advice() -> list[str]:
    return [
        _("Delete the example in the second row before you upload the file."),
        _("Yellow columns must be filled in; the others may stay empty or be deleted."),
        _("The order of columns does not matter."),
        _("Cells are text, so that the IIN keeps its leading zeros."),
        _("Dates: 31.12.2015. Other usual forms are understood too."),
        _("Nothing is written before you press “Load”: first you see what is wrong, row by row."),
    ]


def with_errors(
    importer: Importer, batch: ImportBatch, rows: Iterable[ImportRow], *, only: bool = False
) -> bytes:
    """The file as it came, with the troubles of every row in a last column; `only` leaves out the good rows."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**PLAIN, "in_memory": True}) as book:
        sheet = book.add_worksheet((batch.sheet or str(importer.title))[:31].translate(_FORBIDDEN) or "1")
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DCE6EE", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        bad = book.add_format({"num_format": "@", "bg_color": "#F9D0CC"})
        doubtful = book.add_format({"num_format": "@", "bg_color": "#FFF0C2"})
        wide = book.add_format({"num_format": "@", "text_wrap": True})
        width = len(batch.labels)
        for place, label in enumerate([*batch.labels, _("What is wrong"), _("Row of the file")]):
            sheet.write_string(0, place, label, head)
        sheet.set_column(0, max(width - 1, 0), 16, text)
        sheet.set_column(width, width, 70, wide)
        line = 0
        for row in rows:
            if only and not row.problems:
                continue
            line += 1
            marks = {
                batch.mapping.get(p["column"]): bad if p["severity"] == "error" else doubtful
                for p in sorted(row.problems, key=lambda p: p["severity"] == "error")
            }
            decided = {batch.mapping.get(code): value for code, value in row.decisions.items()}
            for place in range(width):
                cell: Any = row.raw[place] if place < len(row.raw) else ""
                sheet.write_string(
                    line, place, decided.get(place, checking.shown(cell)), marks.get(place, text)
                )
            sentences = [
                f"{_column(importer, batch, p['column'])}: {say(p['code'], p['values'], importer.messages)}"
                for p in row.problems
            ]
            sheet.write_string(line, width, "\n".join(sentences), wide)
            sheet.write_string(line, width + 1, batch.where(row.number), text)
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def own_labels() -> frozenset[str]:
    """What the columns are called that `with_errors` writes: they are no part of the school's list."""
    found = set()
    for language in ("kk", "ru"):
        with translation.override(language):
            found |= {_("What is wrong"), _("Row of the file")}
    return frozenset(found)


_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def _column(importer: Importer, batch: ImportBatch, code: str) -> str:
    place = batch.mapping.get(code)
    if place is not None and place < len(batch.labels) and batch.labels[place]:
        return str(batch.labels[place])
    column = importer.column(code)
    return column.label(translation.get_language() or "kk") if column else code
