"""`mektep audit`: the security log outside, and whether it is what it was."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from tenants.cli import acts

app = typer.Typer(no_args_is_help=True, help="The security log: is it whole, and has it left the cell?")
out, err = Console(), Console(stderr=True)
Json = Annotated[bool, typer.Option("--json")]
Tenant = Annotated[str, typer.Option(help="Code of one tenant; all of them without it.")]


@app.command("verify")
@acts.look
def verify(
    tenant: Tenant = "",
    anchors: Annotated[
        Path | None, typer.Option(help="A file of anchors; the installation's own without it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Reckon every chain anew and compare it with what was anchored outside; exit 1 when a line was touched."""
    from integrations.soc import adapter
    from kernel import feeds, tenancy

    path = anchors or adapter.anchors_path()
    try:
        kept = list(adapter.anchors_of(path)) if path.exists() else []
    except adapter.Forged as where:
        _fail(f"{path}: line {where} is not what was written")
    if anchors is not None and not kept:
        _fail(f"{path}: no anchors")
    answers: list[dict[str, Any]] = []
    for ref in _tenants(tenant):
        with tenancy.use(ref):
            faults = [{"number": one.number, "why": one.why} for one in feeds.broken(kept)]
        mine = sum(one.tenant == ref.code for one in kept)
        answers.append({"tenant": ref.code, "anchors": mine, "broken": faults})
    _show(answers, ("tenant", "anchors", "broken"), as_json=as_json)
    if any(one["broken"] for one in answers):
        _fail("The log was touched.")


@app.command("feeds")
@acts.look
def feeds_(tenant: Tenant = "", as_json: Json = False) -> None:
    """How far each tenant's log has left, and what waits; exit 1 when a feed fails."""
    from kernel import feeds, tenancy

    answers = []
    for ref in _tenants(tenant):
        with tenancy.use(ref):
            answers += [
                {
                    "tenant": ref.code,
                    "feed": place.feed,
                    "position": place.position,
                    "waiting": waiting,
                    "failing_since": place.failing_since,
                    "fault": place.fault,
                }
                for place, waiting in feeds.standing()
            ]
    _show(answers, ("tenant", "feed", "position", "waiting", "failing_since", "fault"), as_json=as_json)
    if any(one["failing_since"] for one in answers):
        _fail("A feed is down; its lines wait.")


def _tenants(code: str) -> list[Any]:
    from tenants import api

    found = [one for one in [api.by_code(code)] if one] if code else api.all_active()
    if not found:
        _fail(f"There is no tenant {code}" if code else "There are no tenants.")
    return found


def _show(answers: list[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(answers, ensure_ascii=False, indent=2, default=str) + "\n")
        return
    table = Table(*columns)
    for one in answers:
        table.add_row(*(str(one[column] if one[column] is not None else "") for column in columns))
    out.print(table)


def _fail(message: str) -> NoReturn:
    err.print(f"[red]{message}[/red]")
    raise typer.Exit(1)
