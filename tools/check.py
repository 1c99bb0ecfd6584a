"""`make check`: the linters, cheapest first, stopping at the first that complains.

check.py --all    hear them all
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from steps import BIN, PYTHON, ROOT, Failed, Skipped, run, step

from stack import node
from stack.errors import StackError
from stack.homes import mektep_home

TYPED = ("platform", "tenants", "modules", "integrations", "demo", "infra")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--all", action="store_true", help="go on after a complaint, fail at the end")
    asked = parser.parse_args()
    try:
        check(keep_going=asked.all)
    except Failed:
        return 1
    return 0


def check(*, keep_going: bool = False) -> None:
    # The linters read the settings, which without this would ask for a live installation's secrets.
    os.environ.setdefault("MEKTEP_MODE", "test")
    failed = []
    for title, work in CHECKS.items():
        try:
            step(title, work)
        except Failed:
            if not keep_going:
                raise
            failed.append(title)
    if failed:
        print(f"✗  {len(failed)} of {len(CHECKS)} complain: {'; '.join(failed)}")
        raise Failed


def command(*arguments: str) -> Callable[[], None]:
    program, *rest = arguments
    return lambda: run([str(BIN / program), *rest])


def python(*arguments: str) -> Callable[[], None]:
    return lambda: run([PYTHON, *arguments])


def types() -> None:
    packages = sorted(
        str(file.parent.relative_to(ROOT))
        for name in TYPED
        for pattern in ("__init__.py", "*/__init__.py")
        for file in (ROOT / name).glob(pattern)
        if not (file.parent.parent / "__init__.py").exists()
    )
    # Without our own PYTHONPATH, by which mypy would find every module twice.
    run([str(BIN / "mypy"), *packages], env={**os.environ, "PYTHONPATH": ""})


def templates() -> None:
    """Faults only: djlint's formatter does not know our block components and puts spaces into lines of words."""
    folders = sorted(
        str(folder.relative_to(ROOT)) for name in TYPED for folder in (ROOT / name).rglob("templates")
    )
    if not folders:
        raise Skipped("there are no templates yet")
    run([str(BIN / "djlint"), "--quiet", "--lint", *folders])


def migrations() -> None:
    """Models and migrations agree (without a look at any database)."""
    run([PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity", "1"])


def built_front_end() -> None:
    if not (ROOT / "tools" / "frontend.py").exists():
        raise Skipped("there is no front end to build yet")
    run([PYTHON, "tools/frontend.py", "--check"])


def front_end() -> None:
    if not (ROOT / "package.json").exists():
        raise Skipped("there is no package.json yet")
    try:
        npm = node.find(mektep_home())
        install_packages(npm)
    except StackError as reason:
        raise Skipped(f"{reason.message} {reason.advice}") from None
    run(npm.command("npm", "run", "--silent", "check"), env=npm.environment())


def install_packages(npm: node.Node) -> None:
    """node_modules as package-lock.json says."""
    lock, installed = ROOT / "package-lock.json", ROOT / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    said = ""
    for action in ("ci", "install"):
        done = subprocess.run(
            npm.command("npm", action, "--ignore-scripts", "--silent"),
            check=False,
            cwd=ROOT,
            env=npm.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            installed.touch()
            return
        said = done.stderr
    raise StackError("npm could not install the front end's packages:", said[-600:])


CHECKS: dict[str, Callable[[], None]] = {
    "ruff: faults": command("ruff", "check", "--quiet", "."),
    "ruff: format": command("ruff", "format", "--quiet", "--check", "."),
    "import-linter: who may import whom": command("lint-imports", "--no-cache"),
    "requirements: the page follows from the tests": python("tools/requirements.py", "--check"),
    "permissions: the page follows from the declarations": python("tools/permissions.py", "--check"),
    "messages: kk and ru are whole": python("tools/messages.py", "--check"),
    "djlint: templates": templates,
    "front end: built from these sources": built_front_end,
    "models and migrations agree": migrations,
    "mypy: types": types,
    "front end: types and unit tests": front_end,
}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
