"""Verbs about the register: who is in it, and new tenants."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from tenants.cli import acts, frame


def add_to(app: typer.Typer) -> None:
    app.command("create")(create)
    app.command("list")(listed)


@acts.act(action="tenants.tenant.created")
def create(
    code: Annotated[str, typer.Argument(help="Short code, also the first part of the host name.")],
    name_kk: Annotated[str, typer.Option(help="Name in Kazakh.")],
    name_ru: Annotated[str, typer.Option(help="Name in Russian.")],
    kind: Annotated[str, typer.Option(help="school, authority, family or vendor.")] = "school",
    mode: Annotated[str, typer.Option(help="live, demo or test.")] = "live",
    parent: Annotated[str, typer.Option(help="Code of the authority above.")] = "",
    language: Annotated[str, typer.Option(help="kk or ru.")] = "kk",
    kato: Annotated[str, typer.Option(help="КАТО code of the place.")] = "",
    host: Annotated[str, typer.Option(help="Host name; by default CODE under the installation's name.")] = "",
    director: Annotated[
        str, typer.Option(help="Login of the first director or head, given a one-time password.")
    ] = "",
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Create a tenant: it answers at its host seconds later."""
    from kernel.tenancy import Kind
    from tenants import api, provisioning

    begun = time.perf_counter()
    asked: dict[str, Any] = {
        "code": code,
        "kind": Kind(kind),
        "name_kk": name_kk,
        "name_ru": name_ru,
        "mode": mode,
        "parent": parent,
        "language": language,
        "kato": kato,
        "host": host,
    }
    if dry_run:
        row = provisioning.draft(**asked)
        frame.answer(
            {"code": row.code, "kind": row.kind, "host": provisioning.host_of(code, host), "would": "create"},
            as_json=as_json,
        )
        return
    ref = provisioning.create_tenant(**asked)
    acts.tell(ref, kind=kind, mode=mode, parent=parent, host=ref.host)
    answer = {"code": ref.code, "schema": ref.schema, "host": ref.host, "url": api.url_of(ref)}
    if director:
        answer |= _first_account(ref, director)
    answer["seconds"] = f"{time.perf_counter() - begun:.2f}"
    frame.answer(answer, as_json=as_json)


def _first_account(ref: Any, username: str) -> dict[str, str]:
    from django.db import transaction

    from identity import api as identity
    from kernel import tenancy
    from kernel.access import Actor, Role
    from kernel.tenancy import Kind

    role = {Kind.SCHOOL: Role.DIRECTOR, Kind.AUTHORITY: Role.AUTHORITY_HEAD, Kind.VENDOR: Role.OPERATOR}.get(
        ref.kind, Role.GUARDIAN
    )
    with tenancy.use(ref), transaction.atomic():
        slip = identity.first_account(actor=Actor.system_actor("vendor.cli"), username=username, role=role)
    return {"login": slip.username, "password": slip.password}


@acts.look
def listed(as_json: frame.Json = False) -> None:
    """List every tenant."""
    from kernel import tenancy
    from tenants.models import Tenant

    with tenancy.register():
        rows = [
            {
                "code": t.code,
                "kind": t.kind,
                "mode": t.mode,
                "state": t.state,
                "parent": t.parent.code if t.parent else "",
                "schema": t.schema_name,
                "host": next((h.domain for h in t.domains.all() if h.is_primary), ""),
                "name_kk": t.name_kk,
                "name_ru": t.name_ru,
            }
            for t in Tenant.objects.select_related("parent")
            .prefetch_related("domains")
            .order_by("kind", "code")
        ]
    frame.table(rows, ["code", "kind", "mode", "state", "parent", "host", "name_kk"], as_json=as_json)
