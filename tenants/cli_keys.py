"""`mektep tenant rotate-keys`: a new data key for the sealed columns of a tenant, or of all."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

err = Console(stderr=True)


def rotate_keys(
    code: Annotated[str, typer.Argument(help="Code of the tenant; empty with --all.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Every active tenant.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Turn the data key of a tenant: closes everything anew, then destroys the old key. Run it again when it was stopped."""
    from kernel import keys
    from tenants import api, rotation

    found = api.all_active() if everybody else [one for one in [api.by_code(code)] if one]
    if not found:
        _fail(f"There is no tenant {code}")

    def tell(column: str, rows: int) -> None:
        err.print(f"  {column}: {rows}", highlight=False)

    try:
        # All are turned before the first is finished: the minute of waiting passes for all at once.
        begun = [(ref, rotation.begin(ref, progress=tell)) for ref in found]
        done = [rotation.finish(turned, ref) for ref, turned in begun]
    except (keys.KeyUnavailable, keys.KeyChanged) as failure:
        _fail(str(failure))
    if as_json:
        sys.stdout.write(json.dumps([one.as_dict() for one in done], ensure_ascii=False, indent=2) + "\n")
        return
    for one in done:
        gone = ", ".join(map(str, one.destroyed)) or "none"
        err.print(
            f"{one.code}: generation {one.generation}, {one.values} values, destroyed: {gone}",
            highlight=False,
        )


def _fail(message: str) -> None:
    err.print(f"[red]{message}[/red]")
    raise typer.Exit(1)
