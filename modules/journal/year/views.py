"""Pages of the year: one journal's annual and final marks, and the deputy's list of pupils with a 2."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.journal import permissions
from modules.journal import queries as journals
from modules.journal.data import YEAR_KINDS, YearKind, mark_text
from modules.journal.services import looks
from modules.journal.year import queries, services
from modules.journal.year.registers import FAILING
from registers import api as registers
from ui import render


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
def year(request: Request, course_id: UUID) -> HttpResponse:
    """Marks of the year: periods, annual, exam, works after a 2, final."""
    course = journals.open_course(actor=request.actor, course_id=course_id)
    sheet = queries.sheet(actor=request.actor, course=course)
    refusals: dict[UUID, DomainError] = {}
    if request.method == "POST":
        refusals = services.set_year_marks(
            actor=request.actor, course_id=course_id, given=_given(request, sheet)
        )
        if not refusals:
            return render.toast(request, HttpResponseRedirect(request.path), _("Saved."))
        sheet = queries.sheet(actor=request.actor, course=course)
    looks.saw(actor=request.actor, pupils=[row.pupil_id for row in sheet.rows], purpose="journal.page")
    kinds = _kinds(sheet)
    rows = [
        {
            "pupil": row.pupil_id,
            "name": row.name,
            "periods": [
                (period.label, mark_text(mark))
                for period, mark in zip(sheet.periods, row.periods, strict=True)
            ],
            "annual": _bracketed(mark_text(row.annual), row.is_whole),
            "later": [
                (
                    kind,
                    YEAR_KINDS[kind],
                    request.POST.get(f"{kind}-{row.pupil_id}", row.later.get(kind, "")),
                    row.later.get(kind, ""),
                    kind == YearKind.EXAM or row.annual == "2",
                )
                for kind in kinds
            ],
            "final": _bracketed(mark_text(row.final), row.is_whole),
            "error": str(refusals[row.pupil_id]) if row.pupil_id in refusals else "",
        }
        for row in sheet.rows
    ]
    context = {
        "course": course,
        "sheet": sheet,
        "rows": rows,
        "kinds": [YEAR_KINDS[kind] for kind in kinds],
        "marks": ("5", "4", "3", "2"),
        "writes": sheet.may_write and bool(kinds),
        "errors": len(refusals),
    }
    status = 422 if refusals else 200
    return render.page(request, "journal/year/year.html", context, help="journal/year", status=status)


def _bracketed(mark: str, is_whole: bool) -> str:
    return mark if is_whole or not mark else f"({mark})"


def _kinds(sheet: queries.YearSheet) -> list[str]:
    if sheet.is_pass_or_fail:
        return []
    twos: list[str] = [YearKind.YEAR, YearKind.EXTRA] if sheet.has_twos else []
    return [YearKind.EXAM, *twos] if sheet.has_exam else twos


def _given(request: Request, sheet: queries.YearSheet) -> list[services.Given]:
    """What was changed on the page, against what it showed."""
    found = []
    for row in sheet.rows:
        for kind in YearKind:
            name = f"{kind}-{row.pupil_id}"
            if name in request.POST and request.POST[name] != request.POST.get(f"seen-{name}", ""):
                found.append(
                    services.Given(
                        row.pupil_id, kind, request.POST[name], request.POST.get(f"seen-{name}", "")
                    )
                )
    return found


@require_safe
@requires(permissions.YEAR_RESULTS)
def failing(request: Request) -> HttpResponse:
    """Pupils with a 2 for the year and what follows."""
    return registers.show(request, FAILING, help="journal/year-failing")


@require_safe
@requires(permissions.YEAR_RESULTS)
@identity.proved(file=True)
def failing_excel(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, FAILING)
