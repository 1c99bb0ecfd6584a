"""The solver against FET on the real schools of Debian's `fet-data`: who solves what, how soon, and at what price.

FET stops at its first answer; ours gets the same seconds, or all of `MEKTEP_BENCH_SECONDS` (100) where FET finds none. What
ours found is written back with every time and room locked, and FET itself judges it: a file it does not accept is not
solved. `MEKTEP_BENCH_SCHOOLS` names other schools, by file name, separated by commas.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import timetable_school
from tests.benchmarks.measure import against, alone

EXAMPLES = Path("/usr/share/doc/fet-data/examples/FET-5-official")
ROOT = Path(__file__).resolve().parents[2]
SCHOOLS = (
    "highschool-Ancona",
    "liceo-scientifico",
    "Bethlen-2008-2009",
    "2007-2008_sem1-d",
    "secondary-school",
    "vmg-20180901b-2",
    "ConcordiaY2016T1b",
    "Lom_high_school_2007-2008",
    "stjosephemhss",
    "Shipena",
    "2008-09-difficult",
    "FS-2008-2009-difficult",
    "Orar_4_6",
    "SPAIN_20-21",
    "timetable-ru",
)
QUIET = [
    f"--writetimetables{what}=false"
    for what in [
        "statistics",
        "xml",
        "dayshorizontal",
        "daysvertical",
        "timehorizontal",
        "timevertical",
        "subgroups",
        "groups",
        "years",
        "teachers",
        "teachersfreeperiods",
        "rooms",
        "subjects",
        "activitytags",
        "activities",
    ]
]


@dataclass(frozen=True)
class Result:
    """One school solved by one of the two; `first` and `price` are None when it was not."""

    first: float | None
    price: float | None

    @property
    def said(self) -> str:
        return "not solved" if self.first is None else f"{self.first:.1f} s, wishes {self.price:g}"


def run() -> list[dict[str, Any]]:
    return [*timetable_school.figures(), *against_fet()]


def against_fet() -> list[dict[str, Any]]:
    if shutil.which("fet-cl") is None or not EXAMPLES.exists():
        print("Not compared with FET: install the packages fet and fet-data.", file=sys.stderr)
        return []
    most = float(os.environ.get("MEKTEP_BENCH_SECONDS", "100"))
    names = [name for name in os.environ.get("MEKTEP_BENCH_SCHOOLS", "").split(",") if name]
    pairs: list[tuple[Result, Result]] = []
    for name in names or SCHOOLS:
        source = next(EXAMPLES.rglob(f"{name}.fet"))
        theirs = fet(source, most)
        ours = mektep(source, most if theirs.first is None else max(5.0, theirs.first))
        late = "" if ours.first is not None or theirs.first is None else "; with all the time "
        if late:
            more = mektep(source, most)
            late += more.said
            ours = Result(more.first, more.price)
        pairs.append((theirs, ours))
        print(f"{name:28} FET: {theirs.said:32} Mektep: {ours.said}{late}", file=sys.stderr, flush=True)
    return figures(pairs)


def figures(pairs: list[tuple[Result, Result]]) -> list[dict[str, Any]]:
    """The goals: whatever FET solves we solve, no later in the median, for a smaller price; and some that it does not."""
    both = [(a, b) for a, b in pairs if a.first is not None and b.first is not None]
    lost = sum(1 for a, b in pairs if a.first is not None and b.first is None)
    won = sum(1 for a, b in pairs if a.first is None and b.first is not None)
    rows = [
        alone("Timetables: solved by FET, not by us", value=lost, goal=0, unit="schools"),
        alone(
            "Timetables that FET does not solve: still to be won of two",
            value=max(0, 2 - won),
            goal=0,
            unit="schools",
        ),
    ]
    if both:
        rows += [
            against(
                f"Timetables: first answer, median of {len(both)} / FET",
                value=statistics.median(b.first or 0 for _, b in both),
                floor=statistics.median(a.first or 0 for a, _ in both),
                goal=1,
                unit="s",
            ),
            alone(
                f"Timetables: price of broken wishes, sum of {len(both)}",
                value=sum(b.price or 0 for _, b in both) / max(0.01, sum(a.price or 0 for a, _ in both)),
                goal=1,
                unit="of FET's",
            ),
        ]
    return rows


def fet(source: Path, seconds: float) -> Result:
    """Let FET solve the file: its seconds, and the total of the wishes it broke."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "fet-cl",
            f"--inputfile={source}",
            f"--outputdir={folder}",
            f"--timelimitseconds={int(seconds)}",
        ]
        begun = time.monotonic()
        subprocess.run(
            [*command, "--htmllevel=0", *QUIET],
            check=False,
            capture_output=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        took = time.monotonic() - begun
        told = (Path(folder) / "logs" / "result.txt").read_text(encoding="utf-8", errors="replace")
        if "Simulation successful" not in told:
            return Result(None, None)
        conflicts = next(Path(folder).rglob("*_soft_conflicts.txt")).read_text(encoding="utf-8-sig")
    total = re.search(r"Total soft conflicts: ([\d.]+)", conflicts)
    return Result(took, float(total[1]) if total else 0.0)


def mektep(source: Path, seconds: float) -> Result:
    """Let the command solve the file, and FET judge the answer."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "answer.fet"
        command = [sys.executable, "-m", "tenants.cli", "timetable", "solve", str(source)]
        done = subprocess.run(
            [*command, "--seconds", str(seconds), "--out", str(target), "--json"],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
        answer = json.loads(done.stdout)
        if not answer["solved"]:
            return Result(None, None)
        judged = fet(target, 60)
    if judged.price is None:
        print(f"{source.stem}: FET does not accept our answer", file=sys.stderr)
        return Result(None, None)
    return Result(answer["seconds_to_first"], judged.price)
