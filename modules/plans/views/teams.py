"""Subject teams: which there are, their subjects and heads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.plans import forms, permissions, queries, services
from modules.plans.models import Team
from modules.plans.registers import subject_name
from modules.staff import api as staff
from ui import render


@require_GET
@requires(permissions.TEAMS)
def index(request: Request) -> HttpResponse:
    found = queries.teams(actor=request.actor)
    heads = staff.teachers(actor=request.actor, employee_ids=[one.head_id for one in found])
    context = {
        "teams": [
            {
                "team": one,
                "head": heads[one.head_id].full_name if one.head_id in heads else "",
                "subjects": ", ".join(subject_name(code) for code in one.subjects),
            }
            for one in found
        ]
    }
    return render.page(request, "plans/teams.html", context, help="plans/approval")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.TEAMS)
def new(request: Request) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(permissions.TEAMS)
def edit(request: Request, team_id: UUID) -> HttpResponse:
    row = next((one for one in queries.teams(actor=request.actor) if one.pk == team_id), None)
    if row is None:
        raise NotFound
    return _edit(request, row)


def _edit(request: Request, row: Team | None) -> HttpResponse:
    people = [(str(one.id), one.full_name) for one in staff.employees(actor=request.actor)]
    initial: dict[str, Any] = (
        {"name": row.name, "head": str(row.head_id), "subjects": row.subjects} if row else {}
    )
    form = forms.TeamForm(request.POST or None, initial=initial, employees=people)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.save_team(
                actor=request.actor,
                name=given["name"],
                subjects=given["subjects"],
                head_id=UUID(given["head"]),
                team_id=row.pk if row else None,
            )
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, redirect("plans:teams"), _("Saved."))
    context = {"form": form, "team": row}
    return render.page(
        request, "plans/team.html", context, help="plans/approval", status=422 if form.errors else 200
    )


@require_POST
@requires(permissions.TEAMS)
def drop(request: Request, team_id: UUID) -> HttpResponse:
    services.drop_team(actor=request.actor, team_id=team_id)
    return render.toast(
        request, redirect("plans:teams"), _("The team is no more: its plans go to the director.")
    )
