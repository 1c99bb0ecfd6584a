"""A journal as a spreadsheet."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from modules.journal import rules
from modules.journal.data import ABSENCE_LETTERS, KIND_LABELS
from modules.journal.queries import Grid
from modules.journal.services import mark_text, summary_texts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"


def spreadsheet(grid: Grid) -> bytes:
    """Two sheets: marks and absences, and the topics with homework."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"border": 1})
        _marks(book, grid, bold, plain)
        _topics(book, grid, bold, plain)
    return out.getvalue()


def _marks(book: xlsxwriter.Workbook, grid: Grid, bold: object, plain: object) -> None:
    sheet = book.add_worksheet(_("Marks"))
    course, period = grid.course, grid.period
    sheet.write(0, 0, f"{course.title} · {period.label} · {course.year}")
    sheet.write(1, 0, course.teacher)
    heads = ["№", pgettext("column", "Pupil")]
    for one in grid.columns:
        tail = "" if one.kind == "fo" else f" {KIND_LABELS[one.kind]} /{one.maximum}"
        heads.append(f"{one.day:%d.%m}{tail}")
    summary = ["fo", "sor", "soch", "percent", "recommended"] if grid.rule.mode is not rules.Mode.NONE else []
    names = {key: f"{label} %" for key, label in KIND_LABELS.items()}
    names |= {"percent": "%", "recommended": pgettext("column", "Recommended")}
    heads += [names[key] for key in summary] + [pgettext("column", "Mark")]
    for n, text in enumerate(heads):
        sheet.write(3, n, text, bold)
    for y, row in enumerate(grid.rows, 4):
        sheet.write(y, 0, y - 3, plain)
        sheet.write(y, 1, row.name, plain)
        for x, cell in enumerate(row.cells, 2):
            points, _v, absence, _av = cell or (None, 0, None, 0)
            letter = str(ABSENCE_LETTERS[absence]) if absence else ""
            if points is not None and not letter:
                sheet.write_number(y, x, points, plain)
            else:
                sheet.write(
                    y, x, " ".join(filter(None, ["" if points is None else str(points), letter])), plain
                )
        said = summary_texts(row.said)
        for x, key in enumerate(summary, 2 + len(row.cells)):
            sheet.write(y, x, said[key], plain)
        sheet.write(y, 2 + len(row.cells) + len(summary), mark_text(row.final), plain)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 1 + len(grid.columns), 6)
    sheet.freeze_panes(4, 2)
    sheet.set_landscape()
    sheet.set_paper(9)


def _topics(book: xlsxwriter.Workbook, grid: Grid, bold: object, plain: object) -> None:
    sheet = book.add_worksheet(_("Topics"))
    for n, text in enumerate((_("Date"), _("Topic"), _("Homework"))):
        sheet.write(0, n, text, bold)
    lessons = [c for c in grid.columns if c.kind == "fo"]
    for y, one in enumerate(lessons, 1):
        sheet.write(y, 0, f"{one.day:%d.%m.%Y}", plain)
        sheet.write_string(y, 1, one.topic, plain)
        sheet.write_string(y, 2, one.homework, plain)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 2, 50)
