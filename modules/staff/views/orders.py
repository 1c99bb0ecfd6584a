"""Orders from a card: the form makes a draft, or an order in force at one press for whoever signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.orders import api as orders
from modules.orders.api import NewLine
from modules.staff import permissions, queries, services
from modules.staff.models import Employee, Position
from modules.staff.orders import forms
from ui import render
from ui.forms import offer


class _HireAgain(forms.SinceHead, forms.PartTimeLine):
    """A post for somebody who worked here before."""

    field_order = ("post", "rate", "since", "form", "agreed_until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "form", [(one.value, one.label) for one in (Position.Form.MAIN, Position.Form.EXTERNAL)])
        self.fields["form"].initial = Position.Form.MAIN
        self.fields["rate"].initial = 1


class _Transfer(forms.SinceHead, forms.TransferLine):
    field_order = ("post", "rate", "from_post", "since")


class _PartTime(forms.SinceHead, forms.PartTimeLine):
    field_order = ("post", "rate", "form", "since", "agreed_until")


class _Leave(forms.LeaveHead, forms.TermLine):
    field_order = ("kind", "since", "until")


Split = Callable[[Mapping[str, Any]], tuple[dict[str, Any], dict[str, Any]]]


def _split(*head: str) -> Split:
    """What of the form belongs to the whole order, and what to the line."""

    def split(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        return (
            {name: given[name] for name in head},
            {name: value for name, value in given.items() if name not in head},
        )

    return split


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def transfer(request: Request, employee_id: UUID) -> HttpResponse:
    """Another post or another rate from a day on."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    held = queries.post_to_change(row.pk, on=clock.today())
    initial: dict[str, Any] = {"since": clock.today()}
    if held is not None:
        initial |= {"post": held.post_code, "rate": held.rate}
    return _ordered(
        request,
        row,
        _Transfer(request.POST or None, initial=initial),
        services.TRANSFER,
        _split("since"),
        title=_("Another post or rate"),
        now=_("Sign and transfer"),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def part_time(request: Request, employee_id: UUID) -> HttpResponse:
    """A post beside the main one."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    return _ordered(
        request,
        row,
        _PartTime(request.POST or None, initial={"since": clock.today(), "rate": "0.5"}),
        services.PART_TIME,
        _split("since"),
        title=_("Part-time post"),
        now=_("Sign and give the post"),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def leave(request: Request, employee_id: UUID) -> HttpResponse:
    """A leave by an order; an absence by another paper is a line of the card."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    return _ordered(
        request,
        row,
        _Leave(request.POST or None, initial={"since": clock.today()}),
        services.LEAVE,
        _split("kind"),
        title=_("Leave"),
        now=_("Sign and give the leave"),
        tab="leaves",
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def dismiss(request: Request, employee_id: UUID) -> HttpResponse:
    """The end of employment."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    return _ordered(
        request,
        row,
        forms.DismissLine(request.POST or None, initial={"last_day": clock.today()}),
        services.DISMISS,
        _split(),
        title=_("Dismiss the employee"),
        now=_("Sign and dismiss"),
        note=_(
            "When the last day has come, every device is signed out within a minute. The login closes then, "
            "or when the day is over. Classes and lessons stay on the list of what is to be handed over."
        ),
        duties=queries.duties_of(actor=request.actor, employee_id=row.pk),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def acting(request: Request, employee_id: UUID) -> HttpResponse:
    """The director's duties for a term."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    return _ordered(
        request,
        row,
        forms.ActingHead(request.POST or None, initial={"since": clock.today()}),
        services.ACT,
        _split("since", "until", "reason"),
        title=_("Acting director"),
        now=_("Sign and appoint"),
        note=_(
            "For the term the person gets the director's role and signs as the acting director, "
            "once a second person has approved the role."
        ),
        tab="leaves",
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def hire_again(request: Request, employee_id: UUID) -> HttpResponse:
    """A post for somebody who worked here before, or whose card waits for an order."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)

    def split(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        names = {"surname": row.surname, "name": row.name, "patronymic": row.patronymic, "sex": row.sex}
        posts = {"post_0": given["post"], "rate_0": given["rate"]}
        kept = {name: given[name] for name in ("since", "form", "agreed_until")}
        return {}, {**names, **posts, **kept}

    return _ordered(
        request,
        row,
        _HireAgain(request.POST or None, initial={"since": clock.today()}),
        services.HIRE,
        split,
        title=_("Hire"),
        now=_("Sign and hire"),
    )


def _ordered(
    request: Request,
    row: Employee,
    form: django_forms.Form,
    kind: str,
    split: Split,
    *,
    title: str,
    now: str,
    note: str = "",
    tab: str = "main",
    duties: Any = (),
) -> HttpResponse:
    """Make a draft of what the form says, or sign it at once when the button says so and the person may."""
    actor = request.actor
    back = f"{reverse('staff:employee', args=[row.pk])}?tab={tab}"
    if request.method == "POST" and form.is_valid():
        values, line = split(form.cleaned_data)
        made: dict[str, Any] = {
            "kind": kind,
            "values": values,
            "lines": [NewLine(row.pk, row.person_name.full, line)],
        }
        try:
            if "sign" in request.POST:
                order = orders.draft_and_sign(actor=actor, **made)
                text = _("The order is in force: No. {number}").format(number=order.number)
                return render.toast(request, redirect(back), text)
            return redirect("orders:order", orders.draft(actor=actor, **made).id)
        except NotFound:
            raise
        except orders.FaultyOrder as refusal:
            form.add_error(None, [one.message for one in refusal.faults])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "title": title,
        "subtitle": row.person_name.full,
        "note": note,
        "back": back,
        "now": now,
        "duties": duties,
        "may_sign": actor.may(orders.permissions.SIGN),
    }
    status = 422 if form.errors else 200
    return render.page(request, "staff/ordered.html", context, help="staff/orders", status=status)
