"""The passing of the whole school into the next year, in one sitting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import jobs
from kernel.access import requires
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.http import Request
from modules.contingent import forms, permissions, queries, services
from modules.contingent.tasks import ROLL_OVER
from modules.orders import api as orders
from ui import render

FINISHED, AGAIN, STAYS = "graduate", "repeat", ""


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def year(request: Request) -> HttpResponse:
    """Classes with where they go, exceptions, totals; or the orders that it became."""
    actor = request.actor
    if request.method == "POST":
        chosen = {
            name.removeprefix("class-"): str(value)
            for name, value in request.POST.items()
            if name.startswith("class-")
        }
        services.choose_year(actor=actor, classes=_known(request, chosen))
        if not render.htmx_partial(request):
            return render.toast(request, redirect("contingent:year"), _("Saved"))
    plan = services.plan_year(actor=actor)
    context = {
        "plan": plan,
        "year": plan.row.year,
        "next_year": plan.row.next_year,
        "since": queries.first_day(plan.row.next_year),
        "lines": [_line(one) for one in plan.classes],
        "totals": plan.totals(),
        "orders": services.orders_of_year(actor=actor),
        "done": plan.row.state == "done",
        "may_sign": actor.may(orders.permissions.SIGN),
        "form": forms.YearForm(initial={"last_day": queries.last_day(plan.row.year)}),
    }
    template = "contingent/_year.html" if render.htmx_partial(request) else "contingent/year.html"
    return render.page(request, template, context, help="contingent/year")


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def year_class(request: Request, class_id: UUID) -> HttpResponse:
    """The pupils of a class one by one: who repeats, who goes on to grade 10, who to another class."""
    actor = request.actor
    plan = services.plan_year(actor=actor)
    one = next((each for each in plan.classes if each.school_class.pk == class_id), None)
    if one is None:
        raise NotFound
    options = _options(one)
    if request.method == "POST":
        allowed = {code for code, _label in options}
        pupils: dict[str, str | None] = {}
        for pupil in one.pupils:
            goes = request.POST.get(f"pupil-{pupil.id}", one.target)
            if goes in allowed:
                pupils[str(pupil.id)] = None if goes == one.target else goes
        services.choose_year(actor=actor, pupils=pupils)
        return render.toast(request, redirect("contingent:year"), _("Saved"))
    context = {
        "one": one,
        "options": options,
        "pupils": [(pupil, one.goes(pupil.id)) for pupil in one.pupils],
        "next_year": plan.row.next_year,
    }
    return render.page(request, "contingent/year_class.html", context, help="contingent/year")


@require_POST
@requires(permissions.EDIT)
def carry_out(request: Request) -> HttpResponse:
    """Make the orders; with signatures when the person may sign and asks for it."""
    form = forms.YearForm(request.POST)
    if not form.is_valid():
        return render.toast(
            request, redirect("contingent:year"), _("Say the last day of the graduates."), kind="danger"
        )
    sign = "sign" in request.POST
    if sign and not request.actor.may(orders.permissions.SIGN):
        raise NotAllowed
    job = jobs.start(
        ROLL_OVER,
        actor=request.actor,
        last_day=form.cleaned_data["last_day"].isoformat(),
        ground=form.cleaned_data["ground"],
        sign=sign,
        url=reverse("contingent:year"),
    )
    return redirect("contingent:year_job", job.pk)


@require_http_methods(["GET"])
@requires(permissions.EDIT)
def year_job(request: Request, job_id: UUID) -> HttpResponse:
    """How far the work is."""
    job = jobs.get(actor=request.actor, job_id=job_id)
    url, done = reverse("contingent:year_job", args=[job_id]), reverse("contingent:year")
    if render.htmx_partial(request):
        return render.progress(request, job, url=url, done_url=done)
    context = {"job": job, "url": url, "done_url": done}
    return render.page(request, "contingent/year_job.html", context, help="contingent/year")


@require_POST
@requires(orders.permissions.SIGN)
def undo(request: Request) -> HttpResponse:
    """Take the passing back, as long as nothing stands on it."""
    try:
        services.undo_year(actor=request.actor)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return render.toast(request, redirect("contingent:year"), str(refusal), kind="danger")
    return render.toast(
        request, redirect("contingent:year"), _("The passing into the next year is taken back")
    )


def _line(one: Any) -> dict[str, Any]:
    moved = [pupil for pupil in one.pupils if pupil.id in one.exceptions]
    return {
        "row": one.school_class,
        "pupils": len(one.pupils),
        "target": one.target,
        "options": [option for option in _options(one) if option[0] != AGAIN],
        "exceptions": [(pupil.list_name, _said(one.exceptions[pupil.id])) for pupil in moved],
    }


def _options(one: Any) -> list[tuple[str, str]]:
    found = [(label, label) for label in one.offered]
    if one.school_class.grade in (9, 11):
        found.append((FINISHED, _said(FINISHED)))
    if one.school_class.grade:
        found.append((AGAIN, _said(AGAIN)))
    return [*found, (STAYS, _said(STAYS))]


def _said(goes: str) -> str:
    return {FINISHED: _("finishes school"), AGAIN: _("repeats the year"), STAYS: _("is left out")}.get(
        goes, goes
    )


def _known(request: Request, chosen: dict[str, str]) -> dict[str, str]:
    """Only what the page offers."""
    plan = services.plan_year(actor=request.actor)
    offered = {
        str(one.school_class.pk): {code for code, _label in _options(one)} - {AGAIN} for one in plan.classes
    }
    return {key: value for key, value in chosen.items() if value in offered.get(key, ())}
