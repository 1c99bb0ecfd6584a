"""`mektep pooler configure`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenants.cli import acts, frame

pooler_app = typer.Typer(no_args_is_help=True, help="PgBouncer before the database.")


def add_to(app: typer.Typer) -> None:
    app.add_typer(pooler_app, name="pooler")


@pooler_app.command("configure")
@acts.act(action="tenants.pooler.configured")
def configure(
    folder: Annotated[Path, typer.Option(help="Where the two files go.")] = Path("/etc/pgbouncer"),
    port: Annotated[int, typer.Option(help="Where PgBouncer listens.")] = 6432,
    connections: Annotated[int, typer.Option(min=1, help="To the server, of all schools together.")] = 80,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Write PgBouncer's settings and logins; run it again after a tenant was made, then reload PgBouncer."""
    from infra.pgbouncer import configuration

    pooler = configuration.Pooler(folder=folder, port=port, connections=connections)
    roles = configuration.logins()
    try:
        files = [] if dry_run else configuration.write(pooler, roles)
    except OSError as failure:
        frame.fail(f"{folder}: {failure.strerror}")
    acts.tell(logins=len(roles))
    frame.answer(
        {"folder": folder, "logins": len(roles), "written": [str(one) for one in files]}, as_json=as_json
    )
