"""The wizard's pages: file, columns, check, load, report; and the list of what was loaded."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.excel import MEDIA_TYPE, attachment
from imports import declaration, forms, permissions, queries, repairs, services, showing, workbooks
from imports.models import ImportBatch
from imports.reading.files import BadFile
from kernel.access import require, requires
from kernel.errors import DomainError
from kernel.http import Request
from kernel.models import Job
from ui.components import Tab

State = ImportBatch.State
STEPS = 4


def _language() -> str:
    return "ru" if (get_language() or "kk").startswith("ru") else "kk"


def _step_labels() -> list[str]:
    return [_("File"), _("Columns"), _("Check"), _("Report")]


def _to(name: str, batch_id: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"imports:{name}", args=[batch_id]))


def _elsewhere(request: Request, name: str, batch_id: UUID) -> HttpResponse:
    """Lead the whole page away, also when a part of it was asked for."""
    if not _is_fragment(request):
        return _to(name, batch_id)
    answer = HttpResponse()
    answer.headers["HX-Redirect"] = reverse(f"imports:{name}", args=[batch_id])
    return answer


def _is_fragment(request: Request) -> bool:
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-Boosted") != "true"


@require_GET
@requires(permissions.IMPORT)
def batches(request: Request) -> HttpResponse:
    """What can be loaded, and what was."""
    allowed = queries.allowed(actor=request.actor)
    titles = {one.code: one.title for one in allowed}
    rows = [
        {
            "batch": row,
            "title": titles[row.importer],
            "counts": showing.plain_counts(row.report or row.counts),
        }
        for row in queries.batches(actor=request.actor)
    ]
    return render(request, "imports/batches.html", {"importers": allowed, "rows": rows})


@require_http_methods(["GET", "POST"])
@requires(permissions.IMPORT)
def upload(request: Request, importer: str) -> HttpResponse:
    """Step 1: choose the file."""
    found = declaration.importer(importer)
    require(request.actor, found.permission)
    form = forms.Upload(request.POST or None, request.FILES or None, importer=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            batch = services.receive(
                actor=request.actor, importer_code=importer, name=given.name, content=given.content
            )
            return _as_last_time(request, found, batch) or _to("columns", batch.pk)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
    context = {"form": form, "importer": found, "steps": _step_labels()}
    return render(request, "imports/upload.html", context, status=422 if form.errors else 200)


def _as_last_time(request: Request, importer: declaration.Importer, row: ImportBatch) -> HttpResponse | None:
    """A file whose columns the school has taken before goes straight to the check, which says so."""
    if row.remembered_at is None or importer.lacks(row.mapping):
        return None
    services.choose_columns(actor=request.actor, batch_id=row.pk, mapping=row.mapping)
    return _begin(request, row, State.CHECKING)


@require_GET
@requires(permissions.IMPORT)
def template(request: Request, importer: str, language: str) -> HttpResponse:
    """An empty spreadsheet with our names of columns."""
    found = declaration.importer(importer)
    require(request.actor, found.permission)
    language = "ru" if language == "ru" else "kk"
    answer = HttpResponse(workbooks.template(found, language), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = attachment(f"{found.title} ({language}).xlsx")
    return answer


@require_GET
@requires(permissions.IMPORT)
def batch(request: Request, batch_id: UUID) -> HttpResponse:
    """Wherever the file stands."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    page = {State.UPLOADED: "columns", State.CHECKED: "check"}.get(State(row.state), "report")
    if row.state in (State.CHECKING, State.LOADING):
        page = "progress"
    return _to(page, row.pk)


@require_http_methods(["GET", "POST"])
@requires(permissions.IMPORT)
def columns(request: Request, batch_id: UUID) -> HttpResponse:
    """Step 2: which column of the file is which; then the check begins."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    if row.state not in (State.UPLOADED, State.CHECKED):
        return _to("batch", row.pk)
    importer = declaration.importer(row.importer)
    form = forms.Columns(request.POST or None, batch=row, importer=importer, language=_language())
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(actor=request.actor, batch_id=row.pk, mapping=form.mapping)
            return _begin(request, row, State.CHECKING)
        except DomainError as no:
            refusal = str(no)
    context = _columns_context(row, importer, form) | {"refusal": refusal}
    return render(request, "imports/columns.html", context, status=422 if refusal or form.errors else 200)


@require_POST
@requires(permissions.IMPORT)
def sheets(request: Request, batch_id: UUID) -> HttpResponse:
    """Read other sheets of the file."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    if row.state not in (State.UPLOADED, State.CHECKED):
        return _to("batch", row.pk)
    form = forms.Sheets(request.POST, batch=row)
    if form.is_valid():
        try:
            services.choose_sheets(actor=request.actor, batch_id=row.pk, sheets=form.cleaned_data["sheets"])
            return _to("columns", row.pk)
        except BadFile as refusal:
            form.add_error("sheets", str(refusal))
    importer = declaration.importer(row.importer)
    columns_form = forms.Columns(None, batch=row, importer=importer, language=_language())
    context = _columns_context(row, importer, columns_form) | {"sheets": form}
    return render(request, "imports/columns.html", context, status=422)


@require_POST
@requires(permissions.IMPORT)
def forget(request: Request, batch_id: UUID) -> HttpResponse:
    """Take the columns no more as they were chosen for such files."""
    with suppress(services.WrongStep):
        services.forget_columns(actor=request.actor, batch_id=batch_id)
    return _to("columns", batch_id)


def _columns_context(row: ImportBatch, importer: declaration.Importer, form: forms.Columns) -> dict[str, Any]:
    first = queries.first_rows(row, 20)
    samples = {str(place): showing.samples(row, first, place) for place in range(len(row.labels))}
    lines: list[dict[str, Any]] = []
    unmet = [group for group in importer.needs if not any(code in row.mapping for code in group)]
    for column in importer.columns:
        field = form[column.code]
        lines.append(
            {
                "field": field,
                "samples": samples.get(str(field.value() or ""), []),
                "found": bool(field.value()),
                "needed": any(column.code == group[0] for group in unmet),
            }
        )
    seen = [line for line in lines if line["found"] or line["needed"] or line["field"].errors]
    taken = set(row.mapping.values())
    unused = [label for place, label in enumerate(row.labels) if label and place not in taken]
    return {
        "batch": row,
        "importer": importer,
        "form": form,
        "lines": seen,
        "absent": [line for line in lines if line not in seen],
        "unused": unused,
        "sheets": forms.Sheets(batch=row) if len(row.sheets) > 1 else None,
        "left_out": showing.left_out(row),
        "told": showing.told(importer, row),
        "steps": _step_labels(),
        "lacking": [column.label(_language()) for column in importer.lacks(row.mapping)],
    }


def _begin(request: Request, row: ImportBatch, state: str) -> HttpResponse:
    """Do a small file at once, hand a large one to a job."""
    loads = state == State.LOADING
    if row.counts.get("rows", 0) <= (services.INLINE_LOAD if loads else services.INLINE_ROWS):
        act = services.load if loads else services.check
        act(actor=request.actor, batch_id=row.pk)
        return _to("report" if loads else "check", row.pk)
    services.begin_job(actor=request.actor, batch_id=row.pk, state=state)
    return _to("progress", row.pk)


@require_GET
@requires(permissions.IMPORT)
def progress(request: Request, batch_id: UUID) -> HttpResponse:
    """How far a check or a load has come."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    job = queries.job_of(row)
    if job is None or row.state not in (State.CHECKING, State.LOADING):
        done = {State.UPLOADED: "columns", State.CHECKED: "check"}.get(State(row.state), "report")
        if not _is_fragment(request):
            return _to(done, row.pk)
        answer = HttpResponse(status=286)
        answer.headers["HX-Redirect"] = reverse(f"imports:{done}", args=[row.pk])
        return answer
    context = {
        "batch": row,
        "job": job,
        "importer": declaration.importer(row.importer),
        "steps": _step_labels(),
        "current": 3,
        "url": reverse("imports:progress", args=[row.pk]),
        "done_url": reverse("imports:batch", args=[row.pk]),
    }
    if _is_fragment(request):
        ended = job.state not in (Job.State.WAITING, Job.State.RUNNING)
        return render(request, "imports/_progress.html", context, status=286 if ended else 200)
    return render(request, "imports/progress.html", context)


@require_GET
@requires(permissions.IMPORT)
def check(request: Request, batch_id: UUID) -> HttpResponse:
    """Step 3: what loading would do, and what is wrong, row by row."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    if row.state != State.CHECKED:
        return _to("batch", row.pk)
    return _check_page(request, row)


def _check_page(request: Request, row: ImportBatch, *, refusal: str = "", status: int = 200) -> HttpResponse:
    importer = declaration.importer(row.importer)
    wanted = request.POST if request.method == "POST" else request.GET
    code, severity = wanted.get("only", ""), wanted.get("severity", "")
    page = Paginator(queries.problem_rows(row, code=code, severity=severity), 25).get_page(wanted.get("page"))
    counts = showing.plain_counts(row.counts)
    groups = showing.groups(importer, row, language=_language())
    to_load = counts["create"] + counts["update"]
    words = showing.words(importer, row, language=_language())
    context = {
        "batch": row,
        "importer": importer,
        "steps": _step_labels(),
        "counts": counts,
        "to_load": to_load,
        "load_label": ngettext("Load %(count)d row", "Load %(count)d rows", to_load) % {"count": to_load},
        "brought": queries.brought(row),
        "done": showing.last_done(importer, row, language=_language()),
        "left_out": showing.left_out(row),
        "told": showing.told(importer, row),
        "words": words,
        "choices": [
            (code, importer.options(code, actor=request.actor))
            for code in dict.fromkeys(one.word.column for one in words)
        ],
        "groups": groups,
        "common": [group for group in groups if group.count > 1],
        "single": [group for group in groups if group.count == 1],
        "page": page,
        "troubles": showing.troubles(
            importer, row, page.object_list, language=_language(), code=code, severity=severity
        ),
        "kinds": _kinds(row, only=code, severity=severity),
        "only": code,
        "severity": severity,
        "refusal": refusal,
    }
    template_name = "imports/_check.html" if _is_fragment(request) else "imports/check.html"
    return render(request, template_name, context, status=status)


def _kinds(row: ImportBatch, *, only: str, severity: str) -> list[Tab]:
    """What the list of troubles may be narrowed to, with how many rows each has."""
    url = reverse("imports:check", args=[row.pk])
    return [
        Tab(
            label,
            f"{url}?severity={kind}#troubles",
            not only and severity == kind,
            queries.problem_rows(row, severity=kind).count(),
        )
        for kind, label in (
            ("", _("All rows")),
            ("error", _("Errors: these rows are not loaded")),
            ("doubt", _("Doubts: these rows are loaded")),
        )
    ]


def _corrected(request: Request, batch_id: UUID, act: Any, **values: Any) -> HttpResponse:
    """Do a correction and show the check anew; without scripts the page comes back where it was."""
    try:
        row = act(actor=request.actor, batch_id=batch_id, **values)
    except DomainError as no:
        if no.status == 403 or no.status == 404:
            raise
        row = queries.get_batch(actor=request.actor, batch_id=batch_id)
        if row.state != State.CHECKED:
            return _elsewhere(request, "batch", row.pk)
        return _check_page(request, row, refusal=str(no), status=422)
    if row.state != State.CHECKED:
        return _elsewhere(request, "progress", row.pk)
    if _is_fragment(request):
        return _check_page(request, row)
    query = "&".join(f"{k}={request.POST[k]}" for k in ("only", "severity", "page") if request.POST.get(k))
    return HttpResponseRedirect(f"{reverse('imports:check', args=[batch_id])}?{query}#troubles")


def _number(request: Request) -> int:
    text = request.POST.get("row", "")
    return int(text) if text.isdigit() and len(text) < 8 else 0


@require_POST
@requires(permissions.IMPORT)
def cell(request: Request, batch_id: UUID) -> HttpResponse:
    """Put another text into a cell."""
    return _corrected(
        request,
        batch_id,
        repairs.correct_cell,
        number=_number(request),
        column=request.POST.get("column", ""),
        value=request.POST.get("suggestion") or request.POST.get("value", ""),
    )


@require_POST
@requires(permissions.IMPORT)
def settle(request: Request, batch_id: UUID) -> HttpResponse:
    """Leave a doubtful cell as it was read."""
    return _corrected(
        request,
        batch_id,
        repairs.settle,
        number=_number(request),
        column=request.POST.get("column", ""),
        code=request.POST.get("code", ""),
    )


@require_POST
@requires(permissions.IMPORT)
def words(request: Request, batch_id: UUID) -> HttpResponse:
    """Say what words of the file mean, for all its rows and for the next file."""
    said = zip(
        request.POST.getlist("column"),
        request.POST.getlist("said"),
        request.POST.getlist("means"),
        strict=False,
    )
    return _corrected(
        request, batch_id, repairs.say_words, words={(column, word): means for column, word, means in said}
    )


@require_POST
@requires(permissions.IMPORT)
def accept(request: Request, batch_id: UUID) -> HttpResponse:
    """Take all suggestions of one kind."""
    return _corrected(
        request,
        batch_id,
        repairs.accept_all,
        column=request.POST.get("column", ""),
        code=request.POST.get("code", ""),
    )


@require_POST
@requires(permissions.IMPORT)
def undo_last(request: Request, batch_id: UUID) -> HttpResponse:
    """Take the last correction back."""
    return _corrected(request, batch_id, repairs.undo_last)


@require_GET
@requires(permissions.IMPORT)
def errors_file(request: Request, batch_id: UUID) -> HttpResponse:
    """The file back, with a column that says what is wrong in each row."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    importer = declaration.importer(row.importer)
    content = workbooks.with_errors(
        importer, row, queries.all_rows(row), only=request.GET.get("rows") != "all"
    )
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    stem = row.file_name.rsplit(".", 1)[0]
    answer.headers["Content-Disposition"] = attachment(_("{name} – what is wrong.xlsx").format(name=stem))
    return answer


@require_POST
@requires(permissions.IMPORT)
def load(request: Request, batch_id: UUID) -> HttpResponse:
    """Step 4: write the good rows. Pressed twice, it loads once."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    if row.state != State.CHECKED:
        return _to("batch", row.pk)
    try:
        return _begin(request, row, State.LOADING)
    except services.WrongStep:
        return _to("batch", row.pk)
    except services.NothingToLoad as no:
        return _check_page(request, row, refusal=str(no), status=422)


@require_GET
@requires(permissions.IMPORT)
def report(request: Request, batch_id: UUID) -> HttpResponse:
    """What was loaded, what was not, and the way back."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    if row.state not in (State.LOADED, State.UNDONE):
        return _to("batch", row.pk)
    context = {
        "batch": row,
        "importer": declaration.importer(row.importer),
        "steps": _step_labels(),
        "counts": showing.plain_counts(row.report),
        "kept": row.report.get("kept", []),
        "has_problems": queries.problem_rows(row).exists(),
    }
    return render(request, "imports/report.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.IMPORT)
def undo(request: Request, batch_id: UUID) -> HttpResponse:
    """Take the load back, after seeing what cannot be."""
    row = queries.get_batch(actor=request.actor, batch_id=batch_id)
    if row.state != State.LOADED:
        return _to("batch", row.pk)
    if request.method == "POST":
        with suppress(services.WrongStep):  # somebody else was quicker
            services.undo(actor=request.actor, batch_id=batch_id)
        return _to("report", row.pk)
    importer = declaration.importer(row.importer)
    stays = importer.what_stays(queries.changes_of(row), actor=request.actor)
    context = {
        "batch": row,
        "importer": importer,
        "counts": showing.plain_counts(row.report),
        "stays": stays,
    }
    return render(request, "imports/undo.html", context)


@require_POST
@requires(permissions.IMPORT)
def discard(request: Request, batch_id: UUID) -> HttpResponse:
    """Forget a file that was not loaded."""
    services.discard(actor=request.actor, batch_id=batch_id)
    return HttpResponseRedirect(reverse("imports:batches"))
