"""Measuring: ways take turns in small batches, and the median speaks, so that a noisy neighbour harms all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `goal` bounds the ratio, or the value when there is no floor."""

    name: str
    value: float
    unit: str
    goal: float
    floor: float | None = None
    ratio: float | None = None

    @property
    def holds(self) -> bool:
        return (self.value if self.ratio is None else self.ratio) <= self.goal

    def row(self) -> dict[str, Any]:
        return {**asdict(self), "holds": self.holds}


def against(name: str, *, value: float, floor: float, goal: float, unit: str = "ms") -> dict[str, Any]:
    """A figure that must stay within `goal` times its floor; seconds go in, the unit comes out."""
    scale = _SCALE[unit]
    return Figure(
        name, round(value * scale, 3), unit, goal, round(floor * scale, 3), round(value / floor, 3)
    ).row()


def alone(name: str, *, value: float, goal: float, unit: str = "ms") -> dict[str, Any]:
    """A figure with a bound of its own. Seconds go in for units of time, the number itself for others."""
    return Figure(name, round(value * _SCALE.get(unit, 1), 3), unit, goal).row()


_SCALE = {"s": 1, "ms": 1e3, "µs": 1e6}


def take_turns(
    ways: Mapping[str, Callable[[], object]], *, rounds: int = 25, batch: int = 20, warm: int = 1
) -> dict[str, float]:
    """The median time in seconds of one call of each way."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        for _ in range(warm * batch):
            way()
    gc.collect()
    gc.disable()
    try:
        for round_number in range(rounds):
            order = list(ways) if round_number % 2 else list(reversed(ways))
            for name in order:
                way, kept = ways[name], times[name]
                for _ in range(batch):
                    begun = time.perf_counter()
                    way()
                    kept.append(time.perf_counter() - begun)
    finally:
        gc.enable()
    return {name: statistics.median(kept) for name, kept in times.items()}
