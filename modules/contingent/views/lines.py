"""Lines of a card: shown as tables of one look, added, corrected and removed on a page of one form; scans and the photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import audit, clock, links
from kernel.access import Actor, requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request, picture
from modules.contingent import forms, permissions, queries, services
from modules.contingent.models import Pupil, PupilAddress
from modules.contingent.queries.words import label, shown
from modules.contingent.views.form_page import part_url, submit
from ui import render


@dataclass(frozen=True)
class Look:
    """How a section is drawn: on which part of the card, and its columns; the first names the line."""

    tab: str
    title: Any
    icon: str
    columns: tuple[str, ...]
    nothing: Any


LOOKS: dict[str, Look] = {
    "documents": Look(
        "documents",
        gettext_lazy("Documents"),
        "id",
        ("kind", "series number", "issued_by", "issued_date", "valid_until", "scan_id"),
        gettext_lazy("Birth certificate, identity card or passport: enter what the family brought."),
    ),
    "addresses": Look(
        "addresses",
        gettext_lazy("Addresses"),
        "map-pin",
        ("kind", "kato text", "distance_km", "since", "until"),
        gettext_lazy("Where the child lives and where he is registered, each with its days."),
    ),
    "transport": Look(
        "addresses",
        gettext_lazy("School transport"),
        "bus",
        ("route", "stop", "since", "until", "ground"),
        gettext_lazy("The route and the stop of a child who is brought to school."),
    ),
    "needs": Look(
        "statuses",
        gettext_lazy("Special educational needs"),
        "heart",
        ("programme", "paper_number", "paper_date", "issued_by", "advice", "since", "until"),
        gettext_lazy("Conclusions of the consultation (ПМПК) stand here. The status follows by itself."),
    ),
    "home": Look(
        "statuses",
        gettext_lazy("Schooling at home"),
        "home",
        ("paper_number", "paper_date", "issued_by", "order_number", "since", "until"),
        gettext_lazy("By a conclusion of the medical commission (ВКК). The status follows by itself."),
    ),
    "health": Look(
        "health",
        gettext_lazy("Health group"),
        "heartbeat",
        ("group", "physical_education", "advice", "since", "until", "ground"),
        gettext_lazy("The groups of the health list, after each examination."),
    ),
    "notes": Look(
        "health",
        gettext_lazy("What is to be known"),
        "stethoscope",
        ("kind", "name", "action", "since", "until", "ground"),
        gettext_lazy(
            "Allergies, chronic illnesses, disability. The class teacher reads what to do, not the illness."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    cells: Sequence[Cell]
    is_over: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as the template draws it."""

    title: str
    icon: str
    nothing: str
    add: str
    head: Sequence[str]
    rows: Sequence[Line]


def sections(actor: Actor, row: Pupil, *codes: str) -> list[Shown]:
    return [_shown(actor, row, code) for code in codes]


def _shown(actor: Actor, row: Pupil, section: str) -> Shown:
    look, model = LOOKS[section], queries.SECTION_MODELS[section]
    may_edit = actor.may(services.SECTIONS[section].permission)
    head = [label(model, names) for names in look.columns]
    rows = []
    for one in queries.records_of(actor=actor, pupil_id=row.pk, section=section):
        cells = []
        for names, title in zip(look.columns, head, strict=True):
            parts = (shown(model, name, getattr(one, name)) for name in names.split())
            href = ""
            if names == "scan_id" and one.scan_id:
                href = reverse("contingent:scan", args=[row.pk, one.pk])
            elif may_edit and names == look.columns[0]:
                href = reverse("contingent:record", args=[row.pk, section, one.pk])
            cells.append(Cell(title, " ".join(filter(None, parts)), href))
        last = getattr(one, "until", None) or getattr(one, "valid_until", None)
        rows.append(Line(cells, last is not None and last < clock.today()))
    add = reverse("contingent:add_record", args=[row.pk, section]) if may_edit else ""
    return Shown(str(look.title), look.icon, str(look.nothing), add, head, rows)


# --- one line


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT, permissions.EDIT_HEALTH)
def add(request: Request, pupil_id: UUID, section: str) -> HttpResponse:
    """A new line of a section; the running one before it ends by itself."""
    row = _known(request, pupil_id, section)
    initial = _listed(request, row) if section == "addresses" else {}
    form = forms.SECTION_FORMS[section](request.POST or None, request.FILES or None, initial=initial)

    def act() -> None:
        services.add_record(actor=request.actor, pupil_id=row.pk, section=section, **form.cleaned_data)

    return _page(request, row, section, form, act)


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT, permissions.EDIT_HEALTH)
def change(request: Request, pupil_id: UUID, section: str, record_id: UUID) -> HttpResponse:
    """Correct a line, or end it by its last day."""
    row = _known(request, pupil_id, section)
    record = queries.get_record(actor=request.actor, pupil_id=row.pk, section=section, record_id=record_id)
    form_class = forms.SECTION_FORMS[section]
    initial = {name: getattr(record, name) for name in form_class.base_fields if name != "scan"}
    form = form_class(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "GET":
        audit.viewed(actor=request.actor, subject="pupil", subject_ids=[row.pk], purpose="contingent.edit")

    def act() -> None:
        services.change_record(
            actor=request.actor, pupil_id=row.pk, section=section, record_id=record_id, **form.cleaned_data
        )

    gone = reverse("contingent:remove_record", args=[row.pk, section, record_id])
    return _page(request, row, section, form, act, gone=gone)


@require_POST
@requires(permissions.EDIT, permissions.EDIT_HEALTH)
def remove(request: Request, pupil_id: UUID, section: str, record_id: UUID) -> HttpResponse:
    """Remove a mistaken line."""
    row = _known(request, pupil_id, section)
    services.remove_record(actor=request.actor, pupil_id=row.pk, section=section, record_id=record_id)
    back = redirect(part_url(row.pk, LOOKS[section].tab))
    return render.toast(request, back, _("The line is removed"))


def _listed(request: Request, row: Pupil) -> dict[str, Any]:
    """An address begins with the one in the lists, as the kind that is not entered yet."""
    entered = {
        one.kind
        for one in queries.records_of(actor=request.actor, pupil_id=row.pk, section="addresses")
        if one.until is None
    }
    missing = [kind for kind in PupilAddress.Kind if kind not in entered]
    return {"kind": missing[0], "text": row.address} if missing else {}


def _known(request: Request, pupil_id: UUID, section: str) -> Pupil:
    """The pupil, when the section is one and the actor may write in it."""
    if section not in services.SECTIONS or not request.actor.may(services.SECTIONS[section].permission):
        raise NotFound
    return queries.get_pupil(actor=request.actor, pupil_id=pupil_id)


def _page(request: Request, row: Pupil, section: str, form: Any, act: Any, *, gone: str = "") -> HttpResponse:
    field = "scan" if "scan" in form.fields else "since"
    return submit(
        request,
        row,
        form,
        act,
        title=form.title,
        tab=LOOKS[section].tab,
        field=field,
        gone=gone,
        multipart="scan" in form.fields,
    )


# --- files


@require_GET
@requires(permissions.DOCUMENTS, permissions.EDIT)
def scan(request: Request, pupil_id: UUID, record_id: UUID) -> HttpResponse:
    """The scan of a document or of a decision; the look goes to the log."""
    kept = queries.scan(actor=request.actor, pupil_id=pupil_id, record_id=record_id)
    audit.viewed(actor=request.actor, subject="pupil", subject_ids=[pupil_id], purpose="contingent.scan")
    ending = "pdf" if kept.content_type == "application/pdf" else kept.content_type.rpartition("/")[2]
    return links.leading_to(kept, name=f"{_('Scan')}.{ending}")


@require_GET
@requires(permissions.CARD)
def photo(request: Request, pupil_id: UUID) -> HttpResponse:
    """The picture of a card that is open to the reader; asked for anew each time, since a right may end."""
    photo_id = queries.photo_of(actor=request.actor, pupil_id=pupil_id)
    return picture(photo_id, purpose=queries.PHOTO, keep=False)


@require_POST
@requires(permissions.EDIT)
def set_photo(request: Request, pupil_id: UUID) -> HttpResponse:
    """A picture in place of the one before."""
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    form = forms.PhotoForm(request.POST, request.FILES)
    back = redirect("contingent:pupil", row.pk)
    if not form.is_valid():
        return render.toast(request, back, _("Choose a picture first."), kind="danger")
    try:
        services.set_photo(actor=request.actor, pupil_id=row.pk, content=form.cleaned_data["photo"].content)
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("Saved"))


@require_POST
@requires(permissions.EDIT)
def drop_photo(request: Request, pupil_id: UUID) -> HttpResponse:
    row = queries.get_pupil(actor=request.actor, pupil_id=pupil_id)
    services.drop_photo(actor=request.actor, pupil_id=row.pk)
    return render.toast(request, redirect("contingent:pupil", row.pk), _("The photo is removed"))
