"""The load sheet by teachers, vacancies, hours taught, and the typical curricula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents import api as documents
from documents import excel
from imports import api as imports
from kernel import audit, clock
from kernel.access import requires
from kernel.http import Request
from kernel.names import fold
from modules.schedule import permissions
from modules.schedule import queries as base
from modules.schedule.load import forms, printing, queries
from modules.schedule.load.data import Held, TeacherLoad
from modules.schedule.load.views.parts import direction_label, tabs
from tenants import reference
from ui import render
from ui.charts import Chart, Series

_PAGE = 40


@require_safe
@requires(permissions.SET_LOAD)
def teachers(request: Request) -> HttpResponse:
    """Every teacher's hours against the rate, on a day. `?as=pdf&lang=` prints, `?as=excel` takes it out."""
    actor, year = request.actor, render.school_year(request)
    wanted = forms.SheetFilter(request.GET).values()
    day = wanted["day"] or clock.today()
    shape = request.GET.get("as", "")
    if shape in ("pdf", "excel"):
        audit.record(
            actor=actor,
            action="schedule.sheet.exported",
            object_type="year",
            object_id=year,
            details={"as": shape, "day": day.isoformat()},
        )
    if shape == "pdf":
        language = _language(request)
        with translation.override(language):
            data = printing.load_sheet(actor=actor, year=year, on=day)
            paper = documents.render("schedule.load_sheet", data, language=language, actor=actor)
            return _pdf(paper.content, _("Load sheet"))
    found = queries.lines(actor=actor, year=year, on=day)
    rows = queries.sheet(actor=actor, year=year, on=day, found=found)
    vacant = queries.vacancies(found)
    if shape == "excel":
        return _workbook(rows, vacant, year)
    shown = _sorted([one for one in rows if _fits(one, wanted)], request.GET.get("sort", ""))
    page = Paginator(shown, _PAGE).get_page(request.GET.get("page"))
    taught = {one.subject_code: one.subject for one in found}
    context: dict[str, Any] = {
        "page": page,
        "wanted": wanted,
        "day": day,
        "rate": reference.hours_of_rate(year),
        "most": queries.most_hours(year=year),
        "subjects": [(code, taught[code]) for code in (*reference.subjects(),) if code in taught],
        "counts": {
            state: sum(one.state == state for one in rows) for state in ("under", "over", "beyond", "none")
        },
        "hours": sum((one.hours for one in rows), Decimal(0)),
        "vacant": len(vacant),
        "kinds": queries.hours_by_kind(found),
        "tabs": tabs("load_teachers", vacant=len(vacant)),
        "chart": _chart([one for one in page if one.hours], year),
        "query": request.GET.urlencode(),
    }
    template = "schedule/_teachers.html" if render.htmx_partial(request) else "schedule/teachers.html"
    return render.page(request, template, context, help="schedule/load-sheet")


def _fits(one: TeacherLoad, wanted: dict[str, Any]) -> bool:
    if wanted["q"] and fold(wanted["q"]) not in fold(one.name):
        return False
    if wanted["state"] and one.state != wanted["state"]:
        return False
    if wanted["subject"]:
        taught = {line.subject_code for each in one.joined for line in each.lines}
        return wanted["subject"] in taught
    return True


def _sorted(rows: list[TeacherLoad], by: str) -> list[TeacherLoad]:
    """By hours or by the difference, the least or (with a minus) the most first; else as they are, by name."""
    name = by.removeprefix("-")
    if name not in ("rate", "hours", "difference"):
        return rows[::-1] if by == "-name" else rows
    return sorted(rows, key=lambda one: getattr(one, name), reverse=by.startswith("-"))


def _chart(rows: list[TeacherLoad], year: str) -> Chart | None:
    if not rows:
        return None
    ranked = sorted(rows, key=lambda one: -one.hours)
    return Chart(
        kind="across",
        title=_("Hours a week by teacher"),
        categories=[one.name for one in ranked],
        series=[Series(_("Hours a week"), [float(one.hours) for one in ranked])],
        mean=(_("One rate"), float(reference.hours_of_rate(year).hours)),
    )


def _language(request: Request) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in ("kk", "ru") else render.language()[:2]


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{name}.pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def _workbook(rows: list[TeacherLoad], vacant: list[Any], year: str) -> HttpResponse:
    columns = [
        excel.Column(_("Teacher"), width=34),
        excel.Column(_("Subject"), width=28),
        excel.Column(_("Class"), width=12),
        excel.Column(_("Group")),
        excel.Column(_("Hours a week"), "number"),
        excel.Column(_("Part of the curriculum"), width=24),
    ]
    parts = base.kind_labels()
    lines = [
        (
            name,
            each.first.said,
            each.classes,
            str(each.first.part or ""),
            float(each.hours),
            parts[each.first.kind],
        )
        for name, found in [*((one.name, one.joined) for one in rows), (_("Vacancy"), vacant)]
        for each in found
    ]
    totals = [
        (one.name, float(one.rate), float(one.norm), float(one.hours), float(one.difference)) for one in rows
    ]
    head = [
        excel.Column(_("Teacher"), width=34),
        excel.Column(_("Rate"), "number"),
        excel.Column(_("Hours of the rate"), "number"),
        excel.Column(_("Hours a week"), "number"),
        excel.Column(_("Difference"), "number"),
    ]
    title = f"{_('Load sheet')} {year}"
    return excel.response(
        title, [excel.Sheet(_("Teachers"), head, totals), excel.Sheet(_("Lines of load"), columns, lines)]
    )


@require_safe
@requires(permissions.SET_LOAD)
def vacancies(request: Request) -> HttpResponse:
    """Lines without a teacher, each with a button that shows who could take it."""
    year = render.school_year(request)
    found = queries.vacancies(queries.lines(actor=request.actor, year=year))
    context = {
        "found": found,
        "hours": sum((one.hours for one in found), Decimal(0)),
        "rate": reference.hours_of_rate(year),
        "tabs": tabs("load_vacancies", vacant=len(found)),
    }
    return render.page(request, "schedule/vacancies.html", context, help="schedule/load-sheet")


@require_safe
@requires(permissions.SET_LOAD)
def hours(request: Request) -> HttpResponse:
    """Hours by the curriculum, laid by the calendar and held, line by line. `?as=excel` takes it out."""
    actor, year = request.actor, render.school_year(request)
    code = request.GET.get("period", "")
    text = fold(request.GET.get("q", "")[:80])
    behind = request.GET.get("behind") == "1"
    today: date = clock.today()
    found = queries.held_hours(actor=actor, year=year, code=code, on=today)
    shown = [
        one
        for one in found
        if (not text or text in fold(f"{one.line.class_label} {one.line.title} {one.teacher}"))
        and (not behind or one.difference or one.of_plan < 0)
    ]
    if request.GET.get("as") == "excel":
        return _hours_workbook(shown, year)
    context = {
        "page": Paginator(shown, _PAGE).get_page(request.GET.get("page")),
        "periods": base.periods(year=year, kind="quarter"),
        "code": code,
        "q": request.GET.get("q", "")[:80],
        "behind": behind,
        "due": sum(one.due for one in found),
        "held": sum(one.held for one in found),
        "tabs": tabs("load_hours"),
        "query": request.GET.urlencode(),
    }
    template = "schedule/_hours.html" if render.htmx_partial(request) else "schedule/hours.html"
    return render.page(request, template, context, help="schedule/load-sheet")


def _hours_workbook(found: list[Held], year: str) -> HttpResponse:
    columns = [
        excel.Column(_("Class"), width=10),
        excel.Column(_("Subject"), width=28),
        excel.Column(_("Teacher"), width=30),
        excel.Column(_("By the curriculum"), "number"),
        excel.Column(_("By the calendar"), "number"),
        excel.Column(_("Due by today"), "number"),
        excel.Column(_("Lessons held"), "number"),
        excel.Column(_("Difference"), "number"),
    ]
    rows = [
        (
            one.line.class_label,
            one.line.title,
            one.teacher,
            float(one.of_year),
            one.laid,
            one.due,
            one.held,
            one.difference,
        )
        for one in found
    ]
    return excel.response(f"{_('Hours taught')} {year}", [excel.Sheet(_("Hours taught"), columns, rows)])


@require_safe
@requires(permissions.SET_LOAD)
def typical(request: Request) -> HttpResponse:
    """The typical curricula of the year with where each comes from."""
    actor, year = request.actor, render.school_year(request)
    plans = queries.all_typical(actor=actor, year=year)
    languages = reference.terms("languages")
    context = {
        "plans": [
            (
                one,
                str(languages[one.language]) if one.language in languages else one.language,
                direction_label(one.direction),
                [(reference.subject(code).name, hours) for code, hours in one.subjects.items()],
            )
            for one in plans
        ],
        "year": year,
        "tabs": tabs("load_typical"),
        "may_load": "typical" in imports.loadable(actor=actor),
    }
    return render.page(request, "schedule/typical.html", context, help="schedule/typical")
