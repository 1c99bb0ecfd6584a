"""The book of substituted lessons and the sheet of hours: screen, Excel, paper."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import audit, clock
from kernel.access import requires
from kernel.http import Request
from modules.schedule import permissions
from modules.schedule.substitutions import forms, papers, queries, services
from modules.schedule.substitutions.registers import BOOK
from registers import api as registers
from tenants import reference
from ui import render


@require_GET
@requires(permissions.SUBSTITUTION_BOOK)
def book(request: Request) -> HttpResponse:
    """The lines of the book; the month and the teacher narrow them."""
    return registers.show(request, BOOK, "schedule/book.html", help="schedule/substitution-book")


@require_GET
@requires(permissions.SUBSTITUTION_BOOK)
@identity.proved(file=True)
def book_excel(request: Request) -> HttpResponse:
    """The lines that the list shows, in all the columns of the legal form."""
    lines, __ = _lines(request)
    _told(request, "excel", len(lines))
    heads = [
        excel.Column(_("No."), "number"),
        excel.Column(_("Date"), "date"),
        excel.Column(_("Lesson No."), "number"),
        excel.Column(_("Class")),
        excel.Column(_("Subject")),
        excel.Column(_("Absent teacher")),
        excel.Column(_("Reason of absence")),
        excel.Column(_("Substitute")),
        excel.Column(_("Subject held")),
        excel.Column(_("Hours"), "number"),
        excel.Column(_("Order No.")),
        excel.Column(_("Pay")),
    ]
    rows = [
        (
            place,
            one.date,
            one.number,
            one.school_class,
            one.subject,
            one.teacher,
            one.reason,
            one.substitute,
            one.held_subject,
            one.hours,
            one.ground,
            _("paid") if one.is_paid else _("not paid"),
        )
        for place, one in enumerate(lines, 1)
    ]
    name = _("Book of substituted lessons")
    return excel.response(name, [excel.Sheet(name, heads, rows)])


def _lines(request: Request) -> tuple[list[queries.BookLine], str]:
    """The lines that the list shows, by day and number, and what narrows them in words."""
    listing = registers.listing_of(request, BOOK)
    rows = list(listing.open()[0].order_by("date", "shift", "number", "pk"))
    chosen = ", ".join(str(words) for _one, _value, words in listing.chosen())
    return queries.lines(rows, actor=request.actor), chosen


@require_GET
@requires(permissions.SUBSTITUTION_BOOK)
@identity.proved(file=True)
def book_pdf(request: Request) -> HttpResponse:
    """The book on paper: the lines that the list shows, in their order by date."""
    actor = request.actor
    with translation.override(_language(request)):
        lines, chosen = _lines(request)
        data = papers.book(lines, scope=chosen or clock.school_year_of(clock.today()))
        name = _("Book of substituted lessons")
    _told(request, "pdf", len(lines))
    printed = documents.render("schedule.substitutions", data, language=_language(request), actor=actor)
    return _pdf(printed.content, name)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.ARRANGE)
def line(request: Request, substitution_id: UUID) -> HttpResponse:
    """Correct a line of the book."""
    actor = request.actor
    row, shown = queries.get_line(actor=actor, substitution_id=substitution_id)
    subjects = [(code, one.name) for code, one in reference.subjects().items()]
    form = forms.BookLine(request.POST or None, subjects=subjects, initial=forms.BookLine.values_of(row))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        services.correct(
            actor=actor,
            substitution_id=substitution_id,
            subject_code=values["subject"],
            hours=values["hours"],
            is_paid=values["is_paid"],
            ground=values["ground"],
        )
        back = HttpResponseRedirect(f"{reverse('schedule:book')}?month={row.date:%Y-%m}")
        return render.toast(request, back, _("Saved."))
    answer = render.refused if form.is_bound else render.page
    context = {"line": shown, "form": form}
    return answer(request, "schedule/book_line.html", context, help="schedule/substitution-book")


@require_GET
@requires(permissions.SUBSTITUTION_BOOK)
@identity.proved(when=identity.takes_away, file=True)
def hours(request: Request) -> HttpResponse:
    """The month's hours for the accountant. `?as=pdf` and `?as=excel`."""
    actor = request.actor
    month = queries.month_of(request.GET.get("month", "")) or clock.today().replace(day=1)
    shape = request.GET.get("as", "")
    if shape == "pdf":
        with translation.override(_language(request)):
            data = papers.hours(queries.hours_sheet(actor=actor, month=month), month=_month_words(month))
            name = _("Sheet of substituted hours")
        _told(request, "hours_pdf", len(data.lines))
        printed = documents.render("schedule.hours", data, language=_language(request), actor=actor)
        return _pdf(printed.content, name)
    sheet = queries.hours_sheet(actor=actor, month=month)
    if shape == "excel":
        _told(request, "hours_excel", len(sheet.lines))
        return _workbook(sheet, month)
    context: dict[str, Any] = {
        "sheet": sheet,
        "rows": [(one, [one.by_reason.get(code, 0) for code, _word in sheet.reasons]) for one in sheet.lines],
        "whole": [sheet.total.by_reason.get(code, 0) for code, _word in sheet.reasons],
        "months": [(f"{one:%Y-%m}", _month_words(one)) for one in dict.fromkeys((*queries.months(), month))],
        "month": f"{month:%Y-%m}",
        "month_words": _month_words(month),
    }
    return render.page(
        request, "schedule/substitution_hours.html", context, help="schedule/substitution-book"
    )


def _workbook(sheet: queries.HoursSheet, month: date) -> HttpResponse:
    heads = [
        excel.Column(_("Teacher")),
        *(excel.Column(word, "number") for _code, word in sheet.reasons),
        excel.Column(_("Stood in, hours"), "number"),
        excel.Column(_("of them paid"), "number"),
        excel.Column(_("not paid"), "number"),
        excel.Column(_("Held for the teacher by others"), "number"),
    ]
    rows = [
        (
            one.teacher or _("Total"),
            *(one.by_reason.get(code, 0) for code, _word in sheet.reasons),
            one.total,
            one.paid,
            one.unpaid,
            one.missed,
        )
        for one in (*sheet.lines, sheet.total)
    ]
    name = _("Sheet of substituted hours")
    return excel.response(f"{name}, {_month_words(month)}", [excel.Sheet(_month_words(month), heads, rows)])


def _month_words(month: date) -> str:
    return formats.date_format(month, "F Y")


def _language(request: Request) -> str:
    """The language asked for the paper, else the reader's own."""
    asked = request.GET.get("lang", "")
    return asked if asked in ("kk", "ru") else render.language()[:2]


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{name}.pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def _told(request: Request, shape: str, count: int) -> None:
    audit.record(
        actor=request.actor,
        action="schedule.substitutions.exported",
        object_type="substitution",
        details={"as": shape, "count": count},
    )
