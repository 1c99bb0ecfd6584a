"""Certificates of study at the office: the register, one pupil in two presses, a whole class, orders of families."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import excel
from identity import api as identity
from kernel import audit
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import api as contingent
from modules.records import forms, permissions, queries, services
from modules.records.data import STATE_LABELS, STATE_TONES, State
from modules.records.models import Certificate
from modules.records.services.certificates import DESTINATION, address_of
from modules.records.views.parts import language_of, pdf
from modules.school import api as school
from tenants import reference
from ui import render
from ui.components import Tab

PAGE = 50
MOST_AT_ONCE = 60


def line_of(row: Certificate) -> dict[str, Any]:
    return {
        "row": row,
        "name": row.person_name.full,
        "label": STATE_LABELS[row.state],
        "tone": STATE_TONES[State(row.state)],
        "destination": place_of(row),
    }


def place_of(row: Certificate) -> str:
    known = reference.terms("certificate_destinations").get(row.destination)
    return row.destination_words or (known.name if known else row.destination)


@require_GET
@requires(permissions.ISSUE)
@identity.proved(when=identity.takes_away, file=True)
def index(request: Request) -> HttpResponse:
    """The register; what families have ordered stands first."""
    actor = request.actor
    waiting = queries.waiting(actor=actor)
    state = request.GET.get("state", State.ORDERED if waiting else State.ISSUED)
    if state not in set(State):
        state = ""
    text = request.GET.get("q", "").strip()[:100]
    rows = queries.certificates(actor=actor, state=state, text=text)
    if request.GET.get("as") == "excel":
        audit.record(actor=actor, action="records.certificates.exported", object_type="certificate")
        return _workbook(list(rows))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    address = reverse("records:certificates")
    names = [
        (State.ORDERED, _("Ordered by families"), waiting),
        (State.ISSUED, _("Issued certificates"), None),
        (State.WITHDRAWN, _("Withdrawn certificates"), None),
        (State.DECLINED, _("Declined orders"), None),
    ]
    context = {
        "page": page,
        "lines": [line_of(one) for one in page.object_list],
        "state": state,
        "text": text,
        "waiting": waiting,
        "tabs": [
            Tab(label, f"{address}?state={code}", active=code == state, count=count)
            for code, label, count in names
        ],
        "query": request.GET.urlencode(),
    }
    template = "records/_certificates.html" if render.htmx_partial(request) else "records/certificates.html"
    return render.page(request, template, context, help="records/certificates")


def _workbook(rows: list[Certificate]) -> HttpResponse:
    columns = [
        excel.Column(_("No."), "number"), excel.Column(_("School year")), excel.Column(_("Issued on"), "date"),
        excel.Column(_("Surname, name, patronymic")), excel.Column(_("Class")), excel.Column(_("Where it is demanded")),
        excel.Column(_("Valid until"), "date"), excel.Column(_("State")), excel.Column(_("Issued by")),
    ]  # fmt: skip
    cells = (
        (one.number, one.year, one.issued_on, one.person_name.full, one.class_label, place_of(one), one.valid_until,
         str(STATE_LABELS[one.state]), one.issued_by_name)
        for one in rows
    )  # fmt: skip
    return excel.response(
        _("Certificates of study"), [excel.Sheet(_("Certificates of study"), columns, cells)]
    )


# --- issuing


@require_http_methods(["GET", "POST"])
@requires(permissions.ISSUE)
def issue_one(request: Request, pupil_id: UUID) -> HttpResponse:
    """For another place than the usual one."""
    pupil = contingent.pupil(actor=request.actor, pupil_id=pupil_id)
    form = forms.WantedForm(request.POST or None, initial=_usual())
    if request.method == "POST" and form.is_valid():
        try:
            made = services.issue(actor=request.actor, pupil_ids=[pupil_id], wanted=form.wanted)
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _made(request, made)
    context = {"form": form, "pupil": pupil, "back": reverse("contingent:pupil", args=[pupil_id])}
    status = 422 if form.errors else 200
    return render.page(request, "records/issue.html", context, help="records/certificates", status=status)


@require_POST
@requires(permissions.ISSUE)
def issue_now(request: Request, pupil_id: UUID) -> HttpResponse:
    """The second press on the card: the usual place, the chosen language, and the paper opens."""
    language = "ru" if request.POST.get("language") == "ru" else "kk"
    try:
        made = services.issue(
            actor=request.actor, pupil_ids=[pupil_id], wanted=services.Wanted(language=language)
        )
    except NotFound:
        raise
    except DomainError as refusal:
        back = redirect("contingent:pupil", pupil_id)
        return render.toast(request, back, str(refusal), kind="danger")
    return redirect("records:paper", made[0].pk)


@require_http_methods(["GET", "POST"])
@requires(permissions.ISSUE)
def issue_many(request: Request, class_id: UUID) -> HttpResponse:
    """To a whole class, or to some of it; the papers open in one file."""
    actor = request.actor
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    pupils = contingent.pupils_of_class(actor=actor, class_id=class_id)
    sent = request.POST if request.method == "POST" else None  # one that came empty is told what is missing
    form = forms.WantedForm(sent, initial=_usual())
    chosen = {one.id for one in pupils}
    if request.method == "POST":
        chosen = {one.id for one in pupils if str(one.id) in request.POST.getlist("pupil")}
        if not chosen:
            form.add_error(None, _("Tick at least one pupil."))
        if form.is_valid():
            try:
                made = services.issue(
                    actor=actor, pupil_ids=[one.id for one in pupils if one.id in chosen], wanted=form.wanted
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return _made(request, made)
    context = {
        "form": form,
        "school_class": school_class,
        "pupils": [(one, one.id in chosen) for one in pupils],
        "back": reverse("contingent:school_class", args=[class_id]),
    }
    status = 422 if form.errors else 200
    return render.page(
        request, "records/issue_many.html", context, help="records/certificates", status=status
    )


@require_POST
@requires(permissions.ISSUE)
def issue_ordered(request: Request) -> HttpResponse:
    """Issue the ticked orders of families."""
    ids = [one for text in request.POST.getlist("certificate")[:MOST_AT_ONCE] if (one := _uuid(text))]
    back = redirect(f"{reverse('records:certificates')}?state=ordered")
    if not ids:
        return render.toast(request, back, _("Tick at least one order."), kind="danger")
    try:
        made = services.issue_ordered(actor=request.actor, certificate_ids=ids)
    except NotFound:
        raise
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return _made(request, made)


def _made(request: Request, made: list[Certificate]) -> HttpResponse:
    """One opens its own page; several the file for the printer's page, which keeps the list."""
    text = ngettext("{n} certificate is issued.", "{n} certificates are issued.", len(made)).format(
        n=len(made)
    )
    if len(made) == 1:
        return render.toast(request, redirect("records:certificate", made[0].pk), text)
    ids = "&".join(f"id={one.pk}" for one in made)
    return render.toast(request, HttpResponseRedirect(f"{reverse('records:print_many')}?{ids}"), text)


@require_GET
@requires(permissions.ISSUE)
def print_many(request: Request) -> HttpResponse:
    """Certificates just issued: a list, and all of a language in one file (`?lang=`)."""
    ids = [one for text in request.GET.getlist("id")[:MOST_AT_ONCE] if (one := _uuid(text))]
    rows = [queries.get(actor=request.actor, certificate_id=one) for one in ids]
    if not rows:
        raise NotFound
    if request.GET.get("lang"):
        language = language_of(request)
        chosen = [one.pk for one in rows if one.language == language]
        content = services.papers_again(actor=request.actor, certificate_ids=chosen)
        return pdf(content, _("Certificates of study"))
    spoken = {"kk": _("in Kazakh"), "ru": _("in Russian")}
    query = request.GET.urlencode()
    context = {
        "lines": [line_of(one) for one in rows],
        "files": [
            (label, f"{request.path}?{query}&lang={code}")
            for code, label in spoken.items()
            if any(one.language == code for one in rows)
        ],
    }
    return render.page(request, "records/print_many.html", context, help="records/certificates")


# --- one certificate


@require_GET
@requires(permissions.ISSUE)
def show(request: Request, certificate_id: UUID) -> HttpResponse:
    """What it says, where its square leads, and what can be done with it."""
    row = queries.get(actor=request.actor, certificate_id=certificate_id)
    return _page(request, row, forms.ReasonForm())


def _page(request: Request, row: Certificate, form: forms.ReasonForm) -> HttpResponse:
    spoken = {"kk": _("in Kazakh"), "ru": _("in Russian")}
    context = {
        "line": line_of(row),
        "row": row,
        "spoken": spoken.get(row.language, ""),
        "address": address_of(row.token) if row.token else "",
        "form": form,
        "opens_card": request.actor.may(contingent.permissions.CARD),
    }
    status = 422 if form.errors else 200
    return render.page(
        request, "records/certificate.html", context, help="records/certificates", status=status
    )


@require_GET
@requires(permissions.ISSUE, permissions.ORDER)
def paper(request: Request, certificate_id: UUID) -> HttpResponse:
    """The paper as it was given out: for the office, and for the family whose it is."""
    row, content = services.paper(actor=request.actor, certificate_id=certificate_id)
    return pdf(content, f"{_('Certificate of study')} № {row.number}")


@require_POST
@requires(permissions.ISSUE)
def withdraw(request: Request, certificate_id: UUID) -> HttpResponse:
    row = queries.get(actor=request.actor, certificate_id=certificate_id)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw(actor=request.actor, certificate_id=row.pk, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(
                request,
                redirect("records:certificate", row.pk),
                _("The certificate is withdrawn; its link says so."),
            )
    return _page(request, row, form)


@require_POST
@requires(permissions.ISSUE)
def decline(request: Request, certificate_id: UUID) -> HttpResponse:
    row = queries.get(actor=request.actor, certificate_id=certificate_id)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.decline(actor=request.actor, certificate_id=row.pk, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            back = redirect(f"{reverse('records:certificates')}?state=ordered")
            return render.toast(request, back, _("The family is told why."))
    return _page(request, row, form)


def _usual() -> dict[str, Any]:
    return {"language": render.language()[:2], "destination": school.setting(DESTINATION)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
