"""Verbs about the keys that close a tenant's data."""

from __future__ import annotations

from typing import Annotated

import typer

from tenants.cli import acts, frame


def add_to(app: typer.Typer) -> None:
    app.command("rotate-keys")(rotate_keys)


@acts.act(action="tenants.keys.rotated_by_vendor")
def rotate_keys(
    code: Annotated[str, typer.Argument(help="Code of the tenant; empty with --all.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Every active tenant.")] = False,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Turn the data key of a tenant: closes everything anew, then destroys the old key. Run it again when it was stopped."""
    from kernel import keys
    from tenants import api, rotation

    chosen = api.all_active() if everybody else [frame.found(code)]
    say = frame.say(as_json)
    answers: list[dict[str, object]] = []
    if dry_run:
        answers = [{"code": one.code, "generation": None, "values": None, "destroyed": []} for one in chosen]
    else:
        try:
            # All are turned before the first is finished: the minute of waiting passes for all at once.
            begun = [
                (ref, rotation.begin(ref, progress=lambda column, rows: say(f"{column}: {rows}")))
                for ref in chosen
            ]
            for ref, turned in begun:
                answers.append(rotation.finish(turned, ref).as_dict())
                acts.tell(None if everybody else ref, count=len(answers))
        except (keys.KeyUnavailable, keys.KeyChanged) as failure:
            frame.fail(str(failure))
    frame.table(answers, ["code", "generation", "values", "destroyed"], as_json=as_json)
