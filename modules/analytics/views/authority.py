"""The pages of a district and of a region."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from documents import excel
from kernel.access import requires
from kernel.http import Request
from modules.analytics import permissions
from modules.analytics.queries import authority, metrics, tables
from modules.analytics.views.school import sheet
from ui import render


@requires(permissions.VIEW_DISTRICT)
def home(request: Request) -> HttpResponse:
    """What needs the authority today, then its schools (or districts) by figures."""
    board = authority.board(
        actor=request.actor,
        year=render.school_year(request),
        period=request.GET.get("period", ""),
        sort=request.GET.get("sort", ""),
    )
    head = _("District") if board.of_districts else _("School")
    title = _("By district") if board.of_districts else _("By school")
    shown = [row for row in board.rows if any(cell.amount is not None for cell in row.cells)]
    return render.page(
        request,
        "analytics/authority.html",
        {
            "board": board,
            "chart": tables.bars(shown[:40], head=head) if shown else None,
            "head": head,
            "table_title": title,
            "metrics": metrics.ON_PAGES,
        },
        help="analytics/authority",
    )


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
    return render.page(
        request,
        "analytics/below.html",
        {"board": board, "metrics": metrics.ON_PAGES},
        help="analytics/authority",
    )


@requires(permissions.VIEW_DISTRICT)
def workbook(request: Request) -> HttpResponse:
    """The page's tables as an Excel workbook."""
    board = authority.board(
        actor=request.actor, year=render.school_year(request), period=request.GET.get("period", "")
    )
    first = (_("By district"), _("District")) if board.of_districts else (_("By school"), _("School"))
    return excel.response(
        f"{_('Figures')} {board.choice.period_label} {board.choice.year}",
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
