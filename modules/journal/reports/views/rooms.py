"""The class teacher's report for a quarter or the year."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.journal import permissions
from modules.journal.data import ABSENCE_LABELS
from modules.journal.reports.data import Head, Line, Report, Table
from modules.journal.reports.data import shown as words
from modules.journal.reports.queries import rooms as queries
from modules.journal.reports.queries.ground import span_of
from modules.journal.reports.queries.rooms import ClassReport, InGroup
from modules.journal.reports.views import shown
from ui import render
from ui.charts import Chart, Series


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def room(request: Request) -> HttpResponse:
    """One class; who sees several chooses. `?as=pdf` and `?as=excel`."""
    actor = request.actor
    span, known = span_of(year=render.school_year(request), code=request.GET.get("period", ""))
    classes = queries.classes_of(actor=actor, span=span)
    chosen = _chosen(request, classes)
    found = None
    if chosen is not None:

        def look() -> ClassReport:
            # The words of the period are in the language of the paper.
            asked, __ = span_of(year=span.year, code=span.code)
            return queries.class_report(actor=actor, span=asked, class_id=chosen)

        if (file := shown.as_file(request, "class_report", lambda: _report(look()))) is not None:
            return file
        found = look()
    context = {
        "span": span,
        "spans": known,
        "classes": [(str(one.id), one.label) for one in classes],
        "chosen": str(chosen or ""),
        "found": found,
        "groups": _groups(found) if found else [],
        "missed": _missed_rows(found) if found else [],
        "reasons": [capfirst(str(label)) for label in ABSENCE_LABELS.values()],
        "chart": _chart(found) if found else None,
        "query": shown.query(**{"class": str(chosen or ""), "period": span.code}),
        "marks": reverse("journal:report_achievement")
        + shown.query(**{"class": str(chosen or ""), "period": span.code}),
    }
    return render.page(request, "journal/reports/class.html", context, help="journal/class-report")


def _chosen(request: Request, classes: list[queries.ClassOf]) -> UUID | None:
    """The class asked for, or the only one there is; raises NotFound for another's."""
    asked = request.GET.get("class", "")
    if asked:
        found = next((one.id for one in classes if str(one.id) == asked), None)
        if found is None:
            raise NotFound
        return found
    return classes[0].id if len(classes) == 1 else None


def _held_back(one: InGroup) -> str:
    return ", ".join(f"{subject} ({teacher})" if teacher else subject for subject, teacher in one.held_back)


def _groups(found: ClassReport) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": label,
            "pupils": [(one.name, _held_back(one)) for one in found.groups[code]],
        }
        for code, label in queries.GROUPS.items()
    ]


def _missed_rows(found: ClassReport) -> list[tuple[str, int, list[int]]]:
    """Who missed most comes first."""
    rows = [
        (one.name, one.lessons, [one.by_reason.get(code, 0) for code in ABSENCE_LABELS])
        for one in found.missed
    ]
    return sorted(rows, key=lambda row: -row[1])


def _chart(found: ClassReport) -> Chart | None:
    if not found.assessed:
        return None
    return Chart(
        "across",
        _("Pupils of the class"),
        list(queries.GROUPS.values()),
        [Series(pgettext("figure", "Pupils"), [float(found.count(code)) for code in queries.GROUPS])],
        head=_("Group"),
    )


def _report(found: ClassReport) -> Report:
    groups = Table(
        _("Results of pupils"),
        (Head(_("Group")), Head(_("Pupils"), "number"), Head(_("Who and in what"))),
        [
            Line((label, len(found.groups[code]), _named(found.groups[code])))
            for code, label in queries.GROUPS.items()
        ],
    )
    missed = Table(
        _("Lessons missed"),
        (
            Head(pgettext("column", "Pupil")),
            Head(_("In all"), "number"),
            *(Head(capfirst(str(label)), "number") for label in ABSENCE_LABELS.values()),
        ),
        [Line((name, lessons, *by_reason)) for name, lessons, by_reason in _missed_rows(found)],
    )
    moved = Table(
        _("Movement"),
        (Head(pgettext("column", "Pupil")), Head(pgettext("movement", "What")), Head(_("Date"), "date")),
        [
            *(Line((name, pgettext("movement", "arrived"), day)) for name, day in found.arrived),
            *(Line((name, pgettext("movement", "left"), day)) for name, day in found.left),
        ],
    )
    return Report(
        title=_("Class teacher's report"),
        scope=" · ".join([found.school_class.label, found.span.year, found.span.label]),
        facts=(
            (_("Pupils at the beginning"), str(found.at_start)),
            (pgettext("how many", "Arrived"), str(len(found.arrived))),
            (pgettext("how many", "Left"), str(len(found.left))),
            (_("Pupils at the end"), str(found.at_end)),
            (_("Achievement"), words(found.achievement, "percent")),
            (_("Quality of knowledge"), words(found.quality, "percent")),
            (_("Lessons missed"), str(sum(one.lessons for one in found.missed))),
        ),
        tables=(groups, missed, moved),
        signs=(_("Class teacher"), found.school_class.teacher),
    )


def _named(pupils: list[InGroup]) -> str:
    return "; ".join(f"{one.name} – {_held_back(one)}" if one.held_back else one.name for one in pupils)
