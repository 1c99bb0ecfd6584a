"""The pages of a district and of a region."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from documents import excel
from kernel.access import requires
from kernel.http import Request
from modules.analytics import permissions
from modules.analytics.data import Cell
from modules.analytics.queries import authority, metrics, tables
from modules.analytics.views.school import heads, period_tabs, sheet
from ui import render

MOST_BARS = 40


@requires(permissions.VIEW_DISTRICT)
def home(request: Request) -> HttpResponse:
    """What needs the authority today, then its schools (or districts) by figures."""
    board = _board(request)
    head = _("District") if board.of_districts else _("School")
    title = _("By district") if board.of_districts else _("By school")
    whole = _("Region") if board.of_districts else _("District")
    return render.page(
        request,
        "analytics/authority.html",
        {
            "board": board,
            "tabs": period_tabs(board.choice),
            "chart": tables.quality(
                board.rows[:MOST_BARS], board.choice, mean=(whole, board.total[0]), head=head, lying=True
            ),
            "head": head,
            "table_title": title,
            "heads": heads(tables.shown_metrics(board.choice.part)),
            **_tables(board),
        },
        help="analytics/authority",
    )


def _board(request: Request) -> authority.Board:
    return authority.board(
        actor=request.actor,
        year=render.school_year(request),
        period=request.GET.get("period", ""),
        sort=request.GET.get("sort", ""),
        part=request.GET.get("of", ""),
    )


def _tables(board: authority.Board) -> dict[str, Any]:
    """Subjects and grades, alike for an authority and for one body below it."""
    whole = Cell() if board.choice.part.code else board.total[0]
    return {
        "by_subject": tables.shares(((r.title, r.marks) for r in board.subjects), head=_("Subject")),
        "by_grade": tables.quality(
            board.grades, board.choice, mean=(_("All grades"), whole), head=_("Grade")
        ),
        "subject_heads": heads(metrics.ON_PAGES[:3]),
        "grade_heads": heads(metrics.ON_PAGES),
    }


@requires(permissions.VIEW_DISTRICT)
def below(request: Request, code: str) -> HttpResponse:
    """One school or one district, by subject and by grade."""
    board = authority.below(
        actor=request.actor,
        code=code,
        year=render.school_year(request),
        period=request.GET.get("period", ""),
        sort=request.GET.get("sort", ""),
    )
    context = {"board": board, "tabs": period_tabs(board.choice), **_tables(board)}
    return render.page(request, "analytics/below.html", context, help="analytics/authority")


@requires(permissions.VIEW_DISTRICT)
def workbook(request: Request) -> HttpResponse:
    """The page's tables as an Excel workbook."""
    board = _board(request)
    first = (_("By district"), _("District")) if board.of_districts else (_("By school"), _("School"))
    name = [_("Figures"), board.choice.period_label, board.choice.year, board.choice.part_label]
    return excel.response(
        " ".join(filter(None, map(str, name))),
        [
            sheet(*first, board.rows),
            sheet(_("By subject"), _("Subject"), board.subjects),
            sheet(_("By grade"), _("Grade"), board.grades),
        ],
    )


@requires(permissions.VIEW_DISTRICT)
def definitions(request: Request) -> HttpResponse:
    """What each figure means."""
    return render.page(
        request, "analytics/definitions.html", {"metrics": [*metrics.OF_PERIOD, metrics.PUPILS]}
    )
