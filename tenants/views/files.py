"""The host of files: it knows nobody, hands out what a signed address names, and lets no browser open it in place."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from kernel import links, tenancy
from kernel.access import public_view
from kernel.errors import DomainError
from kernel.http import UPLOADED
from registers.excel import attachment
from tenants import api


@public_view
@require_safe
def hand_out(request: HttpRequest, tenant_id: UUID, token: str) -> HttpResponse:
    """A file of the tenant, to be saved."""
    ref = api.by_id(tenant_id)
    if ref is None or ref.state not in api.LIVING:
        return _nothing()
    with tenancy.use(ref):
        try:
            kept, content, name = links.opened(token)
        except DomainError:
            return _nothing()
    headers = {**UPLOADED, "Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kept.content_type, headers=headers)


@csrf_exempt
@public_view
def nothing(request: HttpRequest) -> HttpResponse:
    """Everything else here."""
    return _nothing()


def _nothing() -> HttpResponse:
    """Nobody's language is known here, so both are spoken."""
    said = []
    for language in ("kk", "ru"):
        with translation.override(language):
            said.append(gettext("The address of the file is over. Go back and open it anew."))
    return HttpResponse(
        "\n".join(said) + "\n",
        content_type="text/plain; charset=utf-8",
        headers={**UPLOADED, "Content-Disposition": "inline", "Cache-Control": "no-store"},
        status=404,
    )
