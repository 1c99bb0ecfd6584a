"""The school's pages of figures."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from documents import excel
from kernel.access import requires
from kernel.http import Request
from modules.analytics import permissions
from modules.analytics.data import Row
from modules.analytics.queries import metrics, school, tables
from ui import render


@requires(permissions.VIEW_SCHOOL)
def dashboard(request: Request) -> HttpResponse:
    """Quality and achievement of the school by class and by subject."""
    board = school.school_board(
        actor=request.actor,
        year=render.school_year(request),
        period=request.GET.get("period", ""),
        sort=request.GET.get("sort", ""),
    )
    by_class = tables.bars(board.classes, head=_("Class")) if board.classes else None
    return render.page(
        request,
        "analytics/school.html",
        {"board": board, "by_class": by_class, "metrics": metrics.ON_PAGES},
        help="analytics/figures",
    )


@requires(permissions.VIEW_SCHOOL)
def school_class(request: Request, class_id: UUID) -> HttpResponse:
    """One class by subject."""
    board = school.class_board(
        actor=request.actor,
        class_id=class_id,
        period=request.GET.get("period", ""),
        sort=request.GET.get("sort", ""),
    )
    by_subject = tables.bars(board.subjects, head=_("Subject")) if board.subjects else None
    return render.page(
        request,
        "analytics/class.html",
        {"board": board, "by_subject": by_subject, "metrics": metrics.ON_PAGES[:3]},
        help="analytics/figures",
    )


@requires(permissions.VIEW_SCHOOL)
def workbook(request: Request) -> HttpResponse:
    """The page's tables as an Excel workbook, with what each figure is of."""
    board = school.school_board(
        actor=request.actor, year=render.school_year(request), period=request.GET.get("period", "")
    )
    name = f"{_('Figures')} {board.choice.period_label} {board.choice.year}"
    return excel.response(
        name,
        [
            sheet(_("By class"), _("Class"), board.classes),
            sheet(_("By subject"), _("Subject"), board.subjects),
        ],
    )


@requires(permissions.VIEW_SCHOOL)
def definitions(request: Request) -> HttpResponse:
    """What each figure means."""
    return render.page(
        request, "analytics/definitions.html", {"metrics": [*metrics.OF_PERIOD, metrics.PUPILS]}
    )


def sheet(title: str, head: str, rows: Iterable[Row]) -> excel.Sheet:
    """A table of figures for Excel: shares as shares, and beside each the counts behind it."""
    lines = list(rows)
    columns = [excel.Column(head)]
    for metric in metrics.ON_PAGES[: len(lines[0].cells) if lines else 0]:
        columns += [
            excel.Column(metric.title, "percent" if metric.unit == "percent" else "number"),
            excel.Column(_("of")),
        ]
    return excel.Sheet(title, columns, [_line(row) for row in lines])


def _line(row: Row) -> list[object]:
    line: list[object] = [str(row.title)]
    for cell in row.cells:
        amount = cell.amount
        share = amount / 100 if amount is not None and cell.unit == "percent" else amount
        behind = _("fewer than 5") if cell.is_closed else ""
        line += [share, f"{cell.numerator} / {cell.denominator}" if amount is not None else behind]
    return line
