"""`make bench`: every figure of performance in one table, and in `$MEKTEP_HOME/bench.json`.

    python -m tests.benchmarks [--only NAME ...] [--list]

A benchmark is a module beside this one with `run() -> list[dict]` (see measure.py). Each runs in a process and a
database of its own, one after another. The exit code is 1 when a goal is missed or a benchmark breaks.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [p for p in (str(ROOT / "platform"), str(ROOT)) if p not in sys.path]
NOT_BENCHMARKS = {"__main__", "measure"}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these benchmarks only")
    parser.add_argument("--list", action="store_true", help="name them, run none")
    parser.add_argument("--inside", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        return inside(*asked.inside)
    names = found()
    if asked.list:
        print("\n".join(names))
        return 0
    unknown = set(asked.only or ()) - set(names)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return everything([name for name in names if not asked.only or name in asked.only])


def found() -> list[str]:
    """The modules of this package that have a `run`, by name."""
    folder = Path(__file__).parent
    names = sorted(m.name for m in pkgutil.iter_modules([str(folder)]) if m.name not in NOT_BENCHMARKS)
    return [name for name in names if "\ndef run(" in (folder / f"{name}.py").read_text(encoding="utf-8")]


def everything(names: list[str]) -> int:
    """Run the benchmarks one by one, show them and write them down."""
    from rich.console import Console
    from rich.table import Table

    from stack import environment, homes

    console = Console()
    home = homes.mektep_home()
    services = {} if "MEKTEP_DB_HOST" in os.environ else environment.up(home, "bench")
    durability = fsync(environment.for_child(services))
    rows: list[dict[str, Any]] = []
    broken = []
    for name in names:
        begun = time.monotonic()
        console.print(f"[dim]{name} …[/dim]")
        with tempfile.NamedTemporaryFile(suffix=".json") as answer:
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks", "--inside", name, answer.name],
                check=False,
                cwd=ROOT,
                env=environment.for_child(services),
                stdin=subprocess.DEVNULL,
            )
            if done.returncode:
                broken.append(name)
                continue
            rows += json.loads(Path(answer.name).read_text(encoding="utf-8"))
        console.print(f"[dim]{name}: {time.monotonic() - begun:.0f} s[/dim]")
    table = Table(
        "figure",
        "value",
        "floor",
        "ratio",
        "goal",
        "",
        title=f"load {os.getloadavg()[0]:.1f}, fsync {durability}",
    )
    for column in table.columns[1:5]:
        column.justify = "right"
    for row in rows:
        table.add_row(
            row["name"],
            f"{row['value']:g} {row['unit']}",
            "" if row["floor"] is None else f"{row['floor']:g} {row['unit']}",
            "" if row["ratio"] is None else f"{row['ratio']:.2f} ×",
            f"≤ {row['goal']:g}" + (" ×" if row["ratio"] is not None else f" {row['unit']}"),
            "[green]holds[/green]" if row["holds"] else "[red]missed[/red]",
        )
    console.print(table)
    target = home / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    console.print(f"[dim]written to {target}[/dim]")
    for name in broken:
        console.print(f"[red]{name} broke; alone: python -m tests.benchmarks --only {name}[/red]")
    return 1 if broken or not all(row["holds"] for row in rows) else 0


def fsync(env: dict[str, str]) -> str:
    """Whether the server waits for its disk; a floor that does not flatters nobody but the disk."""
    import psycopg

    with psycopg.connect(
        host=env["MEKTEP_DB_HOST"],
        port=env.get("MEKTEP_DB_PORT", "5432"),
        user=env.get("MEKTEP_DB_OWNER_USER", "postgres"),
        password=env.get("MEKTEP_DB_OWNER_PASSWORD", ""),
        dbname="postgres",
    ) as server:
        row = server.execute(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
        ).fetchone()
    return "on" if row == ("on", "on") else "OFF: writes are not as in production"


def inside(name: str, answer: str) -> int:
    """One benchmark, in this process and in a database of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("MEKTEP_LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from tests import world

    with world.database(f"bench_{name}_{os.getpid()}"):
        rows = importlib.import_module(f"tests.benchmarks.{name}").run()
    Path(answer).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
