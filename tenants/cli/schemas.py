"""Verbs about schemas: migrations."""

from __future__ import annotations

from typing import Annotated

import typer

from tenants.cli import acts, frame


def add_to(app: typer.Typer) -> None:
    app.command("migrate")(migrate)


@acts.act(action="tenants.schemas.migrated")
def migrate(
    jobs: Annotated[int, typer.Option(min=1, help="How many connections at once.")] = 2,
    go_on: Annotated[
        bool, typer.Option("--go-on", help="Begin a wave though a school of the one before stayed behind.")
    ] = False,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Bring public, the templates and every schema up to date, in waves; killed, it goes on where it stopped."""
    from kernel import tenancy
    from tenants import provisioning, waves
    from tenants.cells import services as cells

    if dry_run:
        told = waves.preview().told()
        if as_json:
            frame.print_json(told)
        else:
            for kind, count in told["recorded"].items():
                frame.out.print(f"{kind}: {count} migrations new to the template")
            frame.table(told["waves"], ["name", "schemas", "behind"], as_json=False)
        return
    say = frame.say(as_json)
    try:
        told = waves.migrate(say, workers=jobs, go_on=go_on).told()
    except waves.SchemasBehind as refusal:
        acts.tell(behind=len(refusal.run.failed), held_back=len(refusal.run.held_back))
        if as_json:
            frame.print_json(refusal.run.told())
        raise
    for cell in cells.every():
        say(f"cell {cell.code}")
        with tenancy.at(cell.server):
            told[f"cell {cell.code}"] = waves.migrate(say, workers=jobs, go_on=go_on).told()
    told["spares"] = provisioning.refill_spares()
    acts.tell(schemas=sum(wave["done"] for wave in told["waves"]), spares=told["spares"])
    if as_json:
        frame.print_json(told)
    elif told["spares"]:
        say(f"{told['spares']} spare schemas prepared")
