"""The operator's command: tenants, migrations, imports and the demo, from a shell on the cell.

One file a notion. What a verb changes it declares with `acts.act`, which writes it into the vendor's log; what only
looks with `acts.look`. Rooms above hang their commands on in config.commands.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [p for p in (str(ROOT / "platform"), str(ROOT)) if p not in sys.path]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import typer  # noqa: E402

from tenants.cli import (  # noqa: E402
    backups,
    cells,
    clones,
    exports,
    health,
    keys,
    life,
    people,
    register,
    schemas,
)

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Mektep: the operator's command.")
tenant_app = typer.Typer(no_args_is_help=True, help="Schools, authorities and their schemas.")
app.add_typer(tenant_app, name="tenant")
register.add_to(tenant_app)
life.add_to(tenant_app)
people.add_to(tenant_app)
keys.add_to(tenant_app)
schemas.add_to(app)
backups.add_to(app, tenant_app)
exports.add_to(tenant_app)
clones.add_to(tenant_app)
cells.add_to(app, tenant_app)
health.add_to(app)


def main() -> None:
    """Entry point of `mektep`."""
    # What works on files alone asks for no installation: it runs on any computer, without keys and without a database.
    above = import_module("config.commands") if find_spec("config.commands") else None
    if above is not None and sys.argv[1:2] and sys.argv[1] in above.WITHOUT_INSTALLATION:
        above.add_to(app)
    elif sys.argv[1:3] == ["tenant", "verify"] and not any(one.startswith("--against") for one in sys.argv):
        pass  # files alone
    else:
        import django

        django.setup()
        for extension in (above, import_module("demo.commands") if find_spec("demo.commands") else None):
            if extension is not None:
                extension.add_to(app)
    app()
