"""Analysis of СОР and СОЧ in its form: figures by themselves, words from the teacher."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.journal import permissions
from modules.journal.data import ABSENCE_LABELS, KIND_LABELS, WorkKind
from modules.journal.reports import forms, services
from modules.journal.reports.data import Head, Line, Report, Table
from modules.journal.reports.queries import works as queries
from modules.journal.reports.queries.ground import span_of
from modules.journal.reports.queries.works import Opened, Work
from modules.journal.reports.rules import LEVELS
from modules.journal.reports.views import shown
from modules.journal.services import looks
from ui import render
from ui.charts import Chart, Series

SAID: tuple[tuple[str, Any], ...] = (
    ("reached", gettext_lazy("Objectives that were reached")),
    ("hard", gettext_lazy("Objectives that caused difficulty")),
    ("difficulties", gettext_lazy("Difficulties of the pupils")),
    ("reasons", gettext_lazy("Reasons of the difficulties")),
    ("correction", gettext_lazy("What is planned to correct them")),
)
LEVELS_NOTE = gettext_lazy(
    "Low: 0–39 %, middle: 40–84 %, high: 85–100 %. Quality counts works of 65 % and more."
)
STATES = {"written": gettext_lazy("written"), "none": gettext_lazy("not written")}


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def works(request: Request) -> HttpResponse:
    """Works of the quarter with their levels. `?as=excel`."""
    span, known = span_of(
        year=render.school_year(request), code=request.GET.get("period", ""), with_year=False
    )
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    found = [
        one
        for one in queries.works(actor=request.actor, span=span)
        if (not kind or one.kind == kind) and (not state or one.is_analysed == (state == "written"))
    ]
    heads = (
        Head(_("Journal")),
        Head(_("Class"), on_page=False),
        Head(_("Subject"), on_page=False),
        Head(_("Teacher")),
        Head(_("Work")),
        Head(_("Date"), "date"),
        *_level_heads(),
        Head(_("Analysis")),
    )
    lines = [
        Line(
            (
                f"{one.course.whose} · {one.course.subject}",
                one.course.whose,
                one.course.subject,
                one.course.teacher,
                one.name,
                one.day,
                *_level_cells(one),
                str(STATES["written" if one.is_analysed else "none"]),
            ),
            reverse("journal:report_work", args=[one.id]),
        )
        for one in found
    ]
    return shown.listed(
        request,
        Table(_("Analysis of SOR and SOCH"), heads, lines),
        scope=f"{span.year} · {span.label}",
        back=None,
        help="journal/works",
        filters="journal/reports/_works_filters.html",
        context={
            "span": span,
            "spans": known,
            "kinds": [(str(one), KIND_LABELS[one]) for one in WorkKind],
            "states": list(STATES.items()),
            "chosen": {"period": span.code, "kind": kind, "state": state},
        },
    )


def _level_heads() -> tuple[Head, ...]:
    return (
        Head(_("Pupils"), "number", on_page=False),
        Head(_("Wrote"), "number"),
        *(Head(capfirst(str(label)), "number", on_page=level == "low") for level, label in LEVELS.items()),
        Head(_("Achievement"), "percent", on_page=False),
        Head(_("Quality of knowledge"), "percent"),
    )


def _level_cells(one: Work) -> tuple[Any, ...]:
    levels = (len(one.of_level(level)) for level in LEVELS)
    return len(one.pupils), len(one.wrote), *levels, one.achievement, one.quality


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def work(request: Request, work_id: UUID) -> HttpResponse:
    """One work: its levels, and what the teacher says of it. `?as=pdf` and `?as=excel` give the quarter's form."""
    found = queries.open_work(actor=request.actor, work_id=work_id)
    if (file := shown.as_file(request, "work_analysis", lambda: _form(request, work_id))) is not None:
        return file
    looks.saw(actor=request.actor, pupils=_named([found.work]), purpose="journal.report")
    form = None
    if found.writes:
        planned = queries.planned_objectives(found)
        form = forms.Analysis(request.POST or None, planned=planned, said=found.analysis)
    if request.method == "POST" and form is None:
        raise NotFound
    if form is not None and form.is_bound and form.is_valid():
        try:
            services.save_analysis(actor=request.actor, work_id=work_id, said=form.said, seen=form.seen_at)
        except services.WrittenMeanwhile as refusal:
            form.add_error(None, str(refusal))
            form.has_seen(found.analysis.changed_at if found.analysis else None)
        else:
            return render.toast(request, HttpResponseRedirect(request.path), _("Saved."))
    part = found.span.part_of(found.work.course)
    context = {
        "journal": reverse("journal:grid", args=[found.work.course.id])
        + shown.query(period=part.code if part else ""),
        "found": found,
        "work": found.work,
        "levels": _levels(found.work),
        "absent": [(one.name, ABSENCE_LABELS.get(one.absence, "")) for one in found.work.absent],
        "chart": _chart(found.work),
        "said": [
            (label, getattr(found.analysis, name).splitlines())
            for name, label in SAID
            if getattr(found.analysis, name)
        ]
        if found.analysis
        else [],
        "form": form,
        "note": LEVELS_NOTE,
    }
    answer = render.refused if form is not None and form.is_bound else render.page
    return answer(request, "journal/reports/work.html", context, help="journal/works")


def _named(works: Sequence[Work]) -> tuple[UUID, ...]:
    """Who wrote the works, or was to."""
    return tuple(pupil.pupil_id for one in works for pupil in one.pupils)


def _levels(work: Work) -> list[dict[str, Any]]:
    """Each level with its pupils, the best first."""
    wrote = len(work.wrote)
    bounds = {"high": "85–100 %", "middle": "40–84 %", "low": "0–39 %"}
    return [
        {
            "code": level,
            "label": label,
            "bounds": bounds[level],
            "pupils": sorted(work.of_level(level), key=lambda one: -(one.percent or 0)),
            "share": 100 * len(work.of_level(level)) / wrote if wrote else None,
        }
        for level, label in LEVELS.items()
    ]


def _chart(work: Work) -> Chart | None:
    """How many pupils have which percentage, by tens."""
    if not work.wrote:
        return None
    tens = [0] * 10
    for one in work.wrote:
        tens[min(9, (one.percent or 0) // 10)] += 1
    names = [f"{10 * n}–{10 * n + 9}" if n < 9 else "90–100" for n in range(10)]
    return Chart(
        "bar",
        _("How many pupils by percentage"),
        names,
        [Series(pgettext("figure", "Pupils"), [float(n) for n in tens])],
        head="%",
    )


def _form(request: Request, work_id: UUID) -> Report:
    """The form of the quarter: all works of the journal, their objectives, and below the words on each."""
    found = queries.open_work(actor=request.actor, work_id=work_id)
    course = found.work.course
    wrote = [one for one in found.beside if one.wrote]
    levels = Table(
        _("Results of the works"),
        (Head(_("Work")), Head(_("Date"), "date"), Head(_("Highest points"), "number"), *_level_heads()),
        [Line((one.name, one.day, one.maximum, *_level_cells(one))) for one in wrote],
        str(LEVELS_NOTE),
    )
    objectives = Table(
        _("Objectives"),
        (Head(_("Work")), Head(SAID[0][1]), Head(SAID[1][1])),
        [
            Line((one.name, _said(found, one, "reached"), _said(found, one, "hard")))
            for one in wrote
            if one.id in found.said
        ],
    )
    names = Table(
        _("Pupils by level"),
        (
            Head(_("Work")),
            *(Head(f"{capfirst(str(label))}") for label in LEVELS.values()),
            Head(_("Did not write")),
        ),
        [
            Line(
                (
                    one.name,
                    *(", ".join(x.name for x in one.of_level(level)) for level in LEVELS),
                    ", ".join(x.name for x in one.absent),
                )
            )
            for one in wrote
        ],
    )
    texts = tuple(
        (f"{one.name}. {label}", _said(found, one, name))
        for one in wrote
        for name, label in SAID[2:]
        if one.id in found.said
    )
    return Report(
        title=_("Analysis of SOR and SOCH"),
        scope=" · ".join([found.span.year, found.span.label]),
        facts=(
            (_("Subject"), course.subject),
            (_("Class"), course.whose),
            (_("Pupils"), str(len(found.work.pupils))),
            (_("Teacher"), course.teacher),
        ),
        tables=(levels, objectives, names),
        texts=texts,
        signs=(_("Teacher"), course.teacher),
        pupils=_named(wrote),
    )


def _said(found: Opened, work: Work, name: str) -> str:
    row = found.said.get(work.id)
    return getattr(row, name) if row else ""
