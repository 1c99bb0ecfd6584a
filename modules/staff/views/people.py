"""The list of employees: search, filters, service, Excel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import excel
from kernel import audit, clock
from kernel.access import requires
from kernel.http import Request
from modules.staff import permissions, queries, terms
from modules.staff.models import Employee
from modules.staff.rules.service import Length
from ui import render
from ui.components import Tab

PAGE = 50
NO_LENGTH = Length()


def sections(request: Request, active: str) -> list[Tab]:
    """The pages of the whole staff, for those who see more than the list."""
    if not request.actor.may(permissions.OVERVIEW):
        return []
    labels = {
        "employees": _("List"),
        "service": _("Length of service"),
        "dates": _("Dates"),
        "staffing": _("Staffing table"),
        "hand_overs": _("To be handed over"),
    }
    return [Tab(label, reverse(f"staff:{name}"), active=name == active) for name, label in labels.items()]


def wanted(request: Request) -> dict[str, str]:
    """What the list is narrowed to."""
    given = request.GET
    return {
        "text": given.get("q", "").strip()[:100],
        "post": given.get("post", ""),
        "subject": given.get("subject", ""),
        "category": given.get("category", ""),
        "state": given.get("state", "here"),
        "sort": given.get("sort", "name"),
    }


def _chosen(request: Request, asked: dict[str, str], band: str) -> Sequence[Employee] | Any:
    """The employees in the order asked for. Service is reckoned, not stored: then all of them are read."""
    rows = queries.with_category(queries.employees(actor=request.actor, **asked))
    if not request.actor.may(permissions.OVERVIEW) or (not band and asked["sort"].lstrip("-") != "service"):
        return rows
    people, today = list(rows), clock.today()
    served = queries.services(people, today)
    if band:
        pedagogues = queries.are_pedagogues(served, today)
        people = [
            row
            for row in people
            if str(queries.pay_band(served[row.pk], is_pedagogue=row.pk in pedagogues)[0]) == band
        ]
    if asked["sort"].lstrip("-") == "service":
        people.sort(key=lambda row: served[row.pk].pedagogical.total, reverse=asked["sort"].startswith("-"))
    return people


@require_GET
@requires(permissions.LISTS)
def index(request: Request) -> HttpResponse:
    """Who works here."""
    actor, asked, band = request.actor, wanted(request), request.GET.get("band", "")
    page = Paginator(_chosen(request, asked, band), PAGE).get_page(request.GET.get("page"))
    rows = queries.add_posts(list(page.object_list))
    overview = actor.may(permissions.OVERVIEW)
    served = queries.services(rows) if overview else {}
    all_cards = actor.reaches_school(permissions.CARD)
    context = {
        "page": page,
        "lines": [
            {
                "one": one,
                "posts": [(terms.post_name(post.code), post.rate) for post in one.posts],
                "subjects": [terms.subject_name(code) for code in one.subjects],
                "category": terms.category_name(row.category),  # type: ignore[attr-defined]
                "service": terms.served(served[row.pk].pedagogical.total) if row.pk in served else "",
                "retires": queries.retirement_of(row) if overview else None,
                "opens": all_cards or actor.person_id == one.id,
            }
            for row, one in ((row, queries.info(row)) for row in rows)
        ],
        "wanted": asked | {"band": band},
        "query": request.GET.urlencode(),
        "posts": terms.posts(),
        "subjects": terms.subjects(),
        "categories": [("none", _("none")), *terms.categories()],
        "bands": terms.bands(),
        "overview": overview,
        "sections": sections(request, "employees"),
        "may_edit": actor.may(permissions.EDIT),
        "may_load": actor.may(permissions.IMPORT),
        "may_export": actor.may(permissions.EXPORT),
    }
    template = "staff/_employees.html" if render.htmx_partial(request) else "staff/employees.html"
    return render.page(request, template, context, help="staff/employees")


@require_GET
@requires(permissions.EXPORT)
def excel_list(request: Request) -> HttpResponse:
    """The list as it is filtered; told to the security log."""
    chosen = _chosen(request, wanted(request), request.GET.get("band", ""))
    rows = queries.add_posts(list(chosen))
    served = queries.services(rows)
    schooling = queries.educations(rows)
    audit.record(
        actor=request.actor,
        action="staff.employees.exported",
        object_type="employee",
        details={"count": len(rows)},
    )
    columns = [
        excel.Column(_("No."), "number"),
        excel.Column(_("Surname")),
        excel.Column(_("First name")),
        excel.Column(_("Patronymic")),
        excel.Column(_("Post")),
        excel.Column(_("Rate"), "number"),
        excel.Column(_("Subject")),
        excel.Column(_("Qualification category")),
        excel.Column(_("Category given on"), "date"),
        excel.Column(_("Education")),
        excel.Column(_("Pedagogical service")),
        excel.Column(_("Phone")),
    ]

    def cells(n: int, row: Employee) -> tuple[Any, ...]:
        one = queries.info(row)
        return (
            n,
            one.surname,
            one.name,
            one.patronymic,
            ", ".join(terms.post_name(post.code) for post in one.posts),
            one.rate,
            ", ".join(terms.subject_name(code) for code in one.subjects),
            terms.category_name(row.category),  # type: ignore[attr-defined]
            row.category_date,  # type: ignore[attr-defined]
            "\n".join(schooling.get(row.pk, [])),
            terms.served(served[row.pk].pedagogical.total),
            row.phone,
        )

    sheet = excel.Sheet(_("Employees"), columns, (cells(n, row) for n, row in enumerate(rows, 1)))
    return excel.response(_("Employees"), [sheet])
