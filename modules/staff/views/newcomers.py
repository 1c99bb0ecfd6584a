"""Somebody new: the card, the order and the login in one form, and the slip, which is shown this once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import cache, clock, crypto
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.orders import api as orders
from modules.orders.api import OrderInfo
from modules.staff import forms, permissions, queries, services, terms
from modules.staff.models import Employee
from modules.staff.views.card import may_give_logins
from ui import render

SLIP_SECONDS = 30 * 60


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
@identity.proved(when=lambda request: "give_login" in request.POST)
def add(request: Request) -> HttpResponse:
    """Somebody new: card, order, login and slip in one go."""
    actor = request.actor
    with_login = may_give_logins(actor)
    signs = actor.may(orders.permissions.SIGN)
    initial = {"since": clock.today(), "language": request.tenant.language, "sex": ""}
    form = forms.NewEmployeeForm(request.POST or None, with_login=with_login, initial=initial)
    if request.method == "POST" and form.is_valid():
        once = form.cleaned_data["once"][:32]
        if once and not cache.add(f"staff:once:{once}", 1, 3600):
            # The page with the slip was loaded anew: the person is there already.
            return render.toast(
                request, redirect("staff:employees"), _("This employee is added already."), kind="info"
            )
        try:
            return _hire(request, form)
        except orders.FaultyOrder as refusal:
            cache.delete(f"staff:once:{once}")
            form.add_error(None, [one.message for one in refusal.faults])
        except DomainError as refusal:
            cache.delete(f"staff:once:{once}")
            taken = isinstance(refusal, services.WrongIin | services.IinTaken)
            form.add_error("iin" if taken else None, str(refusal))
    context = {
        "form": form,
        "title": _("New employee"),
        "submit": _("Add and show the login slip") if with_login else _("Add"),
        "back": reverse("staff:employees"),
        "note": _("The order of hiring is signed by this form and gets its number today.")
        if signs
        else _("The card opens at once. The post is held from the day when the director signs the order."),
    }
    return render.page(
        request, "staff/form.html", context, help="staff/new", status=422 if form.errors else 200
    )


def _hire(request: Request, form: forms.NewEmployeeForm) -> HttpResponse:
    given = form.cleaned_data
    row, order, slip = services.hire_at_once(
        actor=request.actor,
        values=form.newcomer,
        roles=given["roles"] if given.get("give_login") else (),
        language=given.get("language", ""),
    )
    if slip is not None:
        return _slip_page(request, row, slip, order)
    if order.in_force:
        text = _("Added: {name}. Order No. {number}").format(name=row.person_name.full, number=order.number)
    else:
        text = _("Added: {name}. The order waits for the director's signature.").format(
            name=row.person_name.full
        )
    return render.toast(request, redirect("staff:employee", row.pk), text)


def _slip_page(
    request: Request, row: Employee, slip: identity.Slip, order: OrderInfo | None = None
) -> HttpResponse:
    """The slip, this once: nobody keeps the password."""
    codes = queries.posts_held([row.pk]).get(row.pk, [])
    if not codes and order is not None:
        codes = [post.code for line in order.lines for post in services.posts_in(line.values)]
    place = ", ".join(terms.post_name(code) for code in codes)
    carried = {
        "full_name": slip.full_name,
        "place": place,
        "username": slip.username,
        "password": slip.password,
        "url": slip.url,
        "language": slip.language,
        "expires_at": slip.expires_at.isoformat() if slip.expires_at else "",
    }
    labels = identity.role_labels()
    context = {
        "row": row,
        "slip": slip,
        "order": order,
        "roles": [labels.get(code, code) for code in slip.roles],
        "place": place,
        "carried": crypto.signer("staff.slip").sign(json.dumps(carried, ensure_ascii=False)),
    }
    response = render.page(request, "staff/slip.html", context, help="staff/new")
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class CarriedSlip:
    """A slip on its way from the page to the printer; signed, and good for half an hour."""

    full_name: str
    place: str
    username: str
    password: str
    url: str
    language: str
    expires_at: datetime | None = None


@require_POST
@requires(permissions.EDIT)
def print_slip(request: Request) -> HttpResponse:
    """The slip as a PDF."""
    try:
        text = crypto.signer("staff.slip").unsign(request.POST.get("slip", ""), max_age=SLIP_SECONDS)
    except signing.BadSignature as failure:
        raise NotFound from failure
    carried = json.loads(text)
    moment = carried.pop("expires_at")
    slip = CarriedSlip(**carried, expires_at=datetime.fromisoformat(moment) if moment else None)
    printed = documents.print_slips([slip], language=get_language() or "kk", actor=request.actor)
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{slip.username}.pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
@identity.proved(when=identity.sends)
def give_login(request: Request, employee_id: UUID) -> HttpResponse:
    """A login for somebody who works here already."""
    actor = request.actor
    row = queries.get_employee(actor=actor, employee_id=employee_id)
    if not may_give_logins(actor):
        raise NotFound
    held = queries.posts_held([row.pk]).get(row.pk, [])
    initial = {"roles": terms.roles_of(held), "language": request.tenant.language}
    form = forms.LoginForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            slip = services.give_login(actor=actor, employee_id=row.pk, **form.cleaned_data)
            return _slip_page(request, row, slip)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "title": _("Give a login"),
        "subtitle": row.person_name.full,
        "submit": _("Make the login and show the slip"),
        "back": reverse("staff:employee", args=[row.pk]),
    }
    return render.page(
        request, "staff/form.html", context, help="staff/new", status=422 if form.errors else 200
    )
