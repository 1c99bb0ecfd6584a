"""`mektep pooler configure`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

pooler_app = typer.Typer(no_args_is_help=True, help="PgBouncer before the database.")
out = Console(highlight=False)


def add_to(app: typer.Typer) -> None:
    app.add_typer(pooler_app, name="pooler")


@pooler_app.command("configure")
def configure(
    folder: Annotated[Path, typer.Option(help="Where the two files go.")] = Path("/etc/pgbouncer"),
    port: Annotated[int, typer.Option(help="Where PgBouncer listens.")] = 6432,
    connections: Annotated[int, typer.Option(min=1, help="To the server, of all schools together.")] = 80,
) -> None:
    """Write PgBouncer's settings and logins; run it again after a tenant was made, then reload PgBouncer."""
    from infra.pgbouncer import configuration

    pooler = configuration.Pooler(folder=folder, port=port, connections=connections)
    try:
        for file in configuration.write(pooler, configuration.logins()):
            out.print(str(file))
    except OSError as failure:
        Console(stderr=True).print(f"[red]{folder}: {failure.strerror}[/red]")
        raise typer.Exit(1) from None
