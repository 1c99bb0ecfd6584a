"""Chromium for the journeys: the system's own, installed from its packages when we may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from steps import Failed, Skipped, step

from stack import chromium


def ensure() -> None:
    """See to it that there is a browser; a failure in CI, said aloud elsewhere."""
    if chromium.find():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        _give_up("no Chromium here and no right to install it: apt-get install chromium, as root")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", *arguments],
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            _give_up(f"apt-get {arguments[0]} failed: {done.stderr[-400:].strip()}")
    if not chromium.find():
        _give_up("the package chromium brought no browser")


def _give_up(reason: str) -> None:
    if chromium.is_required():
        raise Failed(f"The journeys cannot run: {reason}")
    raise Skipped(f"the journeys will be skipped: {reason}")


def main() -> int:
    try:
        step("Chromium for the journeys", ensure)
    except Failed:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
