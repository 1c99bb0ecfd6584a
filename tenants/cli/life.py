"""Verbs about the life of a tenant: its states, its contract, its host (decision 0021). The rules are in tenants.lifecycle."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenants.cli import acts, frame

if TYPE_CHECKING:
    from tenants.lifecycle.services import Moved

Letter = Annotated[str, typer.Option(help="Number and date of the order or letter.")]


def add_to(app: typer.Typer) -> None:
    app.command("show")(show)
    app.command("contract")(contract)
    app.command("suspend")(suspend)
    app.command("resume")(resume)
    app.command("archive")(archive)
    app.command("destroy")(destroy)
    app.command("rename-host")(rename_host)
    app.command("follow-contracts")(follow_contracts)


@acts.look
def show(code: frame.Code, as_json: frame.Json = False) -> None:
    """Tell all that the register knows of a tenant: state, contract, what comes next, schema, size; no names of persons."""
    from tenants.clones import services as clones
    from tenants.lifecycle import queries

    known = queries.known_of(code)
    ref = frame.found(code)
    frame.answer(known | ({"copy": copy} if (copy := clones.known_of(ref)) else {}), as_json=as_json)


@acts.act(action="tenants.contract.written")
def contract(
    code: frame.Code,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last paid day.")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day; today when left out.")
    ] = None,
    number: Annotated[str, typer.Option(help="Number of the contract.")] = "",
    warning_days: Annotated[
        int, typer.Option(min=0, help="How many days before the end its staff are told.")
    ] = 30,
    read_only_days: Annotated[
        int, typer.Option(min=0, help="How many days after the end everybody may still read.")
    ] = 90,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Write a tenant's contract or its prolonging; what is paid for works again at once, with nothing lost."""
    from tenants.lifecycle import services

    moved = services.contract(
        code=code,
        until=until.date(),
        since=since.date() if since else None,
        number=number,
        warning_days=warning_days,
        read_only_days=read_only_days,
        dry_run=dry_run,
    )
    _answer(moved, as_json=as_json, until=until.date())


@acts.act(action="tenants.tenant.suspended")
def suspend(
    code: frame.Code,
    letter: Letter,
    to: Annotated[str, typer.Option(help="read_only or closed.")] = "read_only",
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Let a tenant be read only, or closed but for its director's exports, until it is resumed."""
    from tenants.lifecycle import services

    _answer(
        services.suspend(code=code, to=to, letter=letter, dry_run=dry_run), as_json=as_json, letter=letter
    )


@acts.act(action="tenants.tenant.resumed")
def resume(
    code: frame.Code, letter: Letter = "", dry_run: frame.DryRun = False, as_json: frame.Json = False
) -> None:
    """Let a tenant work again, as its contract says; what waited goes on."""
    from tenants.lifecycle import services

    _answer(services.resume(code=code, letter=letter, dry_run=dry_run), as_json=as_json, letter=letter)


@acts.act(action="tenants.tenant.archived")
def archive(
    code: frame.Code, letter: Letter, dry_run: frame.DryRun = False, as_json: frame.Json = False
) -> None:
    """Put a tenant that is read only or closed into the archive: its schema is kept, its host says so."""
    from tenants.lifecycle import services

    _answer(services.archive(code=code, letter=letter, dry_run=dry_run), as_json=as_json, letter=letter)


@acts.act(action="tenants.tenant.destroyed")
def destroy(
    code: frame.Code,
    letter: Letter,
    confirm: Annotated[str, typer.Option(help="The code once more.")] = "",
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Remove all of an archived tenant but its line in the register. Nothing brings it back."""
    from tenants.lifecycle import services

    if confirm != code and not dry_run:
        frame.fail(f"Nothing brings it back. If you mean it: --confirm {code}")
    moved = services.destroy(code=code, letter=letter, report=frame.say(as_json), dry_run=dry_run)
    acts.tell(destroyed=moved.state == "destroyed" and not dry_run, steps=list(moved.gone))
    _answer(moved, as_json=as_json, letter=letter)


@acts.act(action="tenants.host.renamed")
def rename_host(
    code: frame.Code,
    host: Annotated[str, typer.Argument(help="The new host name.")],
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Let a tenant answer at another host. People sign in anew there, and their passkeys are made anew."""
    from tenants import api
    from tenants.lifecycle import services

    ref, old = services.rename_host(code=code, host=host, dry_run=dry_run)
    acts.tell(ref, host=host, before=old)
    frame.answer({"code": code, "before": old, "host": ref.host, "url": api.url_of(ref)}, as_json=as_json)


@acts.act(action="tenants.contracts.followed")
def follow_contracts(dry_run: frame.DryRun = False, as_json: frame.Json = False) -> None:
    """Move every tenant as its contract says, now; the clock does so after each midnight."""
    from tenants.lifecycle import services

    moved = services.follow(dry_run=dry_run)
    acts.tell(count=len(moved))
    frame.table(
        [{"code": one.ref.code, "from": one.before, "state": one.state} for one in moved],
        ["code", "from", "state"],
        as_json=as_json,
    )


def _answer(moved: Moved, *, as_json: bool, **details: Any) -> None:
    acts.tell(
        moved.ref,
        **{key: str(one) for key, one in details.items() if one},
        state=moved.state,
        before=moved.before,
    )
    told: dict[str, Any] = {"code": moved.ref.code, "from": moved.before, "state": moved.state}
    if moved.until:
        told["until"] = moved.until
    if moved.jobs_woken:
        told["jobs_woken"] = moved.jobs_woken
    if moved.gone:
        told["gone"] = moved.gone
    frame.answer(told, as_json=as_json)
