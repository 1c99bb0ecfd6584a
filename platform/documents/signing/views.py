"""Pages of signing: one's own signature, and what stands signed."""

from __future__ import annotations

import json
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import excel
from documents.signing import cms, queries, services, showing
from documents.signing.data import SignatureRefused, State, Unreadable
from documents.signing.kinds import KINDS
from kernel import audit
from kernel.access import signed_in
from kernel.http import Request, also_connects, path_to
from ui import render


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sign(request: Request, signature_id: UUID) -> HttpResponse:
    """The document that waits for one's signature; a POST says that one does not sign, and why."""
    row = queries.own(actor=request.actor, signature_id=signature_id)
    frozen, refusal = row.document, ""
    signed = path_to("documents:signed", frozen.pk)
    if request.method == "POST":
        try:
            services.refuse(
                actor=request.actor, signature_id=signature_id, reason=request.POST.get("reason", "")
            )
        except SignatureRefused as why:
            refusal = str(why)
        else:
            return render.toast(
                request, HttpResponseRedirect(signed), _("It is written that you do not sign.")
            )
    if row.state != State.WAITING:
        return HttpResponseRedirect(signed)
    context = {
        "frozen": frozen,
        "row": row,
        "kind": KINDS[frozen.kind],
        "back": KINDS[frozen.kind].page(frozen.subject_id),
        "props": showing.sign_props(row),
        "phone": showing.phone_props(row),
        "refusal": refusal,
    }
    answer = render.page(
        request, "documents/sign.html", context, help="documents/signing", status=422 if refusal else 200
    )
    return also_connects(answer, settings.NCALAYER_URL)


@require_POST
@signed_in
def take(request: Request, signature_id: UUID) -> JsonResponse:
    """The CMS from the signer's browser: {"cms": PEM or base64}."""
    try:
        sent = json.loads(request.body)["cms"]
        made = cms.decode(sent)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable from None
    frozen = services.sign(actor=request.actor, signature_id=signature_id, cms=made)
    answer = JsonResponse({"next": path_to("documents:signed", frozen.id)})
    render.toast(request, answer, _("Signed."))
    return answer


@require_safe
@signed_in
def signed(request: Request, document_id: UUID) -> HttpResponse:
    """What is signed, by whom, and what was verified; the versions before and after it."""
    row = queries.seen(actor=request.actor, document_id=document_id)
    frozen, kind = queries.info(row), KINDS[row.kind]
    known = queries.versions(kind=row.kind, subject_id=row.subject_id)
    waits = next(
        (
            one
            for one in row.signatures.all()
            if one.state == State.WAITING and one.user_id == request.actor.user_id
        ),
        None,
    )
    context = {
        "frozen": frozen,
        "kind": kind,
        "back": kind.page(row.subject_id),
        "lines": [
            (one, showing.checks(one) if one.state == State.SIGNED else [], showing.ROUTES.get(one.route, ""))
            for one in frozen.signatures
        ],
        "others": [one for one in known if one.id != frozen.id],
        "is_newest": known[0].id == frozen.id,
        "waits": waits,
    }
    return render.page(request, "documents/signed.html", context, help="documents/signing")


@require_safe
@signed_in
def frozen_file(request: Request, document_id: UUID) -> HttpResponse:
    """The frozen bytes themselves, which are what is signed."""
    row = queries.seen(actor=request.actor, document_id=document_id)
    audit.record(
        actor=request.actor, action="documents.signed.opened", object_type="signed_document", object_id=row.pk
    )
    KINDS[row.kind].shown(actor=request.actor, subject_id=row.subject_id)
    answer = HttpResponse(queries.content(row), content_type="application/pdf")
    answer.headers["Content-Disposition"] = excel.attachment(f"{row.title} ({row.version}).pdf", inline=True)
    return answer


@require_safe
@signed_in
def cms_file(request: Request, document_id: UUID, signature_id: UUID) -> HttpResponse:
    """A signature as a file, to be verified by anybody anywhere beside the document."""
    row = queries.seen(actor=request.actor, document_id=document_id)
    one, content = queries.signed_cms(row=row, signature_id=signature_id)
    audit.record(
        actor=request.actor, action="documents.signed.opened", object_type="signed_document", object_id=row.pk
    )
    answer = HttpResponse(content, content_type="application/pkcs7-signature")
    answer.headers["Content-Disposition"] = excel.attachment(
        f"{row.title} ({row.version}).pdf.{one.signer}.cms"
    )
    return answer
