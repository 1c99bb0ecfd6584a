"""Pages of remarks: those of one journal, and the school's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import audit
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request, path_to
from modules.journal import permissions, queries
from modules.journal.remarks import forms, printing, services
from modules.journal.remarks import queries as known
from modules.journal.remarks.models import Remark
from modules.journal.remarks.registers import REMARKS, is_late, state_badge
from registers import api as registers
from ui import render

State = Remark.State


@require_safe
@requires(permissions.REMARKS)
def remarks(request: Request) -> HttpResponse:
    """Remarks on all journals, or on one's own."""
    return registers.show(request, REMARKS, help="journal/remarks")


@require_safe
@requires(permissions.REMARKS)
@identity.proved(file=True)
def remarks_excel(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, REMARKS)


@require_safe
@requires(permissions.REMARKS)
def remarks_of(request: Request, course_id: UUID) -> HttpResponse:
    """The journal's page of remarks."""
    return _page(request, course_id, forms.Make())


@require_http_methods(["POST"])
@requires(permissions.MAKE_REMARKS)
def make_remark(request: Request, course_id: UUID) -> HttpResponse:
    """Write a remark into the journal."""
    form = forms.Make(request.POST)
    if not form.is_valid():
        return _page(request, course_id, form)
    try:
        row = services.make(actor=request.actor, course_id=course_id, **form.cleaned_data)
    except NotFound:
        raise
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, course_id, form)
    return render.toast(request, _to(row), _("The remark is written, the teacher is told."))


def _page(request: Request, course_id: UUID, form: forms.Make, **more: Any) -> HttpResponse:
    actor = request.actor
    course = queries.open_course(actor=actor, course_id=course_id, needed=permissions.REMARKS)
    rows = known.of_course(course_id=course.id)
    context = {
        "course": course,
        "lines": [(row, state_badge(row), is_late(row)) for row in reversed(rows)],
        "form": form if actor.may(permissions.MAKE_REMARKS) else None,
        "decides": actor.may(permissions.MAKE_REMARKS),
        "is_own": actor.person_id is not None and course.teacher_id == actor.person_id,
        **more,
    }
    answer = render.refused if form.is_bound or more else render.page
    return answer(request, "journal/remarks.html", context, help="journal/remarks")


def _to(row: Remark) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{path_to('journal:remarks_of', row.course_id)}#remark-{row.pk}")


@require_POST
@requires(permissions.REMARKS)
def answer_remark(request: Request, remark_id: UUID) -> HttpResponse:
    """The teacher says what was done."""
    text = request.POST.get("answer", "")
    try:
        row = services.answer(actor=request.actor, remark_id=remark_id, text=text)
    except (services.NothingSaid, services.RemarkOver) as refusal:
        row = known.remark(actor=request.actor, remark_id=remark_id)
        return _page(request, row.course_id, forms.Make(), refused=row.pk, refusal=str(refusal), typed=text)
    return render.toast(request, _to(row), _("The answer is sent."))


def _decided(request: Request, remark_id: UUID, act: Callable[..., Remark], text: str) -> HttpResponse:
    try:
        row = act(actor=request.actor, remark_id=remark_id)
    except services.RemarkOver as refusal:
        row = known.remark(actor=request.actor, remark_id=remark_id)
        return render.toast(request, _to(row), str(refusal), kind="info")
    return render.toast(request, _to(row), text)


@require_POST
@requires(permissions.MAKE_REMARKS)
def mark_remark(request: Request, remark_id: UUID) -> HttpResponse:
    """Put right, to be done better, or made by mistake: what the button says."""
    act, text = {
        "back": (services.send_back, _("The teacher is asked again.")),
        "take": (services.take_back, _("The remark is taken back.")),
    }.get(request.POST.get("act", ""), (services.mark_done, _("Marked as put right.")))
    return _decided(request, remark_id, act, text)


@require_safe
@requires(permissions.REMARKS)
@identity.proved(file=True)
def print_remarks(request: Request, course_id: UUID) -> HttpResponse:
    """The journal's page of remarks on paper, in the language asked for."""
    course = queries.open_course(actor=request.actor, course_id=course_id, needed=permissions.REMARKS)
    asked = request.GET.get("lang", "")
    language = asked if asked in ("kk", "ru") else render.language()[:2]
    rows = known.of_course(course_id=course.id)
    with translation.override(language):
        # Names of the subject are those of the paper's language.
        course = queries.open_course(actor=request.actor, course_id=course_id, needed=permissions.REMARKS)
        body, name = printing.paper(course, rows), _("Remarks on how the journal is kept")
    audit.record(
        actor=request.actor,
        action="journal.remarks.printed",
        object_type="class",
        object_id=course.school_class_id,
        details={"subject": course.subject_code, "count": len(body.lines)},
    )
    printed = documents.render("journal.remarks", body, language=language, actor=request.actor)
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{name}.pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response
