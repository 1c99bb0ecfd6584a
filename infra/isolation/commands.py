"""`mektep isolation verify | report`."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from tenants.cli import acts, frame

isolation_app = typer.Typer(no_args_is_help=True, help="The walls between schools: tried, and told of.")
out, err = Console(highlight=False), Console(stderr=True, highlight=False)


def add_to(app: typer.Typer) -> None:
    app.add_typer(isolation_app, name="isolation")


@isolation_app.command("verify")
@acts.look
def verify(
    quick: Annotated[bool, typer.Option("--quick", help="A minute or two instead of a night.")] = False,
    requests: Annotated[
        int, typer.Option(min=0, help="Hostile requests; by default 1,000,000, quick 20,000.")
    ] = 0,
    switches: Annotated[
        int, typer.Option(min=-1, help="Switches in the storm; by default 5,000,000, quick 200,000.")
    ] = -1,
    seed: Annotated[str, typer.Option(help="The dice of an earlier run.")] = "",
    template: Annotated[
        str,
        typer.Option(
            help="Copy this database, in which the tenants of the trials stand already.", hidden=True
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Try every wall between schools in a scratch database; exit 1 when one does not hold.

    Real schools are not touched: the trials have a database, roles, keys and files of their own.
    """
    from infra.isolation import results
    from infra.isolation import verify as trials

    plan = trials.Plan(
        quick=quick,
        requests=requests or trials.REQUESTS[quick],
        switches=trials.SWITCHES[quick] if switches < 0 else switches,
        seed=seed or secrets.token_hex(4),
        is_founded=bool(template),
    )
    begun = time.monotonic()
    answer = run(plan, template=template)
    if answer is None:
        err.print("[red]The trials broke off; what they said stands above.[/red]")
        raise typer.Exit(2)
    found = trials.faults(answer)
    results.keep(answer, is_clean=not found, is_quick=quick, seconds=round(time.monotonic() - begun))
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    else:
        _show(answer)
    for line in found:
        err.print(f"[red]✗ {line}[/red]")
    if found:
        raise typer.Exit(1)


def run(plan: Any, *, template: str = "") -> dict[str, Any] | None:
    """The trials in a process of their own, which knows no other database; None when they broke off."""
    from django.conf import settings

    from infra.isolation import scratch

    with scratch.database("isolation", template=template) as name, scratch.home() as home:
        environment = scratch.environment(
            name, home=home, prefix=template, cell_key=settings.CELL_KEY if template else ""
        )
        done = subprocess.run(
            [sys.executable, "-m", "infra.isolation.verify", json.dumps(asdict(plan))],
            cwd=scratch.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if done.returncode:
        return None
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


@isolation_app.command("report")
@acts.look
def report(
    tenant: Annotated[str, typer.Option(help="Code of the school.")],
    target: Annotated[Path, typer.Option("-o", "--out", help="Where to write the PDF.")],
    language: Annotated[str, typer.Option(help="kk or ru.")] = "kk",
    as_json: frame.Json = False,
) -> None:
    """Write a page on the last verification that a director can hand to an inspector, with its signature beside it."""
    from infra.isolation import paper

    try:
        files = paper.write(code=tenant, language=language, target=target)
    except OSError as failure:
        frame.fail(f"{target}: {failure.strerror}")
    frame.answer({"tenant": tenant, "written": [str(file) for file in files]}, as_json=as_json)


def _show(answer: dict[str, Any]) -> None:
    for key, value in answer.items():
        if key == "walls":
            for name, state in value.items():
                out.print(f"[{state}]{state:>18}[/{state}]  {name}")
        elif key != "details":
            out.print(f"{key:>18}  {value}")
