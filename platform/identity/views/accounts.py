"""Accounts of the tenant, for who manages them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from identity import forms, labels, permissions, queries, rights
from identity.data import Account, Slip
from identity.models import User
from identity.proving import proved, takes_away
from identity.registers import ACCOUNTS
from identity.services import accounts as services
from identity.services import factors, phones
from identity.services import roles as role_services
from kernel import clock, crypto, ports
from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from registers import api as registers


@require_GET
@requires(permissions.MANAGE_ACCOUNTS)
def accounts(request: Request) -> HttpResponse:
    context = {"may_see_roles": any(map(request.actor.may, (permissions.EDIT_ROLES, permissions.GIVE_ROLES)))}
    return registers.show(request, ACCOUNTS, "identity/accounts.html", context, help="identity/accounts")


@require_GET
@requires(permissions.MANAGE_ACCOUNTS)
@proved(file=True)
def export(request: Request) -> HttpResponse:
    """The list as it is shown, as a spreadsheet; told to the security log."""
    return registers.workbook(request, ACCOUNTS)


@never_cache
@require_POST
@requires(permissions.MANAGE_ACCOUNTS)
@proved(when=takes_away, file=True)
def act(request: Request) -> HttpResponse:
    return registers.act(request, ACCOUNTS)


def _row(one: Account) -> dict[str, Any]:
    today = clock.today()
    kinds = dict(User.PersonKind.choices)
    return {
        "account": one,
        "kind": kinds.get(one.person_kind, one.person_kind),
        "roles": [r for r in one.roles if r.until is None or r.until >= today],
        "state": labels.state(one),
        "tone": labels.tone(one),
    }


@require_GET
@requires(permissions.MANAGE_ACCOUNTS)
def account(request: Request, user_id: int) -> HttpResponse:
    return _page(request, user_id)


def _page(
    request: Request, user_id: int, *, form: forms.GiveRole | None = None, refusal: str = ""
) -> HttpResponse:
    one = queries.get_account(user_id)
    may_give = request.actor.may(permissions.GIVE_ROLES)
    today = clock.today()
    holder = phones.holder_of(one.phone_wanted, but=user_id)
    context = {
        **_row(one),
        "holder": holder.person_name.full if holder else "",
        "is_self": user_id == request.actor.user_id,
        "may_give": may_give,
        "form": form or _give_form(one.person_kind),
        "all_roles": [
            {"role": r, "past": r.until is not None and r.until < today, "future": r.since > today}
            for r in one.roles
        ],
        "waiting": [(one, rights.label_of(one.role)) for one in queries.waiting_for(user_id)],
        "sessions": queries.sessions_of(user_id, at=clock.now()),
        "has_factors": factors.has_second_step(user_id) or bool(queries.own_passkeys(user_id)),
        "refusal": refusal,
        "done": labels.done(request.GET.get("done")),
    }
    return render(request, "identity/account.html", context, status=422 if refusal or form else 200)


def _give_form(person_kind: str, data: Any = None) -> forms.GiveRole:
    """The form with the roles that fit such a person."""
    fitting = [line for line in queries.role_lines() if role_services.fits(line.base, person_kind)]
    return forms.GiveRole(data, roles=[("", ""), *((line.code, line.label) for line in fitting)])


def _do(
    request: Request,
    user_id: int,
    act: Callable[..., object],
    done: str | Callable[[object], str],
    **more: Any,
) -> HttpResponse:
    """Do the act; back to the account's page, with the refusal there if there is one."""
    try:
        answer = act(actor=request.actor, user_id=user_id, **more)
    except DomainError as no:
        if no.status in (403, 404):
            raise
        return _page(request, user_id, refusal=str(no))
    word = done if isinstance(done, str) else done(answer)
    return HttpResponseRedirect(reverse("identity:account", args=[user_id]) + f"?done={word}")


@never_cache
@require_POST
@requires(permissions.MANAGE_ACCOUNTS)
def reset(request: Request, user_id: int) -> HttpResponse:
    """Make a new one-time password and show its slip, this once."""
    try:
        slip = services.start_reset(actor=request.actor, user_id=user_id)
    except services.NotOnYourself as no:
        return _page(request, user_id, refusal=str(no))
    return render(request, "identity/slip.html", {"slip": slip, "carried": _carry(slip)})


def _carry(slip: Slip) -> str:
    """The slip on its way from the page to the printer: signed for this tenant, good for half an hour."""
    until = slip.expires_at.isoformat() if slip.expires_at else None
    return crypto.signer("identity.slip").sign(json.dumps(asdict(slip) | {"expires_at": until}))


@never_cache
@require_POST
@requires(permissions.MANAGE_ACCOUNTS)
def slip_pdf(request: Request) -> HttpResponse:
    """The slip just shown, as a PDF; nothing of it is kept."""
    try:
        told = json.loads(crypto.signer("identity.slip").unsign(request.POST.get("slip", ""), max_age=1800))
    except BadSignature:
        raise NotFound from None
    until = datetime.fromisoformat(told["expires_at"]) if told["expires_at"] else None
    slip = Slip(**told | {"roles": tuple(told["roles"]), "expires_at": until})
    printed = ports.adapter("identity.slip_printer").print(
        [slip], language=slip.language, actor=request.actor
    )
    return HttpResponse(
        printed.content,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="login.pdf"'},
    )


@require_POST
@requires(permissions.MANAGE_ACCOUNTS)
def block(request: Request, user_id: int) -> HttpResponse:
    return _do(request, user_id, services.block, "blocked")


@require_POST
@requires(permissions.MANAGE_ACCOUNTS)
def restore(request: Request, user_id: int) -> HttpResponse:
    return _do(request, user_id, services.restore, "restored")


@require_POST
@requires(permissions.MANAGE_ACCOUNTS)
def end_sessions(request: Request, user_id: int) -> HttpResponse:
    return _do(request, user_id, services.end_sessions, "sessions")


@require_POST
@requires(permissions.GIVE_ROLES)
@proved
def drop_factors(request: Request, user_id: int) -> HttpResponse:
    return _do(request, user_id, services.drop_factors, "factors")


@require_POST
@requires(permissions.GIVE_ROLES)
@proved
def give_role(request: Request, user_id: int) -> HttpResponse:
    form = _give_form(queries.get_account(user_id).person_kind, request.POST)
    if not form.is_valid():
        return _page(request, user_id, form=form)
    given = form.cleaned_data
    return _do(
        request,
        user_id,
        role_services.give_role,
        lambda waits: "asked" if waits else "given",
        role=given["role"],
        since=given["since"],
        until=given["until"],
    )


@require_POST
@requires(permissions.GIVE_ROLES)
@proved
def take_role(request: Request, user_id: int) -> HttpResponse:
    return _do(request, user_id, role_services.take_role, "taken", role=request.POST.get("role", ""))
