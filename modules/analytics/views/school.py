"""The school's pages of figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from documents import excel
from kernel.access import requires
from kernel.http import Request
from modules.analytics import permissions
from modules.analytics.data import Choice, Row
from modules.analytics.queries import metrics, school, tables
from tenants.rollups import Metric
from ui import render
from ui.components import Tab


@requires(permissions.VIEW_SCHOOL)
def dashboard(request: Request) -> HttpResponse:
    """The marks of the school by class and by subject, or those of one subject by class."""
    board = _board(request)
    by_class = tables.quality(
        board.classes, board.choice, mean=(_("School"), board.total[0]), head=_("Class")
    )
    return render.page(
        request,
        "analytics/school.html",
        {
            "board": board,
            "tabs": period_tabs(board.choice),
            "by_class": by_class,
            "fallen": tables.told_falls(tables.fallen(board.classes)),
            "by_subject": tables.shares(((r.title, r.marks) for r in board.subjects), head=_("Subject")),
            "heads": heads(tables.shown_metrics(board.choice.part)),
            "subject_heads": heads(metrics.ON_PAGES[:3]),
        },
        help="analytics/figures",
    )


def _board(request: Request) -> school.Board:
    return school.school_board(
        actor=request.actor,
        year=render.school_year(request),
        period=request.GET.get("period", ""),
        sort=request.GET.get("sort", ""),
        part=request.GET.get("of", ""),
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
    return render.page(
        request,
        "analytics/class.html",
        {
            "board": board,
            "tabs": period_tabs(board.choice),
            "by_subject": tables.shares(((r.title, r.marks) for r in board.subjects), head=_("Subject")),
            "heads": heads(metrics.ON_PAGES[:3]),
        },
        help="analytics/figures",
    )


@requires(permissions.VIEW_SCHOOL)
def workbook(request: Request) -> HttpResponse:
    """The page's tables as an Excel workbook, with what each figure is of."""
    board = _board(request)
    name = [_("Figures"), board.choice.period_label, board.choice.year, board.choice.part_label]
    return excel.response(
        " ".join(filter(None, map(str, name))),
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


def period_tabs(choice: Choice) -> list[Tab]:
    """Periods as links that keep what the page is narrowed to."""
    part = f"&of={choice.part.code}" if choice.part.code else ""
    return [
        Tab(label, f"?period={code}{part}", active=code == choice.period)
        for code, label in choice.period_labels
    ]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column of figures: whole and with its unit on a wide screen, short on a phone."""

    code: str
    label: str


def heads(of: Iterable[Metric]) -> list[Head]:
    wide = {"percent": ", %"}
    return [
        Head(
            one.code,
            format_html(
                '<span class="not-phone">{}{}</span><span class="on-phone">{}</span>',
                one.title,
                wide.get(one.unit, ""),
                metrics.SHORT[one.code],
            ),
        )
        for one in of
    ]


def sheet(title: str, head: str, rows: Iterable[Row]) -> excel.Sheet:
    """A table of figures for Excel: shares as shares, and beside each the counts behind it; then the marks."""
    lines = list(rows)
    columns = [excel.Column(head)]
    for metric in metrics.ON_PAGES[: len(lines[0].cells) if lines else 0]:
        columns += [
            excel.Column(metric.title, "percent" if metric.unit == "percent" else "number"),
            excel.Column(_("of")),
        ]
    columns += [excel.Column(_("Change of quality, points"), "number")]
    columns += [excel.Column(_("Marks {mark}").format(mark=mark), "number") for mark in "5432"]
    return excel.Sheet(title, columns, [_line(row) for row in lines])


def _line(row: Row) -> list[object]:
    line: list[object] = [str(row.title)]
    for cell in row.cells:
        amount = cell.amount
        share = amount / 100 if amount is not None and cell.unit == "percent" else amount
        behind = _("fewer than 5") if cell.is_closed else ""
        line += [share, f"{cell.numerator} / {cell.denominator}" if amount is not None else behind]
    marks = row.marks
    return [*line, row.change, *((marks.n5, marks.n4, marks.n3, marks.n2) if marks else (None,) * 4)]
