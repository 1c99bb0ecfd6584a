"""`mektep policy`: the rules of authentication as a document, from the file of profiles."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kernel import clock
from tenants.cli import acts, frame

app = typer.Typer(no_args_is_help=True, help="The rules of authentication: profiles and their document.")


class Language(StrEnum):
    KK = "kk"
    RU = "ru"


@app.callback()
def group() -> None:
    """Commands on the rules."""


@app.command("document")
@acts.look
def document(
    profile: Annotated[str, typer.Option(help="kz-tdib or asvs; the installation's own when left out.")] = "",
    language: Annotated[Language, typer.Option(help="kk or ru.")] = Language.KK,
    to: Annotated[Path | None, typer.Option(help="Where to write the PDF.")] = None,
    organisation: Annotated[str, typer.Option(help="Whose document it is, for its head.")] = "",
    as_json: frame.Json = False,
) -> None:
    """Write the policy document of a profile."""
    from documents import policies
    from documents.data import Letterhead
    from identity import policy, policy_lines
    from identity.profiles import PROFILES

    chosen = PROFILES.get(profile or policy.profile().code)
    if chosen is None:
        typer.echo(f"There is no profile {profile}: {', '.join(PROFILES)}.", err=True)
        raise typer.Exit(2)
    target = to or Path(f"policy-{chosen.code}-{language}.pdf")
    target.write_bytes(
        policies.pdf(
            profile=chosen.code,
            sections=policy_lines.sections(chosen),
            language=language,
            letterhead=Letterhead(name_kk=organisation, name_ru=organisation),
            on=clock.today(),
        )
    )
    frame.answer({"profile": chosen.code, "language": str(language), "file": str(target)}, as_json=as_json)
