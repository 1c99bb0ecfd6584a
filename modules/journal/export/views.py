"""Saving whole journals: a subject's year at once, classes and the school by a job that may be left and stopped."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import audit, files, jobs
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request, path_to
from kernel.models import Job
from modules.journal import permissions, queries
from modules.journal.export import queries as reading
from modules.journal.export import services, showing, workbooks
from modules.journal.export.forms import WishForm
from modules.journal.queries import Grid
from modules.journal.services import looks
from modules.schedule.data import CourseInfo
from ui import render

# --- a subject's year


def _course(request: Request, course_id: UUID) -> tuple[CourseInfo, list[Grid]]:
    """The journal that the actor may open, with all its periods."""
    course = queries.open_course(actor=request.actor, course_id=course_id)
    [(__, grids)] = reading.journals(courses=[course], year=course.year) or [(course, [])]
    return course, grids


@require_safe
@requires(permissions.VIEW)
def course_files(request: Request, course_id: UUID) -> HttpResponse:
    """In which shapes the journal of the year can be saved."""
    course = queries.open_course(actor=request.actor, course_id=course_id)
    context = {"course": course, "exports_classes": request.actor.may(permissions.EXPORT)}
    return render.page(request, "journal/course_files.html", context, help="journal/files")


@require_safe
@requires(permissions.VIEW)
@identity.proved(file=True)
def course_pdf(request: Request, course_id: UUID) -> HttpResponse:
    """The journal of the year in the form of the law."""
    language = _language(request)
    with translation.override(language):
        course, grids = _course(request, course_id)
        _saved(request, course, grids, shape="pdf")
        data = showing.course_journal(course, grids)
        printed = documents.render("journal.course_journal", data, language=language, actor=request.actor)
        name = f"{_('Journal of the subject')} {course.title} {course.year}.pdf"
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(name, inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@requires(permissions.VIEW)
@identity.proved(file=True)
def course_excel(request: Request, course_id: UUID) -> HttpResponse:
    """The journal of the year as a spreadsheet."""
    course, grids = _course(request, course_id)
    _saved(request, course, grids, shape="excel")
    response = HttpResponse(workbooks.workbook([(course, grids)]), content_type=excel.MEDIA_TYPE)
    name = f"{_('Journal of the subject')} {course.title} {course.year}.xlsx"
    response.headers["Content-Disposition"] = excel.attachment(name)
    return response


def _saved(request: Request, course: CourseInfo, grids: list[Grid], *, shape: str) -> None:
    audit.record(
        actor=request.actor,
        action="journal.exported",
        object_type="class",
        object_id=course.school_class_id,
        details={
            "subject": course.subject_code,
            "year": course.year,
            "as": shape,
            "count": max((len(one.rows) for one in grids), default=0),
        },
    )
    looks.saw(actor=request.actor, pupils=looks.pupils_of(grids), purpose="journal.taken")


def _language(request: Request) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in ("kk", "ru") else render.language()[:2]


# --- classes and the school


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.EXPORT)
@identity.proved(when=identity.sends)
def archive(request: Request) -> HttpResponse:
    """What to save of which classes; the archives that one has asked for lately."""
    actor, year = request.actor, render.school_year(request)
    classes = reading.classes_to_export(actor=actor, year=year)
    asked = [one for one in request.GET.getlist("what") if one]
    form = WishForm(request.POST or None, classes=classes, initial={"what": asked} if asked else None)
    if request.method == "POST" and form.is_valid():
        row = services.ask(actor=actor, wish=form.wish(year), url=path_to("journal:archive"))
        return redirect("journal:archive_job", row.pk)
    mine = [row for row in jobs.mine(actor=actor) if row.kind == services.PACK]
    context = {"form": form, "classes": classes, "year": year, "mine": [_line(row) for row in mine[:10]]}
    status = 422 if form.is_bound else 200
    return render.page(request, "journal/archive.html", context, help="journal/files", status=status)


def _line(row: Job) -> dict[str, object]:
    wish = services.Wish.of(row.params)
    return {
        "row": row,
        "year": wish.year,
        "classes": len(wish.class_ids),
        "what": [one.label for one in wish.what],
        "is_there": services.is_kept(row),
    }


@require_safe
@requires(permissions.EXPORT)
def archive_job(request: Request, job_id: UUID) -> HttpResponse:
    """How far the packing is; the file when it is ready."""
    row = _job(request, job_id)
    url = path_to("journal:archive_job", job_id)
    if render.htmx_partial(request):
        return render.progress(request, row, url=url, done_url=url)
    context = {
        "job": row,
        "url": url,
        "line": _line(row),
        "runs": row.state in (Job.State.WAITING, Job.State.RUNNING),
        "keeps_until": row.finished_at + services.KEPT if row.finished_at else None,
    }
    return render.page(request, "journal/archive_job.html", context, help="journal/files")


def _job(request: Request, job_id: UUID) -> Job:
    """The actor's own packing; raises NotFound for another's, and Job.DoesNotExist."""
    row = jobs.get(actor=request.actor, job_id=job_id)
    if row.kind != services.PACK:
        raise NotFound
    return row


@require_POST
@requires(permissions.EXPORT)
def stop_archive(request: Request, job_id: UUID) -> HttpResponse:
    """Stop the packing; nothing is kept of it."""
    row = _job(request, job_id)
    jobs.cancel(actor=request.actor, job_id=row.pk)
    back = HttpResponseRedirect(path_to("journal:archive"))
    return render.toast(request, back, _("The packing stops at its next class."))


@require_safe
@requires(permissions.EXPORT)
@identity.proved(file=True)
def archive_file(request: Request, job_id: UUID) -> HttpResponse:
    """The archive, as long as it is kept and its classes are still the actor's."""
    row = _job(request, job_id)
    wish = services.Wish.of(row.params)
    reading.chosen_classes(actor=request.actor, year=wish.year, class_ids=wish.class_ids)
    if not services.is_kept(row):
        raise NotFound
    kept, content = files.read(file_id=UUID(row.result["file"]), purpose=services.PURPOSE)
    services.note_download(actor=request.actor, file_id=kept.pk)
    response = HttpResponse(content, content_type=kept.content_type)
    response.headers["Content-Disposition"] = excel.attachment(kept.name)
    response.headers["Cache-Control"] = "no-store"
    return response
