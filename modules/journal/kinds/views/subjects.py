"""Pages of journals besides the grid: the list by kind, words, programmes of a pupil's own, a child at home."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import api as identity
from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request, path_to
from modules.journal import permissions
from modules.journal.kinds import forms, queries, services
from modules.journal.kinds.registers import JOURNALS
from modules.journal.kinds.rules import journal_of_course
from modules.journal.offline import queries as offline
from modules.journal.queries import open_course
from modules.journal.services import PeriodIsClosed, looks
from modules.journal.views.pages import kept_here, opened
from modules.schedule.data import CourseInfo
from registers import api as registers
from ui import keeping, render


@require_safe
@requires(permissions.VIEW)
def journals(request: Request) -> HttpResponse:
    """All journals by kind."""
    year = render.school_year(request)
    may = request.actor.may(permissions.DEVELOPMENT)
    has_preschool = may and bool(queries.preschool_classes(actor=request.actor, year=year))
    context = {"year": year, "has_preschool": has_preschool}
    return registers.show(request, JOURNALS, "journal/kinds/journals.html", context, help="journal/kinds")


@require_safe
@requires(permissions.VIEW)
@identity.proved(file=True)
def journals_excel(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, JOURNALS)


# --- words


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
def words(request: Request, course_id: UUID) -> HttpResponse:
    """Progress in words: a text for each pupil of whom one is asked."""
    course, period, known = opened(request, course_id)
    lines = queries.described(actor=request.actor, course=course, period=period)
    if not lines and not journal_of_course(course).has_words:
        raise NotFound
    refused: dict[UUID, DomainError] = {}
    if request.method == "POST":
        wishes = _wishes(request, lines)
        try:
            refused = services.describe(
                actor=request.actor, course_id=course.id, period_id=period.id, wishes=wishes
            )
        except PeriodIsClosed as closed:
            # Typed without a connection, or while somebody closed: it is shown with the reason, to be kept elsewhere.
            stand = {one.pupil_id: one.words.text for one in lines}
            refused = {one.pupil_id: closed for one in wishes if one.text.strip() != stand[one.pupil_id]}
        if not refused:
            answer = HttpResponseRedirect(f"{request.path}?period={period.code}")
            return render.toast(request, answer, _("Saved."))
        lines = queries.described(actor=request.actor, course=course, period=period)
    looks.saw(actor=request.actor, pupils=[one.pupil_id for one in lines], purpose="journal.page")
    before = queries.earlier_words(course=course, period=period)
    rows = [
        {
            "pupil": one.pupil_id,
            "name": one.name,
            "words": one.words,
            "text": request.POST.get(f"text-{one.pupil_id}", one.words.text),
            "before": before.get(one.pupil_id, ""),
            "error": str(refused[one.pupil_id]) if one.pupil_id in refused else "",
        }
        for one in lines
    ]
    context = {
        "course": course,
        "period": period,
        "periods": tuple(known),
        "rows": rows,
        "written": sum(1 for one in lines if one.words.text),
        "decides": queries.decides(request.actor, course) and not period.is_closed,
        "errors": len(refused),
        "longest": services.LONGEST,
    }
    status = 422 if refused else 200
    if not context["decides"]:
        return render.page(request, "journal/kinds/words.html", context, help="journal/words", status=status)
    context["keeping"] = kept_here(request)
    page = render.page(request, "journal/kinds/words.html", context, help="journal/words", status=status)
    return keeping.kept(request, page, days=offline.days())


def _wishes(request: Request, lines: list[queries.Line]) -> list[services.Wish]:
    """What the page sent of each pupil, as he saw it: a line that the page had not is left alone."""
    wishes = []
    for one in lines:
        text, seen = request.POST.get(f"text-{one.pupil_id}"), request.POST.get(f"seen-{one.pupil_id}", "")
        if text is not None and seen.isdigit():
            wishes.append(services.Wish(one.pupil_id, text.replace("\r\n", "\n"), int(seen)))
    return wishes


# --- programmes of a pupil's own


@require_safe
@requires(permissions.VIEW)
def programmes(request: Request, course_id: UUID) -> HttpResponse:
    """Who learns here by a programme of his own, and who did."""
    course = open_course(actor=request.actor, course_id=course_id)
    if not journal_of_course(course).may_have_programmes:
        raise NotFound
    found = queries.programmes_of(course_id=course.id)
    names, change = _names(request, course), path_to("journal:programme", course.id)
    context = {
        "course": course,
        "lines": [
            {
                "row": one,
                "name": names.get(one.pupil_id, "–"),
                "change": f"{change}?pupil={one.pupil_id}",
                "dialog": f"end-{one.pk}",
            }
            for one in found
        ],
        "decides": queries.decides(request.actor, course),
    }
    return render.page(request, "journal/kinds/programmes.html", context, help="journal/programmes")


def _names(request: Request, course: CourseInfo) -> dict[UUID, str]:
    names = queries.pupils_of_year(actor=request.actor, course=course)
    looks.saw(actor=request.actor, pupils=names, purpose="journal.page")
    return names


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.SET_MARKS)
def programme(request: Request, course_id: UUID) -> HttpResponse:
    """Give a pupil a programme of his own, or change it from a day on."""
    course = queries.opened(actor=request.actor, course_id=course_id)
    if not journal_of_course(course).may_have_programmes:
        raise NotFound
    names = _names(request, course)
    running = {one.pupil_id: one for one in queries.programmes_of(course_id=course.id) if one.until is None}
    asked = request.GET.get("pupil", "")
    now = next((one for key, one in running.items() if str(key) == asked), None)
    initial: dict[str, Any] = {"since": clock.today(), "pupil": asked}
    if now is not None:
        initial |= {"aims": now.aims, "is_marked": "yes" if now.is_marked else "no"}
    form = forms.ProgrammeForm(request.POST or None, pupils=names, initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            services.set_programme(
                actor=request.actor,
                course_id=course.id,
                pupil_id=UUID(given["pupil"]),
                aims=given["aims"],
                is_marked=given["is_marked"] == "yes",
                since=given["since"],
            )
        except DomainError as refusal:
            form.add_error("since", str(refusal))
        else:
            answer = HttpResponseRedirect(path_to("journal:programmes", course.id))
            return render.toast(request, answer, _("Saved."))
    context = {"course": course, "form": form, "now": now, "name": names.get(now.pupil_id) if now else ""}
    answer_with = render.refused if form.is_bound else render.page
    return answer_with(request, "journal/kinds/programme.html", context, help="journal/programmes")


@require_POST
@requires(permissions.SET_MARKS)
def end_programme(request: Request, course_id: UUID, pupil_id: UUID) -> HttpResponse:
    """The pupil learns with the class again from tomorrow on."""
    services.end_programme(actor=request.actor, course_id=course_id, pupil_id=pupil_id, until=clock.today())
    answer = HttpResponseRedirect(path_to("journal:programmes", course_id))
    return render.toast(request, answer, _("The programme ends today."))
