"""The way of a plan: sent, read, given back with a remark, approved; remarks and answers; a new version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel.access import requires
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.http import Request
from modules.plans import forms, permissions, queries, services
from modules.plans.data import STATE_LABELS, STATE_TONES, State
from modules.plans.models import Plan
from modules.plans.registers import title_of
from modules.plans.views.parts import frame, hours_line, refused, to_plan
from ui import render


@require_GET
@requires(permissions.AGREE, permissions.APPROVE)
def waiting(request: Request) -> HttpResponse:
    """Plans that wait for the reader, the longest waiting first, with what the hours say."""
    found = queries.waiting_for(actor=request.actor)
    context = {
        "lines": [
            {
                "plan": one,
                "title": title_of(one),
                "state": STATE_LABELS[one.state],
                "tone": STATE_TONES[State(one.state)],
                "faults": [line for line in map(hours_line, queries.hours_of(one)) if line["said"]],
            }
            for one in found
        ]
    }
    return render.page(request, "plans/waiting.html", context, help="plans/approval")


def _done(
    request: Request, plan_id: UUID, do: Callable[..., Plan], said: Any, name: str = "plan", **values: Any
) -> HttpResponse:
    """Do the step and say so, or say why not."""
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    try:
        row = do(actor=request.actor, plan_id=plan.pk, **values)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        return refused(
            request, plan, refusal, "remarks" if isinstance(refusal, services.RemarksUnanswered) else name
        )
    return render.toast(request, to_plan(row, name), str(said(row) if callable(said) else said))


@require_POST
@requires(permissions.WRITE)
def send(request: Request, plan_id: UUID) -> HttpResponse:
    def said(row: Plan) -> str:
        if row.state == State.TEAM:
            return _("The plan is sent to the head of the subject team.")
        return _("The plan is sent for approval.")

    return _done(request, plan_id, services.send, said)


@require_POST
@requires(permissions.WRITE)
def take_back(request: Request, plan_id: UUID) -> HttpResponse:
    return _done(request, plan_id, services.take_back, _("The plan is a draft again."))


@require_POST
@requires(permissions.AGREE)
def agree(request: Request, plan_id: UUID) -> HttpResponse:
    return _done(request, plan_id, services.agree, _("Agreed: the plan goes to the director."))


@require_POST
@requires(permissions.APPROVE)
def approve(request: Request, plan_id: UUID) -> HttpResponse:
    return _done(request, plan_id, services.approve, _("The plan is approved and stays as it is."))


@require_POST
@requires(permissions.WRITE)
def version(request: Request, plan_id: UUID) -> HttpResponse:
    return _done(
        request,
        plan_id,
        services.new_version,
        _("A new version: the approved one holds until this one is approved."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.VIEW, permissions.WRITE, permissions.AGREE, permissions.APPROVE)
def remarks(request: Request, plan_id: UUID) -> HttpResponse:
    """Remarks and answers. Who reads the plan makes one, and may give the plan back with it."""
    plan = queries.get_plan(actor=request.actor, plan_id=plan_id)
    form = forms.Said(request.POST or None)
    if request.method == "POST" and form.is_valid():
        do = services.send_back if request.POST.get("back") == "1" else services.remark
        try:
            do(actor=request.actor, plan_id=plan.pk, text=form.cleaned_data["text"])
        except (NotFound, NotAllowed):
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, to_plan(plan, "remarks"), _("The author is told."))
    context = frame(request, plan, "remarks") | {"form": form}
    return render.page(
        request, "plans/remarks.html", context, help="plans/approval", status=422 if form.errors else 200
    )


@require_POST
@requires(permissions.WRITE)
def answer(request: Request, remark_id: UUID) -> HttpResponse:
    """The author's answer; an empty one is refused."""
    form = forms.Said(request.POST)
    if not form.is_valid():
        row = queries.get_remark(actor=request.actor, remark_id=remark_id)
        return refused(request, row.plan, _("Write what became of the remark."), "remarks")
    row = services.answer(actor=request.actor, remark_id=remark_id, text=form.cleaned_data["text"])
    return render.toast(request, to_plan(row.plan, "remarks"), _("The answer stands beside the remark."))
