"""Movement from a card or a class list: the form makes an order's draft, or an order in force at one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import forms, permissions, queries, services
from modules.contingent.data import Newcomer, NewPupil, Whereabouts
from modules.contingent.orders import common
from modules.contingent.orders import forms as order_forms
from modules.orders import api as orders
from modules.orders.api import OrderInfo
from ui import render

_WHERE = ("reason", "country", "region", "district", "organisation", "slip_number", "slip_date")
Made = Callable[[], dict[str, Any]]


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def enrol(request: Request) -> HttpResponse:
    """A newcomer, by an order."""
    initial = {
        "class_id": request.GET.get("class", ""),
        "since": clock.today(),
        "citizenship": "KZ",
        "country": "KZ",
    }
    form = order_forms.NewcomerLine(
        request.POST or None, classes=common.classes_to_choose(request.actor), initial=initial
    )

    def made() -> dict[str, Any]:
        given = form.cleaned_data
        newcomer = Newcomer(
            pupil=NewPupil(**{name: given[name] for name in NewPupil.__slots__}),
            class_id=given["class_id"],
            since=given["since"],
            whence=_whereabouts(given),
        )
        return {"kind": "contingent.enrol", "lines": services.enrolment([newcomer])}

    return _ordered(
        request,
        form,
        made,
        title=_("Enrolment"),
        now=_("Sign and enrol"),
        back=reverse("contingent:pupils"),
        then=lambda order: reverse("contingent:pupil", args=[order.lines[0].subject_id]),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def move(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    return _move(request, [row.pk], row.person_name.full, back=_card(row.pk))


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def move_many(request: Request, class_id: UUID) -> HttpResponse:
    """Several pupils of a class to another one: those ticked in the list, or the whole class."""
    here = queries.get_class(actor=request.actor, class_id=class_id)
    pupils = queries.members(actor=request.actor, class_ids=[class_id])
    picked = [one.id for one in pupils if str(one.id) in set(request.POST.getlist("pupil"))]
    back = reverse("contingent:school_class", args=[class_id])
    return _move(request, picked, here.label, back=back, pupils=pupils, here=class_id)


def _move(
    request: Request,
    pupil_ids: list[UUID],
    subtitle: str,
    *,
    back: str,
    pupils: list[Any] | None = None,
    here: UUID | None = None,
) -> HttpResponse:
    places = queries.places_of(pupil_ids)
    now = {here} if here else {place.school_class_id for place in places.values()}
    classes = [one for one in queries.classes_of_year(actor=request.actor) if one.pk not in now]
    sent = request.POST if request.method == "POST" else None  # one that came empty is told what is missing
    form = forms.MoveForm(sent, classes=classes, initial={"since": clock.today()})

    def made() -> dict[str, Any]:
        return services.move_order(actor=request.actor, pupil_ids=pupil_ids, **form.cleaned_data)

    if pupils is not None and request.method == "POST" and not pupil_ids:
        form.add_error(None, _("Choose at least one pupil."))
    return _ordered(
        request,
        form,
        made,
        title=_("Move to another class"),
        subtitle=subtitle,
        now=_("Sign and move"),
        back=back,
        pupils=pupils,
        picked=set(pupil_ids),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def leave(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    form = forms.LeaveForm(request.POST or None, initial={"last_day": clock.today(), "country": "KZ"})

    def made() -> dict[str, Any]:
        given = form.cleaned_data
        return services.departure_order(
            actor=request.actor, last_day=given["last_day"], departures={row.pk: _whereabouts(given)}
        )

    return _ordered(
        request,
        form,
        made,
        title=_("Leaves the school"),
        subtitle=row.person_name.full,
        now=_("Sign and let go"),
        back=_card(row.pk),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def come_back(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    initial = {"since": clock.today(), "country": "KZ", "reason": "arr_restored"}
    form = order_forms.ReturnLine(
        request.POST or None, classes=common.classes_to_choose(request.actor), initial=initial
    )

    def made() -> dict[str, Any]:
        given = form.cleaned_data
        return services.return_order(
            actor=request.actor,
            pupil_id=row.pk,
            class_id=given["class_id"],
            since=given["since"],
            whence=_whereabouts(given),
        )

    return _ordered(
        request,
        form,
        made,
        title=_("Returns to the school"),
        subtitle=row.person_name.full,
        now=_("Sign and take back"),
        back=_card(row.pk),
    )


@require_POST
@requires(permissions.ATTEST)
def attest(request: Request, pupil_id: UUID) -> HttpResponse:
    """Decide whether the pupil is attested here for a quarter."""
    form = forms.AttestForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    services.decide(
        actor=request.actor,
        pupil_id=pupil_id,
        year=queries.current_year(),
        quarter=given["quarter"],
        attested_here={"yes": True, "no": False}.get(given["here"]),
        note=given["note"],
    )
    back = redirect(_card(pupil_id))
    if given["back"] == "list":
        back = redirect(f"{reverse('contingent:attesting')}?quarter={given['quarter']}")
    return render.toast(request, back, _("Saved"))


def _ordered(
    request: Request,
    form: Any,
    made: Made,
    *,
    title: str,
    now: str,
    back: str,
    subtitle: str = "",
    then: Callable[[OrderInfo], str] | None = None,
    pupils: list[Any] | None = None,
    picked: set[UUID] | None = None,
) -> HttpResponse:
    """Make a draft of what the form says, or sign it at once when the button says so and the person may."""
    actor = request.actor
    if request.method == "POST" and form.is_valid():
        try:
            if "sign" in request.POST:
                order = orders.draft_and_sign(actor=actor, **made())
                text = _("The order is in force: No. {number}").format(number=order.number)
                return render.toast(request, redirect(then(order) if then else back), text)
            return redirect("orders:order", orders.draft(actor=actor, **made()).id)
        except NotFound:
            raise
        except orders.FaultyOrder as refusal:
            form.add_error(None, [one.message for one in refusal.faults])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "title": title,
        "subtitle": subtitle,
        "back": back,
        "now": now,
        "may_sign": actor.may(orders.permissions.SIGN),
        "pupils": pupils,
        "picked": picked or set(),
    }
    status = 422 if form.errors else 200
    return render.page(request, "contingent/ordered.html", context, help="contingent/movement", status=status)


def _whereabouts(given: dict[str, Any]) -> Whereabouts:
    return Whereabouts(**{name: given[name] for name in _WHERE})


def _card(pupil_id: UUID) -> str:
    return f"{reverse('contingent:pupil', args=[pupil_id])}?tab=movement"
