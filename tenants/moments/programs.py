"""PostgreSQL's own programs, and the account that they run as."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

from django.conf import settings

from kernel.errors import DomainError
from stack import binaries
from stack.homes import Account, Home, as_user, mektep_home, service_account

_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


class ToolFailed(DomainError):
    message = "{tool} failed: {said}"
    code = "tool_failed"


def account() -> Account | None:
    """Whose the archive and the data directories are; None is ourselves."""
    name = str(settings.ARCHIVE["account"])
    if not name or os.geteuid() != 0:
        return service_account()
    entry = pwd.getpwnam(name)
    return Account(name, entry.pw_uid, entry.pw_gid)


def program(name: str, *, major: int | None = None) -> str:
    """Where the program is."""
    found = binaries.find(Home.at(mektep_home(), "demo"), major=major)
    path = found.bin_dir / name
    if not path.exists():
        raise ToolFailed(tool=name, said="it is not installed; Debian has it in postgresql-client")
    return str(path)


def environment() -> dict[str, str]:
    """For a program that signs in as the owner of the database."""
    return {
        **_ENVIRONMENT,
        "PGPASSWORD": settings.DB_OWNER_PASSWORD,
        "PGAPPNAME": "mektep archive",
    }


def run(arguments: list[str]) -> str:
    """Run to the end, as whose the data are; answers what it printed. Raises ToolFailed with its last words."""
    done = subprocess.run(  # noqa: S603 - programs by their whole path
        arguments,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=environment(),
        **as_user(account()),
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-600:]
        raise ToolFailed(tool=Path(arguments[0]).name, said=said)
    return done.stdout
