"""A scratch database of the configured cluster: made for one purpose, never a school's, gone with its roles."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
_INHERITED = frozenset({"MEKTEP_HOME", "MEKTEP_PG_BIN"})


@contextmanager
def database(purpose: str, *, template: str = "") -> Iterator[str]:
    """A database with a name of its own, empty or copied; it goes at the end, and with it the roles made for it.

    A copy is served by the template's own roles, which stay.
    """
    name = f"mektep_{purpose}_{secrets.token_hex(3)}"
    with connect("postgres") as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template or "template0")
            )
        )
        for role in roles_of(admin, template) if template else ():
            admin.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(role)
                )
            )
    try:
        yield name
    finally:
        drop(name)


def drop(name: str) -> None:
    with connect("postgres") as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        for role in roles_of(admin, name):
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def roles_of(admin: psycopg.Connection, prefix: str) -> list[str]:
    """The login roles that were made under a database's name."""
    pattern = prefix.replace("_", r"\_") + r"\_%"
    found = admin.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [pattern]).fetchall()
    return [role for (role,) in found]


def connect(database_name: str, *, application_name: str = "isolation") -> psycopg.Connection:
    """The owner's connection to a database of the cluster."""
    here = settings.DATABASES["default"]
    return psycopg.connect(
        host=str(here["HOST"]),
        port=str(here["PORT"]),
        user=settings.DB_OWNER_USER,
        password=settings.DB_OWNER_PASSWORD,
        dbname=database_name,
        autocommit=True,
        application_name=application_name,
    )


@contextmanager
def home() -> Iterator[Path]:
    """A folder for files, keys and logs of the scratch installation."""
    with TemporaryDirectory(prefix="mektep-isolation-") as folder:
        yield Path(folder)


def environment(
    name: str, *, home: Path | None = None, prefix: str = "", cell_key: str = ""
) -> dict[str, str]:
    """What a process needs in order to be the product in the scratch database and nowhere else."""
    here = settings.DATABASES["default"]
    # No address of the outer world comes along: nothing is sent to anybody from here.
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith("MEKTEP_") or key in _INHERITED
    }
    values = {
        **inherited,
        "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MEKTEP_MODE": "test",
        "MEKTEP_DB_HOST": str(here["HOST"]),
        "MEKTEP_DB_PORT": str(here["PORT"]),
        "MEKTEP_DB_NAME": name,
        "MEKTEP_DB_ROLE_PREFIX": prefix or name,
        "MEKTEP_DB_OWNER_USER": settings.DB_OWNER_USER,
        "MEKTEP_DB_OWNER_PASSWORD": settings.DB_OWNER_PASSWORD,
        "MEKTEP_CELL_KEY": cell_key or secrets.token_hex(16),
        "MEKTEP_SECRET_KEY": secrets.token_hex(24),
        "MEKTEP_REDIS_URL": "",
        "MEKTEP_NCANODE_URL": "",
        "MEKTEP_SENTRY_DSN": "",
        "MEKTEP_SOC_URL": "",
        "MEKTEP_ANTIVIRUS": "off",
        "MEKTEP_LOG_LEVEL": "CRITICAL" if home is None else "INFO",
    }
    if home is not None:
        values |= {"MEKTEP_HOME": str(home), "MEKTEP_FILES_ROOT": str(home / "files")}
    if template_keys := getattr(settings, "KEYS_ROOT", None):
        # A copy is read with the keys of what it was copied from.
        values["MEKTEP_KEYS_ROOT"] = str(template_keys if prefix or home is None else home / "keys")
    return values
