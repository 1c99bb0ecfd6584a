"""Verbs about a tenant in open formats: written out, checked, put into another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tenants.cli import acts, frame

Letter = Annotated[str, typer.Option(help="Number and date of the order or letter.")]
Folder = Annotated[Path, typer.Argument(help="Folder of an export, or a zip of one.")]


def add_to(app: typer.Typer) -> None:
    app.command("export")(export)
    app.command("verify")(verify)
    app.command("import")(import_)


@acts.act(action="tenants.tenant.exported")
def export(
    code: frame.Code,
    to: Annotated[Path, typer.Option(help="A folder that is not there yet; with .zip a zip of it.")],
    letter: Letter,
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Write a tenant out in open formats: tables, files, the security log. Everything in it can be read by anybody."""
    from kernel import tenancy
    from tenants.exports import package, writing

    ref = frame.found(code)
    acts.tell(ref)
    if not letter.strip():
        frame.fail("Name the letter: its number and date.")
    folder = to.with_suffix("") if to.suffix == ".zip" else to
    if to.exists():
        raise writing.FolderTaken(folder=to)
    with tenancy.owner(ref):
        if dry_run:
            shapes, left_out = writing.leaving(ref)
            frame.answer(
                {"code": code, "would": "export", "tables": len(shapes), "left_out": list(left_out)},
                as_json=as_json,
            )
            return
        manifest = writing.write(
            ref, folder, letter=letter[:150], report=progress(code, as_json), place=writing.place_of(ref)
        )
    _, key = package.read(folder)
    target = package.packed(folder) if to.suffix == ".zip" else folder
    acts.tell(letter=letter[:100], rows=manifest.rows, files=len(manifest.files))
    frame.answer(
        {
            "code": code,
            "export": str(target),
            "tables": len(manifest.tables),
            "rows": manifest.rows,
            "files": len(manifest.files),
            "lost_files": len(manifest.lost),
            "signed_by": key,
        },
        as_json=as_json,
    )


@acts.apart
def verify(
    folder: Folder,
    against: Annotated[str, typer.Option(help="Code of a tenant that is to have the same content.")] = "",
    signed_by: Annotated[str, typer.Option(help="The public key that the vendor told.")] = "",
    as_json: frame.Json = False,
) -> None:
    """Check an export by itself, without an installation: every file, every row, every line of its log. Exit 1 on a fault."""
    from tenants.exports import package, verifying

    try:
        with package.unpacked(folder) as found:
            verdict = verifying.verify(found)
            faults = list(verdict.faults)
            if signed_by and signed_by.lower() != verdict.signed_by:
                faults.append(f"it was signed with another key: {verdict.signed_by}")
            if against:
                from tenants.exports import loading

                other = loading.against(found, verdict.manifest, frame.found(against))
                faults += [f"{table} has other content in {against}" for table in other]
    except package.BadExport as refusal:
        frame.fail(str(refusal))
    manifest = verdict.manifest
    answer: dict[str, Any] = {
        "tenant": manifest.tenant["code"],
        "made_at": manifest.made_at,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "files": len(manifest.files),
        "log_lines": verdict.log_lines,
        "signed_by": verdict.signed_by,
        "faults": faults,
    }
    frame.answer(answer | ({"against": against} if against else {}), as_json=as_json)
    if faults:
        frame.fail(f"{len(faults)} faults: {faults[0]}")


@acts.act(action="tenants.tenant.imported")
def import_(
    folder: Folder,
    code: Annotated[str, typer.Option("--into", help="Code of an empty tenant.")],
    letter: Letter,
    director: Annotated[
        str, typer.Option(help="Login of an account in the export that gets a one-time password.")
    ] = "",
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Put an export into a tenant that was just created; its content is then the same, sealed with keys of its own."""
    from kernel import tenancy
    from kernel.access import Actor
    from tenants.exports import loading, package

    ref = frame.found(code)
    acts.tell(ref)
    if not letter.strip():
        frame.fail("Name the letter: its number and date.")
    answer: dict[str, Any] = {"code": code}
    with package.unpacked(folder) as found:
        manifest = loading.load(found, ref, report=progress(code, as_json), dry_run=dry_run)
        answer |= {"from": manifest.tenant["code"], "rows": manifest.rows, "files": len(manifest.files)}
        if dry_run:
            frame.answer(answer | {"would": "import"}, as_json=as_json)
            return
        with tenancy.use(ref):
            loading.keep_former_log(found, ref, manifest, actor=Actor.system_actor("vendor.cli"))
    acts.tell(letter=letter[:100], source=manifest.tenant["code"], rows=manifest.rows)
    if director:
        answer["password"] = _one_time_password(ref, director)
    frame.answer(answer, as_json=as_json)


def _one_time_password(ref: Any, username: str) -> str:
    """Give the account a one-time password: everybody else gets theirs from its owner."""
    from identity import api as identity
    from kernel import tenancy
    from kernel.access import Actor

    with tenancy.use(ref):
        user_id = identity.user_of_login(username)
        if user_id is None:
            frame.fail(f"All is put in, but there is no account {username}.")
        return str(identity.start_reset(actor=Actor.system_actor("vendor.cli"), user_id=user_id).password)


def progress(code: str, as_json: bool) -> Any:
    say = frame.say(as_json)

    def told(done: int, of: int, what: str) -> None:
        if done % 20 == 0 or done == of:
            say(f"{code}: {done} of {of} ({what})")

    return told
