"""Class teachers and educators: the list of the year, an appointment, its end."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import api as identity
from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import forms, permissions, queries, services
from modules.contingent.models import Charge
from modules.contingent.registers import CHARGES
from modules.contingent.views.classes import employees
from registers import api as registers
from ui import render


@require_GET
@requires(permissions.LISTS)
def index(request: Request) -> HttpResponse:
    """Every class of the year with its class teacher and its educators today."""
    context = {"year": render.school_year(request)}
    return registers.show(request, CHARGES, "contingent/charges.html", context, help="contingent/charges")


@require_GET
@requires(permissions.EXPORT)
@identity.proved(file=True)
def excel_list(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, CHARGES)


@require_http_methods(["GET", "POST"])
@requires(permissions.APPOINT)
def appoint(request: Request, class_id: UUID) -> HttpResponse:
    """Somebody takes the class from a day on."""
    actor = request.actor
    row = queries.get_class(actor=actor, class_id=class_id)
    first = queries.first_day(row.year)
    form = forms.ChargeForm(
        request.POST or None,
        teachers=employees(request),
        may_give_roles=actor.may(identity.permissions.GIVE_ROLES),
        initial={
            "since": max(clock.today(), first),
            "duty": request.GET.get("duty") or Charge.Duty.CLASS_TEACHER,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        give_role = given.pop("give_role", False)
        try:
            services.appoint(actor=actor, class_id=row.pk, **given)
            if give_role:
                services.give_role_of_duty(actor=actor, employee_id=given["employee_id"], duty=given["duty"])
            return render.toast(request, redirect("contingent:school_class", row.pk), _("Saved"))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "title": _("Class teacher or educator"),
        "subtitle": row.label,
        "submit": _("Appoint"),
        "back": reverse("contingent:school_class", args=[row.pk]),
    }
    status = 422 if form.errors else 200
    return render.page(request, "contingent/form.html", context, help="contingent/charges", status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.APPOINT)
def show(request: Request, charge_id: UUID) -> HttpResponse:
    """A charge: its last day is set here, or a mistaken one is taken back."""
    row = queries.get_charge(actor=request.actor, charge_id=charge_id)
    form = forms.EndChargeForm(request.POST or None, initial={"until": row.until or clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_charge(actor=request.actor, charge_id=charge_id, until=form.cleaned_data["until"])
            return render.toast(request, redirect("contingent:school_class", row.school_class_id), _("Saved"))
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error("until", str(refusal))
    context = {
        "form": form,
        "row": row,
        "name": queries.leader_names([row.employee_id], actor=request.actor).get(row.employee_id, "–"),
        "back": reverse("contingent:school_class", args=[row.school_class_id]),
    }
    status = 422 if form.errors else 200
    return render.page(request, "contingent/charge.html", context, help="contingent/charges", status=status)


@require_POST
@requires(permissions.APPOINT)
def withdraw(request: Request, charge_id: UUID) -> HttpResponse:
    """Take a mistaken appointment back."""
    charge = queries.get_charge(actor=request.actor, charge_id=charge_id)
    services.take_charge_back(actor=request.actor, charge_id=charge_id)
    return render.toast(
        request,
        redirect("contingent:school_class", charge.school_class_id),
        _("The appointment is taken back"),
    )
