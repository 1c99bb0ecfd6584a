"""The archive of issued papers on the screen."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import excel, permissions, queries, registry
from kernel.access import requires
from kernel.http import Request


@require_GET
@requires(permissions.VIEW_ISSUED)
def issued(request: Request) -> HttpResponse:
    """All papers given out, or as a workbook."""
    form, text = request.GET.get("form", ""), request.GET.get("q", "").strip()[:100]
    rows = queries.issued(actor=request.actor, form=form, text=text)
    if request.GET.get("as") == "excel":
        return excel.response(_("Issued documents"), [_sheet(rows)])
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    lines = [(row, registry.title_of(row.form, row.version)) for row in page.object_list]
    forms = [
        (code, registry.title_of(code, version))
        for code, version in queries.forms_issued(actor=request.actor)
    ]
    context = {"page": page, "lines": lines, "forms": forms, "form": form, "text": text}
    return render(request, "documents/issued.html", context)


@require_GET
@requires(permissions.VIEW_ISSUED)
def document(request: Request, document_id: UUID) -> HttpResponse:
    """The paper as it was given out."""
    row, content = queries.content(actor=request.actor, document_id=document_id)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{registry.title_of(row.form, row.version)} № {row.number}.pdf"
    response.headers["Content-Disposition"] = excel.attachment(name, inline=True)
    return response


def _sheet(rows: queries.QuerySet[queries.IssuedDocument]) -> excel.Sheet:
    columns = [
        excel.Column(_("Number"), "number"),
        excel.Column(_("School year")),
        excel.Column(_("Document")),
        excel.Column(_("About whom or what")),
        excel.Column(_("Issued"), "moment"),
        excel.Column(_("Issued by")),
    ]
    return excel.Sheet(
        _("Issued documents"),
        columns,
        (
            (
                row.number,
                row.year,
                registry.title_of(row.form, row.version),
                row.subject,
                row.issued_at,
                row.issued_by_name,
            )
            for row in rows.iterator(chunk_size=500)
        ),
    )
