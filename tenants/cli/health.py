"""Verbs about the installation itself."""

from __future__ import annotations

import typer

from tenants.cli import acts, frame

_COLOURS = {"ok": "green", "warning": "yellow", "fault": "red"}


def add_to(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


@acts.look
def doctor(as_json: frame.Json = False) -> None:
    """Look at configuration, versions, clocks, disks, queues and schemas, and say what to do. Exit 1 on a fault."""
    from tenants import doctor as rules

    found = list(rules.examine())
    if as_json:
        frame.print_json([one.told() for one in found])
    else:
        for one in found:
            frame.out.print(
                f"[{_COLOURS[one.state]}]{one.state:>7}[/]  {one.check}: ", end="", highlight=False
            )
            frame.out.print(one.found, highlight=False, markup=False)
            if one.advice:
                frame.out.print(f"         {one.advice}", highlight=False, markup=False)
    faults = [one.check for one in found if one.state == rules.FAULT]
    if faults:
        frame.fail(f"Faults: {', '.join(faults)}")
