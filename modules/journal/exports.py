"""A journal as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents.excel import PLAIN
from modules.journal import rules
from modules.journal.data import ABSENCE_LETTERS, KIND_LABELS
from modules.journal.queries import Grid
from modules.journal.services import called, mark_text, summary_texts

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"


def spreadsheet(grid: Grid) -> bytes:
    """Marks and absences, progress in words where any is asked, and the topics with homework."""
    out = BytesIO()
    with opened_book(out) as (book, looks):
        marks = book.add_worksheet(_("Marks"))
        write_marks(marks, 0, grid, looks)
        marks.freeze_panes(4, 2)
        marks.repeat_rows(3)
        if grid.told:
            words = book.add_worksheet(_("Progress in words"))
            write_words(words, 0, grid, looks)
            words.freeze_panes(1, 0)
            words.repeat_rows(0)
        topics = book.add_worksheet(_("Topics"))
        write_topics(topics, 0, grid, looks)
        topics.set_column(0, 0, 12)
        topics.set_column(1, 2, 50)
        topics.freeze_panes(1, 0)
        topics.set_paper(9)
        topics.fit_to_pages(1, 0)
        topics.repeat_rows(0)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Looks:
    title: Format
    head: Format
    head_middle: Format
    text: Format
    middle: Format


@contextmanager
def opened_book(out: BytesIO) -> Iterator[tuple[xlsxwriter.Workbook, Looks]]:
    """A workbook with the looks of a journal's cells, written when the block ends."""
    with xlsxwriter.Workbook(out, {**PLAIN, "in_memory": True}) as book:
        head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#DCE6EE"}
        yield (
            book,
            Looks(
                title=book.add_format({"bold": True, "font_size": 14}),
                head=book.add_format(head),
                head_middle=book.add_format({**head, "align": "center"}),
                text=book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
                middle=book.add_format({"border": 1, "align": "center"}),
            ),
        )


def write_marks(sheet: Worksheet, top: int, grid: Grid, looks: Looks) -> int:
    """Marks and absences of a period with their summary, from the row down; answers the first row below."""
    course, period = grid.course, grid.period
    sheet.write(top, 0, f"{course.title} · {period.label} · {course.year}", looks.title)
    sheet.write(top + 1, 0, course.teacher)
    heads = ["№", pgettext("column", "Pupil")]
    for one in grid.columns:
        tail = "" if one.kind == "fo" else f" {KIND_LABELS[one.kind]} /{one.maximum}"
        heads.append(f"{one.day:%d.%m}{tail}")
    summary = ["fo", "sor", "soch", "percent", "recommended"] if grid.rule.mode is not rules.Mode.NONE else []
    names = {key: f"{label} %" for key, label in KIND_LABELS.items()}
    names |= {"percent": "%", "recommended": pgettext("column", "Recommended")}
    heads += [names[key] for key in summary] + [pgettext("column", "Mark")]
    for n, text in enumerate(heads):
        sheet.write(top + 3, n, text, looks.head if n < 2 else looks.head_middle)
    y = top + 3
    for number, row in enumerate(grid.rows, 1):
        y += 1
        sheet.write(y, 0, number, looks.middle)
        sheet.write(y, 1, called(row, period), looks.text)
        for x, cell in enumerate(row.cells, 2):
            points, _v, absence, _av = cell or (None, 0, None, 0)
            letter = str(ABSENCE_LETTERS[absence]) if absence else ""
            _put(
                sheet,
                y,
                x,
                " ".join(filter(None, ["" if points is None else str(points), letter])),
                looks.middle,
            )
        said = summary_texts(row.said)
        for x, key in enumerate(summary, 2 + len(row.cells)):
            _put(sheet, y, x, said[key], looks.middle)
        _put(sheet, y, 2 + len(row.cells) + len(summary), mark_text(row.final), looks.middle)
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 1 + len(grid.columns), 6)
    sheet.set_column(2 + len(grid.columns), len(heads) - 1, 9)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return y + 1


def write_topics(sheet: Worksheet, top: int, grid: Grid, looks: Looks) -> int:
    """Dates with topics and homework, from the row down; answers the first row below."""
    for n, text in enumerate((_("Date"), _("Topic"), _("Homework"))):
        sheet.write(top, n, text, looks.head)
    y = top
    for one in grid.columns:
        if one.kind != "fo":
            continue
        y += 1
        sheet.write(y, 0, f"{one.day:%d.%m.%Y}", looks.text)
        sheet.write_string(y, 1, one.topic, looks.text)
        sheet.write_string(y, 2, one.homework, looks.text)
    return y + 1


def write_words(sheet: Worksheet, top: int, grid: Grid, looks: Looks) -> int:
    """What is written of pupils' progress, from the row down; answers the first row below."""
    for n, text in enumerate(("№", pgettext("column", "Pupil"), _("Progress in words"))):
        sheet.write(top, n, text, looks.head)
    y = top
    for number, row in enumerate(grid.told, 1):
        y += 1
        sheet.write(y, 0, number, looks.middle)
        sheet.write_string(y, 1, row.name, looks.text)
        sheet.write_string(y, 2, row.words, looks.text)
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 90)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return y + 1


def _put(sheet: Worksheet, y: int, x: int, text: str, look: Format) -> None:
    """A number as a number, so that Excel can count with it."""
    if text.isdigit():
        sheet.write_number(y, x, int(text), look)
    else:
        sheet.write_string(y, x, text, look)
