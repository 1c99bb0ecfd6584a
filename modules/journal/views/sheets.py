"""The sheet of a journal: prepared, signed with ЭЦП, and the list of those who have signed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from documents import api as documents
from identity import api as identity
from kernel.access import requires
from kernel.http import Request, path_to
from modules.journal import permissions, queries, services
from modules.journal.data import SHEET_LABELS, SHEET_TONES, SheetState
from modules.journal.registers import SHEETS
from modules.journal.views.pages import opened
from registers import api as registers
from ui import render


@require_safe
@requires(permissions.VIEW)
def sheet(request: Request, course_id: UUID) -> HttpResponse:
    """How the sheet of the period stands, and its versions with their signatures."""
    course, period, known = opened(request, course_id)
    row = queries.sheet_of(course_id=course.id, period_id=period.id)
    versions = documents.versions(kind=queries.SHEET_KIND, subject_id=row.pk) if row else []
    state = SheetState.DUE
    if row is not None:
        state = services.state_now(actor=request.actor, sheet=row, versions=versions)
    is_own = request.actor.may(permissions.SIGN) and course.teacher_id == request.actor.person_id
    context = {
        "course": course,
        "period": period,
        "periods": tuple(known),
        "state": state,
        "label": SHEET_LABELS[state],
        "tone": SHEET_TONES[state],
        "versions": versions,
        "signs": is_own and period.is_closed and state != SheetState.SIGNED,
        "is_own": is_own,
    }
    return render.page(request, "journal/sheet.html", context, help="journal/sheet")


@require_POST
@requires(permissions.SIGN)
def prepare_sheet(request: Request, course_id: UUID) -> HttpResponse:
    """Freeze the sheet and go on to the page where it is signed."""
    course, period, __ = opened(request, course_id)
    try:
        frozen = services.prepare_sheet(actor=request.actor, course_id=course.id, period_id=period.id)
    except (services.PeriodIsOpen, services.NothingToSign) as refusal:
        back = HttpResponseRedirect(f"{path_to('journal:sheet', course.id)}?period={period.code}")
        return render.toast(request, back, str(refusal), kind="danger")
    [mine] = frozen.signatures
    return HttpResponseRedirect(path_to("documents:sign", mine.id))


@require_safe
@requires(permissions.SHEETS)
def sheets(request: Request) -> HttpResponse:
    """Who has signed and who has not."""
    return registers.show(request, SHEETS, help="journal/sheets")


@require_safe
@requires(permissions.SHEETS)
@identity.proved(file=True)
def sheets_excel(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, SHEETS)
