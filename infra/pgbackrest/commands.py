"""`mektep cell pgbackrest`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenants.cli import acts, cells, frame


def add_to(_app: typer.Typer) -> None:
    cells.app.command("pgbackrest")(pgbackrest)


@acts.act(action="tenants.cell.configured")
def pgbackrest(
    data: Annotated[Path, typer.Option(help="The server's data directory.")],
    first: Annotated[Path, typer.Option(help="Repository 1: another disk than the data's.")],
    second: Annotated[Path, typer.Option(help="Repository 2: a folder elsewhere, or a path in the bucket.")],
    folder: Annotated[Path, typer.Option(help="Where pgbackrest.conf goes.")] = Path("/etc/pgbackrest"),
    bucket: Annotated[str, typer.Option(help="Repository 2 in S3: its bucket, with object lock on.")] = "",
    endpoint: Annotated[str, typer.Option(help="The endpoint of the bucket.")] = "",
    region: Annotated[str, typer.Option(help="The region of the bucket.")] = "kz",
    port: Annotated[int, typer.Option(help="The server's port.")] = 5432,
    user: Annotated[str, typer.Option(help="As whom pgBackRest signs in.")] = "postgres",
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Write pgBackRest's settings: two repositories, each closed with a pass of its own; passes that are there stay."""
    from infra.pgbackrest import configuration

    if bool(bucket) != bool(endpoint):
        frame.fail("A bucket has an endpoint: say both.")
    s3 = {"type": "s3", "s3-bucket": bucket, "s3-endpoint": endpoint, "s3-region": region} if bucket else {}
    wanted = configuration.Repositories(data=data, folders=[first, second], port=port, user=user, second=s3)
    try:
        written = "" if dry_run else str(configuration.write(folder, wanted))
    except OSError as failure:
        frame.fail(f"{folder}: {failure.strerror}")
    frame.answer({"folder": folder, "written": written, "repositories": [first, second]}, as_json=as_json)
