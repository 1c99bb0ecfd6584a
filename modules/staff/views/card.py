"""The card of an employee: who it is, service with its working, papers, leaves; its photo and its ИИН."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import api as identity
from kernel import audit, clock, iin
from kernel.access import Actor, Role, requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request, picture
from modules.orders import api as orders
from modules.staff import forms, permissions, queries, services, terms
from modules.staff.models import Acting, Employee
from modules.staff.rules.service import Count, Service
from modules.staff.services.photos import PURPOSE
from ui import render
from ui.components import Tab

SUBJECT = "employee"


def may_give_logins(actor: Actor) -> bool:
    return actor.may(identity.permissions.MANAGE_ACCOUNTS) and actor.may(identity.permissions.GIVE_ROLES)


@require_GET
@requires(permissions.CARD)
def show(request: Request, employee_id: UUID) -> HttpResponse:
    """The card; that it was opened is logged, one's own apart."""
    actor = request.actor
    row = queries.get_employee(actor=actor, employee_id=employee_id)
    tabs, tab = _tabs(row, request.GET.get("tab", "main"))
    if actor.person_id != row.pk and tab == "main":
        audit.viewed(actor=actor, subject=SUBJECT, subject_ids=[row.pk], purpose="staff.card")
    context = {
        "row": row,
        "name": row.person_name.full,
        "tab": tab,
        "tabs": tabs,
        "may_edit": actor.may(permissions.EDIT),
        **{"main": _main, "service": _service, "papers": _papers, "leaves": _leaves}[tab](request, row),
    }
    return render.page(request, "staff/employee.html", context, help="staff/card")


def _tabs(row: Employee, asked: str) -> tuple[list[Tab], str]:
    names = {
        "main": _("General"),
        "service": _("Length of service"),
        "papers": _("Education, category, courses"),
        "leaves": _("Leave and orders"),
    }
    tab = asked if asked in names else "main"
    address = reverse("staff:employee", args=[row.pk])
    return [Tab(label, f"{address}?tab={code}", active=code == tab) for code, label in names.items()], tab


def _main(request: Request, row: Employee) -> dict[str, Any]:
    actor = request.actor
    account = identity.accounts_of([row.pk]).get(row.pk)
    records = queries.records_of(actor=actor, employee_id=row.pk)
    category = next(iter(records["categories"]), None)
    positions = queries.positions_of(actor=actor, employee_id=row.pk)
    numbers = orders.references(
        one for position in positions for one in (position.order_id, position.end_order_id) if one
    )
    return {
        "iin": iin.mask(row.iin),
        "nationality": terms.name("nationalities", row.nationality),
        "positions": [
            {
                "row": one,
                "label": terms.post_name(one.post_code),
                "order": numbers.get(one.order_id) if one.order_id else None,
                "end_order": numbers.get(one.end_order_id) if one.end_order_id else None,
                "by_hand": one.order_id is None and one.end_order_id is None,
            }
            for one in positions
        ],
        "subjects": [
            terms.subject_name(code) for code in queries.subjects_of(actor=actor, employee_id=row.pk)
        ],
        "languages": [
            (terms.name("languages", code), teaches)
            for code, teaches in queries.languages_of(actor=actor, employee_id=row.pk).items()
        ],
        "education": ", ".join(
            dict.fromkeys(terms.education_name(one.level) for one in records["education"])
        ),
        "category": category,
        "category_name": terms.category_name(category.category) if category else "",
        "due": queries.due(category) if category else None,
        "today": clock.today(),
        "may_orders": actor.may(orders.permissions.VIEW_STAFF),
        "has_course": queries.has_recent_course(records["courses"]),
        "retires": queries.retirement_of(row),
        "account": account,
        "waits": not positions and row.left_date is None,
        "sees_account": actor.may(identity.permissions.MANAGE_ACCOUNTS),
        "may_give_login": may_give_logins(actor) and account is None and row.left_date is None,
        "may_reveal": actor.reaches_school(permissions.CARD) and bool(row.iin),
        "photo_form": forms.PhotoForm(),
    }


def _service(request: Request, row: Employee) -> dict[str, Any]:
    on = asked_day(request)
    told = queries.service_of(actor=request.actor, employee_id=row.pk, on=on)
    options = queries.options()
    works = queries.records_of(actor=request.actor, employee_id=row.pk)["work"]
    is_pedagogue = bool(queries.are_pedagogues([row.pk], on))
    return {
        "on": on,
        "counts": counts_of(told),
        "band": terms.band_name(queries.pay_band(told, is_pedagogue=is_pedagogue)),
        "band_of": _("pedagogical service") if is_pedagogue else _("general service"),
        "options": options,
        "records": {"work": works},
    }


def counts_of(told: Service) -> list[tuple[str, str, Count]]:
    """The four lengths with their names, in words, with the working."""
    named = [
        (_("General service"), told.general),
        (_("Pedagogical service"), told.pedagogical),
        (_("At this school"), told.here),
        (_("In the present post"), told.in_post),
    ]
    return [(label, terms.served(count.total), count) for label, count in named]


def asked_day(request: Request) -> date:
    """The day that the page is asked for; today when it is none."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.today()


def _papers(request: Request, row: Employee) -> dict[str, Any]:
    records = queries.records_of(actor=request.actor, employee_id=row.pk)
    years = queries.attestation_years()
    return {
        "records": records,
        "educations": [(one, terms.education_name(one.level)) for one in records["education"]],
        "categories": [
            {
                "row": one,
                "name": terms.category_name(one.category),
                "becomes": terms.category_name(terms.converts_to(one.category)),
                "due": queries.due(one, years) if one is records["categories"][0] else None,
            }
            for one in records["categories"]
        ],
        "awards": [(one, terms.name("awards", one.code) or one.name) for one in records["awards"]],
        "today": clock.today(),
        "has_course": queries.has_recent_course(records["courses"]),
    }


def _leaves(request: Request, row: Employee) -> dict[str, Any]:
    records = queries.records_of(actor=request.actor, employee_id=row.pk)
    numbers = orders.references(one.order_id for one in records["leaves"] if one.order_id)
    return {
        "records": records,
        "leaves": [
            (one, terms.name("leave_kinds", one.kind), numbers.get(one.order_id)) for one in records["leaves"]
        ],
        "actings": _actings(request, row),
        "may_orders": request.actor.may(orders.permissions.VIEW_STAFF),
        "orders": orders.orders_of(actor=request.actor, subject_id=row.pk),
    }


def _actings(request: Request, row: Employee) -> list[tuple[Acting, str]]:
    """Terms as acting director with how the role stands: given, or waiting for a second person."""
    actings = queries.actings_of(actor=request.actor, employee_id=row.pk)
    account = identity.accounts_of([row.pk]).get(row.pk)
    if not actings or account is None:
        return [(one, "") for one in actings]
    given = {one.until for one in account.roles if one.code == Role.DIRECTOR}
    waits = Role.DIRECTOR in identity.roles_waiting(account.id)
    return [
        (one, "given" if one.until in given else "waits" if waits and one.until >= clock.today() else "")
        for one in actings
    ]


@require_POST
@requires(permissions.CARD)
def reveal_iin(request: Request, employee_id: UUID) -> HttpResponse:
    """Show the ИИН in full, once; the look goes to the log."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    audit.viewed(actor=request.actor, subject=SUBJECT, subject_ids=[row.pk], purpose="staff.iin")
    template = "staff/_iin.html" if render.htmx_partial(request) else "staff/iin.html"
    context = {"row": row, "iin": row.iin, "name": row.person_name.full}
    response = render.page(request, template, context, help="staff/card")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def edit(request: Request, employee_id: UUID) -> HttpResponse:
    """Correct the card. Posts are changed by orders, papers have their own lines."""
    actor = request.actor
    row = queries.get_employee(actor=actor, employee_id=employee_id)
    languages = queries.languages_of(actor=actor, employee_id=row.pk)
    initial = {name: getattr(row, name) for name in services.CARD} | {
        "seen": row.changed_at.isoformat(),
        "teaching_languages": [code for code, teaches in languages.items() if teaches],
        "known_languages": [code for code, teaches in languages.items() if not teaches],
    }
    form = forms.EmployeeForm(
        request.POST or None,
        subjects=queries.subjects_of(actor=actor, employee_id=row.pk),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_employee(
                actor=actor,
                employee_id=row.pk,
                seen=form.cleaned_data["seen"],
                subjects=form.chosen_subjects,
                languages=form.languages,
                **form.person,
            )
            said = identity.said_of_number(person_id=row.pk, phone=form.person["phone"])
            return render.toast(
                request,
                redirect("staff:employee", row.pk),
                " ".join(filter(None, (_("Saved"), said))),
                kind="warning" if said else "success",
            )
        except NotFound:
            raise
        except (services.WrongIin, services.IinTaken) as refusal:
            form.add_error("iin", str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "title": _("Change the card"),
        "subtitle": row.person_name.full,
        "submit": _("Save"),
        "back": reverse("staff:employee", args=[row.pk]),
    }
    return render.page(
        request, "staff/form.html", context, help="staff/card", status=422 if form.errors else 200
    )


@require_POST
@requires(permissions.EDIT)
def remove(request: Request, employee_id: UUID) -> HttpResponse:
    """Remove the card of somebody who never came."""
    try:
        services.remove_card(actor=request.actor, employee_id=employee_id)
    except NotFound:
        raise
    except DomainError as refusal:
        return render.toast(request, redirect("staff:employee", employee_id), str(refusal), kind="danger")
    return render.toast(request, redirect("staff:employees"), _("The card is removed"))


# --- the photo


@require_GET
@requires(permissions.CARD)
def photo(request: Request, employee_id: UUID) -> HttpResponse:
    """The picture of a card that is open to the reader."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    return picture(row.photo_id, purpose=PURPOSE)


@require_POST
@requires(permissions.EDIT)
def set_photo(request: Request, employee_id: UUID) -> HttpResponse:
    """A picture in place of the one before."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    form = forms.PhotoForm(request.POST, request.FILES)
    back = redirect("staff:employee", row.pk)
    if not form.is_valid():
        return render.toast(request, back, _("Choose a picture first."), kind="danger")
    try:
        services.set_photo(
            actor=request.actor, employee_id=row.pk, content=form.cleaned_data["photo"].content
        )
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("Saved"))


@require_POST
@requires(permissions.EDIT)
def drop_photo(request: Request, employee_id: UUID) -> HttpResponse:
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    services.drop_photo(actor=request.actor, employee_id=row.pk)
    return render.toast(request, redirect("staff:employee", row.pk), _("The photo is removed"))
