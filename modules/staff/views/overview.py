"""Of the whole staff: length of service on a day, what comes up, the staffing table, what is to be handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import audit, clock
from kernel.access import require, requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.staff import forms, permissions, queries, services, terms
from modules.staff.data import ServiceLine, ServiceTable, Vacancy
from modules.staff.models import Employee
from modules.staff.queries import Coming
from modules.staff.rules.ages import later
from modules.staff.views.card import asked_day
from modules.staff.views.people import sections
from ui import render


def table(request: Request, on: date) -> list[ServiceLine]:
    """Everybody who works here, with the four lengths on the day."""
    rows = queries.add_posts(list(queries.employees(actor=request.actor)))
    served = queries.services(rows, on)
    pedagogues = queries.are_pedagogues(served, on)
    found = []
    for row in rows:
        told, one = served[row.pk], queries.info(row)
        found.append(
            ServiceLine(
                id=row.pk,
                name=one.full_name,
                posts=", ".join(terms.post_name(post.code) for post in one.posts),
                general=terms.served(told.general.total),
                pedagogical=terms.served(told.pedagogical.total),
                here=terms.served(told.here.total),
                in_post=terms.served(told.in_post.total),
                band=terms.band_name(queries.pay_band(told, is_pedagogue=row.pk in pedagogues)),
            )
        )
    return found


@require_GET
@requires(permissions.OVERVIEW)
@identity.proved(when=identity.takes_away, file=True)
def service(request: Request) -> HttpResponse:
    """Length of service of all on a day; `?as=excel` and `?as=pdf` give the table on paper."""
    on = asked_day(request)
    lines = table(request, on)
    wanted = request.GET.get("as", "")
    if wanted:
        require(request.actor, permissions.EXPORT)
        audit.record(
            actor=request.actor,
            action="staff.service.exported",
            object_type="employee",
            details={"count": len(lines), "on": on.isoformat()},
        )
    if wanted == "excel":
        return _service_sheet(lines, on)
    if wanted == "pdf":
        printed = documents.render(
            "staff.service",
            ServiceTable(f"{on:%d.%m.%Y}", tuple(lines)),
            language=get_language() or "kk",
            actor=request.actor,
        )
        response = HttpResponse(printed.content, content_type="application/pdf")
        response.headers["Content-Disposition"] = excel.attachment(printed.name, inline=True)
        return response
    context = {
        "sections": sections(request, "service"),
        "lines": lines,
        "on": on,
        "options": queries.options(),
        "may_export": request.actor.may(permissions.EXPORT),
    }
    return render.page(request, "staff/service.html", context, help="staff/service")


def _service_sheet(lines: list[ServiceLine], on: date) -> HttpResponse:
    columns = [
        excel.Column(_("No."), "number"),
        excel.Column(_("Full name")),
        excel.Column(_("Post")),
        excel.Column(_("General service")),
        excel.Column(_("Pedagogical service")),
        excel.Column(_("At this school")),
        excel.Column(_("In the present post")),
        excel.Column(_("Pay band")),
    ]
    rows = (
        (n, one.name, one.posts, one.general, one.pedagogical, one.here, one.in_post, one.band)
        for n, one in enumerate(lines, 1)
    )
    name = f"{_('Length of service')} {on:%d.%m.%Y}"
    return excel.response(name, [excel.Sheet(_("Length of service"), columns, rows)])


# --- what comes up


def _birthdays(people: list[Employee]) -> list[Coming]:
    today = clock.today()
    first = today.replace(day=1)
    last = later(first, months=1) - timedelta(days=1)
    return queries.birthdays_between(people, start=first, end=last)


def _jubilees(people: list[Employee]) -> list[Coming]:
    year = clock.today().year
    return queries.birthdays_between(people, start=date(year, 1, 1), end=date(year, 12, 31), only_round=True)


def _attestation(people: list[Employee]) -> list[Coming]:
    return queries.attestation_due(people, until=later(clock.today(), years=1))


def _courses(people: list[Employee]) -> list[Coming]:
    return queries.without_courses(people)


def _retirement(people: list[Employee]) -> list[Coming]:
    return queries.retiring(people, until=date(clock.today().year + 1, 12, 31))


LISTS: dict[str, Callable[[list[Employee]], list[Coming]]] = {
    "birthdays": _birthdays,
    "jubilees": _jubilees,
    "attestation": _attestation,
    "courses": _courses,
    "retirement": _retirement,
}


@require_GET
@requires(permissions.OVERVIEW)
@identity.proved(when=identity.takes_away, file=True)
def dates(request: Request) -> HttpResponse:
    """Birthdays, jubilees, attestation, courses, the age of retirement: one list at a time."""
    what = request.GET.get("what", "birthdays")
    what = what if what in LISTS else "birthdays"
    labels = {
        "birthdays": _("Birthdays of the month"),
        "jubilees": _("Jubilees of the year"),
        "attestation": _("Attestation within a year"),
        "courses": _("Without recent courses"),
        "retirement": _("Retirement this year and next"),
    }
    lines = LISTS[what](queries.everybody(actor=request.actor))
    if request.GET.get("as") == "excel":
        require(request.actor, permissions.EXPORT)
        audit.record(
            actor=request.actor,
            action="staff.dates.exported",
            object_type="employee",
            details={"what": what, "count": len(lines)},
        )
        columns = [
            excel.Column(_("Full name")),
            excel.Column(_("Date"), "date"),
            excel.Column(_("Years"), "number"),
            excel.Column(_("Note")),
        ]
        rows = ((one.name, one.day, one.years, one.note) for one in lines)
        return excel.response(labels[what], [excel.Sheet(labels[what], columns, rows)])
    address = reverse("staff:dates")
    context = {
        "sections": sections(request, "dates"),
        "what": what,
        "label": labels[what],
        "lines": lines,
        "today": clock.today(),
        "lists": [
            {"label": label, "url": f"{address}?what={code}", "active": code == what}
            for code, label in labels.items()
        ],
        "may_export": request.actor.may(permissions.EXPORT),
    }
    return render.page(request, "staff/dates.html", context, help="staff/dates")


# --- the staffing table


@require_GET
@requires(permissions.OVERVIEW)
def staffing(request: Request) -> HttpResponse:
    """Approved rates against held ones, and what is vacant since when."""
    asked = request.GET.get("post", "")
    form = forms.StaffingForm(initial={"since": clock.today(), "post_code": asked})
    if request.GET.get("as") == "excel":
        return _staffing_sheet(request)
    return _staffing(request, form, is_opened=bool(asked))


@require_POST
@requires(permissions.STAFFING)
def approve(request: Request) -> HttpResponse:
    """Approve another number of rates for a post from a day on."""
    form = forms.StaffingForm(request.POST)
    if form.is_valid():
        try:
            services.approve(actor=request.actor, **form.cleaned_data)
            return render.toast(request, redirect("staff:staffing"), _("Saved"))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return _staffing(request, form, is_opened=True, status=422)


def _staffing_lines(request: Request) -> list[tuple[Vacancy, str]]:
    return [(one, terms.post_name(one.post_code)) for one in queries.vacancies(actor=request.actor)]


def _staffing(
    request: Request, form: forms.StaffingForm, *, is_opened: bool, status: int = 200
) -> HttpResponse:
    lines = _staffing_lines(request)
    context = {
        "sections": sections(request, "staffing"),
        "lines": lines,
        "form": form,
        "may_change": request.actor.may(permissions.STAFFING),
        "may_export": request.actor.may(permissions.EXPORT),
        "approved": sum((one.approved for one, __ in lines), start=0),
        "held": sum((one.held for one, __ in lines), start=0),
        "vacant": sum((one.vacant for one, __ in lines), start=0),
        "is_filled": any(one.approved for one, __ in lines),
        "opened": is_opened,
    }
    return render.page(request, "staff/staffing.html", context, help="staff/staffing", status=status)


def _staffing_sheet(request: Request) -> HttpResponse:
    require(request.actor, permissions.EXPORT)
    lines = _staffing_lines(request)
    audit.record(actor=request.actor, action="staff.staffing.exported", object_type="staffing")
    columns = [
        excel.Column(_("Post")),
        excel.Column(_("Approved rates"), "number"),
        excel.Column(_("Held"), "number"),
        excel.Column(_("Vacant"), "number"),
        excel.Column(_("Vacant since"), "date"),
    ]
    rows = ((label, one.approved, one.held, one.vacant, one.since) for one, label in lines)
    return excel.response(_("Staffing table"), [excel.Sheet(_("Staffing table"), columns, rows)])


@require_GET
@requires(permissions.OVERVIEW)
def hand_overs(request: Request) -> HttpResponse:
    """Classes and lessons in the hands of those who have left or are leaving."""
    context = {
        "sections": sections(request, "hand_overs"),
        "people": queries.hand_overs(actor=request.actor),
        "today": clock.today(),
    }
    return render.page(request, "staff/hand_overs.html", context, help="staff/orders")
