"""One compiled search: its tables, its dice, and what it does until somebody says that it is enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from modules.schedule.solver.placing import layout as at
from modules.schedule.solver.placing.compiled import IS_COMPILED
from modules.schedule.solver.placing.construct import construct
from modules.schedule.solver.placing.improve import improve
from modules.schedule.solver.placing.moves import conflicts, put
from modules.schedule.solver.placing.tables import PRICES, Tables

TURN = 0.1  # seconds between two looks at the world
NODES, LONGEST_CHAIN = 200, 14  # how many thoughts one exchange may take, and how deep it may go
FROZEN = 2  # the lock of what stands for good
HOT = 12_000  # a strong wish may be broken for a while


class Placing:
    """Places everything, then betters what stands."""

    def __init__(self, tables: Tables, seed: int, *, strict: bool = False) -> None:
        """A strict search treats a wish as a demand, as often as the wish's weight says."""
        self.tables, self.seed = tables, seed
        self.t: Any = tables.t
        self.z: Any = tables.state(seed)
        if not IS_COMPILED:  # plain lists are quicker then
            self.t, self.z = self.t.tolist(), self.z.tolist()
        self.strict = 100 * PRICES if strict else 0
        self.pace = 20.0  # steps in a second, as far as is known
        self._place_the_fixed()

    def _place_the_fixed(self) -> None:
        """What has one start only stands there for good."""
        t, z = self.t, self.z
        for block, domain in enumerate(self.tables.domains):
            if len(domain) == 1 and conflicts(t, z, block, domain[0], 0) == 0:
                put(t, z, block, domain[0])
                z[z[at.LOCK] + block] = FROZEN
        self._queue()

    def begin_with(self, starts: Sequence[int]) -> None:
        """Place what can stand where it stood; the rest waits."""
        t, z = self.t, self.z
        for block, acts in enumerate(self.tables.blocks):
            slot = starts[acts[0]]
            if z[z[at.START] + block] < 0 and slot in self.tables.domains[block]:
                z[at.TRAIL_COUNT] = 0
                if conflicts(t, z, block, slot, 0) == 0:
                    put(t, z, block, slot)
        self._queue()

    def _queue(self) -> None:
        z = self.z
        waiting = [block for block in self.tables.waiting if z[z[at.START] + block] < 0]
        for n, block in enumerate(waiting):
            z[z[at.QUEUE] + n] = block
        z[at.QUEUE_COUNT] = z[at.UNPLACED] = len(waiting)
        z[at.TRAIL_COUNT] = 0

    @property
    def waiting(self) -> int:
        """Blocks that stand nowhere yet."""
        return int(self.z[at.UNPLACED])

    @property
    def price(self) -> int:
        """What the broken wishes of the present arrangement cost."""
        return int(self.z[at.TOTAL])

    def construct(self, enough: Callable[[], bool]) -> tuple[int, ...] | None:
        """Place everything and say where; None when it was enough before."""
        z = self.z
        z[at.STRICT] = self.strict
        while z[at.QUEUE_COUNT]:
            if enough():
                return None
            begun, before = time.monotonic(), z[at.STEPS]
            construct(self.t, z, max(1, int(self.pace * TURN)), NODES, LONGEST_CHAIN)
            self._keep_pace(int(z[at.STEPS] - before), begun)
        return self._said(z[at.START])

    @property
    def reached(self) -> int:
        """What they cost in the best arrangement that `improve` met."""
        return int(self.z[at.BEST])

    def improve(self, seconds: float, enough: Callable[[], bool]) -> tuple[int, ...]:
        """Better what stands, cooling down; the best met on the way."""
        z, begun = self.z, time.monotonic()
        blocks = len(self.tables.blocks)
        for block in range(blocks):
            z[z[at.KEPT] + block] = z[z[at.START] + block]
        z[at.BEST] = z[at.TOTAL]
        self.pace = 2000.0
        while z[at.BEST] > 0 and not enough():
            now = time.monotonic()
            gone = (now - begun) / max(0.01, seconds)
            if gone >= 1:
                break
            steps = max(1, int(self.pace * TURN))
            improve(self.t, z, steps, int(HOT * (1 - gone)), 2)
            self._keep_pace(steps, now)
        return self._said(z[at.KEPT])

    def return_to(self, starts: Sequence[int]) -> None:
        """Take everything away but what stands for good, and place it as told."""
        z = self.z
        fresh = self.tables.state(int(z[at.DICE]) % 99_991)
        z[:] = fresh if IS_COMPILED else fresh.tolist()
        self._place_the_fixed()
        self.begin_with(starts)

    def _said(self, first: int) -> tuple[int, ...]:
        return self.tables.starts(self.z[first : first + len(self.tables.blocks)])

    def _keep_pace(self, steps: int, begun: float) -> None:
        took = max(1e-4, time.monotonic() - begun)
        self.pace = min(self.pace * 4, max(1.0, steps / took))
