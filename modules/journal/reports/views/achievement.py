"""Achievement and quality of knowledge, with the pupils behind each figure."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from identity import api as identity
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.journal import permissions
from modules.journal.reports.data import MARK_HEADS, PICKS, Head, Line, Marks, Report, Table, mark_cells
from modules.journal.reports.queries import achievement as queries
from modules.journal.reports.queries.ground import CourseOf, Span, span_of
from modules.journal.reports.views import lists, shown
from ui import render
from ui.charts import Chart, Series
from ui.components import Tab

NARROW = ("subject", "class", "teacher", "mine")
# With more lines than this the bars of a chart would be thin threads.
MOST_BARS = 40


@require_safe
@requires(permissions.VIEW)
def index(request: Request) -> HttpResponse:
    """Which reports there are for whoever asks."""
    may_control = request.actor.may(permissions.CONTROL)
    return render.page(
        request, "journal/reports/index.html", {"may_control": may_control}, help="journal/reports"
    )


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def achievement(request: Request) -> HttpResponse:
    """Marks of the period by subject, class or teacher. `?as=pdf` and `?as=excel`."""
    given = shown.asked(request, *NARROW)
    by = request.GET.get("by", "")
    by = by if by in queries.BY else "subject"
    code = request.GET.get("period", "")

    def look() -> tuple[Span, list[Span], queries.Achievement]:
        span, known = span_of(year=render.school_year(request), code=code)
        narrow = _narrow(given)
        return span, known, queries.achievement(actor=request.actor, span=span, by=by, narrow=narrow)

    def report() -> Report:
        span, __, found = look()
        return _report(span, found, given)

    if (file := shown.as_file(request, "achievement", report)) is not None:
        return file
    span, known, found = look()
    here = {"period": span.code, **given}
    context = {
        "span": span,
        "spans": known,
        "found": found,
        "by": by,
        "given": given,
        "tabs": [
            Tab(label, shown.query(by=key, **here), active=key == by)
            for key, label in queries.BY.items()
            if key != "teacher" or len(found.teachers) > 1
        ],
        "chart": _chart(found),
        "rows": [_row(one, {**here, by: one.key}) for one in found.lines],
        "total": _row(queries.Figures("", str(_("Total")), found.total), here),
        "has_passes": bool(found.total.passed or found.total.failed),
        "query": shown.query(by=by, **here),
    }
    return render.page(request, "journal/reports/achievement.html", context, help="journal/achievement")


def _narrow(given: dict[str, str]) -> queries.Narrow:
    return queries.Narrow(
        subject=given.get("subject", ""),
        school_class=given.get("class", ""),
        teacher=given.get("teacher", ""),
        mine=given.get("mine") == "1",
    )


def _row(one: queries.Figures, here: dict[str, str]) -> dict[str, Any]:
    """A line of figures, each with the address of its list."""
    base = reverse("journal:report_pupils")

    def cell(value: int, pick: str) -> tuple[int, str]:
        return value, base + shown.query(**here, pick=pick) if value else ""

    marks = one.marks
    return {
        "title": one.title,
        "counts": [cell(getattr(marks, Marks.FIELDS[mark]), mark) for mark in ("5", "4", "3", "2")],
        "na": cell(marks.na, "na"),
        "passed": cell(marks.passed, "pass"),
        "failed": cell(marks.failed, "fail"),
        "forecast": cell(marks.forecast, "forecast"),
        "whole": cell(marks.whole, "all"),
        "quality": (marks.quality, cell(marks.n5 + marks.n4, "quality")[1]),
        "achievement": (marks.achievement, cell(marks.assessed - marks.n2, "achievement")[1]),
        "mean": marks.mean,
    }


def _chart(found: queries.Achievement) -> Chart | None:
    lines = [one for one in found.lines if one.marks.assessed][:MOST_BARS]
    if len(lines) < 2:
        return None
    quality, achievement = (
        [one.marks.quality or 0 for one in lines],
        [one.marks.achievement or 0 for one in lines],
    )
    mean = found.total.quality
    return Chart(
        "bar" if found.by == "class" else "across",
        _("Quality of knowledge and achievement, %"),
        [one.title for one in lines],
        [
            Series(_("Quality of knowledge"), [round(x, 1) for x in quality]),
            Series(_("Achievement"), [round(x, 1) for x in achievement], "point"),
        ],
        unit="%",
        head=queries.BY[found.by],
        mean=None if mean is None else (_("All together"), round(mean, 1)),
    )


def _scope(span: Span, found: queries.Achievement, given: dict[str, str]) -> str:
    named = {"subject": found.subjects, "class": found.classes, "teacher": found.teachers}
    words = [dict(named[key]).get(value, "") for key, value in given.items() if key in named]
    return " · ".join(filter(None, [span.year, span.label, *words]))


def _report(span: Span, found: queries.Achievement, given: dict[str, str]) -> Report:
    heads = (Head(queries.BY[found.by]), Head(_("Marks in all"), "number"), *MARK_HEADS)
    lines = [Line((one.title, one.marks.whole, *mark_cells(one.marks))) for one in found.lines]
    lines.append(Line((_("Total"), found.total.whole, *mark_cells(found.total))))
    title = _("Achievement and quality of knowledge")
    note = _("Marks are counted, not pupils. A mark that is not given yet is taken as it is forecast.")
    return Report(
        title, _scope(span, found, given), tables=(Table(queries.BY[found.by], heads, lines, note),)
    )


@require_safe
@requires(permissions.VIEW)
@identity.proved(when=identity.takes_away, file=True)
def pupils(request: Request) -> HttpResponse:
    """The pupils behind a figure of achievement."""
    given, pick = shown.asked(request, *NARROW), request.GET.get("pick", "all")
    if pick not in PICKS:
        raise NotFound
    span, __ = span_of(year=render.school_year(request), code=request.GET.get("period", ""))
    found, names = queries.pupils_behind(actor=request.actor, span=span, narrow=_narrow(given), pick=pick)

    def address(course: CourseOf) -> str:
        part = span.part_of(course)
        return reverse("journal:grid", args=[course.id]) + (f"?period={part.code}" if part else "")

    title = _("Pupils {who}").format(who=PICKS[pick])
    scope = " · ".join([span.year, span.label])
    back = (_("Achievement and quality of knowledge"), _back(request, span))
    table = lists.marks(title, found, names, address)
    return shown.listed(request, table, scope=scope, back=back, help="journal/achievement")


def _back(request: Request, span: Span) -> str:
    kept = shown.asked(request, *NARROW)
    return reverse("journal:report_achievement") + shown.query(period=span.code, **kept)
