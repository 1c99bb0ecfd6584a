"""A teacher's quality of knowledge between two attestations."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.journal import permissions
from modules.journal.data import mark_text
from modules.journal.queries import period_label
from modules.journal.reports.data import (
    MARK_HEADS,
    PICKS,
    YEAR_CODE,
    Head,
    Line,
    Marks,
    Report,
    Table,
    mark_cells,
)
from modules.journal.reports.queries import interval as queries
from modules.journal.reports.queries.interval import PeriodFigures, SubjectFigures, Years
from modules.journal.reports.views import shown
from ui import render
from ui.charts import Chart, Series


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def years(request: Request) -> HttpResponse:
    """Subjects of the teacher by study period. `?as=pdf` and `?as=excel`."""
    start, until = _interval(request)
    known = queries.teachers(actor=request.actor)
    teacher_id = _teacher(request, known)
    found = None
    if teacher_id is not None:
        chosen = teacher_id

        def report() -> Report:
            return _report(_look(request, chosen, start, until), start, until)

        if (file := shown.as_file(request, "teacher_quality", report)) is not None:
            return file
        found = _look(request, chosen, start, until)
    here = {"teacher": str(teacher_id or ""), "from": f"{start:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}"}
    context = {
        "teachers": [(str(key), name) for key, name in known] if len(known) > 1 else [],
        "chosen": str(teacher_id or ""),
        "start": start,
        "until": until,
        "found": found,
        "subjects": [_shown(one, here) for one in found.subjects] if found else [],
        "years": [_row(one, here, "") for one in found.years] if found else [],
        "chart": _chart(found) if found else None,
        "query": shown.query(**here),
    }
    return render.page(request, "journal/reports/years.html", context, help="journal/teacher-quality")


def _look(request: Request, teacher_id: UUID, start: date, until: date) -> Years:
    return queries.years_of(actor=request.actor, teacher_id=teacher_id, start=start, until=until)


def _interval(request: Request) -> tuple[date, date]:
    """The asked days in their order, or the usual ones."""
    usual = queries.usual_interval()
    days = []
    for name, otherwise in zip(("from", "until"), usual, strict=True):
        try:
            days.append(parse_date(request.GET.get(name, "")) or otherwise)
        except ValueError:
            days.append(otherwise)
    return min(days), max(days)


def _teacher(request: Request, known: list[tuple[UUID, str]]) -> UUID | None:
    """Whoever is asked for, else oneself; raises NotFound for whom one may not see."""
    asked = request.GET.get("teacher", "")
    if asked:
        found = next((key for key, __ in known if str(key) == asked), None)
        if found is None:
            raise NotFound
        return found
    return next((key for key, __ in known if key == request.actor.person_id), None)


def _label(one: PeriodFigures) -> str:
    period = str(_("the year")) if one.code == YEAR_CODE else period_label(one.code)
    return f"{one.year}, {period}"


def _row(one: PeriodFigures, here: dict[str, str], subject: str) -> dict[str, Any]:
    base = reverse("journal:report_years_pupils")
    marks = one.marks

    def cell(value: int, pick: str) -> tuple[int, str]:
        query = shown.query(**here, year=one.year, code=one.code, subject=subject, pick=pick)
        return value, base + query if value else ""

    return {
        "title": _label(one),
        "is_year": one.code == YEAR_CODE,
        "classes": one.class_labels,
        "counts": [cell(getattr(marks, Marks.FIELDS[mark]), mark) for mark in ("5", "4", "3", "2")],
        "na": cell(marks.na, "na"),
        "whole": cell(marks.whole, "all"),
        "quality": (marks.quality, cell(marks.n5 + marks.n4, "quality")[1]),
        "achievement": (marks.achievement, cell(marks.assessed - marks.n2, "achievement")[1]),
        "mean": marks.mean,
    }


def _shown(one: SubjectFigures, here: dict[str, str]) -> dict[str, Any]:
    return {"title": one.title, "rows": [_row(period, here, one.code) for period in one.periods]}


def _chart(found: Years) -> Chart | None:
    """Quality of each subject along the study periods."""
    places = sorted(
        {
            p.place[:2]
            for one in found.subjects
            for p in one.periods
            if p.code != YEAR_CODE and p.marks.assessed
        }
    )
    if len(places) < 2:
        return None
    series = []
    for one in found.subjects:
        known = {p.place[:2]: p.marks.quality for p in one.periods if p.code != YEAR_CODE}
        values = [known.get(place) for place in places]
        if any(value is not None for value in values):
            series.append(Series(one.title, [None if v is None else round(v, 1) for v in values]))
    names = [f"{year}, {number}" for year, number in places]
    return Chart("line", _("Quality of knowledge by quarters, %"), names, series, unit="%", head=_("Quarter"))


def _report(found: Years, start: date, until: date) -> Report:
    heads = (Head(_("Study period")), Head(_("Classes")), Head(_("Marks in all"), "number"), *MARK_HEADS)

    def lines(periods: tuple[PeriodFigures, ...]) -> list[Line]:
        return [
            Line((_label(one), one.class_labels, one.marks.whole, *mark_cells(one.marks))) for one in periods
        ]

    tables = [Table(one.title, heads, lines(one.periods)) for one in found.subjects]
    if found.years:
        tables.append(Table(_("All subjects by year"), heads, lines(found.years)))
    return Report(
        title=_("Quality of knowledge of a teacher"),
        scope=f"{start:%d.%m.%Y} – {until:%d.%m.%Y}",
        facts=((_("Teacher"), found.teacher),),
        tables=tuple(tables),
    )


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def years_pupils(request: Request) -> HttpResponse:
    """The pupils behind a figure of a teacher's years."""
    start, until = _interval(request)
    teacher_id = _teacher(request, queries.teachers(actor=request.actor))
    given = {name: request.GET.get(name, "") for name in ("year", "code", "subject", "pick")}
    if teacher_id is None or given["pick"] not in PICKS:
        raise NotFound
    name, found = queries.pupils_of_years(
        actor=request.actor, teacher_id=teacher_id, start=start, until=until, **given
    )
    heads = (
        Head(pgettext("column", "Pupil")),
        Head(_("Class")),
        Head(_("Subject")),
        Head(pgettext("column", "Mark")),
    )
    tail = "" if given["code"] == YEAR_CODE else shown.query(period=given["code"])
    lines = [
        Line(
            (one.pupil, one.whose, one.subject, mark_text(one.mark)),
            reverse("journal:grid", args=[one.course_id]) + tail,
            one.pupil_id,
        )
        for one in found
    ]
    table = Table(_("Pupils {who}").format(who=PICKS[given["pick"]]), heads, lines)
    back = reverse("journal:report_years") + shown.query(
        **{"teacher": str(teacher_id), "from": f"{start:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}"}
    )
    scope = (
        f"{name} · {_label(PeriodFigures(given['year'], given['code']))}" if _is_code(given["code"]) else name
    )
    return shown.listed(
        request,
        table,
        scope=scope,
        back=(_("Quality of knowledge of a teacher"), back),
        help="journal/teacher-quality",
    )


def _is_code(code: str) -> bool:
    return code == YEAR_CODE or (code[:1] in ("q", "h") and code[1:].isdigit())
