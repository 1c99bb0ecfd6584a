"""The class teacher's report for a quarter or the year."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.journal import permissions
from modules.journal.data import ABSENCE_LABELS
from modules.journal.reports import forms, services
from modules.journal.reports.data import Head, Line, Report, Table
from modules.journal.reports.data import shown as words
from modules.journal.reports.queries import rooms as queries
from modules.journal.reports.queries.ground import Span, span_of
from modules.journal.reports.queries.rooms import ClassReport, InGroup
from modules.journal.reports.views import shown
from modules.journal.services import looks
from ui import render
from ui.charts import Chart, Series

SAID: tuple[tuple[str, Any], ...] = (
    ("done", gettext_lazy("Work with pupils and parents")),
    ("conclusion", gettext_lazy("Conclusion")),
    ("ahead", gettext_lazy("What comes next")),
)


# What a list behind a figure is called, by its code in the address.
MOVEMENT: dict[str, Any] = {
    "at_start": gettext_lazy("Pupils at the beginning"),
    "arrived": pgettext_lazy("how many", "Arrived"),
    "left": pgettext_lazy("how many", "Left"),
    "at_end": gettext_lazy("Pupils at the end"),
}
SHARES: dict[str, tuple[str, ...]] = {
    "achievement": tuple(one for one in queries.GROUPS if one not in ("failing", "not_assessed")),
    "quality": ("excellent", "one_four", "good"),
    **{one: (one,) for one in queries.GROUPS},
}
_SHARE_TITLES = {"achievement": gettext_lazy("Achievement"), "quality": gettext_lazy("Quality of knowledge")}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def room(request: Request) -> HttpResponse:
    """One class; who sees several chooses. A class teacher's own words are posted here. `?as=pdf` and `?as=excel`."""
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
        looks.saw(actor=actor, pupils=found.pupils, purpose="journal.report")
    form = (
        forms.Conclusion(request.POST or None, said=found.said)
        if found and found.school_class.concludes
        else None
    )
    if request.method == "POST" and form is None:
        raise NotFound
    if form is not None and found is not None and form.is_bound and form.is_valid():
        try:
            services.conclude(
                actor=actor,
                class_id=found.school_class.id,
                span=span,
                said=form.cleaned_data,
                seen=form.seen_at,
            )
        except services.WrittenMeanwhile as refusal:
            form.add_error(None, str(refusal))
            form.has_seen(found.said.changed_at if found.said else None)
        else:
            here = shown.query(**{"class": str(chosen), "period": span.code})
            return render.toast(
                request, HttpResponseRedirect(f"{request.path}{here}#conclusion"), _("Saved.")
            )
    context = {
        "span": span,
        "spans": known,
        "classes": [(str(one.id), one.label) for one in classes],
        "rooms": []
        if found
        else [(one, shown.query(**{"class": str(one.id), "period": span.code})) for one in classes],
        "form": form,
        "said": _said(found) if found else [],
        "chosen": str(chosen or ""),
        "found": found,
        "groups": _groups(found) if found else [],
        "missed": _missed_rows(found, span) if found else [],
        "links": _links(found, span) if found else {},
        "reasons": [capfirst(str(label)) for label in ABSENCE_LABELS.values()],
        "chart": _chart(found) if found else None,
        "query": shown.query(**{"class": str(chosen or ""), "period": span.code}),
        "marks": reverse("journal:report_achievement")
        + shown.query(**{"class": str(chosen or ""), "period": span.code}),
    }
    answer = render.refused if form is not None and form.is_bound else render.page
    return answer(request, "journal/reports/class.html", context, help="journal/class-report")


def _said(found: ClassReport) -> list[tuple[Any, str]]:
    return [(label, text) for name, label in SAID if (text := getattr(found.said, name, ""))]


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


def _by_missed(found: ClassReport) -> list[queries.Missed]:
    """Who missed most comes first."""
    return sorted(found.missed, key=lambda one: -one.lessons)


def _missed_rows(found: ClassReport, span: Span) -> list[tuple[str, list[tuple[int, str]]]]:
    """Pupils, and their counts with the addresses of the lessons behind."""

    def cell(one: queries.Missed, count: int, code: str = "") -> tuple[int, str]:
        return count, _behind(found, span, "missed", pupil=str(one.pupil_id), code=code) if count else ""

    return [
        (
            one.name,
            [
                cell(one, one.lessons),
                *(cell(one, one.by_reason.get(str(code), 0), str(code)) for code in ABSENCE_LABELS),
            ],
        )
        for one in _by_missed(found)
    ]


def _behind(found: ClassReport, span: Span, what: str, **more: str) -> str:
    address = reverse("journal:report_class_list", args=[what])
    return address + shown.query(**{"class": str(found.school_class.id), "period": span.code}, **more)


def _links(found: ClassReport, span: Span) -> dict[str, str]:
    """Addresses of the lists behind the figures above; of a figure that counts nobody, none."""
    counted = {what: getattr(found, what) for what in MOVEMENT} | {
        what: [one for code in codes for one in found.groups[code]] for what, codes in SHARES.items()
    }
    return {what: _behind(found, span, what) for what, who in counted.items() if who}


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


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def behind(request: Request, what: str) -> HttpResponse:
    """Who or which lessons stand behind a figure of the report. `?as=excel`."""
    span, __ = span_of(year=render.school_year(request), code=request.GET.get("period", ""))
    chosen = _chosen(request, queries.classes_of(actor=request.actor, span=span))
    if chosen is None:
        raise NotFound
    found = queries.class_report(actor=request.actor, span=span, class_id=chosen)
    if what in MOVEMENT:
        table = _moved(found, what)
    elif what in SHARES:
        table = _grouped(found, what, has_cards=request.actor.may(permissions.CARDS))
    elif what == "missed":
        table = _lessons(request, found)
    else:
        raise NotFound
    scope = " · ".join([found.school_class.label, span.year, span.label])
    back = reverse("journal:report_class") + shown.query(**{"class": str(chosen), "period": span.code})
    return shown.listed(
        request, table, scope=scope, back=(_("Class teacher's report"), back), help="journal/class-report"
    )


def _moved(found: ClassReport, what: str) -> Table:
    day = pgettext("movement", "Till") if what == "left" else pgettext("movement", "In the class since")
    lines = [Line((one.name, one.day), pupil_id=one.pupil_id) for one in getattr(found, what)]
    return Table(MOVEMENT[what], (Head(pgettext("column", "Pupil")), Head(day, "date")), lines)


def _grouped(found: ClassReport, what: str, *, has_cards: bool) -> Table:
    lines = [
        Line(
            (one.name, str(queries.GROUPS[code]), _held_back(one)),
            reverse("journal:card", args=[one.pupil_id]) + shown.query(year=found.span.year)
            if has_cards
            else "",
            one.pupil_id,
        )
        for code in SHARES[what]
        for one in found.groups[code]
    ]
    heads = (Head(pgettext("column", "Pupil")), Head(_("Group")), Head(_("Subjects that hold back")))
    return Table(_SHARE_TITLES.get(what) or queries.GROUPS[what], heads, lines)


def _lessons(request: Request, found: ClassReport) -> Table:
    code, pupil = request.GET.get("code", ""), request.GET.get("pupil", "")
    known = {str(one.pupil_id): one.pupil_id for one in found.missed}
    if (code and code not in set(ABSENCE_LABELS)) or (pupil and pupil not in known):
        raise NotFound
    heads = (
        Head(pgettext("column", "Pupil")),
        Head(_("Date"), "date"),
        Head(_("Lesson"), "number"),
        Head(_("Subject")),
        Head(_("Reason")),
    )
    lines = [
        Line(
            (one.pupil, one.day, one.number, one.subject, capfirst(str(ABSENCE_LABELS[one.code]))),
            reverse("journal:grid", args=[one.course_id]),
            one.pupil_id,
        )
        for one in queries.lessons_missed(found=found, pupil_id=known.get(pupil), code=code)
    ]
    return Table(_("Lessons missed"), heads, lines)


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
        [
            Line((one.name, one.lessons, *(one.by_reason.get(code, 0) for code in ABSENCE_LABELS)))
            for one in _by_missed(found)
        ],
    )
    moved = Table(
        _("Movement"),
        (Head(pgettext("column", "Pupil")), Head(pgettext("movement", "What")), Head(_("Date"), "date")),
        [
            *(Line((one.name, pgettext("movement", "arrived"), one.day)) for one in found.arrived),
            *(Line((one.name, pgettext("movement", "left"), one.day)) for one in found.left),
        ],
    )
    return Report(
        title=_("Class teacher's report"),
        scope=" · ".join([found.school_class.label, found.span.year, found.span.label]),
        facts=(
            (_("Pupils at the beginning"), str(len(found.at_start))),
            (pgettext("how many", "Arrived"), str(len(found.arrived))),
            (pgettext("how many", "Left"), str(len(found.left))),
            (_("Pupils at the end"), str(len(found.at_end))),
            (_("Achievement"), words(found.achievement, "percent")),
            (_("Quality of knowledge"), words(found.quality, "percent")),
            (_("Lessons missed"), str(sum(one.lessons for one in found.missed))),
        ),
        tables=(groups, missed, moved),
        texts=tuple(_said(found)),
        signs=(_("Class teacher"), found.school_class.teacher),
        pupils=tuple(found.pupils),
    )


def _named(pupils: list[InGroup]) -> str:
    return "; ".join(f"{one.name} – {_held_back(one)}" if one.held_back else one.name for one in pupils)
