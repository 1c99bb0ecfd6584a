"""Commands of `mektep` that reach above the register of tenants: the load of spreadsheets, timetables, what infra/ offers."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from config import audit_commands, breach_commands, policy_commands
from tenants.cli import acts, frame

WITHOUT_INSTALLATION = frozenset({"timetable"})
out, err = Console(), Console(stderr=True)
timetable_app = typer.Typer(no_args_is_help=True, help="Timetables in files; no database is needed.")


def add_to(app: typer.Typer) -> None:
    """Hang the commands on `mektep`. Called once Django is set up."""
    app.command("import")(import_file)
    app.add_typer(timetable_app, name="timetable")
    app.add_typer(audit_commands.app, name="audit")
    app.add_typer(breach_commands.app, name="breach")
    app.add_typer(policy_commands.app, name="policy")
    for name in ("infra.isolation.commands", "infra.pgbouncer.commands", "infra.pgbackrest.commands"):
        if find_spec(name.rpartition(".")[0]):
            import_module(name).add_to(app)


@acts.act(action="tenants.file.imported")
def import_file(
    what: Annotated[str, typer.Argument(help="pupils or staff.")],
    file: Annotated[Path, typer.Argument(help="XLSX, XLS, ODS or CSV.")],
    tenant: Annotated[str, typer.Option(help="Code of the school.")],
    dry_run: Annotated[
        bool, typer.Option("--check", "--dry-run", help="Only say what would be done.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Load a spreadsheet into a school: the good rows, with a list of all that is wrong or doubtful."""
    from imports import api as imports
    from kernel import tenancy
    from kernel.access import Actor
    from tenants import api as tenants

    ref = tenants.by_code(tenant)
    if ref is None or ref.kind is not tenancy.Kind.SCHOOL:
        frame.fail(f"There is no school with the code {tenant}")
    acts.tell(None if dry_run else ref, what=what)
    try:
        with tenancy.use(ref):
            actor = Actor.system_actor("vendor.cli").speaking(ref.language)
            answer = imports.run_file(what, file, actor=actor, check_only=dry_run)
    except OSError as failure:
        frame.fail(f"{file}: {failure.strerror}")
    acts.tell(**{one: answer[one] for one in ("create", "update", "skip")})
    _show(answer, as_json=as_json)


@timetable_app.command("solve")
@acts.apart
def timetable_solve(
    file: Annotated[Path, typer.Argument(help="A .fet file, of FET 5 to 7; .fet.gz too.")],
    seconds: Annotated[float, typer.Option(min=1, help="How long to seek and to better.")] = 60,
    target: Annotated[
        Path | None, typer.Option("--out", help="Where to write the answer, as FET reads it.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many at once; one a core.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Another number, another search.")] = 1,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Find a timetable for a file of FET: every demand kept, and as many wishes as the time allows."""
    # Loaded here: its libraries take a second, which no other command has.
    from modules.schedule.solver import files

    try:
        answer = asdict(
            files.solve_file(
                file,
                seconds=seconds,
                target=target,
                workers=workers,
                seed=seed,
                report=None if as_json else lambda step: err.print(files.line_of(step), highlight=False),
            )
        )
    except ValueError as refusal:
        frame.fail(f"{file}: {refusal}")
    except OSError as failure:
        frame.fail(f"{file}: {failure.strerror}")
    else:
        if as_json:
            sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
        else:
            for key, value in answer.items():
                out.print(f"{key:>16}  {value}", highlight=False)
        if not answer["solved"]:
            raise typer.Exit(1)


@timetable_app.command("prepare")
@acts.apart
def timetable_prepare(as_json: frame.Json = False) -> None:
    """Compile the search now, half a minute once an installation, so that nobody waits for it later."""
    from modules.schedule.solver import files

    files.prepare()
    frame.answer({"compiled": True}, as_json=as_json)


def _show(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
        return
    table = Table("row", "column", "value", "қазақша", "по-русски")
    for line in answer["errors"]:
        table.add_row(str(line["row"]), line["column"], line["value"], line["message_kk"], line["message_ru"])
    if answer["errors"]:
        out.print(table)
    out.print(f"create {answer['create']}, update {answer['update']}, skip {answer['skip']}", highlight=False)
