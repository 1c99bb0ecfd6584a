"""What is done to a transfer from its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.transfers import forms, permissions, queries, services
from modules.transfers.views.pages import classes_with_counts, page_of
from ui import render


def _do(
    request: Request, transfer_id: UUID, form: Form, name: str, act: Callable[..., Any], said: str
) -> HttpResponse:
    """Do it and go back to the page; a refusal comes back with its form, 422."""
    if form.is_valid():
        try:
            act(actor=request.actor, transfer_id=transfer_id, **form.cleaned_data)
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(request, redirect("transfers:transfer", transfer_id), said)
    row = queries.get(actor=request.actor, transfer_id=transfer_id)
    return page_of(request, row, **{name: form})


@require_POST
@requires(permissions.ANSWER)
def agree(request: Request, transfer_id: UUID) -> HttpResponse:
    row = queries.get(actor=request.actor, transfer_id=transfer_id)
    here = [card for card in queries.candidates(actor=request.actor, transfer=row) if card.left_date is None]
    form = forms.AgreeForm(request.POST, pupils=[(card.id, card.person.full) for card in here])
    said = _("Agreed: the order is drafted, the new school is told")
    return _do(request, transfer_id, form, "agree_form", services.agree, said)


@require_POST
@requires(permissions.ANSWER)
def refuse(request: Request, transfer_id: UUID) -> HttpResponse:
    form = forms.RefuseForm(request.POST)
    return _do(request, transfer_id, form, "refuse_form", services.refuse, _("The school is told"))


@require_POST
@requires(permissions.ANSWER)
def draft_again(request: Request, transfer_id: UUID) -> HttpResponse:
    return _do(
        request,
        transfer_id,
        Form(request.POST),
        "again_form",
        services.draft_again,
        _("The order is drafted"),
    )


@require_POST
@requires(permissions.ANSWER)
def confirm(request: Request, transfer_id: UUID) -> HttpResponse:
    form = forms.ConfirmForm(request.POST)
    return _do(request, transfer_id, form, "confirm_form", services.confirm_arrival, _("Saved"))


@require_POST
@requires(permissions.ASK)
def withdraw(request: Request, transfer_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST, prefix="note")
    return _do(request, transfer_id, form, "note_form", services.withdraw, _("The request is withdrawn"))


@require_POST
@requires(permissions.ASK)
def has_not_come(request: Request, transfer_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST, prefix="note")
    return _do(request, transfer_id, form, "note_form", services.has_not_come, _("The old school is told"))


@require_POST
@requires(permissions.ASK)
def take_in(request: Request, transfer_id: UUID) -> HttpResponse:
    """Draft the order of enrolment and go to it."""
    row = queries.get(actor=request.actor, transfer_id=transfer_id)
    former = queries.former(actor=request.actor, transfer=row)
    form = forms.TakeInForm(
        request.POST,
        classes=classes_with_counts(request),
        former=[(card.id, card.person.full) for card in former],
    )
    said = _("The order of enrolment is drafted: the director signs it")
    return _do(request, transfer_id, form, "take_form", services.take_in, said)
