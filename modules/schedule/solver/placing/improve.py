"""Bettering a timetable that stands: blocks move, others make room in short chains, and what got dearer is taken back.

A worse one is kept now and then, the less often the colder it is.
"""

from __future__ import annotations

from modules.schedule.solver.placing.compiled import Numbers, compiled
from modules.schedule.solver.placing.construct import FAR
from modules.schedule.solver.placing.layout import (
    B_DOMAIN,
    B_DOMAIN_END,
    B_MEMBER,
    B_MEMBER_END,
    B_PAIR_END,
    B_WISH,
    BEST,
    BLOCK,
    BLOCK_ROW,
    BLOCKS,
    CHAIN,
    DELTA,
    DOMAIN,
    EVICTED,
    KEPT,
    LOCK,
    MEMBER,
    NODES,
    NONE,
    P_OTHER,
    PAIR,
    PAIR_ROW,
    PRICE,
    SLOTS,
    START,
    STRICT,
    TOTAL,
    TRAIL_COUNT,
    WISH_PRICE,
)
from modules.schedule.solver.placing.moves import conflicts, dice, drop, keep, pair_broken, put, undo


@compiled
def is_unhappy(t: Numbers, z: Numbers, block: int) -> int:
    """Whether a wish about the block is broken."""
    slot = z[z[START] + block]
    if t[t[PRICE] + block * t[SLOTS] + slot]:
        return 1
    row = t[BLOCK] + block * BLOCK_ROW
    for pair in range(t[row + B_WISH], t[row + B_PAIR_END]):
        at = t[PAIR] + pair * PAIR_ROW
        if pair_broken(t, z, at, slot, z[z[START] + t[at + P_OTHER]]):
            return 1
    for entry in range(t[row + B_MEMBER], t[row + B_MEMBER_END]):
        if z[z[WISH_PRICE] + t[t[MEMBER] + 2 * entry]]:
            return 1
    return 0


@compiled
def settle(t: Numbers, z: Numbers, block: int, depth: int, price: int) -> int:
    """Place a block that had to leave: at the cheapest free start, or, not too deep, where one other leaves. 0: in vain."""
    z[NODES] += 1
    row = t[BLOCK] + block * BLOCK_ROW
    first, end = t[row + B_DOMAIN], t[row + B_DOMAIN_END]
    free, free_price, ties = NONE, FAR, 1
    other, others = NONE, 0
    most = 1 if depth > 0 else 0
    for n in range(first, end):
        slot = t[t[DOMAIN] + n]
        count = conflicts(t, z, block, slot, most)
        if count < 0:
            continue
        if count == 0:
            most = 0
            ties = ties + 1 if z[DELTA] == free_price else 1
            if z[DELTA] < free_price or (z[DELTA] == free_price and dice(z, ties) == 0):
                free, free_price = slot, z[DELTA]
        elif z[DELTA] <= price:
            others += 1
            if dice(z, others) == 0:
                other = slot
    if free != NONE:
        put(t, z, block, free)
        if z[z[LOCK] + block] == 0:
            z[z[LOCK] + block] = 1
        return 1
    if other == NONE or conflicts(t, z, block, other, 1) != 1:
        return 0
    leaving = z[z[EVICTED]]
    drop(t, z, leaving)
    put(t, z, block, other)
    if z[z[LOCK] + block] == 0:
        z[z[LOCK] + block] = 1
    return settle(t, z, leaving, depth - 1, price)


@compiled
def move(t: Numbers, z: Numbers, block: int, slot: int, depth: int) -> int:
    """Move a block to another start, others making room. 0: in vain; the trail says what has been done."""
    drop(t, z, block)
    count = conflicts(t, z, block, slot, 3)
    if count < 0:
        return 0
    chain = z[CHAIN]
    for n in range(count):
        z[chain + n] = z[z[EVICTED] + n]
    for n in range(count):
        drop(t, z, z[chain + n])
    put(t, z, block, slot)
    if z[z[LOCK] + block] == 0:
        z[z[LOCK] + block] = 1
    for n in range(count):
        if settle(t, z, z[chain + n], depth, FAR) == 0:
            return 0
    return 1


@compiled
def improve(t: Numbers, z: Numbers, steps: int, heat: int, depth: int) -> int:
    """Try so many moves; the price reached. `heat`: by how much dearer a move may be, at most and seldom. Best: KEPT."""
    blocks = t[BLOCKS]
    z[STRICT] = 0
    for _ in range(steps):
        if z[TOTAL] == 0:
            break
        block = dice(z, blocks)
        if dice(z, 4):
            for _ in range(20):
                if is_unhappy(t, z, block):
                    break
                block = dice(z, blocks)
        if z[z[LOCK] + block]:
            continue
        row = t[BLOCK] + block * BLOCK_ROW
        first, end = t[row + B_DOMAIN], t[row + B_DOMAIN_END]
        slot = t[t[DOMAIN] + first + dice(z, end - first)]
        if slot == z[z[START] + block]:
            continue
        before = z[TOTAL]
        z[TRAIL_COUNT] = 0
        done = move(t, z, block, slot, dice(z, depth + 1))
        allowed = dice(z, heat + 1) * dice(z, heat + 1) // (heat + 1)
        if done and z[TOTAL] <= before + allowed:
            keep(z, 0)
            if z[TOTAL] < z[BEST]:
                z[BEST] = z[TOTAL]
                for b in range(blocks):
                    z[z[KEPT] + b] = z[z[START] + b]
        else:
            undo(t, z, 0)
    return z[BEST]
