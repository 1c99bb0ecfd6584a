"""The texts of orders: taken in Word, edited, brought back, looked at before they are in force."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import excel, word
from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.orders import forms, kinds, permissions, queries, services
from modules.orders.data import REGISTER_LABELS, Register
from modules.orders.kinds import OrderKind
from modules.orders.models import Language
from modules.orders.services import papers
from ui import render


@require_GET
@requires(permissions.TEMPLATES)
def index(request: Request) -> HttpResponse:
    """Every kind with its text in both languages."""
    own = queries.templates(actor=request.actor, on=clock.today())
    groups = [
        (
            REGISTER_LABELS[book],
            [
                (kind, [(code, label, own.get((kind.code, code))) for code, label in Language.choices])
                for kind in kinds.KINDS.values()
                if kind.register == book
            ],
        )
        for book in Register
    ]
    groups = [(label, found) for label, found in groups if found]
    return render.page(request, "orders/texts.html", {"groups": groups}, help="orders/texts")


@require_http_methods(["GET", "POST"])
@requires(permissions.TEMPLATES)
def text(request: Request, kind: str, language: str) -> HttpResponse:
    """One text: its words, the file, the versions. A file is looked through and shown before it is taken."""
    declared = _kind(kind, language)
    form = forms.TemplateFile(request.POST or None, request.FILES or None, initial={"since": clock.today()})
    refusal, pending = "", {}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            content = given.content
            left_out = services.examine(actor=request.actor, kind=kind, content=content)
            held = services.hold(actor=request.actor, content=content, name=given.name)
            pending = {
                "held": held,
                "name": given.name,
                "since": form.cleaned_data["since"],
                "left_out": _labels(declared, left_out),
                "blocks": papers.sample(declared, content, language=language, actor=request.actor),
            }
        except DomainError as fault:
            refusal = str(fault)
    now = queries.templates(actor=request.actor, on=clock.today()).get((kind, language))
    context: dict[str, Any] = {
        "kind": declared,
        "language": language,
        "language_label": dict(Language.choices)[language],
        "form": form,
        "refusal": refusal,
        "pending": pending,
        "now": now,
        "history": queries.template_history(actor=request.actor, kind=kind, language=language),
        "words": papers.placeholders(declared),
    }
    if not pending:
        current = papers.template(declared, language, on=clock.today())
        context["blocks"] = papers.sample(declared, current, language=language, actor=request.actor)
    status = 422 if refusal or form.errors else 200
    return render.page(request, "orders/text.html", context, help="orders/texts", status=status)


@require_POST
@requires(permissions.TEMPLATES)
def take(request: Request, kind: str, language: str) -> HttpResponse:
    """Let the text that was just shown be in force."""
    _kind(kind, language)
    back = redirect("orders:text", kind, language)
    form = forms.Since(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        services.take_held(
            actor=request.actor,
            kind=kind,
            language=language,
            held=form.cleaned_data["held"],
            since=form.cleaned_data["since"],
        )
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(request, back, _("The school's own text is in force"))


@require_POST
@requires(permissions.TEMPLATES)
def give_back(request: Request, kind: str, language: str) -> HttpResponse:
    """The given text again, from today on."""
    _kind(kind, language)
    services.use_given(actor=request.actor, kind=kind, language=language)
    return render.toast(
        request, redirect("orders:text", kind, language), _("The given text is in force again")
    )


@require_GET
@requires(permissions.TEMPLATES)
def download(request: Request, kind: str, language: str, template_id: UUID | None = None) -> HttpResponse:
    """The text in force, or an older one, to be edited in Word."""
    declared = _kind(kind, language)
    content = (
        papers.template(declared, language, on=clock.today())
        if template_id is None
        else services.content(actor=request.actor, template_id=template_id)
    )
    response = HttpResponse(content, content_type=word.MEDIA_TYPE)
    response.headers["Content-Disposition"] = excel.attachment(f"{declared.title} {language}.docx")
    return response


def _kind(code: str, language: str) -> OrderKind:
    if code not in kinds.KINDS or language not in Language.values:
        raise Http404
    return kinds.get(code)


def _labels(kind: OrderKind, codes: list[str]) -> list[str]:
    known = {one.code: one.label for one in papers.placeholders(kind)}
    return [str(known[code]) for code in codes]
