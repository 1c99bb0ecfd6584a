"""The register of pupils and its spreadsheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import excel
from kernel import audit, iin
from kernel.access import requires
from kernel.http import Request
from modules.contingent import permissions, queries
from modules.contingent.models import Pupil
from tenants import reference
from ui import render

PAGE = 50


def _wanted(request: Request) -> dict[str, Any]:
    given = request.GET
    try:
        class_id = UUID(given.get("class", "")) if given.get("class") else None
    except ValueError:
        class_id = None
    return {
        "text": given.get("q", "").strip()[:100],
        "class_id": class_id,
        "sex": given.get("sex", ""),
        "status": given.get("status", ""),
        "state": given.get("state", "here"),
        "sort": given.get("sort", "name"),
    }


@require_GET
@requires(permissions.LISTS)
def index(request: Request) -> HttpResponse:
    """The register: search, filters, Kazakh order."""
    actor, wanted = request.actor, _wanted(request)
    rows = queries.register(actor=actor, **wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    pupils = list(page.object_list)
    places = queries.places_of([one.pk for one in pupils])
    may_card = actor.may(permissions.CARD) or actor.may(permissions.HEALTH)
    all_cards = queries.opens_all_cards(actor) or not actor.reaches_school(permissions.VIEW)
    classes = list(queries.classes_of_year(actor=actor))
    own = {row.pk for row in classes if actor.person_id in queries.info_of_class(row).leader_ids}

    def opens(one: Pupil) -> bool:
        return may_card and (all_cards or (one.pk in places and places[one.pk].school_class_id in own))

    context = {
        "page": page,
        "lines": [_line(one, places.get(one.pk), opens(one)) for one in pupils],
        "wanted": wanted,
        "query": request.GET.urlencode(),
        "classes": classes,
        "statuses": reference.terms("privileges").values() if actor.may(permissions.CARD) else (),
        "may_enrol": actor.may(permissions.EDIT),
        "may_load": actor.may(permissions.IMPORT),
        "may_export": actor.may(permissions.EXPORT),
        "shows_iin": actor.may(permissions.EDIT),
    }
    template = "contingent/_pupils.html" if render.htmx_partial(request) else "contingent/pupils.html"
    return render.page(request, template, context, help="contingent/pupils")


def _line(one: Pupil, place: Any, opens: bool) -> dict[str, Any]:
    return {
        "pupil": one,
        "name": one.person_name.full,
        "school_class": place.school_class if place else None,
        "iin": iin.mask(one.iin),
        "opens": opens,
    }


@require_GET
@requires(permissions.EXPORT)
def excel_list(request: Request) -> HttpResponse:
    """The register as it is filtered; told to the security log. The ИИН stands in full only for those who may."""
    actor = request.actor
    rows = list(queries.register(actor=actor, **_wanted(request)))
    places = queries.places_of([one.pk for one in rows])
    whole = actor.may(permissions.REVEAL_IIN)
    audit.record(
        actor=actor,
        action="contingent.pupils.exported",
        object_type="pupil",
        details={"count": len(rows), "with_iin": whole},
    )
    columns = [
        excel.Column(_("No."), "number"),
        excel.Column(_("IIN")),
        excel.Column(_("Surname")),
        excel.Column(_("First name")),
        excel.Column(_("Patronymic")),
        excel.Column(_("Sex")),
        excel.Column(_("Date of birth"), "date"),
        excel.Column(_("Class")),
        excel.Column(_("Nationality")),
        excel.Column(_("Personal file No.")),
        excel.Column(_("Address")),
    ]
    nations = reference.terms("nationalities")

    def cells(n: int, one: Pupil) -> tuple[Any, ...]:
        place = places.get(one.pk)
        return (
            n,
            one.iin if whole else iin.mask(one.iin),
            one.surname,
            one.name,
            one.patronymic,
            one.get_sex_display(),
            one.birth_date,
            place.school_class.label if place else "",
            nations[one.nationality].name if one.nationality in nations else one.nationality,
            one.file_number,
            one.address,
        )

    sheet = excel.Sheet(_("Pupils"), columns, (cells(n, one) for n, one in enumerate(rows, 1)))
    return excel.response(_("Pupils"), [sheet])
