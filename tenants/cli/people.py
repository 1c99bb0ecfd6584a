"""Verbs about who may do what in a tenant, where it cannot decide alone."""

from __future__ import annotations

from typing import Annotated

import typer

from tenants.cli import acts, frame


def add_to(app: typer.Typer) -> None:
    app.command("approve-role")(approve_role)
    app.command("renew-keys")(renew_keys)


@acts.act(action="tenants.role.approved")
def approve_role(
    code: Annotated[str, typer.Argument(help="Code of the school.")],
    login: Annotated[str, typer.Argument(help="Login of the one who gets the role.")],
    letter: Annotated[str, typer.Option(help="Number and date of the education authority's letter.")],
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Be the second person of a waiting role by the authority's letter, where the school has nobody for it."""
    from django.core.exceptions import ObjectDoesNotExist
    from django.db import transaction

    from identity import api as identity
    from kernel import tenancy
    from kernel.access import Actor

    ref = frame.found(code)
    acts.tell(ref)
    if not letter.strip():
        frame.fail("Name the letter: its number and date.")
    with tenancy.use(ref), transaction.atomic():
        try:
            given = identity.approve_by_letter(
                actor=Actor.system_actor("vendor.cli"), username=login, letter=letter
            )
        except ObjectDoesNotExist:
            frame.fail(f"There is no account {login} in {code}.")
        transaction.set_rollback(dry_run)
    if not given:
        frame.fail(f"No role waits for {login}.")
    acts.tell(letter=letter[:100], roles=given)
    if as_json:
        frame.print_json({"code": code, "login": login, "roles": given})
    else:
        frame.out.print(f"{login}: {', '.join(given)}", highlight=False, markup=False)


@acts.act(action="tenants.keys.renewed_by_vendor")
def renew_keys(
    code: Annotated[str, typer.Argument(help="Code of the tenant; empty with --all.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Every active tenant.")] = False,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Give a tenant new keys for its letters; the old ones open what is on its way and are destroyed after that."""
    from kernel import tenancy
    from kernel.access import Actor
    from tenants import api, post

    chosen = api.all_active() if everybody else [frame.found(code)]
    answers: list[dict[str, object]] = []
    for ref in chosen:
        if dry_run:
            answers.append({"code": ref.code, "generation": None})
            continue
        with tenancy.use(ref):
            number = post.renew_keys(actor=Actor.system_actor("vendor.cli"))
        answers.append({"code": ref.code, "generation": number})
        acts.tell(None if everybody else ref, count=len(answers))
    frame.table(answers, ["code", "generation"], as_json=as_json)
