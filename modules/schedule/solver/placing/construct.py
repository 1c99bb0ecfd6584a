"""Placing everything: the hardest first, by chains of exchanges; and where no chain leads on, by force.

Who is put out by force waits to be placed anew, and whoever proves hard to place is spared by the next ones.
"""

from __future__ import annotations

from modules.schedule.solver.placing.compiled import Numbers, compiled
from modules.schedule.solver.placing.layout import (
    B_DOMAIN,
    B_DOMAIN_END,
    BEST,
    BLOCK,
    BLOCK_ROW,
    BLOCKS,
    CHAIN,
    CHOICE,
    DELTA,
    DOMAIN,
    EVICTED,
    KEPT,
    LOCK,
    MOST_EVICTED,
    NODES,
    NONE,
    QUEUE,
    QUEUE_COUNT,
    SLOTS,
    START,
    STEPS,
    TABU,
    TRAIL_COUNT,
    UNPLACED,
    WEIGHT,
)
from modules.schedule.solver.placing.moves import conflicts, dice, drop, keep, put, undo

FAR = 1 << 60
EACH = (
    1 << 40
)  # what one who must leave counts among the choices of a chain; weights and prices count below it


@compiled
def weigh(t: Numbers, z: Numbers, block: int, depth: int, most: int, each: int) -> int:
    """Look at every start of a block: the best free one, or -1, and then CHOICE says how bad each of the others is."""
    row = t[BLOCK] + block * BLOCK_ROW
    first, end = t[row + B_DOMAIN], t[row + B_DOMAIN_END]
    choice = z[CHOICE] + depth * t[SLOTS]
    free, free_price, ties = NONE, FAR, 1
    for n in range(first, end):
        slot = t[t[DOMAIN] + n]
        z[choice + n - first] = FAR
        count = conflicts(t, z, block, slot, most)
        if count < 0:
            continue
        price = z[DELTA]
        if count == 0:
            most = 0
            ties = ties + 1 if price == free_price else 1
            if price < free_price or (price == free_price and dice(z, ties) == 0):
                free, free_price = slot, price
            continue
        weight = 0
        for k in range(count):
            weight += z[z[WEIGHT] + z[z[EVICTED] + k]]
        z[choice + n - first] = count * each + weight * 100000 + min(price, 90000) + dice(z, 1000)
    return free


@compiled
def best_choice(z: Numbers, depth_row: int, count: int) -> int:
    """The number of the best of the choices left, or -1."""
    best, value = NONE, FAR
    for n in range(count):
        if z[depth_row + n] < value:
            best, value = n, z[depth_row + n]
    return best


@compiled
def swap(t: Numbers, z: Numbers, block: int, depth: int, nodes: int, last_depth: int) -> int:
    """Place a block, letting others leave if they find places anew in turn. 0: in vain, and nothing has changed."""
    z[NODES] += 1
    row = t[BLOCK] + block * BLOCK_ROW
    first, end = t[row + B_DOMAIN], t[row + B_DOMAIN_END]
    most = 6 if depth == 0 else (3 if depth < 3 else 2)
    free = weigh(t, z, block, depth, most if depth < last_depth else 0, EACH)
    if free != NONE:
        put(t, z, block, free)
        if z[z[LOCK] + block] == 0:
            z[z[LOCK] + block] = 1
        return 1
    if depth >= last_depth:
        return 0
    choice, chain = z[CHOICE] + depth * t[SLOTS], z[CHAIN] + depth * MOST_EVICTED
    tries = end - first if depth == 0 else (8 if depth < 3 else (3 if depth < 6 else 1))
    while tries > 0 and z[NODES] < nodes:
        tries -= 1
        best = best_choice(z, choice, end - first)
        if best == NONE:
            return 0
        z[choice + best] = FAR
        slot = t[t[DOMAIN] + first + best]
        mark = z[TRAIL_COUNT]
        count = conflicts(t, z, block, slot, most)
        if count < 0:
            continue
        for n in range(count):
            z[chain + n] = z[z[EVICTED] + n]
        for n in range(count):
            drop(t, z, z[chain + n])
        put(t, z, block, slot)
        if z[z[LOCK] + block] == 0:
            z[z[LOCK] + block] = 1
        done = 1
        for n in range(count):
            if swap(t, z, z[chain + n], depth + 1, nodes, last_depth) == 0:
                done = 0
                break
        if done:
            return 1
        undo(t, z, mark)
    return 0


@compiled
def force(t: Numbers, z: Numbers, block: int, tabu: int) -> int:
    """Place a block where those who must leave are the easiest to place anew; they join the queue. 0: it stands nowhere."""
    slots = t[SLOTS]
    row = t[BLOCK] + block * BLOCK_ROW
    first, end = t[row + B_DOMAIN], t[row + B_DOMAIN_END]
    z[z[WEIGHT] + block] += 1
    weigh(t, z, block, 0, MOST_EVICTED, 1)
    choice, chain = z[CHOICE], z[CHAIN]
    for n in range(end - first):
        if z[z[TABU] + block * slots + t[t[DOMAIN] + first + n]] > z[STEPS] and z[choice + n] < FAR:
            z[choice + n] += EACH
    best = best_choice(z, choice, end - first)
    if best == NONE:
        return 0
    slot = t[t[DOMAIN] + first + best]
    count = conflicts(t, z, block, slot, MOST_EVICTED)
    if count < 0:
        return 0
    for n in range(count):
        z[chain + n] = z[z[EVICTED] + n]
    for n in range(count):
        drop(t, z, z[chain + n])
        z[z[QUEUE] + z[QUEUE_COUNT]] = z[chain + n]
        z[QUEUE_COUNT] += 1
    put(t, z, block, slot)
    z[z[TABU] + block * slots + slot] = z[STEPS] + tabu + dice(z, tabu)
    return 1


@compiled
def construct(t: Numbers, z: Numbers, steps: int, nodes: int, last_depth: int) -> int:
    """Place what waits in the queue, for so many steps; how many still wait. The best arrangement is in KEPT."""
    for _ in range(steps):
        if z[QUEUE_COUNT] == 0:
            break
        z[STEPS] += 1
        z[QUEUE_COUNT] -= 1
        block = z[z[QUEUE] + z[QUEUE_COUNT]]
        z[TRAIL_COUNT] = 0
        z[NODES] = 0
        placed = swap(t, z, block, 0, nodes, last_depth)
        keep(z, 0)
        if placed == 0:
            placed = force(t, z, block, 20)
            z[TRAIL_COUNT] = 0
        if placed == 0:
            # Locked ones are in its way: it waits until all others stand.
            for n in range(z[QUEUE_COUNT], 0, -1):
                z[z[QUEUE] + n] = z[z[QUEUE] + n - 1]
            z[z[QUEUE]] = block
            z[QUEUE_COUNT] += 1
        if z[UNPLACED] < z[BEST]:
            z[BEST] = z[UNPLACED]
            for b in range(t[BLOCKS]):
                z[z[KEPT] + b] = z[z[START] + b]
    return z[QUEUE_COUNT]
