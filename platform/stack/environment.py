"""What the product is told about its surroundings: variables, kept in one file for calls by hand.

`$MEKTEP_HOME/<profile>/env` holds KEY=VALUE lines; the settings read it when the variables are absent, so
that `.venv/bin/mektep tenant list` works in a plain shell.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from stack import postgres, redis
from stack.errors import StackError
from stack.homes import PROJECT, Home, write_private

DATABASE = "mektep"
DEFAULT_PORT = 8000


def web_port() -> int:
    given = os.environ.get("MEKTEP_PORT") or str(DEFAULT_PORT)
    if not given.isdigit() or not 1 <= int(given) <= 65535:
        raise StackError(
            f"MEKTEP_PORT={given} is not a port number.", "Choose one from 1024 to 65535.", exit_code=2
        )
    return int(given)


def up(home: Path, profile: str) -> dict[str, str]:
    """Start the profile's servers and write down how to reach them."""
    return write(home, profile, postgres.ensure(home, profile), redis.ensure(home, profile))


def down(home: Path, profile: str) -> bool:
    """Stop the profile's servers; False when none was running."""
    stopped = [redis.stop(home, profile), postgres.stop(home, profile)]
    return any(stopped)


def write(
    home: Path,
    profile: str,
    database: postgres.Server,
    broker: redis.Server,
    more: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The variables for the product, also left in the profile's `env` file."""
    house = Home.at(home, profile)
    values = {
        "MEKTEP_HOME": str(house.root),
        "MEKTEP_MODE": "demo" if profile == "demo" else "test",
        "MEKTEP_DEBUG": "0",
        "MEKTEP_PORT": str(web_port()),
        "MEKTEP_DB_HOST": database.host,
        "MEKTEP_DB_PORT": str(database.port),
        "MEKTEP_DB_NAME": DATABASE,
        "MEKTEP_DB_OWNER_USER": database.user,
        "MEKTEP_DB_OWNER_PASSWORD": database.password,
        # Threads × this must fit into the server's max_connections (see postgres.SETTINGS and web.THREADS).
        "MEKTEP_DB_CONNECTIONS_PER_THREAD": "20",
        "MEKTEP_REDIS_URL": broker.url,
        "MEKTEP_FILES_ROOT": str(house.state / "files"),
        "MEKTEP_KEYS_ROOT": str(house.state / "keys"),
        "MEKTEP_SECURITY_FOLDER": str(house.state / "security"),
        "MEKTEP_BACKUP_FOLDER": str(house.state / "backups"),
        "MEKTEP_CELL_KEY": house.secret("cell.key"),
        "MEKTEP_SECRET_KEY": house.secret("secret.key", length=48),
        **(more or {}),
    }
    if profile != "demo" and database.bin_dir is not None:
        # Tests that make servers of their own shall not look for the programs, or fetch them, each for itself.
        values["MEKTEP_PG_BIN"] = str(database.bin_dir)
    write_private(path(home, profile), "".join(f"{name}={value}\n" for name, value in values.items()))
    return values


def path(home: Path, profile: str) -> Path:
    return home / profile / "env"


def for_child(values: dict[str, str]) -> dict[str, str]:
    """The whole environment of a program of ours: the shell's, our values, and where our packages are."""
    # The servers' address is in our own variables; a stray DATABASE_URL would only confuse.
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {
        **inherited,
        **values,
        "PYTHONPATH": os.pathsep.join([str(PROJECT / "platform"), str(PROJECT)]),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
