"""Where the running product keeps its files, secrets and locks, and as whom its servers run.

PostgreSQL refuses to run as root, so root hands its servers to an unprivileged account. That account may be
unable to reach the project (a checkout under a closed folder): the servers' files then live in /var/tmp.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack.errors import StackError

PROJECT = Path(__file__).resolve().parents[2]
PROFILES = ("demo", "test", "bench", "scale", "cell")
SERVICE_ACCOUNTS = ("mektep", "nobody")


def mektep_home() -> Path:
    """The folder of everything that runs: MEKTEP_HOME, or `var/` in the project."""
    return (PROJECT / os.environ.get("MEKTEP_HOME", "var")).resolve()


@dataclass(frozen=True)
class Account:
    """The unprivileged user that owns the servers' files when we are root."""

    name: str
    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Whether this account may pass through every folder down to `path`."""
        test = shutil.which("test") or "/usr/bin/test"
        return subprocess.run([test, "-x", str(path)], check=False, cwd="/", **as_user(self)).returncode == 0


def as_user(account: Account | None) -> dict[str, Any]:
    """Arguments for subprocess that drop root's rights; none when we have none."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def service_account() -> Account | None:
    """Whom servers run as: None means "as ourselves"."""
    if os.geteuid() != 0:
        return None
    for name in SERVICE_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise StackError(
        "Running as root, but there is neither a user 'mektep' nor 'nobody' to run the database as.",
        "Create one (useradd --system mektep) or run as an ordinary user.",
    )


@dataclass(frozen=True)
class Home:
    """One profile's files: settings and secrets in `state`, what servers own in `servers`."""

    root: Path
    profile: str
    account: Account | None

    @classmethod
    def at(cls, root: Path, profile: str) -> Home:
        if profile not in PROFILES:
            raise ValueError(f"unknown profile {profile!r}")
        home = cls(root.resolve(), profile, service_account())
        home.state.mkdir(parents=True, exist_ok=True)
        # Others may pass through (the servers' account must), but not look inside.
        home.state.chmod(0o711)
        return home

    @property
    def state(self) -> Path:
        return self.root / self.profile

    @property
    def logs(self) -> Path:
        return made(self.root / "log")

    @property
    def servers(self) -> Path:
        """The folder in which the servers' account can work."""
        if self.account is None or self.account.reaches(self.state):
            return self.state
        return made(self.displaced() / self.profile, 0o711)

    @property
    def tools(self) -> Path:
        """Downloaded programs that the servers' account must be able to start."""
        if self.account is None or self.account.reaches(self.state):
            return made(self.root / "tools")
        return made(self.displaced() / "tools")

    def displaced(self) -> Path:
        """Our own folder in /var/tmp, refused when somebody else stands on its name."""
        folder = self.displaced_path()
        made(folder, 0o711)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise StackError(
                f"{folder} exists, but is not ours alone.", f"Look at it and remove it: {folder}"
            )
        return folder

    def displaced_path(self) -> Path:
        name = hashlib.sha256(str(self.root).encode()).hexdigest()[:16]
        return Path("/var/tmp") / f"mektep-{name}"  # noqa: S108 - displaced() looks at whose it is

    def owned(self, name: str) -> Path:
        """A folder below `servers` that belongs to the servers' account alone."""
        folder = made(self.servers / name, 0o700)
        if self.account is not None:
            os.chown(folder, self.account.uid, self.account.gid)
        return folder

    def secret(self, name: str, *, length: int = 32) -> str:
        """A random value made once and kept in a file that only its owner reads."""
        path = self.secret_path(name)
        if not path.exists():
            write_private(path, secrets.token_hex(length))
        return path.read_text().strip()

    def secret_path(self, name: str) -> Path:
        return made(self.state / "secrets", 0o700) / name

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Wait for the others who start or stop the same server."""
        path = made(self.root / "locks") / f"{self.profile}-{name}"
        with path.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def remove(self) -> None:
        """Remove the profile's files wherever they are."""
        displaced = self.displaced_path()
        for folder in (self.state, displaced / self.profile):
            if folder.is_dir():
                shutil.rmtree(folder)
        # Nobody would look for the programs there; those under the home itself stay for the next time.
        if displaced.is_dir() and not any((displaced / profile).exists() for profile in PROFILES):
            shutil.rmtree(displaced)


def made(folder: Path, mode: int = 0o755) -> Path:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner alone, whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    Path(temporary).replace(path)
