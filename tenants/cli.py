"""The operator's command: tenants, migrations, imports and the demo, from a shell on the cell."""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [p for p in (str(ROOT / "platform"), str(ROOT)) if p not in sys.path]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import typer  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from tenants.cli_keys import rotate_keys  # noqa: E402

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Mektep: the operator's command.")
tenant_app = typer.Typer(no_args_is_help=True, help="Schools, authorities and their schemas.")
app.add_typer(tenant_app, name="tenant")
tenant_app.command("rotate-keys")(rotate_keys)
out, err = Console(), Console(stderr=True)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


@app.command()
def migrate() -> None:
    """Bring the public schema, the templates and every tenant up to date."""
    from tenants import provisioning

    provisioning.migrate(lambda line: err.print(f"  {line}", highlight=False))
    made = provisioning.refill_spares()
    if made:
        err.print(f"  {made} spare schemas prepared", highlight=False)


@tenant_app.command("create")
def tenant_create(
    code: Annotated[str, typer.Argument(help="Short code, also the first part of the host name.")],
    name_kk: Annotated[str, typer.Option(help="Name in Kazakh.")],
    name_ru: Annotated[str, typer.Option(help="Name in Russian.")],
    kind: Annotated[str, typer.Option(help="school, authority, family or vendor.")] = "school",
    mode: Annotated[str, typer.Option(help="live, demo or test.")] = "live",
    parent: Annotated[str, typer.Option(help="Code of the authority above.")] = "",
    language: Annotated[str, typer.Option(help="kk or ru.")] = "kk",
    kato: Annotated[str, typer.Option(help="КАТО code of the place.")] = "",
    host: Annotated[str, typer.Option(help="Host name; by default CODE under the installation's name.")] = "",
    director: Annotated[
        str, typer.Option(help="Login of the first director or head, given a one-time password.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Create a tenant: it answers at its host seconds later."""
    from django.core.exceptions import ValidationError

    from kernel.errors import DomainError
    from kernel.tenancy import Kind
    from tenants import api, provisioning

    begun = time.perf_counter()
    try:
        ref = provisioning.create_tenant(
            code=code,
            kind=Kind(kind),
            name_kk=name_kk,
            name_ru=name_ru,
            mode=mode,
            parent=parent,
            language=language,
            kato=kato,
            host=host,
        )
    except (DomainError, ValueError) as refusal:
        _fail(str(refusal))
    except ValidationError as refusal:
        _fail("; ".join(f"{k}: {' '.join(v)}" for k, v in refusal.message_dict.items()))
    answer = {"code": ref.code, "schema": ref.schema, "host": ref.host, "url": api.url_of(ref)}
    if director:
        answer |= _first_account(ref, director)
    answer["seconds"] = f"{time.perf_counter() - begun:.2f}"
    if as_json:
        _print_json(answer)
    else:
        for key, value in answer.items():
            out.print(f"{key:>10}  {value}", highlight=False)


def _first_account(ref: Any, username: str) -> dict[str, str]:
    from django.db import transaction

    from identity import api as identity
    from kernel import tenancy
    from kernel.access import Actor, Role
    from kernel.tenancy import Kind

    role = {Kind.SCHOOL: Role.DIRECTOR, Kind.AUTHORITY: Role.AUTHORITY_HEAD, Kind.VENDOR: Role.OPERATOR}.get(
        ref.kind, Role.GUARDIAN
    )
    with tenancy.use(ref), transaction.atomic():
        slip = identity.first_account(actor=Actor.system_actor("vendor.cli"), username=username, role=role)
    return {"login": slip.username, "password": slip.password}


@tenant_app.command("approve-role")
def tenant_approve_role(
    code: Annotated[str, typer.Argument(help="Code of the school.")],
    login: Annotated[str, typer.Argument(help="Login of the one who gets the role.")],
    letter: Annotated[str, typer.Option(help="Number and date of the education authority's letter.")],
) -> None:
    """Be the second person of a waiting role by the authority's letter, where the school has nobody for it."""
    from django.core.exceptions import ObjectDoesNotExist

    from identity import api as identity
    from kernel import tenancy
    from kernel.access import Actor
    from kernel.errors import DomainError
    from tenants import api

    ref = api.by_code(code)
    if ref is None:
        _fail(f"There is no tenant {code}.")
    if not letter.strip():
        _fail("Name the letter: its number and date.")
    with tenancy.use(ref):
        try:
            given = identity.approve_by_letter(
                actor=Actor.system_actor("vendor.cli"), username=login, letter=letter
            )
        except ObjectDoesNotExist:
            _fail(f"There is no account {login} in {code}.")
        except DomainError as refusal:
            _fail(str(refusal))
    if not given:
        _fail(f"No role waits for {login}.")
    out.print(f"{login}: {', '.join(given)}", highlight=False)


@tenant_app.command("list")
def tenant_list(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List every tenant."""
    from kernel import tenancy
    from tenants.models import Tenant

    with tenancy.register():
        rows = [
            {
                "code": t.code,
                "kind": t.kind,
                "mode": t.mode,
                "state": t.state,
                "parent": t.parent.code if t.parent else "",
                "schema": t.schema_name,
                "host": next((h.domain for h in t.domains.all() if h.is_primary), ""),
                "name_kk": t.name_kk,
                "name_ru": t.name_ru,
            }
            for t in Tenant.objects.select_related("parent")
            .prefetch_related("domains")
            .order_by("kind", "code")
        ]
    if as_json:
        _print_json(rows)
        return
    table = Table("code", "kind", "mode", "state", "parent", "host", "name")
    for row in rows:
        table.add_row(
            row["code"], row["kind"], row["mode"], row["state"], row["parent"], row["host"], row["name_kk"]
        )
    out.print(table)


@tenant_app.command("renew-keys")
def tenant_renew_keys(
    code: Annotated[str, typer.Argument(help="Code of the tenant; empty with --all.")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Every active tenant.")] = False,
) -> None:
    """Give a tenant new keys for its letters; the old ones open what is on its way and are destroyed after that."""
    from kernel import tenancy
    from kernel.access import Actor
    from tenants import api, post

    found = api.all_active() if everybody else [one for one in [api.by_code(code)] if one]
    if not found:
        _fail(f"There is no tenant {code}")
    for ref in found:
        with tenancy.use(ref):
            number = post.renew_keys(actor=Actor.system_actor("vendor.cli"))
        out.print(f"{ref.code}: generation {number}", highlight=False)


def _fail(message: str) -> NoReturn:
    err.print(f"[red]{message}[/red]")
    raise typer.Exit(1)


def main() -> None:
    """Entry point of `mektep`."""
    # What works on files alone asks for no installation: it runs on any computer, without keys and without a database.
    above = import_module("config.commands") if find_spec("config.commands") else None
    if above is not None and sys.argv[1:2] and sys.argv[1] in above.WITHOUT_INSTALLATION:
        above.add_to(app)
    else:
        import django

        django.setup()
        for extension in (above, import_module("demo.commands") if find_spec("demo.commands") else None):
            if extension is not None:
                extension.add_to(app)
    app()


if __name__ == "__main__":
    main()
