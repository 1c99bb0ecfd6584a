"""Lines of a card and posts from before orders: added, corrected, removed, each on a page of one form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.staff import forms, permissions, queries, services
from modules.staff.data import Post
from modules.staff.models import Employee
from ui import render

TAB_OF_SECTION = {"work": "service", "leaves": "leaves"}


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def add(request: Request, employee_id: UUID, section: str) -> HttpResponse:
    """A new line of a section."""
    row, form_class = _known(request, employee_id, section)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_record(actor=request.actor, employee_id=row.pk, section=section, **form.cleaned_data)
            return render.toast(request, redirect(_back(row, section)), _("Saved"))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return _page(request, row, form, back=_back(row, section))


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def change(request: Request, employee_id: UUID, section: str, record_id: UUID) -> HttpResponse:
    """Correct a line."""
    row, form_class = _known(request, employee_id, section)
    record = queries.get_record(actor=request.actor, employee_id=row.pk, section=section, record_id=record_id)
    initial = {name: getattr(record, name) for name in form_class.base_fields}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_record(
                actor=request.actor,
                employee_id=row.pk,
                section=section,
                record_id=record_id,
                **form.cleaned_data,
            )
            return render.toast(request, redirect(_back(row, section)), _("Saved"))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    gone = reverse("staff:remove_record", args=[row.pk, section, record_id])
    return _page(request, row, form, back=_back(row, section), gone=gone)


@require_POST
@requires(permissions.EDIT)
def remove(request: Request, employee_id: UUID, section: str, record_id: UUID) -> HttpResponse:
    """Remove a mistaken line."""
    row, __ = _known(request, employee_id, section)
    back = redirect(_back(row, section))
    try:
        services.remove_record(actor=request.actor, employee_id=row.pk, section=section, record_id=record_id)
    except NotFound:
        raise
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The line is removed"))


# --- posts from before orders


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def note_post(request: Request, employee_id: UUID) -> HttpResponse:
    """A post held here before orders were kept here."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    form = forms.PostForm(request.POST or None, initial={"rate": 1})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.note_post(
                actor=request.actor, employee_id=row.pk, since=given["since"], post=_post(given)
            )
            return render.toast(request, redirect("staff:employee", row.pk), _("Saved"))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    return _page(request, row, form, back=_back(row, ""))


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def correct_post(request: Request, position_id: UUID) -> HttpResponse:
    """Correct a post that came without an order."""
    position = queries.get_position(actor=request.actor, position_id=position_id)
    row = position.employee
    initial = {name: getattr(position, name) for name in forms.PostForm.base_fields}
    form = forms.PostForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.correct_post(
                actor=request.actor,
                position_id=position.pk,
                since=given["since"],
                until=given["until"],
                post=_post(given),
            )
            return render.toast(request, redirect("staff:employee", row.pk), _("Saved"))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    gone = reverse("staff:remove_post", args=[position.pk])
    return _page(request, row, form, back=_back(row, ""), gone=gone)


@require_POST
@requires(permissions.EDIT)
def remove_post(request: Request, position_id: UUID) -> HttpResponse:
    """Remove a mistaken post that came without an order."""
    position = queries.get_position(actor=request.actor, position_id=position_id)
    back = redirect("staff:employee", position.employee_id)
    try:
        services.remove_post(actor=request.actor, position_id=position.pk)
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The line is removed"))


# ---


def _post(given: dict[str, Any]) -> Post:
    return Post(given["post_code"], given["rate"], given["form"], given["until"])


def _known(request: Request, employee_id: UUID, section: str) -> tuple[Employee, type[forms.RecordForm]]:
    if section not in forms.SECTION_FORMS:
        raise NotFound
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    return row, forms.SECTION_FORMS[section]


def _back(row: Employee, section: str) -> str:
    tab = TAB_OF_SECTION.get(section, "papers") if section else "main"
    return f"{reverse('staff:employee', args=[row.pk])}?tab={tab}"


def _page(
    request: Request, row: Employee, form: forms.RecordForm, *, back: str, gone: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "title": form.title,
        "subtitle": row.person_name.full,
        "back": back,
        "gone": gone,
    }
    status = 422 if form.errors else 200
    return render.page(request, "staff/record.html", context, help="staff/card", status=status)
