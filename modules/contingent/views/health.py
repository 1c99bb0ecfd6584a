"""The health list of a class (order 130): read by its class teacher, filled by the nurse after an examination."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from documents import excel
from identity import api as identity
from kernel import audit, clock
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import forms, permissions, queries, services
from modules.contingent.data import Examined
from modules.contingent.models import HealthGroup
from modules.contingent.queries.words import label
from ui import render

COLUMNS = ("group", "physical_education", "advice")


@require_http_methods(["GET", "POST"])
@requires(permissions.HEALTH, permissions.HEALTH_ADVICE)
@identity.proved(when=identity.takes_away, file=True)
def class_list(request: Request, class_id: UUID) -> HttpResponse:
    """Groups and advice of the whole class, changed at once by whoever may."""
    actor = request.actor
    row = queries.get_class(actor=actor, class_id=class_id)
    lines = queries.health_of_class(actor=actor, class_id=class_id)
    if not actor.may(permissions.LISTS) or not lines:
        raise NotFound
    may_edit = actor.may(permissions.EDIT_HEALTH)
    if request.method == "POST" and not may_edit:
        raise NotFound
    if request.method == "GET":
        ids = [one.id for one, __ in lines]
        audit.viewed(actor=actor, subject="pupil", subject_ids=ids, purpose="contingent.health_list")
    if request.GET.get("as") == "excel":
        return _workbook(row.label, lines)
    head = forms.ExaminationForm(request.POST or None, initial={"day": clock.today()})
    rows = [
        forms.ExaminedForm(
            request.POST or None,
            prefix=str(one.id),
            initial={name: getattr(group, name) for name in COLUMNS} if group else {},
        )
        for one, group in lines
    ]
    is_good = request.method == "POST" and all([head.is_valid(), *(one.is_valid() for one in rows)])
    if is_good:
        found = {
            one.id: Examined(**form.cleaned_data)
            for (one, __), form in zip(lines, rows, strict=True)
            if form.cleaned_data["group"]
        }
        try:
            changed = services.note_examination(
                actor=actor, class_id=class_id, found=found, **head.cleaned_data
            )
        except DomainError as refusal:
            head.add_error("day", str(refusal))
        else:
            told = ngettext("%(n)s pupil changed", "%(n)s pupils changed", changed) % {"n": changed}
            return render.toast(request, redirect("contingent:class_health", class_id), told)
    context: dict[str, Any] = {
        "row": row,
        "lines": [(one, group, form) for (one, group), form in zip(lines, rows, strict=True)],
        "head": [label(HealthGroup, name) for name in COLUMNS],
        "form": head,
        "may_edit": may_edit,
    }
    status = 422 if request.method == "POST" else 200
    return render.page(
        request, "contingent/class_health.html", context, help="contingent/health", status=status
    )


def _workbook(name: str, lines: list[tuple[Any, HealthGroup | None]]) -> HttpResponse:
    columns = [
        excel.Column(_("No."), "number"),
        excel.Column(_("Full name")),
        *(excel.Column(label(HealthGroup, one)) for one in COLUMNS),
    ]
    rows = (
        (
            n,
            one.full_name,
            group.get_group_display() if group else "",
            group.get_physical_education_display() if group else "",
            group.advice if group else "",
        )
        for n, (one, group) in enumerate(lines, 1)
    )
    title = _("Health list")
    return excel.response(f"{title} {name}", [excel.Sheet(name, columns, rows)])
