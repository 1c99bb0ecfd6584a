"""Verbs about cells: the copies of one and every moment that can be reached from them; which there are, and who stands where."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenants.cli import acts, frame

if TYPE_CHECKING:
    from kernel.tenancy import TenantRef

app = typer.Typer(no_args_is_help=True, help="Cells: copies and moments of one, and which there are.")
Moment = Annotated[str, typer.Option("--at", help='A moment by the clock here: "2026-11-20 10:35".')]


def add_to(top: typer.Typer, tenant_app: typer.Typer) -> None:
    app.command("configure")(configure)
    app.command("backup")(backup)
    app.command("collect")(collect)
    app.command("backups")(backups)
    app.command("restore")(restore)
    app.command("drill")(drill)
    app.command("list")(listed)
    app.command("add")(add)
    app.command("full")(full)
    app.command("sync")(sync)
    tenant_app.command("move")(move)
    top.add_typer(app, name="cell")


@acts.act(action="tenants.cell.configured")
def configure(dry_run: frame.DryRun = False, as_json: frame.Json = False) -> None:
    """Tell the server to hand every file of WAL to the archive, a minute old at most."""
    from tenants.moments import services

    waits = [] if dry_run else services.configure()
    frame.answer(
        {"server": "hands over its WAL" if not dry_run else "", "restart_for": waits}, as_json=as_json
    )


@acts.act(action="tenants.cell.copied")
def backup(dry_run: frame.DryRun = False, as_json: frame.Json = False) -> None:
    """Copy the whole cell into the archive, closed, and remove what need not be kept."""
    from tenants.moments import services

    if dry_run:
        frame.answer(
            {"would": "copy the whole cell", "held": len(services.archive().held())}, as_json=as_json
        )
        return
    base = services.take(frame.say(as_json))
    acts.tell(backup=base.label)
    frame.answer({"copy": base.label, "ended_at": base.ended_at, "bytes": base.bytes}, as_json=as_json)


@acts.apart
def collect(as_json: frame.Json = False) -> None:
    """Close the WAL that the server has handed over and put it away: every minute, by a timer."""
    from tenants.moments import services

    frame.answer({"files": services.archive().collect()}, as_json=as_json)


@acts.look
def backups(as_json: frame.Json = False) -> None:
    """The copies of the cell, newest first: every moment after one's end can be reached."""
    from tenants.moments import services

    rows = [
        {"copy": base.label, "begun_at": base.begun_at, "ended_at": base.ended_at, "bytes": base.bytes}
        for base in services.archive().held()
    ]
    frame.table(rows, ["copy", "begun_at", "ended_at", "bytes"], as_json=as_json)


@acts.apart
def restore(
    at: Moment,
    into: Annotated[
        Path, typer.Option(help="An empty folder of the server's account: the new data directory.")
    ],
    as_json: frame.Json = False,
) -> None:
    """After the loss of the server: make a data directory that recovers to the moment when it is started. No database is asked."""
    from tenants.moments import services

    if not into.is_dir() or any(into.iterdir()):
        frame.fail(f"{into} is not an empty folder.")
    wanted = services.archive().lay_out(into, _moment(at))
    frame.answer(
        {"data": into, "start_it_with": [f"{name} = '{value}'" for name, value in wanted.items()]},
        as_json=as_json,
    )


@acts.act(action="tenants.cell.drilled")
def drill(
    count: Annotated[int, typer.Option(min=1, help="How many tenants are compared, by lot.")] = 3,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Recover the cell aside to a moment just past and compare tenants row by row: the proof that it can be restored."""
    from tenants.moments import services

    if dry_run:
        frame.answer({"would": "recover the cell aside", "compare": count}, as_json=as_json)
        return
    told = services.drill(count, frame.say(as_json))
    acts.tell(count=len(told["schools"]))
    frame.answer(told, as_json=as_json)


@acts.look
def listed(as_json: frame.Json = False) -> None:
    """The cells besides the installation's own server, and how many tenants stand in each."""
    from tenants.cells import services

    filled = services.filled()
    rows = [
        {
            "code": cell.code,
            "address": f"{cell.host}:{cell.port}/{cell.database}",
            "state": cell.state,
            "tenants": filled[cell.code],
            "capacity": cell.capacity,
        }
        for cell in services.every()
    ]
    frame.table(rows, ["code", "address", "state", "tenants", "capacity"], as_json=as_json)


@acts.act(action="tenants.cell.added")
def add(
    code: Annotated[str, typer.Argument(help="Code of the new cell.")],
    host: Annotated[str, typer.Option(help="Its PostgreSQL.")],
    database: Annotated[
        str, typer.Option(help="An empty database, owned by the owner of this one.")
    ] = "mektep",
    port: Annotated[int, typer.Option()] = 5432,
    capacity: Annotated[int, typer.Option(min=1, help="How many tenants it takes (docs/scale.md).")] = 500,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Take a cell in: tables of the register, templates and roles are made there. Its owner's password: MEKTEP_CELL_OWNER_PASSWORDS."""
    from tenants.cells import services

    told = {"code": code, "address": f"{host}:{port}/{database}", "capacity": capacity}
    if not dry_run:
        services.add(code=code, host=host, port=port, database=database, capacity=capacity)
        acts.tell(cell=code, capacity=capacity)
    frame.answer(told, as_json=as_json)


@acts.act(action="tenants.cell.marked")
def full(
    code: Annotated[str, typer.Argument(help="Code of the cell.")],
    again: Annotated[bool, typer.Option("--open", help="It takes tenants again.")] = False,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Say that a cell takes no more tenants, or that it does again."""
    from tenants.cells import services

    cell = services.get(code) if dry_run else services.close(code, full=not again)
    acts.tell(cell=code)
    frame.answer({"code": code, "state": cell.state}, as_json=as_json)


@acts.act(action="tenants.cells.synced")
def sync(dry_run: frame.DryRun = False, as_json: frame.Json = False) -> None:
    """Bring the register down to the cells, figures up, and letters to where their reader is: every minute, by a timer."""
    from tenants.cells import services

    told = {} if dry_run else services.sync()
    frame.answer({"cells": len(services.every()), **told}, as_json=as_json)


@acts.act(action="tenants.tenant.moved")
def move(
    code: frame.Code,
    to: Annotated[str, typer.Option(help="Code of the cell; home is the installation's own server.")],
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Take a tenant to another cell while it is in use: writing waits while its rows are copied. Ended anywhere, give it again."""
    from tenants.cells import moving

    ref = frame.found(code)
    acts.tell(ref, cell=to)
    if dry_run:
        frame.answer({"code": code, "would": "move", "to": to}, as_json=as_json)
        return
    told = moving.move(ref, to, frame.say(as_json))
    acts.tell(frame.found(code), rows=told.rows)
    seconds = {name: round(value, 2) for name, value in told.seconds.items()}
    frame.answer(
        {"code": code, "cell": to, "rows": told.rows, "tables": told.tables, "seconds": seconds},
        as_json=as_json,
    )


def restore_tenant(ref: TenantRef, at: str, *, gently: bool, dry_run: bool, as_json: bool) -> None:
    """`mektep tenant restore CODE --at …`."""
    from tenants.moments import services

    moment = _moment(at)
    acts.tell(moment=moment.isoformat())
    if dry_run:
        frame.answer({"code": ref.code, "would": "restore", "at": moment}, as_json=as_json)
        return
    frame.answer(services.restore(ref, moment, frame.say(as_json), gently=gently), as_json=as_json)


def _moment(text: str) -> datetime:
    """By the installation's own clock, unless the text names another."""
    from django.utils import timezone

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        frame.fail(f"{text} is no moment; write it as 2026-11-20 10:35.")
    return found if found.tzinfo else timezone.make_aware(found)
