"""A pupil's card: who he is, his guardians, statuses, movement, and who looked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import audit, clock, iin
from kernel.access import Actor, requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import forms, permissions, queries, services
from modules.contingent.data import CITIZENSHIPS
from modules.contingent.models import Pupil
from modules.orders import api as orders
from tenants import reference
from ui import render
from ui.components import Tab

SUBJECT = "pupil"
FIELDS = (
    "surname", "name", "patronymic", "iin", "sex", "birth_date", "nationality", "citizenship", "file_number",
    "address", "phone",
)  # fmt: skip


def term(kind: str, code: str) -> str:
    found = reference.terms(kind).get(code)
    return found.name if found else code


@require_GET
@requires(permissions.CARD)
def show(request: Request, pupil_id: UUID) -> HttpResponse:
    """The card; that it was opened is logged."""
    actor = request.actor
    row = queries.get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    tab = request.GET.get("tab", "identity")
    sees_log = queries.may_see_log(actor=actor, pupil_id=row.pk)
    tabs = _tabs(row, tab, sees_log=sees_log)
    if not any(one.active for one in tabs):
        raise NotFound
    if actor.person_id != row.pk and tab == "identity":
        audit.viewed(actor=actor, subject=SUBJECT, subject_ids=[row.pk], purpose="contingent.card")
    place = queries.places_of([row.pk]).get(row.pk)
    context: dict[str, Any] = {
        "pupil": row,
        "name": row.person_name.full,
        "tab": tab,
        "tabs": tabs,
        "place": place,
        "may_edit": actor.may(permissions.EDIT),
        "may_reveal": actor.may(permissions.REVEAL_IIN) and bool(row.iin),
        "iin": iin.mask(row.iin),
    }
    context |= _parts(actor, row, tab)
    return render.page(request, "contingent/card.html", context, help="contingent/card")


def _tabs(row: Pupil, tab: str, *, sees_log: bool) -> list[Tab]:
    address = reverse("contingent:pupil", args=[row.pk])
    names = [
        ("identity", _("Identity")),
        ("guardians", _("Guardians")),
        ("statuses", _("Statuses")),
        ("movement", _("Movement")),
    ]
    if sees_log:
        names.append(("looked", _("Who looked")))
    return [Tab(label, f"{address}?tab={code}", active=code == tab) for code, label in names]


def _parts(actor: Actor, row: Pupil, tab: str) -> dict[str, Any]:
    """What the open tab needs."""
    if tab == "guardians":
        return {"guardians": queries.guardians_of(actor=actor, pupil_id=row.pk)}
    if tab == "statuses":
        found = queries.statuses_of(actor=actor, pupil_id=row.pk)
        return {"statuses": [(one, term("privileges", one.code)) for one in found]}
    if tab == "movement":
        found_terms = queries.movement_of(actor=actor, pupil_id=row.pk)
        reasons = {**reference.terms("inside_school"), **reference.terms("arrival")}
        return {
            "movement": [
                (one, reasons[one.reason].name if one.reason in reasons else "") for one in found_terms
            ],
            "left_reason": term("departure", row.left_reason) if row.left_reason else "",
            **_books(actor, row),
        }
    if tab == "looked":
        views = audit.views_of(subject=SUBJECT, subject_id=row.pk)
        return {"views": [(one, audit.why(one.purpose)) for one in views]}
    return {
        "nationality": term("nationalities", row.nationality),
        "citizenship": CITIZENSHIPS.get(row.citizenship, row.citizenship),
        "siblings": queries.siblings_of(actor=actor, pupil_id=row.pk),
        "disagreements": forms.disagreements(number=row.iin, birth_date=row.birth_date, sex=row.sex),
    }


def _books(actor: Actor, row: Pupil) -> dict[str, Any]:
    """Arrivals and departures, leaves, and where the pupil is attested this year."""
    year = queries.current_year()
    decided = queries.decisions_of(actor=actor, pupil_id=row.pk, year=year)
    may_attest = actor.may(permissions.ATTEST)
    moved = queries.movements_of(actor=actor, pupil_id=row.pk)
    return {
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
    if request.method == "GET":
        audit.viewed(actor=request.actor, subject=SUBJECT, subject_ids=[row.pk], purpose="contingent.edit")

    def act() -> None:
        services.change_pupil(actor=request.actor, pupil_id=row.pk, **form.cleaned_data)

    return _submit(request, row, form, act, title=_("Change the card"), submit=_("Save"), field="iin")


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def give_status(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    form = forms.StatusForm(request.POST or None, initial={"since": clock.today()})

    def act() -> None:
        services.give_status(actor=request.actor, pupil_id=row.pk, **form.cleaned_data)

    return _submit(request, row, form, act, title=_("New status"), submit=_("Save"), tab="statuses")


@require_POST
@requires(permissions.EDIT)
def end_status(request: Request, pupil_id: UUID, status_id: UUID) -> HttpResponse:
    services.end_status(actor=request.actor, pupil_id=pupil_id, status_id=status_id)
    return render.toast(
        request, redirect(f"{reverse('contingent:pupil', args=[pupil_id])}?tab=statuses"), _("Saved")
    )


def _submit(
    request: Request,
    row: Pupil,
    form: Any,
    act: Callable[[], None],
    *,
    title: str,
    submit: str,
    tab: str = "identity",
    field: str | None = None,
) -> HttpResponse:
    """Do what a form asks and go back to the card; a refusal comes back at its field with status 422."""
    back = f"{reverse('contingent:pupil', args=[row.pk])}?tab={tab}"
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except services.StaleForm as refusal:
            form.add_error(None, str(refusal))
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(field, str(refusal))
        else:
            return render.toast(request, redirect(back), _("Saved"))
    context = {
        "form": form,
        "title": title,
        "subtitle": row.person_name.full,
        "submit": submit,
        "back": back,
    }
    status = 422 if form.errors else 200
    return render.page(request, "contingent/form.html", context, help="contingent/card", status=status)
