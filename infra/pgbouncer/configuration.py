"""The two files of PgBouncer: its settings, and the logins of every tenant with the passwords derived from the cell's key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kernel import tenancy
from tenants.models import Tenant

TEMPLATE = Path(__file__).with_name("pgbouncer.ini")


@dataclass(frozen=True, slots=True)
class Pooler:
    """Where PgBouncer listens, and how many connections it keeps to the server behind it."""

    port: int = 6432
    listen: str = "127.0.0.1"
    connections: int = 80  # to the server, of all roles together: the schools that are at work at once
    per_role: int = 4
    clients: int = 2000
    folder: Path = Path("/etc/pgbouncer")
    server: str = ""  # "host=… port=…", by default that of this installation
    database: str = ""

    def ini(self) -> str:
        """The settings."""
        here = settings.DATABASES["default"]
        return TEMPLATE.read_text(encoding="utf-8").format(
            database=self.database or here["NAME"],
            server=self.server or f"host={here['HOST']} port={here['PORT']}",
            listen=self.listen,
            port=self.port,
            connections=self.connections,
            per_role=self.per_role,
            clients=self.clients,
            folder=self.folder,
        )


def logins() -> dict[str, str]:
    """Every tenant's role and the role that reads the register, with their passwords; never the owner."""
    with tenancy.register():
        schemas = [*Tenant.objects.order_by("schema_name").values_list("schema_name", flat=True), "front"]
    return {role: tenancy.role_password(role) for role in map(tenancy.role_name, schemas)}


def userlist(roles: dict[str, str]) -> str:
    return "".join(f'"{role}" "{password}"\n' for role, password in roles.items())


def write(pooler: Pooler, roles: dict[str, str]) -> list[Path]:
    """Write both files so that nobody else may read them; each is replaced whole, so that a reload never meets half."""
    written = []
    for name, text in (("pgbouncer.ini", pooler.ini()), ("userlist.txt", userlist(roles))):
        target = pooler.folder / name
        fresh = target.with_name(f".{name}.new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        fresh.replace(target)
        written.append(target)
    return written
