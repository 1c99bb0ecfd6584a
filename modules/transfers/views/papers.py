"""The dossier on the screen, and the papers: both slips and the extract, in Kazakh and in Russian."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import api as documents
from documents.data import Printed
from kernel import audit
from kernel.access import requires
from kernel.errors import NotFound
from kernel.http import Request
from modules.contingent import api as contingent
from modules.transfers import permissions, printing, queries, reading
from modules.transfers.data import Side, State
from modules.transfers.models import Transfer
from modules.transfers.services import papers as sending
from ui import render


@require_GET
@requires(permissions.ASK)
def dossier(request: Request, transfer_id: UUID) -> HttpResponse:
    """What came from the old school, before anything is written here. The look is logged."""
    row = queries.get(actor=request.actor, transfer_id=transfer_id)
    card = reading.card_of(row.dossier)
    if row.side != Side.IN or card is None or row.pupil_id is None:
        raise NotFound
    audit.viewed(
        actor=request.actor, subject="pupil", subject_ids=[row.pupil_id], purpose="transfers.dossier"
    )
    context = {
        "row": row,
        "name": row.person_name.full,
        "tables": reading.tables(card, (row.dossier or {}).get("parts", {}), whole_iin=_whole_iin(request)),
        "may_take": row.state == State.LEFT and row.order_date is None,
    }
    return render.page(request, "transfers/dossier.html", context, help="transfers/dossier")


def _whole_iin(request: Request) -> bool:
    return request.actor.may(contingent.permissions.REVEAL_IIN)


@require_GET
@requires(permissions.VIEW)
def accepting_slip(request: Request, transfer_id: UUID) -> HttpResponse:
    row = queries.get(actor=request.actor, transfer_id=transfer_id)
    if row.side != Side.IN or not row.slip_number:
        raise NotFound
    data = printing.accepting_slip(row)
    return _pdf(_render(request, row, "transfers.accepting_slip", data, number=row.slip_number))


@require_GET
@requires(permissions.VIEW)
def departure_slip(request: Request, transfer_id: UUID) -> HttpResponse:
    row = queries.get(actor=request.actor, transfer_id=transfer_id)
    if row.side != Side.OUT or not row.departure_slip:
        raise NotFound
    data = printing.departure_slip(row)
    return _pdf(_render(request, row, "transfers.departure_slip", data, number=row.departure_slip))


@require_GET
@requires(permissions.ANSWER)
def extract(request: Request, transfer_id: UUID) -> HttpResponse:
    """The dossier on paper: the extract of results with the list of the personal file. The look is logged."""
    row = queries.get(actor=request.actor, transfer_id=transfer_id)
    if row.side != Side.OUT or row.pupil_id is None or row.last_day is None:
        raise NotFound
    audit.viewed(
        actor=request.actor, subject="pupil", subject_ids=[row.pupil_id], purpose="transfers.extract"
    )
    card = sending.card_to_send(contingent.card(actor=request.actor, pupil_id=row.pupil_id))
    contents = sending.gather(row, actor=request.actor)
    language = _language(request)
    data = printing.extract(row, card, contents, language=language, whole_iin=_whole_iin(request))
    return _pdf(_render(request, row, "transfers.extract", data, number=""))


def _language(request: Request) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in ("kk", "ru") else render.language()[:2]


def _render(request: Request, row: Transfer, form: str, data: Any, *, number: str) -> Printed:
    audit.record(
        actor=request.actor,
        action="transfers.printed",
        object_type="transfer",
        object_id=row.pk,
        details={"form": form},
    )
    return documents.render(
        form,
        data,
        language=_language(request),
        actor=request.actor,
        on=row.answered_on or row.asked_on,
        number=number,
    )


def _pdf(printed: Printed) -> HttpResponse:
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{_("transfer")}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
@requires(permissions.BROUGHT)
def brought(request: Request, pupil_id: UUID) -> HttpResponse:
    """Marks of the old school: for whoever the pupil's card is open to. They are read, never changed."""
    pupil = contingent.opens_card(actor=request.actor, pupil_id=pupil_id)
    found = queries.brought(actor=request.actor, pupil_ids=[pupil_id], part=queries.MARKS).get(pupil_id, [])
    if not found:
        raise NotFound
    if request.actor.person_id != pupil_id:
        audit.viewed(
            actor=request.actor, subject="pupil", subject_ids=[pupil_id], purpose="transfers.brought"
        )
    context = {
        "pupil": pupil,
        "schools": [(one, reading.part_tables(queries.MARKS, one.content)) for one in found],
    }
    return render.page(request, "transfers/brought.html", context, help="transfers/brought")
