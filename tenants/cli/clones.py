"""Verbs about copies of a tenant for trials."""

from __future__ import annotations

from typing import Annotated

import typer

from tenants.cli import acts, frame
from tenants.cli.exports import progress


def add_to(app: typer.Typer) -> None:
    app.command("clone")(clone)


@acts.act(action="tenants.tenant.cloned")
def clone(
    code: frame.Code,
    new: Annotated[str, typer.Argument(help="Code of the copy, also the first part of its host.")],
    test_mode: Annotated[
        bool, typer.Option("--test-mode", help="For trials, for ever: there is no other copy.")
    ] = False,
    real_persons: Annotated[
        bool,
        typer.Option(
            "--real-persons", help="Without pseudonyms: by two approvals and a letter, for 72 hours."
        ),
    ] = False,
    approved_by: Annotated[list[str] | None, typer.Option(help="Who approves real persons; twice.")] = None,
    letter: Annotated[str, typer.Option(help="Number and date of the order or letter.")] = "",
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Copy a school into a new tenant for trials: nobody real is in it, and nothing leaves it."""
    from kernel.tenancy import Kind
    from tenants import api, provisioning
    from tenants.clones import making, services

    source = frame.found(code)
    acts.tell(source)
    if not test_mode:
        frame.fail("A copy is for trials alone: say --test-mode.")
    approving = services.check(
        source, real_persons=real_persons, approved_by=approved_by or [], letter=letter
    )
    if dry_run:
        named = making.of_source(source)
        row = provisioning.draft(
            code=new,
            kind=Kind.SCHOOL,
            name_kk=named.name_kk,
            name_ru=named.name_ru,
            mode="test",
            language=source.language,
        )
        frame.answer({"code": row.code, "of": code, "would": "clone", "mode": row.mode}, as_json=as_json)
        return
    acts.tell(
        copy=new, persons="real" if real_persons else "pseudonyms", letter=letter[:100], approved_by=approving
    )
    made = services.clone(
        source,
        new,
        real_persons=real_persons,
        approved_by=approving,
        letter=letter,
        report=progress(new, as_json),
    )
    acts.tell(rows=made.copied.rows)
    login, password = _first_way_in(made.ref)
    frame.answer(
        {
            "code": made.ref.code,
            "of": code,
            "mode": made.ref.mode,
            "url": api.url_of(made.ref),
            "rows": made.copied.rows,
            "photos": made.copied.photos,
            "persons": "real" if real_persons else "pseudonyms",
            "expires_at": made.expires_at,
            "login": login,
            "password": password,
        },
        as_json=as_json,
    )


def _first_way_in(ref: object) -> tuple[str, str]:
    """A one-time password of the copy's director; nobody else has any."""
    from identity import api as identity
    from kernel import tenancy
    from kernel.access import Actor, Role

    with tenancy.use(ref):  # type: ignore[arg-type]
        directors = identity.users_with_role(Role.DIRECTOR)
        if not directors:
            return "", ""
        slip = identity.start_reset(actor=Actor.system_actor("vendor.cli"), user_id=directors[0].id)
    return slip.username, slip.password
