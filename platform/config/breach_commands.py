"""`mektep breach`: whom a breach in one school concerns, counted by the director's letter; figures and never a name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from tenants.cli import acts, frame

app = typer.Typer(no_args_is_help=True, help="Whom a breach in a school concerns.")


@app.callback()
def _verbs() -> None:
    """Verbs stay verbs while there is only one."""


@app.command("count")
@acts.act(action="breaches.counted_by_vendor")
def count(
    code: frame.Code,
    letter: Annotated[str, typer.Option(help="Number and date of the director's letter.")],
    since: Annotated[datetime, typer.Option(help="From, in the time of Kazakhstan.")],
    until: Annotated[datetime, typer.Option(help="Until.")],
    login: Annotated[str, typer.Option(help="Login of the account; the whole school without it.")] = "",
    contact: Annotated[str, typer.Option(help="Who answers for it, with a phone.")] = "",
    dry_run: frame.DryRun = False,
    as_json: frame.Json = False,
) -> None:
    """Note the breach in the school and count its persons; the director finds the list in the cabinet."""
    from identity import api as identity
    from kernel import clock, tenancy
    from kernel.access import Actor
    from modules.breaches import api as breaches

    ref = frame.found(code)
    acts.tell(ref)
    if not letter.strip():
        frame.fail("Name the letter: its number and date.")
    say = frame.say(as_json)
    with tenancy.use(ref):
        if ref.kind is not tenancy.Kind.SCHOOL:
            frame.fail(f"{code} is no school.")
        found = [one for one in identity.find_accounts(login) if one.username == login] if login else []
        if login and not found:
            frame.fail(f"There is no account {login} in {code}.")
        answer: dict[str, object] = {"code": ref.code, "login": login}
        if not dry_run:
            actor = Actor.system_actor("vendor.cli")
            row = breaches.note(
                actor=actor,
                way=breaches.Way.ACCOUNT if found else breaches.Way.EVERYTHING,
                user_id=found[0].id if found else None,
                whose=found[0].full_name if found else "",
                since=since.replace(tzinfo=clock.ALMATY),
                until=until.replace(tzinfo=clock.ALMATY),
                what=letter.strip(),
                contact=contact.strip(),
            )
            row = breaches.count(
                actor=actor, breach_id=row.pk, told=lambda done, total: say(f"{done} of {total}")
            )
            answer |= {"persons": row.persons, "looks": row.looks, "changes": row.changes, "due": row.due}
            acts.tell(letter=letter[:100], persons=row.persons)
    frame.answer(answer, as_json=as_json)
