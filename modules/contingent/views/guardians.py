"""Guardians on a pupil's card, and the decisions by which one of them may not see the child."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from identity import api as identity
from kernel import audit, clock
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.contingent import forms, permissions, queries, services
from modules.contingent.data import NewGuardian
from modules.contingent.views.form_page import part_url, submit
from ui import render

TAB = "guardians"


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def add(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    form = forms.GuardianForm(request.POST or None)

    def act() -> None:
        services.link_guardian(
            actor=request.actor, pupil_id=row.pk, guardian=NewGuardian(**form.cleaned_data)
        )

    note = _(
        "A guardian who is in the school already is found by IIN, or by name and phone: brothers and sisters share her."
    )
    return submit(request, row, form, act, title=_("New guardian"), tab=TAB, field="iin", note=note)


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def edit(request: Request, pupil_id: UUID, guardian_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    known = queries.guardian_to_edit(actor=request.actor, pupil_id=pupil_id, guardian_id=guardian_id)
    initial = {one.name: getattr(known, one.name) for one in fields(NewGuardian) if one.name != "ban"}
    form = forms.GuardianForm(request.POST or None, initial=initial)
    if request.method == "GET":
        audit.viewed(actor=request.actor, subject="pupil", subject_ids=[row.pk], purpose="contingent.edit")

    def act() -> str:
        services.change_guardian(
            actor=request.actor, pupil_id=pupil_id, guardian_id=guardian_id, **form.cleaned_data
        )
        return identity.said_of_number(person_id=guardian_id, phone=form.cleaned_data["phone"])

    return submit(request, row, form, act, title=_("Guardian"), tab=TAB, field="iin")


@require_POST
@requires(permissions.EDIT)
def unlink(request: Request, pupil_id: UUID, guardian_id: UUID) -> HttpResponse:
    services.unlink_guardian(actor=request.actor, pupil_id=pupil_id, guardian_id=guardian_id)
    return render.toast(
        request, redirect(part_url(pupil_id, TAB)), _("The guardian is removed from the card")
    )


# --- bans


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def ban(request: Request, pupil_id: UUID, guardian_id: UUID) -> HttpResponse:
    """Note the decision by which a guardian may not see the child; it holds at once, in open sessions too."""
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    person = queries.get_guardian(actor=request.actor, pupil_id=pupil_id, guardian_id=guardian_id)
    form = forms.BanForm(request.POST or None, request.FILES or None)

    def act() -> None:
        services.ban_sight(actor=request.actor, pupil_id=row.pk, guardian_id=guardian_id, **form.cleaned_data)

    title = _("Ban to see the child: {name}").format(name=person)
    note = _(
        "From that day on this person reads nothing of the child: no marks, no card, no notices, no papers. Her or his other children stay open."
    )
    return submit(request, row, form, act, title=title, tab=TAB, field="ground", note=note, multipart=True)


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def lift(request: Request, pupil_id: UUID, ban_id: UUID) -> HttpResponse:
    """End a ban by another decision."""
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    known = next(
        (one for one in queries.bans_of(actor=request.actor, pupil_id=pupil_id) if one.pk == ban_id), None
    )
    if known is None:
        raise NotFound
    last = max(known.since, clock.today() - timedelta(days=1))
    form = forms.LiftBanForm(request.POST or None, initial={"until": last})

    def act() -> None:
        services.lift_ban(actor=request.actor, pupil_id=pupil_id, ban_id=ban_id, **form.cleaned_data)

    title = _("Lift the ban: {name}").format(name=known.guardian.person_name.full)
    gone = reverse("contingent:take_ban_back", args=[pupil_id, ban_id])
    return submit(request, row, form, act, title=title, tab=TAB, field="until", gone=gone)


@require_POST
@requires(permissions.EDIT)
def take_ban_back(request: Request, pupil_id: UUID, ban_id: UUID) -> HttpResponse:
    """Remove a ban that was noted by mistake."""
    services.take_ban_back(actor=request.actor, pupil_id=pupil_id, ban_id=ban_id)
    return render.toast(request, redirect(part_url(pupil_id, TAB)), _("The line is removed"))
