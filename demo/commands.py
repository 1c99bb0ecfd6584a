"""`mektep demo …`."""

from __future__ import annotations

from typing import Annotated

import typer
from django.conf import settings

from config.env import environment
from tenants.cli import acts, frame

demo_app = typer.Typer(no_args_is_help=True, help="The demo district.")


@demo_app.command("fill")
@acts.act(action="tenants.demo.filled")
def fill(
    quiet: Annotated[bool, typer.Option(help="Say nothing.")] = False,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Fill an empty database with the demo district; refused where live schools are."""
    from demo.fill import fill as work

    if settings.MODE == "live":
        frame.fail("This is a live installation: the demo is not filled here.")
    if not dry_run:
        say = (lambda line: None) if quiet or as_json else frame.say(as_json)
        work(environment.home, say)
    frame.answer({"filled": not dry_run, "home": str(environment.home)}, as_json=as_json)


@demo_app.command("reset")
@acts.act(action="tenants.demo.reset")
def reset(code: frame.Code, dry_run: frame.DryRun = False, as_json: frame.Json = False) -> None:
    """Empty a demo school and fill it anew; whatever is not of the mode demo is refused."""
    from demo.fill import refill
    from tenants.lifecycle import services

    say = frame.say(as_json)
    if dry_run:
        ref = services.renew(code=code, dry_run=True)
        frame.answer({"code": ref.code, "schema": ref.schema, "would": "fill anew"}, as_json=as_json)
        return
    ref = refill(environment.home, code, say)
    acts.tell(ref)
    frame.answer({"code": ref.code, "schema": ref.schema, "host": ref.host}, as_json=as_json)


def add_to(app: typer.Typer) -> None:
    app.add_typer(demo_app, name="demo")
