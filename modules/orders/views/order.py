"""One order: the draft with its text beside it, and what was signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import excel, word
from kernel import audit
from kernel.access import requires
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.http import Request
from kernel.ids import uuid7
from modules.orders import forms, kinds, permissions, queries, services
from modules.orders.data import REGISTER_LABELS, STATE_LABELS, Fault, LineInfo, NewLine, OrderInfo, State
from modules.orders.kinds import OrderKind
from modules.orders.registers import TONES
from modules.orders.services import drafting, papers
from ui import render

MOST_IN_TABLE = 60
_ABOUT = ("date", "language", "title_kk", "title_ru", "ground", "executor")
Open = requires(*permissions.VIEW_ANY)


@require_GET
@Open
def show(request: Request, order_id: UUID) -> HttpResponse:
    """The draft to work on, or the order as it was signed."""
    row = queries.get_row(actor=request.actor, order_id=order_id)
    order = queries.with_lines(row)
    if order.is_draft and request.actor.may(kinds.get(order.kind).permission):
        return _draft(request, order)
    context = _signed(request, order) | {"blocks": row.text or _blocks(request, order), "sha256": row.sha256}
    return render.page(request, "orders/order.html", context, help="orders/order")


def _signed(request: Request, order: OrderInfo) -> dict[str, Any]:
    kind = kinds.get(order.kind)
    actor = request.actor
    return {
        **_head(order),
        "cancels": queries.references([order.cancels_id]).get(order.cancels_id) if order.cancels_id else None,
        "cancelled_by": queries.cancelling(order.id),
        "people": [
            (line, kind.subject_url(line.subject_id) if line.subject_id else "") for line in order.lines
        ],
        "may_cancel": order.in_force
        and order.kind != drafting.CANCEL
        and actor.may(permissions.DRAFT)
        and actor.may(kind.permission),
        "may_sign": actor.may(permissions.SIGN),
        "ground": forms.Ground(),
    }


def _head(order: OrderInfo) -> dict[str, Any]:
    kind = kinds.get(order.kind)
    return {
        "order": order,
        "kind": kind,
        "register_label": REGISTER_LABELS[order.register],
        "state": STATE_LABELS[order.state],
        "tone": TONES[State(order.state)],
        "book_url": f"{reverse(f'orders:book_{order.register}')}?year={order.date.year}",
    }


# --- the draft


def _draft(
    request: Request, order: OrderInfo, *, bound: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    parts = bound or _forms(request, order)
    context = {**_head(order), **parts, **_side(request, order)}
    return render.page(request, "orders/draft.html", context, help="orders/order", status=status)


def _forms(request: Request, order: OrderInfo, data: Any = None) -> dict[str, Any]:
    """The forms of a draft: about the order, of its kind, and of each short line."""
    kind, actor = kinds.get(order.kind), request.actor
    about = forms.About(data, initial={name: getattr(order, name) for name in _ABOUT}, prefix="about")
    initial = {"initial": dict(order.values)} if order.values else {}
    head = kind.head_form(data, actor=actor, order=order, prefix="head", **initial)
    inline = bool(kind.line.base_fields) and not kind.long_lines and len(order.lines) <= MOST_IN_TABLE
    facts = {} if inline else kind.line_facts(order, actor=actor)
    lines = []
    for line in order.lines:
        form = _line_form(kind, request, order, line, data) if inline else None
        lines.append({"line": line, "form": form, "facts": facts.get(line.id, ())})
    return {"about": about, "head": head, "lines": lines, "inline": inline}


def _line_form(
    kind: OrderKind,
    request: Request,
    order: OrderInfo,
    line: LineInfo | None,
    data: Any = None,
    prefix: str = "line",
) -> django_forms.Form:
    initial = {"initial": dict(line.values)} if line and line.values else {}
    name = f"{prefix}-{line.id}" if line else prefix
    return kind.line_form(data, actor=request.actor, order=order, prefix=name, **initial)


def _side(request: Request, order: OrderInfo) -> dict[str, Any]:
    """What stands beside the forms: what keeps the order from being signed, and its text."""
    kind, actor = kinds.get(order.kind), request.actor
    faults: list[Fault] = list(kind.check(order, actor=actor))
    return {
        "faults": faults,
        "blocks": _blocks(request, order),
        "may_sign": actor.may(permissions.SIGN),
        "seen": order.changed_at.isoformat() if order.changed_at else "",
    }


def _blocks(request: Request, order: OrderInfo) -> list[Any]:
    return list(papers.blocks_of(order, actor=request.actor))


def _bound(request: Request, order: OrderInfo) -> tuple[dict[str, Any], bool]:
    parts = _forms(request, order, request.POST)
    every = [parts["about"], parts["head"], *(one["form"] for one in parts["lines"] if one["form"])]
    answers = [form.is_valid() for form in every]  # all of them, so that every fault is shown
    return parts, all(answers)


def _save(request: Request, order: OrderInfo, parts: dict[str, Any]) -> OrderInfo:
    actor = request.actor
    for one in parts["lines"]:
        form = one["form"]
        if form and drafting.plain(form.cleaned_data) != dict(one["line"].values):
            services.change_line(
                actor=actor, order_id=order.id, line_id=one["line"].id, values=form.cleaned_data
            )
    return services.change(
        actor=actor, order_id=order.id, values=parts["head"].cleaned_data, **parts["about"].cleaned_data
    )


@require_POST
@Open
def save(request: Request, order_id: UUID) -> HttpResponse:
    """Save the draft. HTMX, which saves while one types, gets the text anew; `then` says what the button wants next."""
    order = _own_draft(request, order_id)
    parts, is_valid = _bound(request, order)
    if not is_valid:
        if render.htmx_partial(request):
            context = {**_head(order), **_side(request, order), "unsaved": True}
            return render.page(request, "orders/_side.html", context, status=422)
        return _draft(request, order, bound=parts, status=422)
    order = _save(request, order, parts)
    if render.htmx_partial(request):
        return render.page(request, "orders/_side.html", {**_head(order), **_side(request, order)})
    then = request.POST.get("then", "")
    if then == "people":
        return redirect("orders:people", order.id)
    if then == "line":
        return redirect("orders:line", order.id)
    if then == "sign":
        return _sign(request, order, seen="")
    if then == "submit":
        return _submit(request, order)
    return render.toast(request, redirect("orders:order", order.id), _("Saved"))


@require_http_methods(["GET", "POST"])
@Open
def people(request: Request, order_id: UUID) -> HttpResponse:
    """Choose several people at once, by class or by name."""
    order = _own_draft(request, order_id)
    kind, actor = kinds.get(order.kind), request.actor
    if not kind.subject or not kind.chosen:
        raise Http404
    if request.method == "POST":
        return _take(request, order, kind)
    text, group = request.GET.get("q", "").strip()[:100], request.GET.get("group", "")
    taken = {line.subject_id for line in order.lines}
    context = {
        **_head(order),
        "groups": kind.groups(actor=actor),
        "text": text,
        "group": group,
        "choices": [
            one
            for one in kind.choices(actor=actor, order=order, text=text, group=group)
            if one.id not in taken
        ],
        "asked": bool(text or group),
    }
    template = "orders/_people.html" if render.htmx_partial(request) else "orders/people.html"
    return render.page(request, template, context, help="orders/order")


def _take(request: Request, order: OrderInfo, kind: OrderKind) -> HttpResponse:
    ids = []
    for given in request.POST.getlist("person"):
        try:
            ids.append(UUID(given))
        except ValueError:
            raise Http404 from None
    names = kind.names(ids, actor=request.actor)
    try:
        services.add_lines(
            actor=request.actor,
            order_id=order.id,
            lines=[NewLine(one, names[one]) for one in dict.fromkeys(ids) if one in names],
        )
    except DomainError as refusal:
        return render.toast(request, redirect("orders:order", order.id), str(refusal), kind="danger")
    return redirect("orders:order", order.id)


@require_http_methods(["GET", "POST"])
@Open
def line(request: Request, order_id: UUID, line_id: UUID | None = None) -> HttpResponse:
    """A line of many fields on a page of its own: a newcomer, where somebody goes."""
    order = _own_draft(request, order_id)
    kind = kinds.get(order.kind)
    found = next((one for one in order.lines if one.id == line_id), None)
    if (line_id is not None and found is None) or (line_id is None and kind.chosen):
        raise NotFound
    data = request.POST if request.method == "POST" else None
    form = _line_form(kind, request, order, found, data)
    if request.method == "POST" and form.is_valid():
        name = kind.subject_name(form.cleaned_data)
        if found is None:
            services.add_lines(
                actor=request.actor, order_id=order.id, lines=[NewLine(uuid7(), name, form.cleaned_data)]
            )
        else:
            services.change_line(
                actor=request.actor,
                order_id=order.id,
                line_id=found.id,
                values=form.cleaned_data,
                subject=name or None,
            )
        if "more" in request.POST:
            return render.toast(
                request, redirect("orders:line", order.id), _("Added: {name}").format(name=name)
            )
        return redirect("orders:order", order.id)
    context = {**_head(order), "form": form, "line": found}
    return render.page(
        request, "orders/line.html", context, help="orders/order", status=422 if form.errors else 200
    )


@require_POST
@Open
def drop(request: Request, order_id: UUID, line_id: UUID) -> HttpResponse:
    """Take somebody out of the draft."""
    services.drop_lines(actor=request.actor, order_id=order_id, line_ids=[line_id])
    return redirect("orders:order", order_id)


@require_POST
@Open
def submit(request: Request, order_id: UUID) -> HttpResponse:
    """Lay the draft before the director."""
    return _submit(request, _own_draft(request, order_id))


def _submit(request: Request, order: OrderInfo) -> HttpResponse:
    services.submit(actor=request.actor, order_id=order.id)
    return render.toast(
        request, redirect("orders:order", order.id), _("The draft waits for the director's signature")
    )


@require_POST
@requires(permissions.SIGN)
def sign(request: Request, order_id: UUID) -> HttpResponse:
    """Put the order into force as it was read."""
    order = queries.get_order(actor=request.actor, order_id=order_id)
    return _sign(request, order, seen=request.POST.get("seen", ""))


def _sign(request: Request, order: OrderInfo, *, seen: str) -> HttpResponse:
    try:
        made = services.sign(actor=request.actor, order_id=order.id, seen=seen)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        return render.toast(request, redirect("orders:order", order.id), str(refusal), kind="danger")
    text = _("The order is in force: No. {number}").format(number=made.number)
    return render.toast(request, redirect("orders:order", order.id), text)


@require_POST
@Open
def discard(request: Request, order_id: UUID) -> HttpResponse:
    """Throw the draft away."""
    order = _own_draft(request, order_id)
    services.discard(actor=request.actor, order_id=order.id)
    return render.toast(request, redirect(_head(order)["book_url"]), _("The draft is thrown away"))


@require_POST
@requires(permissions.DRAFT)
def cancel(request: Request, order_id: UUID) -> HttpResponse:
    """Draft the order that cancels this one."""
    form = forms.Ground(request.POST)
    ground = form.cleaned_data["ground"] if form.is_valid() else ""
    try:
        made = services.draft_cancellation(actor=request.actor, order_id=order_id, ground=ground)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        return render.toast(request, redirect("orders:order", order_id), str(refusal), kind="danger")
    return redirect("orders:order", made.id)


# --- papers


@require_GET
@Open
def paper(request: Request, order_id: UUID) -> HttpResponse:
    """The order as PDF: as it was signed, or a draft to look at. That it was opened is logged."""
    row = queries.get_row(actor=request.actor, order_id=order_id)
    order = queries.with_lines(row)
    content = papers.preview(order, actor=request.actor) if order.is_draft else papers.signed_pdf(row)
    _log(request, order)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{_name(order)}.pdf", inline=True)
    return response


@require_GET
@Open
def word_file(request: Request, order_id: UUID) -> HttpResponse:
    """The filled order as a Word document."""
    row = queries.get_row(actor=request.actor, order_id=order_id)
    order = queries.with_lines(row)
    content = (
        papers.filled(order, actor=request.actor)
        if row.word_file_id is None
        else papers.signed_word(row.word_file_id)
    )
    _log(request, order)
    response = HttpResponse(content, content_type=word.MEDIA_TYPE)
    response.headers["Content-Disposition"] = excel.attachment(f"{_name(order)}.docx")
    return response


def _name(order: OrderInfo) -> str:
    return f"{_('Order')} № {order.number}" if order.number else _("Draft of an order")


def _log(request: Request, order: OrderInfo) -> None:
    audit.record(actor=request.actor, action="orders.order.opened", object_type="order", object_id=order.id)
    subjects = [one.subject_id for one in order.lines if one.subject_id]
    kind = kinds.get(order.kind)
    if kind.subject and subjects and not order.is_draft:
        audit.viewed(actor=request.actor, subject=kind.subject, subject_ids=subjects, purpose="orders.order")


def _own_draft(request: Request, order_id: UUID) -> OrderInfo:
    """The draft, for those who may draft such orders; raises NotFound for a signed one."""
    order = queries.get_order(actor=request.actor, order_id=order_id)
    if not request.actor.may(kinds.get(order.kind).permission):
        raise NotAllowed
    if not order.is_draft:
        raise drafting.NotADraft
    return order
