"""The lists of both directions, the request, and one transfer with all that can be done to it now."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kernel import audit, clock, iin
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from kernel.tenancy import Kind
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo, PupilCard
from modules.orders import api as orders
from modules.transfers import forms, permissions, queries, reading, services
from modules.transfers.data import STATE_LABELS, STATE_TONES, Child, Side, State
from modules.transfers.models import Transfer
from tenants import api as tenants
from tenants import reference
from tenants import register as tenant_register
from tenants.register import Place
from ui import render
from ui.components import Tab

PAGE = 50


def classes_with_counts(request: Request) -> list[tuple[ClassInfo, int]]:
    """Classes of this school year and how many learn in each today."""
    counts = contingent.counts(actor=request.actor).by_class
    return [(one, counts.get(one.id, 0)) for one in contingent.classes(actor=request.actor)]


@require_GET
@requires(permissions.VIEW)
def index(request: Request) -> HttpResponse:
    """Who comes and who goes; those under way first."""
    side = Side.OUT if request.GET.get("side") == "out" else Side.IN
    state = request.GET.get("state", "open")
    text = request.GET.get("q", "").strip()[:100]
    known = {"open", "", *State}
    rows = queries.transfers(
        actor=request.actor, side=side, state=state if state in known else "open", text=text
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    address = reverse("transfers:index")
    context = {
        "page": page,
        "lines": [_line(one) for one in page.object_list],
        "side": side.value,
        "wanted": {"state": state, "text": text},
        "states": STATE_LABELS.items(),
        "tabs": [
            Tab(_("Come to us"), address, active=side is Side.IN),
            Tab(_("Leave us"), f"{address}?side=out", active=side is Side.OUT),
        ],
        "may_ask": request.actor.may(permissions.ASK),
        "may_answer": request.actor.may(permissions.ANSWER),
    }
    template = "transfers/_list.html" if render.htmx_partial(request) else "transfers/index.html"
    return render.page(request, template, context, help="transfers/transfers")


def _line(one: Transfer) -> dict[str, Any]:
    return {
        "row": one,
        "name": one.person_name.full or _("by IIN"),
        "label": STATE_LABELS[one.state],
        "tone": STATE_TONES[one.state],
        "is_late": one.state == State.ASKED and one.valid_until <= clock.today(),
    }


@require_GET
@requires(permissions.ASK)
def find_school(request: Request) -> HttpResponse:
    """Where does the child learn now? Schools dealt with lately, and a search in the register."""
    text = request.GET.get("q", "").strip()[:80]
    places: list[Place] = []
    has_more = False
    if text:
        places, has_more = tenant_register.find(query=text, kind=Kind.SCHOOL)
    recent = tenants.names_of(queries.partners(actor=request.actor))
    context = {
        "text": text,
        "places": [one for one in places if one.ref.id != request.tenant.id],
        "has_more": has_more,
        "recent": list(recent.values()),
        "again": request.GET.get("again", "")[:40],
    }
    template = "transfers/_schools.html" if render.htmx_partial(request) else "transfers/find_school.html"
    return render.page(request, template, context, help="transfers/transfers")


@require_http_methods(["GET", "POST"])
@requires(permissions.ASK)
def ask(request: Request, school_id: UUID) -> HttpResponse:
    """The request to a school of the platform."""
    partner = tenants.names_of([school_id]).get(school_id)
    if partner is None or partner.kind is not Kind.SCHOOL or partner.id == request.tenant.id:
        raise NotFound
    again = _again(request)
    form = forms.AskForm(
        request.POST or None,
        classes=classes_with_counts(request),
        initial={"arrival_date": _next_day(), "contact": request.actor.name, **again},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        child = Child(**{name: given.pop(name) for name in Child.__slots__})
        try:
            row = services.ask(actor=request.actor, partner_id=partner.id, child=child, **given)
        except DomainError as refusal:
            form.add_error(_field_of(refusal), str(refusal))
        else:
            return render.toast(
                request,
                redirect("transfers:transfer", row.pk),
                _("The request is on its way; the accepting slip can be printed"),
            )
    context = {"form": form, "partner": partner, "back": reverse("transfers:find_school")}
    status = 422 if form.errors else 200
    return render.page(request, "transfers/ask.html", context, help="transfers/transfers", status=status)


def _next_day() -> date:
    """The first day that a child may be expected: the next working day."""
    return reference.working_day_after(clock.today(), 1)


def _again(request: Request) -> dict[str, Any]:
    """A request that came to the wrong school or too late is asked again with the same child."""
    key = request.GET.get("again", "")
    try:
        row = queries.get(actor=request.actor, transfer_id=UUID(key)) if key else None
    except (ValueError, NotFound):
        row = None
    if row is None or row.side != Side.IN:
        return {}
    names = ("iin", "surname", "name", "patronymic", "birth_date", "class_id", "ground", "ground_paper")
    return {name: getattr(row, name) for name in names}


_FIELDS = {
    services.WhoIsIt: "iin",
    services.LearnsHere: "iin",
    services.AlreadyAsked: "iin",
    services.NoGround: "ground",
    services.WrongDay: "arrival_date",
    services.OtherYear: "class_id",
}


def _field_of(refusal: DomainError) -> str | None:
    return _FIELDS.get(type(refusal))


@require_http_methods(["GET", "POST"])
@requires(permissions.ASK)
def await_papers(request: Request) -> HttpResponse:
    """The slip for a child from a school outside the platform."""
    form = forms.AwaitForm(
        request.POST or None,
        classes=classes_with_counts(request),
        initial={"arrival_date": _next_day()},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        child = Child(**{name: given.pop(name) for name in Child.__slots__})
        try:
            row = services.await_papers(actor=request.actor, child=child, **given)
        except DomainError as refusal:
            form.add_error(_field_of(refusal), str(refusal))
        else:
            return redirect("transfers:transfer", row.pk)
    context = {
        "form": form,
        "title": _("From a school outside the platform"),
        "submit": _("Give the accepting slip"),
        "back": reverse("transfers:find_school"),
    }
    status = 422 if form.errors else 200
    return render.page(request, "transfers/form.html", context, help="transfers/outside", status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.ANSWER)
def let_go(request: Request, pupil_id: UUID) -> HttpResponse:
    """A pupil goes to a school outside the platform."""
    pupil = contingent.opens_card(actor=request.actor, pupil_id=pupil_id)
    form = forms.LetGoForm(request.POST or None, initial={"last_day": clock.today(), "ground": "residence"})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.let_go(actor=request.actor, pupil_id=pupil_id, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render.toast(
                request,
                redirect("transfers:transfer", row.pk),
                _("The order is drafted, the slip is numbered"),
            )
    context = {
        "form": form,
        "title": _("To a school outside the platform"),
        "subtitle": f"{pupil.full_name} · {pupil.class_label}",
        "submit": _("Let go"),
        "back": reverse("contingent:pupil", args=[pupil_id]),
    }
    status = 422 if form.errors else 200
    return render.page(request, "transfers/form.html", context, help="transfers/outside", status=status)


# --- one transfer


@require_GET
@requires(permissions.VIEW)
def show(request: Request, transfer_id: UUID) -> HttpResponse:
    """Where it stands, what happened, and what can be done now."""
    row = queries.get(actor=request.actor, transfer_id=transfer_id)
    return page_of(request, row)


def page_of(request: Request, row: Transfer, **bound: Any) -> HttpResponse:
    """The page of a transfer; `bound` are forms that came back with a refusal."""
    actor = request.actor
    # Orders are drafted with the right to the contingent: without it there is nothing to press here.
    drafts = actor.may(contingent.permissions.EDIT)
    asks, answers = drafts and actor.may(permissions.ASK), drafts and actor.may(permissions.ANSWER)
    order = orders.references([row.order_id]).get(row.order_id) if row.order_id else None
    context: dict[str, Any] = {
        "row": row,
        "name": row.person_name.full or _("A child by IIN"),
        "label": STATE_LABELS[row.state],
        "tone": STATE_TONES[row.state],
        "steps": queries.steps(actor=actor, transfer_id=row.pk),
        "order": order,
        "may_orders": actor.may(orders.permissions.VIEW_CONTINGENT),
        "may_ask": asks,
        "may_answer": answers,
        "note_form": forms.NoteForm(prefix="note"),
        "row_key": str(row.pk),
        "iin": iin.mask(row.iin),
        "ground": reading.named("transfer_grounds", row.ground),
        "state_words": _state_words(row, has_order=order is not None),
    }
    if row.side == Side.OUT and row.state == State.ASKED and answers:
        context |= _answering(request, row)
    may_refuse = row.side == Side.OUT and row.state == State.AGREED and row.order_date is None
    if may_refuse and answers:
        context["refuse_form"] = forms.RefuseForm()
    if _can_take_in(row) and asks:
        context |= _taking_in(request, row)
    if row.side == Side.OUT and row.state == State.LEFT and row.is_outside:
        context["confirm_form"] = forms.ConfirmForm(initial={"day": clock.today()})
    context |= bound
    status = 422 if bound else 200
    return render.page(request, "transfers/transfer.html", context, help="transfers/transfers", status=status)


def _can_take_in(row: Transfer) -> bool:
    if row.side != Side.IN or row.order_date is not None:
        return False
    return row.state == State.LEFT or (row.state == State.ASKED and row.is_outside)


def _said(card: PupilCard) -> str:
    term = card.last_term
    where = term.class_label if term else ""
    if card.left_date is not None:
        where = _("left on {day}").format(day=f"{card.left_date:%d.%m.%Y}")
    return f"{card.person.full}, {card.pupil.birth_date:%d.%m.%Y} · {where}"


def _answering(request: Request, row: Transfer) -> dict[str, Any]:
    found = queries.candidates(actor=request.actor, transfer=row)
    audit.viewed(
        actor=request.actor,
        subject="pupil",
        subject_ids=[card.id for card in found],
        purpose="transfers.match",
    )
    here = [card for card in found if card.left_date is None]
    return {
        "here": here,
        "refuse_first": not here,
        "left": [_said(card) for card in found if card.left_date is not None],
        "rivals": queries.rivals(actor=request.actor, transfer=row, pupil_ids=[card.id for card in here]),
        "agree_form": forms.AgreeForm(
            pupils=[(card.id, _said(card)) for card in here],
            initial={"pupil_id": here[0].id if len(here) == 1 else None, "last_day": clock.today()},
        ),
        "refuse_form": forms.RefuseForm(initial={"refusal": "" if here else "not_ours"}),
    }


def _taking_in(request: Request, row: Transfer) -> dict[str, Any]:
    former = queries.former(actor=request.actor, transfer=row)
    return {
        "take_form": forms.TakeInForm(
            classes=classes_with_counts(request),
            former=[(card.id, _said(card)) for card in former],
            initial={
                "pupil_id": former[0].id if former else "",
                "class_id": row.class_id,
                "first_day": max(row.arrival_date, clock.today()),
            },
        ),
        "former": former,
    }


def _state_words(row: Transfer, *, has_order: bool) -> str:
    """What is going on, in one sentence, and whose turn it is."""
    coming = row.side == Side.IN
    day = f"{row.last_day:%d.%m.%Y}" if row.last_day else ""
    until = f"{row.valid_until:%d.%m.%Y}"
    match row.state:
        case State.ASKED if row.is_outside:
            return _("The slip is given. When the papers have come, take the child in.")
        case State.ASKED if coming:
            return _("The school has until {day} to answer.").format(day=until)
        case State.ASKED:
            return _("Answer until {day}: so long the accepting slip is valid.").format(day=until)
        case State.AGREED if coming:
            return _(
                "The school agrees; the last day there is {day}. The dossier comes when its order is signed."
            ).format(day=day)
        case State.AGREED if row.order_date:
            return _("The order is signed. The dossier goes after the last day, {day}.").format(day=day)
        case State.AGREED if has_order:
            return _("The order of departure waits for the director's signature.")
        case State.AGREED:
            return _("There is no order of departure: draft it again, or refuse.")
        case State.LEFT if coming and has_order:
            return _("The order of enrolment waits for the director's signature.")
        case State.LEFT if coming:
            return _("The dossier is here. Look at it, then take the child in.")
        case State.LEFT if row.is_outside:
            return _("The pupil has left. When the new school confirms his arrival, note it here.")
        case State.LEFT:
            return _("The pupil has left and the dossier is sent. The new school will confirm his arrival.")
        case State.ARRIVED if coming:
            return _("The child learns here.")
        case State.ARRIVED:
            return _("The new school has confirmed the arrival.")
        case State.EXPIRED:
            return _("The slip is not valid any more, and there was no answer.")
        case State.MISSING if coming:
            return _("The child has not come here; the old school is told.")
        case State.MISSING:
            return _(
                "The pupil has not arrived in the new school. Find out where he is; if he stays, cancel the order."
            )
        case State.WITHDRAWN:
            return _("The new school has withdrawn its request.")
    return ""
