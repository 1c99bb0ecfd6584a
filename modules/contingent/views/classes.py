"""Classes of the year, and a class with its pupils."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import excel
from identity import api as identity
from kernel import audit
from kernel.access import require, requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from kernel.ports import PortClosed
from modules.contingent import forms, permissions, ports, queries, services
from modules.contingent.models import SchoolClass
from modules.contingent.registers import CLASSES
from registers import api as registers
from ui import render

NOBODY = UUID(int=0)


@require_GET
@requires(permissions.LISTS)
def index(request: Request) -> HttpResponse:
    """Classes of the year by grade, with how many learn in each."""
    year = render.school_year(request)
    context = {
        "year": year,
        "may_change": request.actor.may(permissions.CLASSES),
        "may_load": request.actor.may(permissions.IMPORT),
        "may_pass": request.actor.may(permissions.EDIT) and year == queries.current_year(),
    }
    return registers.show(request, CLASSES, "contingent/classes.html", context, help="contingent/classes")


@require_GET
@requires(permissions.EXPORT)
@identity.proved(file=True)
def excel_list(request: Request) -> HttpResponse:
    """The list as it is shown."""
    return registers.workbook(request, CLASSES)


@require_GET
@requires(permissions.LISTS)
@identity.proved(when=identity.takes_away, file=True)
def show(request: Request, class_id: UUID) -> HttpResponse:
    """A class and who is in it today; `?as=excel` gives the list."""
    actor = request.actor
    row = queries.get_class(actor=actor, class_id=class_id)
    pupils = queries.members(actor=actor, class_ids=[row.pk], on=queries.day_within(row.year))
    seen = [one.id for one in pupils]
    audit.viewed(actor=actor, subject="pupil", subject_ids=seen, purpose="contingent.class", leafing=True)
    charges = queries.charges(actor=actor, class_id=row.pk)
    names = queries.leader_names((one.employee_id for one in charges), actor=actor)
    if request.GET.get("as") == "excel":
        require(actor, permissions.EXPORT)
        audit.record(actor=actor, action="contingent.class.exported", object_type="class", object_id=row.pk)
        return _class_list(row, pupils)
    context = {
        "row": row,
        "pupils": pupils,
        "girls": sum(one.sex == "f" for one in pupils),
        "boys": sum(one.sex == "m" for one in pupils),
        "teacher": names.get(queries.info_of_class(row).class_teacher_id or NOBODY, ""),
        "charges": [(one, names.get(one.employee_id, "")) for one in charges],
        "may_appoint": actor.may(permissions.APPOINT),
        "joined": [
            one
            for one in queries.classes_of_year(actor=actor, year=row.year)
            if row.set_code and one.set_code == row.set_code and one.pk != row.pk
        ],
        "may_change": actor.may(permissions.CLASSES),
        "may_enrol": actor.may(permissions.EDIT),
        "may_export": actor.may(permissions.EXPORT),
        "enrol_url": f"{reverse('contingent:add_pupil')}?class={row.pk}",
        "may_card": opens_cards(request, row),
        "may_health": actor.reaches_school(permissions.HEALTH)
        or (
            actor.may(permissions.HEALTH_ADVICE) and actor.person_id in queries.info_of_class(row).leader_ids
        ),
    }
    return render.page(request, "contingent/class.html", context, help="contingent/classes")


def opens_cards(request: Request, row: SchoolClass) -> bool:
    """Whether the cards of this class are open to the actor: all of the school's, or those of one's own class."""
    actor = request.actor
    if queries.opens_all_cards(actor):
        return True
    return actor.may(permissions.CARD) and (
        actor.person_id in queries.info_of_class(row).leader_ids or not actor.reaches_school(permissions.VIEW)
    )


def _class_list(row: SchoolClass, pupils: list[Any]) -> HttpResponse:
    columns = [
        excel.Column(_("No."), "number"),
        excel.Column(_("Surname")),
        excel.Column(_("First name")),
        excel.Column(_("Patronymic")),
        excel.Column(_("Date of birth"), "date"),
    ]
    rows = ((n, p.surname, p.name, p.patronymic, p.birth_date) for n, p in enumerate(pupils, 1))
    return excel.response(row.label, [excel.Sheet(row.label, columns, rows)])


def employees(request: Request) -> list[tuple[UUID, str]]:
    """Who works here, to be chosen from."""
    try:
        return ports.employees().choices(actor=request.actor)
    except PortClosed:
        return []


def _field_of(refusal: DomainError) -> str:
    """Where the form shows the refusal."""
    return "direction" if isinstance(refusal, services.DirectionOfSeniors) else "letter"


@require_http_methods(["GET", "POST"])
@requires(permissions.CLASSES)
def add(request: Request) -> HttpResponse:
    teachers = employees(request) if request.actor.may(permissions.APPOINT) else []
    initial = {"language": request.tenant.language, "shift": 1, "kind": "general"}
    form = forms.NewClassForm(request.POST or None, teachers=teachers, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.open_class(
                actor=request.actor, year=render.school_year(request), **form.cleaned_data
            )
            return render.toast(
                request,
                redirect("contingent:school_class", row.pk),
                _("The class is open: {label}").format(label=row.label),
            )
        except DomainError as refusal:
            form.add_error(_field_of(refusal), str(refusal))
    context = {"form": form, "back": reverse("contingent:classes")}
    status = 422 if form.errors else 200
    return render.page(
        request, "contingent/class_form.html", context, help="contingent/classes", status=status
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.CLASSES)
def edit(request: Request, class_id: UUID) -> HttpResponse:
    row = queries.get_class(actor=request.actor, class_id=class_id)
    initial = {
        name: getattr(row, name)
        for name in (
            "grade",
            "letter",
            "language",
            "shift",
            "kind",
            "direction",
            "room",
            "capacity",
            "set_code",
        )
    }
    form = forms.ClassForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_class(actor=request.actor, class_id=class_id, **form.cleaned_data)
            return render.toast(request, redirect("contingent:school_class", row.pk), _("Saved"))
        except DomainError as refusal:
            form.add_error(_field_of(refusal), str(refusal))
    context = {"form": form, "row": row, "back": reverse("contingent:school_class", args=[row.pk])}
    status = 422 if form.errors else 200
    return render.page(
        request, "contingent/class_form.html", context, help="contingent/classes", status=status
    )


@require_POST
@requires(permissions.CLASSES)
def delete(request: Request, class_id: UUID) -> HttpResponse:
    """Take away a class that never had pupils."""
    try:
        services.close_class(actor=request.actor, class_id=class_id)
    except NotFound:
        raise
    except DomainError as refusal:
        return render.toast(
            request, redirect("contingent:school_class", class_id), str(refusal), kind="danger"
        )
    return render.toast(request, redirect("contingent:classes"), _("The class is deleted"))
