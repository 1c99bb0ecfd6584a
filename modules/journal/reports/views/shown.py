"""How every report and every list behind a figure is shown: on the page, on paper, in Excel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import translation

from documents import api as documents
from documents import excel
from kernel import audit, search
from kernel.access import Actor
from kernel.http import Request
from kernel.names import fold, kazakh_order
from modules.journal.reports import papers
from modules.journal.reports.data import Line, Report, Table, pupils_in, shown
from modules.journal.services import looks
from ui import render

PAGE = 50


def asked(request: Request, *names: str) -> dict[str, str]:
    """What the address says of the names, without what it leaves out."""
    return {name: value for name in names if (value := request.GET.get(name, "")[:80])}


def query(**values: str) -> str:
    """A query for a link; what is empty is left out."""
    return f"?{urlencode({name: value for name, value in values.items() if value})}"


def as_file(request: Request, code: str, make: Callable[[], Report]) -> HttpResponse | None:
    """The report as PDF or Excel where the address asks for it; the reader chooses the language of the paper."""
    shape = request.GET.get("as", "")
    if shape not in ("pdf", "excel"):
        return None
    if shape == "excel":
        report = make()
        told(request.actor, code, shape, report)
        return excel.response(f"{report.title} {report.scope}"[:120], papers.sheets(report))
    language = request.GET.get("lang", "")
    language = language if language in ("kk", "ru") else render.language()[:2]
    with translation.override(language):
        report = make()
        data = papers.paper(report)
    told(request.actor, code, shape, report)
    printed = documents.render(f"journal.{code}", data, language=language, actor=request.actor)
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{report.title}.pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def told(actor: Actor, code: str, shape: str, report: Report) -> None:
    """The logs know who took a report away, and whom it names."""
    audit.record(
        actor=actor,
        action="journal.report.exported",
        object_type="report",
        object_id=code,
        details={"form": shape, "count": sum(len(one.lines) for one in report.tables)},
    )
    looks.saw(actor=actor, pupils=report.named, purpose="journal.report")


def listed(
    request: Request,
    table: Table,
    *,
    scope: str,
    back: tuple[Any, str] | None,
    help: str,
    filters: str = "",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The list behind a figure: sorted as it came or by a column, searched, paged, and as Excel.

    `filters` is a template with choices of the list's own; what it chooses stands in `context` under "chosen".
    """
    lines, sort, text = list(table.lines), request.GET.get("sort", ""), request.GET.get("q", "")[:80]
    words = search.words(text)
    if words:
        lines = [one for one in lines if _said(one, words)]
    column = sort.lstrip("-")
    if column.isdigit() and int(column) < len(table.heads):
        lines.sort(key=lambda one: _order(one.cells[int(column)]), reverse=sort.startswith("-"))
    if request.GET.get("as") == "excel":
        report = Report(str(table.title), scope, tables=(replace(table, lines=lines),))
        told(request.actor, "list", "excel", report)
        return excel.response(f"{table.title} {scope}"[:120], papers.sheets(report))
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    looks.saw(actor=request.actor, pupils=pupils_in(page), purpose="journal.report")
    given = context or {}
    own = {"q", "page", "sort", "as"}
    keep = {name: value for name, value in request.GET.dict().items() if name not in own}
    shown_context = {
        **given,
        "filters": filters,
        "table": table,
        "heads": [(str(n), head) for n, head in enumerate(table.heads) if head.on_page],
        "page": page,
        "rows": [(one, _cells(table, one)) for one in page],
        "q": text,
        "keep": {name: value for name, value in keep.items() if name not in given.get("chosen", {})},
        "excel": query(**keep, q=text, sort=sort, **{"as": "excel"}),
        "scope": scope,
        "back": back,
    }
    partial = render.htmx_partial(request)
    template = "journal/reports/_lines.html" if partial else "journal/reports/list.html"
    return render.page(request, template, shown_context, help=help)


def _said(line: Line, words: Any) -> bool:
    text = fold(" ".join(str(cell) for cell in line.cells))
    return all(any(reading in text for reading in word) for word in words)


def _order(value: Any) -> tuple[int, Any]:
    """Numbers and days as they go, words by the Kazakh alphabet, nothing last."""
    if value is None or value == "":
        return (2, 0)
    if isinstance(value, str):
        return (1, kazakh_order(value))
    return (0, value.toordinal() if hasattr(value, "toordinal") else value)


def _cells(table: Table, line: Line) -> list[tuple[Any, str, str]]:
    """Label, kind and words of the cells after the first."""
    pairs = zip(table.heads[1:], line.cells[1:], strict=True)
    return [(head.label, head.kind, shown(value, head.kind)) for head, value in pairs if head.on_page]
