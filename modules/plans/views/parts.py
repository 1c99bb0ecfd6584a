"""What the pages of this module share: the language of a paper, refusals on the page, a plan's frame."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents import excel
from kernel.http import Request, path_to
from modules.plans import permissions, queries
from modules.plans.data import STATE_LABELS, STATE_TONES, State
from modules.plans.models import Plan
from modules.plans.registers import title_of
from modules.plans.rules.hours import QuarterHours
from ui import render
from ui.components import Tab


def language_of(request: Request, usual: str) -> str:
    """The language asked for the paper, else that of the plan."""
    asked = request.GET.get("lang", "")
    return asked if asked in ("kk", "ru") else usual


def uuid_of(text: str) -> UUID | None:
    """An id that came from outside; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def file(content: bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = excel.attachment(name, inline=inline)
    response.headers["Cache-Control"] = "no-store"
    return response


def to_plan(plan: Plan, name: str = "plan", **query: str) -> HttpResponseRedirect:
    address = reverse(f"plans:{name}", args=[plan.pk])
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)


def frame(request: Request, plan: Plan, active: str) -> dict[str, Any]:
    """What stands above every page of a plan: its head, its state, its tabs and what may be done with it."""
    actor = request.actor
    remarks = queries.remarks_of(plan)
    unanswered = sum(not one.answer for one in remarks)
    writes = queries.may_write(actor, plan)
    labels = [
        ("plan", _("Lines"), None),
        ("dates", _("Dates"), None),
        ("remarks", _("Remarks"), unanswered or None),
    ]
    return {
        "plan": plan,
        "title": title_of(plan),
        "state": STATE_LABELS[plan.state],
        "tone": STATE_TONES[State(plan.state)],
        "tabs": [
            Tab(label, path_to(f"plans:{name}", plan.pk), active=name == active, count=count)
            for name, label, count in labels
        ],
        "remark_list": remarks,
        "writes": writes,
        "edits": writes and plan.state == State.DRAFT,
        "agrees": plan.state == State.TEAM and queries.reads_before(actor, plan),
        "approves": plan.state == State.OFFICE and actor.may(permissions.APPROVE),
        "hours": [hours_line(one) for one in queries.hours_of(plan)],
    }


def hours_line(one: QuarterHours) -> dict[str, Any]:
    """A quarter's hours against the curriculum, in words."""
    over = one.surplus
    count = int(abs(over))
    if over > 0:
        said = ngettext("{n} hour too many", "{n} hours too many", count).format(n=count)
    elif over < 0:
        said = ngettext("{n} hour too few", "{n} hours too few", count).format(n=count)
    else:
        said = ""
    return {
        "quarter": one.quarter,
        "planned": one.planned,
        "given": one.given,
        "said": said,
        "tone": "warning" if said else "success",
    }


def refused(request: Request, plan: Plan, refusal: object, name: str = "plan") -> HttpResponse:
    """Back to the page of the plan, with the refusal in words."""
    return render.toast(request, to_plan(plan, name), str(refusal), kind="danger")
