"""Verbs about schemas: migrations."""

from __future__ import annotations

import typer

from tenants.cli import acts, frame


def add_to(app: typer.Typer) -> None:
    app.command("migrate")(migrate)


@acts.act(action="tenants.schemas.migrated")
def migrate(dry_run: frame.DryRun = False, as_json: frame.Json = False) -> None:
    """Bring the public schema, the templates and every tenant up to date."""
    from tenants import provisioning

    if dry_run:
        frame.table(
            [{"schema": one.schema, "position": one.position} for one in provisioning._behind()],
            ["schema", "position"],
            as_json=as_json,
        )
        return
    say = frame.say(as_json)
    provisioning.migrate(say)
    made = provisioning.refill_spares()
    acts.tell(spares=made)
    if as_json:
        frame.print_json({"spares": made})
    elif made:
        say(f"{made} spare schemas prepared")
