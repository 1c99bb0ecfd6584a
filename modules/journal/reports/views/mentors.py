"""Mentors: who helps whom, how the young teacher does, what the mentor says of the quarter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import api as identity
from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.journal import permissions
from modules.journal.reports import forms, services
from modules.journal.reports.data import MARK_HEADS, Head, Line, Marks, Report, Table, mark_cells
from modules.journal.reports.queries import mentors as queries
from modules.journal.reports.queries.filling import Filling
from modules.journal.reports.queries.ground import CourseOf, Span, spans_of
from modules.journal.reports.queries.interval import teachers
from modules.journal.reports.queries.mentors import MenteeQuarter
from modules.journal.reports.views import lists, shown
from ui import render

LISTS: dict[str, Any] = {
    "achievement": gettext_lazy("Marks from 3 to 5"),
    "quality": gettext_lazy("Marks 4 and 5"),
    "marks": gettext_lazy("All marks of the period"),
    "lessons": gettext_lazy("Lessons that were held"),
    "topics": gettext_lazy("Lessons without a topic"),
    "late": gettext_lazy("Late marks"),
}
SAID: tuple[tuple[str, Any], ...] = (
    ("done", gettext_lazy("What was done")),
    ("results", gettext_lazy("Results and difficulties")),
    ("advice", gettext_lazy("What comes next")),
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
def mentors(request: Request) -> HttpResponse:
    """Pairs of mentors and young teachers; who answers for journals appoints."""
    actor, form = request.actor, None
    if actor.may(permissions.CONTROL):
        known = [(str(key), name) for key, name in teachers(actor=actor)]
        form = forms.Appointment(request.POST or None, teachers=known, since=clock.today())
    if request.method == "POST" and form is None:
        raise NotFound
    if form is not None and form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            made = services.appoint_mentor(
                actor=actor,
                mentor_id=UUID(values["mentor"]),
                teacher_id=UUID(values["teacher"]),
                since=values["since"],
            )
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(
                request,
                HttpResponseRedirect(reverse("journal:report_mentor", args=[made.pk])),
                _("The mentor is appointed."),
            )
    context = {"pairs": queries.pairs(actor=actor), "form": form}
    answer = render.refused if form is not None and form.is_bound else render.page
    return answer(request, "journal/reports/mentors.html", context, help="journal/mentors")


def _span(request: Request, mentorship_id: UUID) -> tuple[Span, list[Span]]:
    """The asked quarter of the mentor's term, or the last one that has begun; and the quarters beside it."""
    known = queries.quarters_of(
        actor=request.actor,
        mentorship_id=mentorship_id,
        known=spans_of(year=render.school_year(request), with_year=False),
    )
    if not known:
        raise NotFound
    asked = request.GET.get("period", "")
    begun = [one for one in known if one.start <= clock.today()] or known[:1]
    return next((one for one in known if one.code == asked), begun[-1]), known


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def mentor(request: Request, mentorship_id: UUID) -> HttpResponse:
    """The young teacher's quarter and the mentor's words. `?as=pdf` and `?as=excel`."""
    span, known = _span(request, mentorship_id)

    def look() -> MenteeQuarter:
        # The words of the period are in the language of the paper.
        return queries.quarter_of(
            actor=request.actor, mentorship_id=mentorship_id, span=_span(request, mentorship_id)[0]
        )

    if (file := shown.as_file(request, "mentor_report", lambda: _report(look()))) is not None:
        return file
    found = look()
    form = forms.MentorWords(request.POST or None, said=found.said) if found.writes else None
    if request.method == "POST" and form is None:
        raise NotFound
    if form is not None and form.is_bound and form.is_valid():
        try:
            services.save_mentor_report(
                actor=request.actor,
                mentorship_id=mentorship_id,
                period_id=span.parts[0].id,
                said=form.cleaned_data,
                seen=form.seen_at,
            )
        except services.WrittenMeanwhile as refusal:
            form.add_error(None, str(refusal))
            form.has_seen(found.said.changed_at if found.said else None)
        else:
            address = request.path + shown.query(period=span.code)
            return render.toast(request, HttpResponseRedirect(address), _("Saved."))
    may_end = request.actor.may(permissions.CONTROL) and found.pair.until is None
    context = {
        "found": found,
        "span": span,
        "spans": known,
        "rows": _rows(found),
        "form": form,
        "said": [(label, text) for name, label in SAID if (text := getattr(found.said, name, ""))],
        "end": forms.End(initial={"until": clock.today()}) if may_end else None,
        "query": shown.query(period=span.code),
    }
    answer = render.refused if form is not None and form.is_bound else render.page
    return answer(request, "journal/reports/mentor.html", context, help="journal/mentors")


def _rows(found: MenteeQuarter) -> list[dict[str, Any]]:
    """Journals and their figures, each with the address of its list; of several journals their total too."""
    base = {what: reverse("journal:report_mentor_list", args=[found.pair.id, what]) for what in LISTS}

    def row(title: str, course_id: str, marks: Marks, figures: Filling) -> dict[str, Any]:
        def to(what: str, value: Any) -> tuple[Any, str]:
            return value, base[what] + shown.query(period=found.span.code, journal=course_id) if value else ""

        return {
            "title": title,
            "achievement": to("achievement", marks.achievement),
            "quality": to("quality", marks.quality),
            "mean": to("marks", marks.mean),
            "lessons": to("lessons", figures.lessons),
            "no_topic": to("topics", figures.no_topic),
            "late": to("late", figures.late),
        }

    rows = [
        row(f"{course.whose} · {course.subject}", str(course.id), marks, figures)
        for course, marks, figures in found.journals
    ]
    return [*rows, row(str(_("Total")), "", found.total, found.filling)] if len(rows) > 1 else rows


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def behind(request: Request, mentorship_id: UUID, what: str) -> HttpResponse:
    """The list behind a figure of the young teacher's quarter. `?as=excel`."""
    if what not in LISTS:
        raise NotFound
    span, __ = _span(request, mentorship_id)
    of = queries.journals_of(
        actor=request.actor, mentorship_id=mentorship_id, span=span, course_id=_journal(request)
    )
    leads = request.actor.may(permissions.CONTROL)

    def address(course: CourseOf) -> str:
        part = span.part_of(course) if leads else None  # a mentor does not open the young teacher's journals
        return reverse("journal:grid", args=[course.id]) + f"?period={part.code}" if part else ""

    title = LISTS[what]
    if what in ("lessons", "topics"):
        table = lists.lessons(title, queries.lessons_behind(of, what=what), address)
    elif what == "late":
        table = lists.late(title, queries.late_marks(of), address)
    else:
        pick = "all" if what == "marks" else what
        table = lists.marks(title, *queries.marks_behind(of, pick=pick), address)
    back = (
        _("Mentor's report"),
        reverse("journal:report_mentor", args=[mentorship_id]) + shown.query(period=span.code),
    )
    return shown.listed(
        request, table, scope=f"{span.year} · {span.label}", back=back, help="journal/mentors"
    )


def _journal(request: Request) -> UUID | None:
    asked = request.GET.get("journal", "")
    try:
        return UUID(asked) if asked else None
    except ValueError:
        raise NotFound from None


@require_POST
@requires(permissions.CONTROL)
def end(request: Request, mentorship_id: UUID) -> HttpResponse:
    """The mentor's last day."""
    form = forms.End(request.POST)
    answer = HttpResponseRedirect(reverse("journal:report_mentor", args=[mentorship_id]))
    if not form.is_valid():
        return render.toast(request, answer, _("Say the last day."), kind="danger")
    try:
        services.end_mentorship(
            actor=request.actor, mentorship_id=mentorship_id, until=form.cleaned_data["until"]
        )
    except services.EndsBeforeItBegins as refusal:
        return render.toast(request, answer, str(refusal), kind="danger")
    return render.toast(request, answer, _("Saved."))


def _report(found: MenteeQuarter) -> Report:
    journals = Table(
        _("Journals"),
        (
            Head(_("Class")),
            Head(_("Subject")),
            *MARK_HEADS,
            Head(_("Lessons"), "number"),
            Head(_("No topic"), "number"),
            Head(_("Late marks"), "number"),
        ),
        [
            Line(
                (
                    course.whose,
                    course.subject,
                    *mark_cells(marks),
                    figures.lessons,
                    figures.no_topic,
                    figures.late,
                )
            )
            for course, marks, figures in found.journals
        ],
    )
    said = found.said
    return Report(
        title=_("Mentor's report"),
        scope=" · ".join([found.span.year, found.span.label]),
        facts=(
            (pgettext("of a young teacher", "Mentor"), found.pair.mentor),
            (_("Young teacher"), found.pair.teacher),
        ),
        tables=(journals,),
        texts=tuple((label, getattr(said, name)) for name, label in SAID) if said else (),
        signs=(pgettext("of a young teacher", "Mentor"), found.pair.mentor),
    )
