"""The book of arrivals and departures: terms of the year that add up, classes of a term, names behind a number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import audit
from kernel.access import requires
from kernel.http import Request
from modules.contingent import api as contingent
from modules.orders import api as orders
from modules.records import permissions, printing, queries
from modules.records.data import MoveLine
from modules.records.queries import MovementYear
from modules.records.rules import Balance, Row
from modules.records.views.parts import language_of, pdf
from modules.school import api as school
from ui import render
from ui.charts import Chart, Series
from ui.components import Tab


@require_GET
@requires(permissions.BOOKS)
@identity.proved(when=identity.takes_away, file=True)
def book(request: Request) -> HttpResponse:
    """The year by months or by quarters; below, the chosen term by class. `?as=pdf` and `?as=excel`."""
    actor, year = request.actor, render.school_year(request)
    step = _step(request)
    shape = request.GET.get("as", "")
    if shape in ("pdf", "excel"):
        audit.record(
            actor=actor,
            action="records.movement.exported",
            object_type="movement",
            details={"as": shape, "year": year},
        )
    with translation.override(language_of(request) if shape == "pdf" else render.language()):
        found = queries.movement_of_year(actor=actor, year=year, step=step)
        chosen = found.of(request.GET.get("term", ""))
        if chosen is not None and shape == "pdf":
            data = printing.movement_book(found, chosen)
            printed = documents.render("records.movement", data, language=language_of(request), actor=actor)
            return pdf(printed.content, _("Book of arrivals and departures"))
    if chosen is not None and shape == "excel":
        return _workbook(found, chosen)
    address = reverse("records:movement")
    context: dict[str, Any] = {
        "book": found,
        "chosen": chosen,
        "year": year,
        "step": step,
        "tabs": [
            Tab(_("By months"), address, active=step == "months"),
            Tab(_("By quarters"), f"{address}?by=quarters", active=step == "quarters"),
        ],
        "rows": [
            _line(one, found, step) for one in (*found.balances, *([found.total] if found.total else []))
        ],
        "has_leaves": any(one.whole.moved_in or one.whole.moved_out for one in found.balances),
        "first_day": school.setting("records.first_day") == "at_beginning",
        "chart": _chart(found),
        "may_attest": actor.may(contingent.permissions.ATTEST),
    }
    if chosen is not None:
        context |= _within(chosen, found, step, request)
    template = "records/_movement.html" if render.htmx_partial(request) else "records/movement.html"
    return render.page(request, template, context, help="records/movement")


def _step(request: Request) -> Any:
    return "quarters" if request.GET.get("by") == "quarters" else "months"


def _line(one: Balance, found: MovementYear, step: str) -> dict[str, Any]:
    names = reverse("records:names")
    query = f"by={step}&term={one.term.code}"
    return {
        "balance": one,
        "row": one.whole,
        "leave": one.whole.moved_in - one.whole.moved_out,
        "is_total": one is found.total,
        "url": f"{reverse('records:movement')}?{query}",
        "arrived": f"{names}?way=in&{query}",
        "departed": f"{names}?way=out&{query}",
    }


def _within(chosen: Balance, found: MovementYear, step: str, request: Request) -> dict[str, Any]:
    names = f"{reverse('records:names')}?by={step}&term={chosen.term.code}"
    spoken = {"kk": _("Kazakh"), "ru": _("Russian")}
    return {
        "grades": [
            {
                "label": _("Grade {number}").format(number=grade),
                "row": row,
                "names": f"{names}&grade={grade}",
                "classes": [
                    {
                        "label": one.label,
                        "row": line,
                        "names": f"{names}&class={one.id}",
                        "language": spoken.get(one.language, ""),
                    }
                    for one, line in lines
                ],
            }
            for grade, row, lines in found.by_grade(chosen)
        ],
        "languages": [(spoken.get(code, code), row) for code, row in found.by_language(chosen)],
        "strays": queries.strays(chosen, actor=request.actor),
        "term_title": found.year if chosen is found.total else f"{chosen.term.label}, {found.year}",
    }


def _chart(found: MovementYear) -> Chart | None:
    if not any(one.whole.arrived or one.whole.departed for one in found.balances):
        return None
    return Chart(
        "bar",
        _("Arrived and departed"),
        [one.term.label for one in found.balances],
        [
            Series(_("Arrived"), [one.whole.arrived for one in found.balances]),
            Series(_("Departed"), [one.whole.departed for one in found.balances]),
        ],
    )


@require_GET
@requires(permissions.BOOKS)
def names(request: Request) -> HttpResponse:
    """Who stands behind a number of the balance."""
    found = queries.movement_of_year(
        actor=request.actor, year=render.school_year(request), step=_step(request)
    )
    chosen = found.of(request.GET.get("term", ""))
    way = "out" if request.GET.get("way") == "out" else "in"
    class_id = _uuid(request.GET.get("class", ""))
    grade = request.GET.get("grade", "")
    lines = queries.names(
        found.arrivals if way == "in" else found.departures,
        chosen.term if chosen else None,
        class_id=class_id,
        grade=int(grade) if grade.isdecimal() and len(grade) < 3 else None,
    )
    known = found.classes.get(class_id) if class_id else None
    query = request.GET.copy()
    tabs = []
    for code, label in (("in", _("Arrived")), ("out", _("Departed"))):
        query["way"] = code
        tabs.append(Tab(label, f"{request.path}?{query.urlencode()}", active=code == way))
    context = {
        "lines": lines,
        "way": way,
        "tabs": tabs,
        "term": chosen.term if chosen else None,
        "year": found.year,
        "of": known.label if known else _("Grade {number}").format(number=grade) if grade else "",
        "back": f"{reverse('records:movement')}?by={_step(request)}&term={request.GET.get('term', '')}",
        "may_orders": request.actor.may(orders.permissions.VIEW_CONTINGENT),
    }
    return render.page(request, "records/names.html", context, help="records/movement")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _workbook(found: MovementYear, chosen: Balance) -> HttpResponse:
    """Four sheets: the terms, the classes of the chosen term, who arrived, who departed."""
    heads = [
        excel.Column(title, "number")
        for title in (
            _("At the beginning"), _("Arrived"), _("From other classes"), _("Departed"), _("To other classes"),
            _("At the end"),
        )
    ]  # fmt: skip

    def cells(row: Row) -> tuple[int, ...]:
        return (row.start, row.arrived, row.moved_in, row.departed, row.moved_out, row.end)

    balances = [*found.balances, *([found.total] if found.total else [])]
    terms = excel.Sheet(
        _("Balance"),
        [excel.Column(_("Term")), *heads],
        [(one.term.label, *cells(one.whole)) for one in balances],
    )
    classes = excel.Sheet(
        _("By classes"),
        [excel.Column(_("Class")), excel.Column(_("Language of teaching")), *heads],
        [
            (one.label, {"kk": _("Kazakh"), "ru": _("Russian")}.get(one.language, ""), *cells(row))
            for _grade, _whole, lines in found.by_grade(chosen)
            for one, row in lines
        ],
    )
    arrived = _names_sheet(_("Arrived"), queries.names(found.arrivals, chosen.term))
    departed = _names_sheet(_("Departed"), queries.names(found.departures, chosen.term))
    return excel.response(_("Book of arrivals and departures"), [terms, classes, arrived, departed])


def _names_sheet(title: str, lines: list[MoveLine]) -> excel.Sheet:
    columns = [
        excel.Column(_("Surname, name, patronymic")), excel.Column(_("Date of birth"), "date"),
        excel.Column(_("Class")), excel.Column(_("Date"), "date"), excel.Column(_("Where from, where to")),
        excel.Column(_("Reason")), excel.Column(_("Order")), excel.Column(_("Slip")),
        excel.Column(_("Confirmation of arrival")),
    ]  # fmt: skip
    rows = [
        (one.full_name, one.birth_date, one.school_class, one.day, one.place, one.reason, one.order, one.slip, one.confirmation)
        for one in lines
    ]  # fmt: skip
    return excel.Sheet(title, columns, rows)
