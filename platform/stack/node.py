"""Node.js and npm: those of the machine, or the ones that PyPI carries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.homes import PROJECT, made

REQUIREMENTS = PROJECT / "requirements" / "node.txt"


@dataclass(frozen=True)
class Node:
    """A working pair of programs and the environment in which they find each other."""

    bin_dir: Path

    def command(self, program: str, *arguments: str) -> list[str]:
        return [str(self.bin_dir / program), *arguments]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": f"{self.bin_dir}{os.pathsep}{os.environ.get('PATH', '')}"}


def find(home: Path) -> Node:
    """The machine's Node (20 or newer), else one installed from PyPI under `home`/tools."""
    system = shutil.which("npm")
    if system and os.environ.get("MEKTEP_NODE_SOURCE") != "pypi" and _is_recent():
        return Node(Path(system).parent)
    folder = home / "tools" / "node"
    if not (folder / "ready").exists():
        _install(folder)
    return Node(folder / "bin")


def _is_recent() -> bool:
    node = shutil.which("node")
    if not node:
        return False
    told = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    return told.startswith("v") and int(told[1:].split(".")[0]) >= 20


def _install(folder: Path) -> None:
    made(folder.parent)
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)], check=True)
    done = subprocess.run(
        [
            str(uv),
            "pip",
            "install",
            "--quiet",
            "--python",
            str(folder / "bin" / "python"),
            "--require-hashes",
            "-r",
            str(REQUIREMENTS),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StackError(
            "Node.js is not on this machine and could not be had from PyPI.",
            "Install Node.js 20 or newer (apt-get install nodejs npm), or mend the access to PyPI:\n"
            + done.stderr[-600:],
        )
    (folder / "ready").touch()
