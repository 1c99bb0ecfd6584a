"""Verbs about backups: of one tenant by its code, or of all by night."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenants.cli import acts, cells, frame

if TYPE_CHECKING:
    from kernel.tenancy import TenantRef

app = typer.Typer(no_args_is_help=True, help="Backups: keys of their reader, a night of all, trials.")
Folder = Annotated[str, typer.Option("--backup", help="Name of the backup; the newest without it.")]


def add_to(top: typer.Typer, tenant_app: typer.Typer) -> None:
    tenant_app.command("backup")(backup)
    tenant_app.command("backups")(backups)
    tenant_app.command("restore")(restore)
    app.command("keys")(keys_of_reader)
    app.command("night")(night)
    app.command("drill")(drill)
    top.add_typer(app, name="backup")


@acts.act(action="tenants.backup.taken")
def backup(code: frame.Code, dry_run: frame.DryRun = False, as_json: frame.Json = False) -> None:
    """Back one tenant up: every table in one snapshot, closed for the reader of backups."""
    from tenants.backups import archive, taking

    ref = frame.found(code)
    acts.tell(ref)
    if dry_run:
        frame.answer(
            {"code": code, "would": "back up", "folder": str(taking.folder_of(ref))}, as_json=as_json
        )
        return
    folder = taking.take(ref, frame.say(as_json))
    manifest = archive.read_manifest(folder)
    acts.tell(backup=folder.name, rows=manifest.rows)
    frame.answer(
        {"code": code, "backup": folder.name, "rows": manifest.rows, "bytes": manifest.size}, as_json=as_json
    )


@acts.look
def backups(code: frame.Code, as_json: frame.Json = False) -> None:
    """The backups of a tenant that can be restored, newest first."""
    from tenants.backups import archive, taking

    rows = []
    for folder in taking.whole(frame.found(code)):
        manifest = archive.read_manifest(folder)
        rows.append({"backup": folder.name, "taken_at": manifest.taken_at, "rows": manifest.rows})
    frame.table(rows, ["backup", "taken_at", "rows"], as_json=as_json)


@acts.act(action="tenants.backup.restored")
def restore(
    code: frame.Code,
    letter: Annotated[str, typer.Option(help="By whose word: number and date of the school's letter.")],
    folder: Folder = "",
    at: cells.Moment = "",
    full_speed: Annotated[bool, typer.Option("--full-speed", help="When nobody else works now.")] = False,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Put one tenant back to a backup, or to a moment; the others hardly notice it. Its logs stay, everybody in it signs in
    anew.
    """
    from tenants.backups import archive, restoring

    ref = frame.found(code)
    acts.tell(ref)
    if not letter.strip():
        frame.fail("Name the letter: its number and date.")
    if at:
        if folder:
            frame.fail("Say --at or --backup, not both.")
        acts.tell(letter=letter[:100])
        cells.restore_tenant(ref, at, gently=not full_speed, dry_run=dry_run, as_json=as_json)
        return
    chosen = _chosen(ref, folder)
    manifest = archive.read_manifest(chosen)
    if dry_run:
        frame.answer(
            {"code": code, "would": "restore", "taken_at": manifest.taken_at, "rows": manifest.rows},
            as_json=as_json,
        )
        return
    acts.tell(letter=letter[:100], backup=chosen.name)
    frame.answer(restoring.restore(ref, chosen, frame.say(as_json), gently=not full_speed), as_json=as_json)


@acts.apart
def keys_of_reader(as_json: frame.Json = False) -> None:
    """Make the pair of keys of whoever may restore. Keep the private half away from this machine."""
    from tenants.backups import keys

    private, public = keys.new_pair()
    frame.answer({"MEKTEP_BACKUP_PRIVATE_KEY": private, "MEKTEP_BACKUP_READER": public}, as_json=as_json)


@acts.act(action="tenants.backups.night")
def night(dry_run: frame.DryRun = False, as_json: frame.Json = False) -> None:
    """Back every tenant up and remove what need not be kept; one that fails is named and the others go on."""
    from tenants import api
    from tenants.backups import taking

    say, rows, failed = frame.say(as_json), [], []
    for ref in api.all_living():
        if dry_run:
            rows.append({"code": ref.code, "backup": "", "removed": []})
            continue
        try:
            folder = taking.take(ref, say)
            rows.append({"code": ref.code, "backup": folder.name, "removed": taking.thin_out(ref)})
        except Exception as failure:  # the night goes on; the register of backups has the fault
            failed.append(ref.code)
            say(f"{ref.code}: {type(failure).__name__}: {failure}")
    acts.tell(count=len(rows), failed=failed)
    frame.table(rows, ["code", "backup", "removed"], as_json=as_json)
    if failed:
        frame.fail(f"Not backed up: {', '.join(failed)}")


@acts.act(action="tenants.backups.drilled")
def drill(
    code: Annotated[str, typer.Argument(help="Code of a tenant; some by lot without it.")] = "",
    count: Annotated[int, typer.Option(min=1, help="How many by lot.")] = 3,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Restore beside the living schema, compare every row, remove it again: the proof that backups are backups."""
    import secrets

    from tenants import api
    from tenants.backups import restoring, taking

    with_some = [ref for ref in api.all_living() if taking.whole(ref)]
    chosen = (
        [frame.found(code)] if code else secrets.SystemRandom().sample(with_some, min(count, len(with_some)))
    )
    if not chosen:
        frame.fail("No tenant has a backup yet.")
    rows = []
    for ref in chosen:
        folder = _chosen(ref, "")
        if dry_run:
            rows.append({"tenant": ref.code, "folder": folder.name, "rows": None, "tables": None})
        else:
            rows.append(restoring.drill(ref, folder, frame.say(as_json)))
    acts.tell(count=len(rows))
    frame.table(rows, ["tenant", "folder", "rows", "tables"], as_json=as_json)


def _chosen(ref: TenantRef, name: str) -> Path:
    from tenants.backups import taking

    found = {folder.name: folder for folder in taking.whole(ref)}
    if not found:
        frame.fail(f"{ref.code} has no backup.")
    if name and name not in found:
        frame.fail(f"{ref.code} has no backup {name}; it has {', '.join(list(found)[:5])}.")
    return found[name] if name else next(iter(found.values()))
