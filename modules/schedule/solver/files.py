"""Solves a timetable that stands in a file: what `mektep timetable solve` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from modules.schedule.solver import fet
from modules.schedule.solver.search import Answer, Progress, solve


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What came of a file; the fields are those of the command's JSON."""

    solved: bool
    impossible: bool
    seconds_to_first: float | None
    seconds: float
    hard_violations: int | None
    soft_violations: float | None
    unknown_rules: dict[str, int]
    activities: int


def solve_file(
    source: Path,
    *,
    seconds: float,
    target: Path | None = None,
    workers: int = 2,
    seed: int = 1,
    report: Callable[[Progress], None] | None = None,
) -> FileAnswer:
    """Solve the `.fet` file within `seconds`, the reading of it included; write the answer to `target`. Raises NotFet."""
    begun = time.monotonic()
    file = fet.read(source)
    reading = time.monotonic() - begun
    answer = solve(
        file.problem, seconds=max(1.0, seconds - reading), workers=workers, seed=seed, report=report
    )
    if answer.timetable is not None and target is not None:
        file.write(answer.timetable, target)
    count = sum(1 for one in file.problem.activities if one.beside < 0)
    return _told(answer, file.problem.unknown_rules, count, reading)


def prepare() -> None:
    """Compile what the search needs, where that is not done yet; it is kept in the installation's home."""
    import_module("modules.schedule.solver.placing.search")


def line_of(progress: Progress) -> str:
    """A line for whoever watches the search."""
    if progress.preparing:
        return f"{progress.seconds:6.1f} s  the search is being compiled; this happens once"
    if progress.wishes is None:
        return f"{progress.seconds:6.1f} s  still to be placed or mended: {progress.broken:g}"
    return f"{progress.seconds:6.1f} s  wishes broken: {progress.wishes:g}"


def _told(answer: Answer, unknown: Mapping[str, int], activities: int, reading: float) -> FileAnswer:
    first = answer.seconds_to_first
    return FileAnswer(
        solved=answer.timetable is not None,
        impossible=answer.impossible,
        seconds_to_first=None if first is None else round(first + reading, 2),
        seconds=round(answer.seconds + reading, 2),
        hard_violations=None if answer.verdict is None else answer.verdict.hard_violations,
        soft_violations=None if answer.verdict is None else answer.verdict.soft_cost,
        unknown_rules=dict(unknown),
        activities=activities,
    )
