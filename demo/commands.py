"""`mektep demo …`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console

from config.env import environment

demo_app = typer.Typer(no_args_is_help=True, help="The demo district.")
err = Console(stderr=True, highlight=False)


@demo_app.command("fill")
def fill(
    quiet: Annotated[bool, typer.Option(help="Say nothing.")] = False,
) -> None:
    """Fill an empty database with the demo district; refused where live schools are."""
    from demo.fill import fill as work

    if settings.MODE == "live":
        err.print("This is a live installation: the demo is not filled here.")
        raise typer.Exit(1)
    work(environment.home, (lambda line: None) if quiet else err.print)


def add_to(app: typer.Typer) -> None:
    app.add_typer(demo_app, name="demo")
