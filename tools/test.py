"""`make test`: what it lacks is installed, then linters, tests and journeys; services are stopped after.

test.py [--only-tests | --bench] [-- arguments for pytest]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import browser
import check
from steps import PYTHON, Failed, alone, run, step

from stack import environment
from stack.errors import StackError
from stack.homes import Home, mektep_home

LARGEST = 4 * 1024**3


# One Chromium and one district: these run one after another, by themselves.
IN_A_BROWSER = ("tests/journeys", "tests/platform/ui/test_in_browser.py")


# What the tests of a file share is made once; the order stands, for the long ones come first.
BY_FILE = ("--dist=loadfile", "--no-loadscope-reorder")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only-tests", action="store_true", help="no linters, no browser installed")
    parser.add_argument("--bench", action="store_true", help="the benchmarks instead of the tests")
    parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    try:
        with alone(mektep_home() / "locks" / "tests"):
            work(asked)
    except Failed:
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"All is well ({time.monotonic() - began:.0f} s).")
    return 0


def work(asked: argparse.Namespace) -> None:
    home = mektep_home()
    if not (asked.only_tests or asked.bench):
        step("Chromium for the journeys", browser.ensure)
    values: dict[str, str] = {}
    profile = "bench" if asked.bench else "test"
    try:
        step("PostgreSQL and Redis for the tests", lambda: values.update(services(home, profile)))
        env = environment.for_child(values)
        step("messages: compiled", lambda: run([PYTHON, "tools/messages.py", "--compile"]))
        if asked.bench:
            step("benchmarks", lambda: run([PYTHON, "-m", "tests.benchmarks"], env=env))
            return
        if not asked.only_tests:
            os.environ.update(values)
            check.check()
        workers = os.environ.get("MEKTEP_TEST_WORKERS", "2")
        pytest = [PYTHON, "-m", "pytest"]
        if asked.pytest:
            step("the tests asked for", lambda: run([*pytest, "-n", workers, *asked.pytest], env=env))
            return
        apart = [f"--ignore={path}" for path in IN_A_BROWSER]
        step("tests", lambda: run([*pytest, "-n", workers, *BY_FILE, "--durations=20", *apart], env=env))
        step(
            "journeys in a browser",
            lambda: run([*pytest, "-n", "0", "--durations=20", *IN_A_BROWSER], env=env),
        )
    finally:
        with contextlib.suppress(StackError):
            environment.down(home, profile)


def services(home: Path, profile: str) -> dict[str, str]:
    """The servers of the tests; those of the benchmarks are durable, as in production."""
    house = Home.at(home, profile)
    if size(house.servers) > LARGEST:
        # Each change of a migration leaves a template database behind.
        print("The tests' databases have grown large: beginning with empty servers.", flush=True)
        environment.down(home, profile)
        house.remove()
    try:
        return environment.up(home, profile)
    except StackError as refusal:
        raise Failed(f"{refusal.message}\n{refusal.advice}") from None


def size(folder: Path) -> int:
    found = 0
    for file in folder.rglob("*"):
        # A running server removes files while we look.
        with contextlib.suppress(OSError):
            found += file.lstat().st_size
    return found


if __name__ == "__main__":
    sys.exit(main())
