"""Guardians on a pupil's card."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import forms, permissions, queries, services
from modules.contingent.data import NewGuardian
from ui import render


def _back(pupil_id: UUID) -> str:
    return f"{reverse('contingent:pupil', args=[pupil_id])}?tab=guardians"


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def add(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    form = forms.GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.link_guardian(
                actor=request.actor, pupil_id=row.pk, guardian=NewGuardian(**form.cleaned_data)
            )
            return render.toast(request, redirect(_back(row.pk)), _("Saved"))
        except DomainError as refusal:
            form.add_error("iin", str(refusal))
    context = {
        "form": form,
        "title": _("New guardian"),
        "subtitle": row.person_name.full,
        "submit": _("Save"),
        "back": _back(row.pk),
        "note": _(
            "A guardian who is in the school already is found by IIN, or by name and phone: brothers and sisters share her."
        ),
    }
    status = 422 if form.errors else 200
    return render.page(request, "contingent/form.html", context, help="contingent/card", status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def edit(request: Request, pupil_id: UUID, guardian_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    link = queries.get_guardianship(actor=request.actor, pupil_id=pupil_id, guardian_id=guardian_id)
    names = ("surname", "name", "patronymic", "iin", "phone")
    initial = {name: getattr(link.guardian, name) for name in names} | {
        "relation": link.relation,
        "may_see": link.may_see,
    }
    form = forms.GuardianForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_guardian(
                actor=request.actor, pupil_id=pupil_id, guardian_id=guardian_id, **form.cleaned_data
            )
            return render.toast(request, redirect(_back(row.pk)), _("Saved"))
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error("iin", str(refusal))
    context = {
        "form": form,
        "title": _("Guardian"),
        "subtitle": row.person_name.full,
        "submit": _("Save"),
        "back": _back(row.pk),
    }
    status = 422 if form.errors else 200
    return render.page(request, "contingent/form.html", context, help="contingent/card", status=status)


@require_POST
@requires(permissions.EDIT)
def unlink(request: Request, pupil_id: UUID, guardian_id: UUID) -> HttpResponse:
    services.unlink_guardian(actor=request.actor, pupil_id=pupil_id, guardian_id=guardian_id)
    return render.toast(request, redirect(_back(pupil_id)), _("The guardian is removed from the card"))
