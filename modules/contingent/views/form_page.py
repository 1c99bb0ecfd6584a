"""The page of one form over a pupil's card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import services
from modules.contingent.models import Pupil
from ui import render


def part_url(pupil_id: UUID, tab: str) -> str:
    return f"{reverse('contingent:pupil', args=[pupil_id])}?tab={tab}"


def submit(
    request: Request,
    row: Pupil,
    form: Any,
    act: Callable[[], str | None],
    *,
    title: Any,
    tab: str = "identity",
    field: str | None = None,
    note: str = "",
    gone: str = "",
    multipart: bool = False,
) -> HttpResponse:
    """Do what a form asks and go back to the card; a refusal comes back at its field with status 422.

    `act` answers what the person should know of it beside that it is saved.
    """
    back = part_url(row.pk, tab)
    if request.method == "POST" and form.is_valid():
        try:
            said = act()
        except services.StaleForm as refusal:
            form.add_error(None, str(refusal))
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(field, str(refusal))
        else:
            text = " ".join(filter(None, (_("Saved"), said)))
            return render.toast(request, redirect(back), text, kind="warning" if said else "success")
    context = {
        "form": form,
        "title": title,
        "subtitle": row.person_name.full,
        "back": back,
        "note": note,
        "gone": gone,
        "multipart": multipart,
    }
    status = 422 if form.errors else 200
    return render.page(request, "contingent/form.html", context, help="contingent/card", status=status)
