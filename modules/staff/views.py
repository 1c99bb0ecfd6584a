"""Pages of employees: the list, the card, a new one with a login and its slip."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import audit, cache, clock, crypto, iin
from kernel.access import Actor, requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.staff import forms, permissions, queries, services, terms
from modules.staff.data import NewEmployee
from modules.staff.models import Employee
from ui import render

PAGE = 50
SLIP_SECONDS = 30 * 60
SUBJECT = "employee"
FIELDS = (
    "surname", "name", "patronymic", "iin", "sex", "birth_date", "phone", "email", "education", "category",
    "category_date", "teaching_since",
)  # fmt: skip


def _wanted(request: Request) -> dict[str, str]:
    given = request.GET
    return {
        "text": given.get("q", "").strip()[:100],
        "post": given.get("post", ""),
        "subject": given.get("subject", ""),
        "state": given.get("state", "here"),
        "sort": given.get("sort", "name"),
    }


def _may_give_logins(actor: Actor) -> bool:
    return actor.may(identity.permissions.MANAGE_ACCOUNTS) and actor.may(identity.permissions.GIVE_ROLES)


@require_GET
@requires(permissions.LISTS)
def index(request: Request) -> HttpResponse:
    """Who works here."""
    actor, wanted = request.actor, _wanted(request)
    rows = queries.with_posts(queries.employees(actor=actor, **wanted))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    found = [queries.info(row) for row in page.object_list]
    all_cards = actor.reaches_school(permissions.CARD)
    context = {
        "page": page,
        "lines": [
            {
                "one": one,
                "posts": [(terms.post_name(post.code), post.rate) for post in one.posts],
                "subjects": [terms.subject_name(code) for code in one.subjects],
                "opens": all_cards or actor.person_id == one.id,
            }
            for one in found
        ],
        "wanted": wanted,
        "query": request.GET.urlencode(),
        "posts": terms.posts(),
        "subjects": terms.subjects(),
        "may_edit": actor.may(permissions.EDIT),
        "may_load": actor.may(permissions.IMPORT),
        "may_export": actor.may(permissions.EXPORT),
    }
    template = "staff/_employees.html" if render.htmx_partial(request) else "staff/employees.html"
    return render.page(request, template, context, help="staff/employees")


@require_GET
@requires(permissions.EXPORT)
def excel_list(request: Request) -> HttpResponse:
    """The list as it is filtered; told to the security log."""
    rows = list(queries.with_posts(queries.employees(actor=request.actor, **_wanted(request))))
    audit.record(
        actor=request.actor,
        action="staff.employees.exported",
        object_type="employee",
        details={"count": len(rows)},
    )
    columns = [
        excel.Column(_("No."), "number"),
        excel.Column(_("Surname")),
        excel.Column(_("First name")),
        excel.Column(_("Patronymic")),
        excel.Column(_("Post")),
        excel.Column(_("Rate"), "number"),
        excel.Column(_("Subject")),
        excel.Column(_("Qualification category")),
        excel.Column(_("Education")),
        excel.Column(_("Phone")),
    ]

    def cells(n: int, row: Employee) -> tuple[Any, ...]:
        one = queries.info(row)
        return (
            n,
            one.surname,
            one.name,
            one.patronymic,
            ", ".join(terms.post_name(post.code) for post in one.posts),
            one.rate,
            ", ".join(terms.subject_name(code) for code in one.subjects),
            terms.category_name(row.category),
            terms.education_name(row.education),
            row.phone,
        )

    sheet = excel.Sheet(_("Employees"), columns, (cells(n, row) for n, row in enumerate(rows, 1)))
    return excel.response(_("Employees"), [sheet])


@require_GET
@requires(permissions.CARD)
def show(request: Request, employee_id: UUID) -> HttpResponse:
    """The card; that it was opened is logged, one's own apart."""
    actor = request.actor
    row = queries.get_employee(actor=actor, employee_id=employee_id)
    if actor.person_id != row.pk:
        audit.viewed(actor=actor, subject=SUBJECT, subject_ids=[row.pk], purpose="staff.card")
    account = identity.accounts_of([row.pk]).get(row.pk)
    context = {
        "row": row,
        "name": row.person_name.full,
        "iin": iin.mask(row.iin),
        "positions": [
            (one, terms.post_name(one.post_code))
            for one in queries.positions_of(actor=actor, employee_id=row.pk)
        ],
        "subjects": [
            terms.subject_name(code) for code in queries.subjects_of(actor=actor, employee_id=row.pk)
        ],
        "education": terms.education_name(row.education),
        "category": terms.category_name(row.category),
        "account": account,
        "sees_account": actor.may(identity.permissions.MANAGE_ACCOUNTS),
        "may_give_login": _may_give_logins(actor) and account is None and row.left_date is None,
        "may_edit": actor.may(permissions.EDIT),
        "may_reveal": actor.reaches_school(permissions.CARD) and bool(row.iin),
    }
    return render.page(request, "staff/employee.html", context, help="staff/employees")


@require_POST
@requires(permissions.CARD)
def reveal_iin(request: Request, employee_id: UUID) -> HttpResponse:
    """Show the ИИН in full, once; the look goes to the log."""
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    audit.viewed(actor=request.actor, subject=SUBJECT, subject_ids=[row.pk], purpose="staff.iin")
    template = "staff/_iin.html" if render.htmx_partial(request) else "staff/iin.html"
    context = {"row": row, "iin": row.iin, "name": row.person_name.full}
    response = render.page(request, template, context, help="staff/employees")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def add(request: Request) -> HttpResponse:
    """Somebody new: card, login and slip in one go."""
    actor = request.actor
    with_login = _may_give_logins(actor)
    initial = {"since": clock.today(), "language": request.tenant.language, "sex": ""}
    form = forms.NewEmployeeForm(request.POST or None, with_login=with_login, initial=initial)
    if request.method == "POST" and form.is_valid():
        once = form.cleaned_data["once"][:32]
        if once and not cache.add(f"staff:once:{once}", 1, 3600):
            # The page with the slip was loaded anew: the person is there already.
            return render.toast(
                request, redirect("staff:employees"), _("This employee is added already."), kind="info"
            )
        try:
            return _take_on(request, form)
        except DomainError as refusal:
            cache.delete(f"staff:once:{once}")
            taken = isinstance(refusal, services.WrongIin | services.IinTaken)
            form.add_error("iin" if taken else None, str(refusal))
    context = {
        "form": form,
        "title": _("New employee"),
        "submit": _("Add and show the login slip") if with_login else _("Add"),
        "back": reverse("staff:employees"),
    }
    return render.page(
        request, "staff/form.html", context, help="staff/new", status=422 if form.errors else 200
    )


def _take_on(request: Request, form: forms.NewEmployeeForm) -> HttpResponse:
    given = form.cleaned_data
    values: dict[str, Any] = {
        "actor": request.actor,
        "employee": NewEmployee(**form.person),
        "posts": form.chosen_posts,
        "subjects": form.chosen_subjects,
        "since": given["since"],
    }
    if given.get("give_login"):
        row, slip = services.take_on_with_login(**values, roles=given["roles"], language=given["language"])
        return _slip_page(request, row, slip)
    row = services.take_on(**values)
    return render.toast(
        request,
        redirect("staff:employee", row.pk),
        _("Added: {name}").format(name=row.person_name.full),
    )


def _slip_page(request: Request, row: Employee, slip: identity.Slip) -> HttpResponse:
    """The slip, this once: nobody keeps the password."""
    place = ", ".join(terms.post_name(post) for post in queries.posts_of(row.pk))
    carried = {
        "full_name": slip.full_name,
        "place": place,
        "username": slip.username,
        "password": slip.password,
        "url": slip.url,
        "language": slip.language,
        "expires_at": slip.expires_at.isoformat() if slip.expires_at else "",
    }
    labels = identity.role_labels()
    context = {
        "row": row,
        "slip": slip,
        "roles": [labels.get(code, code) for code in slip.roles],
        "place": place,
        "carried": crypto.signer("staff.slip").sign(json.dumps(carried, ensure_ascii=False)),
    }
    response = render.page(request, "staff/slip.html", context, help="staff/new")
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class CarriedSlip:
    """A slip on its way from the page to the printer; signed, and good for half an hour."""

    full_name: str
    place: str
    username: str
    password: str
    url: str
    language: str
    expires_at: datetime | None = None


@require_POST
@requires(permissions.EDIT)
def print_slip(request: Request) -> HttpResponse:
    """The slip as a PDF."""
    try:
        text = crypto.signer("staff.slip").unsign(request.POST.get("slip", ""), max_age=SLIP_SECONDS)
    except signing.BadSignature as failure:
        raise NotFound from failure
    carried = json.loads(text)
    moment = carried.pop("expires_at")
    slip = CarriedSlip(**carried, expires_at=datetime.fromisoformat(moment) if moment else None)
    printed = documents.print_slips([slip], language=get_language() or "kk", actor=request.actor)
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{slip.username}.pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def give_login(request: Request, employee_id: UUID) -> HttpResponse:
    """A login for somebody who works here already."""
    actor = request.actor
    row = queries.get_employee(actor=actor, employee_id=employee_id)
    if not _may_give_logins(actor):
        raise NotFound
    initial = {"roles": terms.roles_of(queries.posts_of(row.pk)), "language": request.tenant.language}
    form = forms.LoginForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            slip = services.give_login(actor=actor, employee_id=row.pk, **form.cleaned_data)
            return _slip_page(request, row, slip)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "title": _("Give a login"),
        "subtitle": row.person_name.full,
        "submit": _("Make the login and show the slip"),
        "back": reverse("staff:employee", args=[row.pk]),
    }
    return render.page(
        request, "staff/form.html", context, help="staff/new", status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def edit(request: Request, employee_id: UUID) -> HttpResponse:
    actor = request.actor
    row = queries.get_employee(actor=actor, employee_id=employee_id)
    held = [
        (one.post_code, one.rate)
        for one in queries.positions_of(actor=actor, employee_id=row.pk)
        if one.until is None
    ]
    initial = {name: getattr(row, name) for name in FIELDS} | {"seen": row.changed_at.isoformat()}
    form = forms.EmployeeForm(
        request.POST or None,
        posts=held,
        subjects=queries.subjects_of(actor=actor, employee_id=row.pk),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_employee(
                actor=actor,
                employee_id=row.pk,
                seen=form.cleaned_data["seen"],
                posts=form.chosen_posts,
                subjects=form.chosen_subjects,
                on=clock.today(),
                **form.person,
            )
            return render.toast(request, redirect("staff:employee", row.pk), _("Saved"))
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
        request, "staff/form.html", context, help="staff/employees", status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT)
def leave(request: Request, employee_id: UUID) -> HttpResponse:
    row = queries.get_employee(actor=request.actor, employee_id=employee_id)
    form = forms.LeaveForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        last_day: date = form.cleaned_data["last_day"]
        try:
            services.let_go(actor=request.actor, employee_id=row.pk, last_day=last_day)
            return render.toast(request, redirect("staff:employee", row.pk), _("Saved"))
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "title": _("Dismiss the employee"),
        "subtitle": row.person_name.full,
        "note": _("On the last day the login is blocked and all devices are signed out."),
        "submit": _("Dismiss"),
        "back": reverse("staff:employee", args=[row.pk]),
    }
    return render.page(
        request, "staff/form.html", context, help="staff/employees", status=422 if form.errors else 200
    )
