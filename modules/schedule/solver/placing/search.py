"""One search: its tables, its dice, and what it does until somebody says that it is enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from modules.schedule.solver.placing import layout as at
from modules.schedule.solver.placing.compiled import IS_COMPILED
from modules.schedule.solver.placing.construct import construct
from modules.schedule.solver.placing.improve import improve
from modules.schedule.solver.placing.moves import conflicts, put
from modules.schedule.solver.placing.tables import Tables

TURN = 0.1  # seconds between two looks at the world
FROZEN = 2


class Placing:
    """Places everything, and betters what stands."""

    def __init__(self, tables: Tables, seed: int, strict: int = 0) -> None:
        self.tables = tables
        self.t, self.z = tables.t, tables.state(seed)
        if not IS_COMPILED:
            self.t, self.z = self.t.tolist(), self.z.tolist()
        self.z[at.STRICT] = strict
        self.pace = 20.0  # steps a second, as far as is known
        self.begin_with_the_fixed()

    def begin_with_the_fixed(self) -> None:
        """Who has one start only stands there for good."""
        t, z = self.t, self.z
        for block, domain in enumerate(self.tables.domains):
            if len(domain) == 1 and conflicts(t, z, block, domain[0], 0) == 0:
                put(t, z, block, domain[0])
                z[z[at.LOCK] + block] = FROZEN
        self.queue_again()

    def begin_with(self, starts: Sequence[int]) -> None:
        """Place what can stand where it stood; the rest waits."""
        for block, acts in enumerate(self.tables.blocks):
            slot = starts[acts[0]]
            stands = self.z[self.z[at.START] + block] >= 0
            if not stands and slot in self.tables.domains[block]:
                z = self.z
                if conflicts(self.t, z, block, slot, 0) == 0:
                    put(self.t, z, block, slot)
        self.queue_again()

    def queue_again(self) -> None:
        z = self.z
        first = z[at.QUEUE]
        waiting = [b for b in self.tables.waiting if z[z[at.START] + b] < 0]
        for n, block in enumerate(waiting):
            z[first + n] = block
        z[at.QUEUE_COUNT] = len(waiting)
        z[at.BEST] = len(self.tables.blocks)
        z[at.TRAIL_COUNT] = 0

    @property
    def unplaced(self) -> int:
        return int(self.z[at.UNPLACED])

    def arrangement(self) -> tuple[int, ...]:
        """The best arrangement so far; activities that stand nowhere begin at -1."""
        first = self.z[at.KEPT]
        return self.tables.starts(self.z[first : first + len(self.tables.blocks)])

    def construct(self, enough: Callable[[], bool]) -> bool:
        """Place everything; False when it was enough before."""
        while self.z[at.QUEUE_COUNT]:
            if enough():
                return False
            self._turn(lambda steps: construct(self.t, self.z, steps, 2 * len(self.tables.blocks), 14))
        return True

    def _turn(self, act: Callable[[int], int]) -> int:
        steps = max(1, int(self.pace * TURN))
        begun = time.monotonic()
        before = self.z[at.STEPS]
        reached = act(steps)
        took = max(1e-4, time.monotonic() - begun)
        done = self.z[at.STEPS] - before or steps
        self.pace = min(self.pace * 4, max(1.0, done / took))
        return reached
