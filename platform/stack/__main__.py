"""`python -m stack …`: what the Makefile calls.

demo | stop | clean-demo            the demo
up | down | status [--profile test] only the servers
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from types import FrameType
from typing import NoReturn

from rich.console import Console

from stack import environment, postgres, redis
from stack.demo import Demo
from stack.errors import StackError
from stack.homes import PROFILES, mektep_home

INTERRUPTED = 130


def main() -> int:
    parser = argparse.ArgumentParser(prog="stack", description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["demo", "stop", "clean-demo", "up", "down", "status"])
    parser.add_argument("--profile", choices=PROFILES, default="test")
    asked = parser.parse_args()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    logging.basicConfig(format="%(message)s")
    # A plain `kill` must leave as orderly as Ctrl-C does.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _act(asked.action, asked.profile, console)
    except StackError as refusal:
        console.print(f"\n[bold red]{refusal.message}[/]" if console.is_terminal else f"\n{refusal.message}")
        if refusal.advice:
            console.print(refusal.advice, markup=False)
        return refusal.exit_code
    except KeyboardInterrupt:
        console.print("\nInterrupted. Nothing is broken: `make demo` goes on from here.")
        return INTERRUPTED
    return 0


def _act(action: str, profile: str, console: Console) -> None:
    root = mektep_home()
    if action in ("up", "down", "status"):
        if action == "up":
            environment.up(root, profile)
        elif action == "down":
            environment.down(root, profile)
        console.print(f"PostgreSQL: {postgres.status(root, profile)}")
        console.print(f"Redis:      {redis.status(root, profile)}")
        return
    demo = Demo(root, console)
    {"demo": demo.start, "stop": demo.stop, "clean-demo": demo.clean}[action]()


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
