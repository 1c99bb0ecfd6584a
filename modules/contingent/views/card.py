"""A pupil's card by its parts: only those open to the reader; that a part was opened is logged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import api as identity
from kernel import audit, clock, iin
from kernel.access import Actor, requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.contingent import forms, permissions, queries, services
from modules.contingent.data import CITIZENSHIPS
from modules.contingent.models import Pupil
from modules.contingent.queries.words import term
from modules.contingent.views import changes, lines
from modules.contingent.views.form_page import part_url, submit
from modules.orders import api as orders
from tenants import reference
from ui import render
from ui.components import Tab

SUBJECT = "pupil"
FIELDS = (
    "surname", "name", "patronymic", "iin", "sex", "birth_date", "birth_place", "nationality", "citizenship",
    "file_number", "address", "phone",
)  # fmt: skip


@require_GET
@requires(
    permissions.CARD,
    permissions.DOCUMENTS,
    permissions.HEALTH,
    permissions.HEALTH_ADVICE,
    permissions.CHANGES,
    permissions.WHO_LOOKED,
)
def show(request: Request, pupil_id: UUID) -> HttpResponse:
    """The card; that its part was opened is logged."""
    actor = request.actor
    row, parts = queries.open_card(actor=actor, pupil_id=pupil_id)
    tab = request.GET.get("tab", parts[0])
    if tab not in parts:
        raise NotFound
    if actor.person_id != row.pk:
        _log(actor, row, tab)
    context: dict[str, Any] = {
        "pupil": row,
        "name": row.person_name.full,
        "tab": tab,
        "tabs": _tabs(row, tab, parts),
        "place": queries.places_of([row.pk]).get(row.pk),
        "may_edit": actor.may(permissions.EDIT) and "identity" in parts,
        "sees_lists": actor.may(permissions.LISTS),
        "banned": _banned(actor, row) if "guardians" in parts else (),
    }
    context |= _PARTS[tab](actor, row)
    return render.page(request, "contingent/card.html", context, help="contingent/card")


def _tabs(row: Pupil, tab: str, parts: list[str]) -> list[Tab]:
    names = {
        "identity": _("Identity"),
        "documents": _("Documents"),
        "addresses": _("Addresses"),
        "guardians": _("Guardians"),
        "statuses": _("Statuses"),
        "health": _("Health"),
        "movement": _("Movement"),
        "changes": _("Changes"),
        "looked": _("Who looked"),
    }
    address = reverse("contingent:pupil", args=[row.pk])
    return [Tab(names[code], f"{address}?tab={code}", active=code == tab) for code in parts]


def _log(actor: Actor, row: Pupil, tab: str) -> None:
    """Each part has a reason of its own, so that the parents read what was looked at."""
    whom: dict[str, Any] = {"subject": SUBJECT, "subject_ids": [row.pk]}
    match tab:
        case "identity":
            audit.viewed(actor=actor, **whom, purpose="contingent.card")
        case "documents":
            audit.viewed(actor=actor, **whom, purpose="contingent.card.documents")
        case "addresses":
            audit.viewed(actor=actor, **whom, purpose="contingent.card.addresses")
        case "guardians":
            audit.viewed(actor=actor, **whom, purpose="contingent.card.guardians")
        case "statuses":
            audit.viewed(actor=actor, **whom, purpose="contingent.card.statuses")
        case "health":
            audit.viewed(actor=actor, **whom, purpose="contingent.card.health")
        case "movement":
            audit.viewed(actor=actor, **whom, purpose="contingent.card.movement")
        case "changes":
            audit.viewed(actor=actor, **whom, purpose="contingent.card.changes")


def _banned(actor: Actor, row: Pupil) -> list[Any]:
    """Guardians who may not see the child, for the staff who might meet them."""
    if actor.person_kind != "staff":
        return []
    return [one for one in queries.guardians_of(actor=actor, pupil_id=row.pk) if one.ban is not None]


# --- parts


def _identity(actor: Actor, row: Pupil) -> dict[str, Any]:
    return {
        "may_reveal": actor.may(permissions.REVEAL_IIN) and bool(row.iin),
        "iin": iin.mask(row.iin),
        "nationality": term("nationalities", row.nationality),
        "citizenship": CITIZENSHIPS.get(row.citizenship, row.citizenship),
        "siblings": queries.siblings_of(actor=actor, pupil_id=row.pk),
        "disagreements": forms.disagreements(number=row.iin, birth_date=row.birth_date, sex=row.sex),
        "photo_form": forms.PhotoForm(),
    }


def _documents(actor: Actor, row: Pupil) -> dict[str, Any]:
    return {"sections": lines.sections(actor, row, "documents")}


def _addresses(actor: Actor, row: Pupil) -> dict[str, Any]:
    sections = lines.sections(actor, row, "addresses", "transport")
    return {
        "sections": sections,
        "as_listed": row.address if not sections[0].rows else "",
        "far": queries.waits_for_transport(actor=actor, pupil_id=row.pk),
    }


def _guardians(actor: Actor, row: Pupil) -> dict[str, Any]:
    today = clock.today()
    return {
        "guardians": queries.guardians_of(actor=actor, pupil_id=row.pk),
        "bans": [
            (one, one.until is None or one.until >= today)
            for one in queries.bans_of(actor=actor, pupil_id=row.pk)
        ],
    }


def _statuses(actor: Actor, row: Pupil) -> dict[str, Any]:
    found = queries.statuses_of(actor=actor, pupil_id=row.pk)
    return {
        "statuses": [(one, term("privileges", one.code)) for one in found],
        "sections": lines.sections(actor, row, "needs", "home"),
    }


def _health(actor: Actor, row: Pupil) -> dict[str, Any]:
    if actor.may(permissions.HEALTH):
        return {"sections": lines.sections(actor, row, "health", "notes")}
    group, advice = queries.health_advice(actor=actor, pupil_id=row.pk)
    return {"only_advice": True, "group": group, "advice": advice}


def _movement(actor: Actor, row: Pupil) -> dict[str, Any]:
    """Classes, arrivals and departures, leaves, and where the pupil is attested this year."""
    reasons = {**reference.terms("inside_school"), **reference.terms("arrival")}
    year = queries.current_year()
    decided = queries.decisions_of(actor=actor, pupil_id=row.pk, year=year)
    may_attest = actor.may(permissions.ATTEST)
    moved = queries.movements_of(actor=actor, pupil_id=row.pk)
    return {
        "movement": [
            (one, reasons[one.reason].name if one.reason in reasons else "")
            for one in queries.movement_of(actor=actor, pupil_id=row.pk)
        ],
        "left_reason": term("departure", row.left_reason) if row.left_reason else "",
        "arrivals": [
            (one, term("arrival" if one.direction == "in" else "departure", one.whereabouts.reason))
            for one in moved
        ],
        "leaves": queries.leaves_of(actor=actor, pupil_id=row.pk),
        "may_orders": actor.may(orders.permissions.VIEW_CONTINGENT),
        "may_attest": may_attest,
        "quarters": [
            (span, decided.get(span.number))
            for span in queries.quarters(year)
            if may_attest or span.number in decided
        ],
        "attested_year": year,
    }


def _changes(actor: Actor, row: Pupil) -> dict[str, Any]:
    return {"changes": changes.told(queries.changes_of(actor=actor, pupil_id=row.pk))}


def _looked(actor: Actor, row: Pupil) -> dict[str, Any]:
    views = audit.views_of(subject=SUBJECT, subject_id=row.pk)
    roles = identity.roles_of({one.actor_id for one in views if one.actor_id})
    return {"views": [(one, roles.get(one.actor_id or 0, ""), audit.why(one.purpose)) for one in views]}


_PARTS: dict[str, Callable[[Actor, Pupil], dict[str, Any]]] = {
    "identity": _identity,
    "documents": _documents,
    "addresses": _addresses,
    "guardians": _guardians,
    "statuses": _statuses,
    "health": _health,
    "movement": _movement,
    "changes": _changes,
    "looked": _looked,
}


# --- changes


@require_POST
@requires(permissions.REVEAL_IIN)
def reveal_iin(request: Request, pupil_id: UUID) -> HttpResponse:
    """Show the ИИН in full, once; the look goes to the log."""
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id, through=permissions.CARD)
    audit.viewed(actor=request.actor, subject=SUBJECT, subject_ids=[row.pk], purpose="contingent.iin")
    template = "contingent/_iin.html" if render.htmx_partial(request) else "contingent/iin.html"
    context = {"pupil": row, "iin": row.iin, "name": row.person_name.full}
    response = render.page(request, template, context, help="contingent/card")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def edit(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    initial = {name: getattr(row, name) for name in FIELDS} | {"seen": row.changed_at.isoformat()}
    form = forms.PupilForm(request.POST or None, initial=initial)
    if queries.records_of(actor=request.actor, pupil_id=row.pk, section="addresses"):
        del form.fields["address"]  # the lines of addresses write it
    if request.method == "GET":
        audit.viewed(actor=request.actor, subject=SUBJECT, subject_ids=[row.pk], purpose="contingent.edit")

    def act() -> None:
        services.change_pupil(actor=request.actor, pupil_id=row.pk, **form.cleaned_data)

    return submit(request, row, form, act, title=_("Change the card"), field="iin")


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def give_status(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    form = forms.StatusForm(request.POST or None, initial={"since": clock.today()})

    def act() -> None:
        services.give_status(actor=request.actor, pupil_id=row.pk, **form.cleaned_data)

    return submit(request, row, form, act, title=_("New status"), tab="statuses")


@require_POST
@requires(permissions.EDIT)
def end_status(request: Request, pupil_id: UUID, status_id: UUID) -> HttpResponse:
    services.end_status(actor=request.actor, pupil_id=pupil_id, status_id=status_id)
    return render.toast(request, redirect(part_url(pupil_id, "statuses")), _("Saved"))
