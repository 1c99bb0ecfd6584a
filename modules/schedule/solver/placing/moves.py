"""What would have to leave if a block began somewhere, and what that costs; placing, taking away, and taking back."""

from __future__ import annotations

from modules.schedule.solver.placing.compiled import Numbers, compiled
from modules.schedule.solver.placing.layout import (
    B_CAP,
    B_CAP_END,
    B_MEMBER,
    B_MEMBER_END,
    B_PAIR,
    B_PAIR_END,
    B_WISH,
    BLOCK,
    BLOCK_ROW,
    C_IN,
    C_IN_END,
    C_TOUCH,
    CAP,
    CAP_LIMIT,
    CAP_ROW,
    CAPPED,
    COUNT,
    DAYS,
    DELTA,
    DICE,
    EVICTED,
    EVICTED_COUNT,
    IN_CAP,
    IN_WATCH,
    LEFT,
    LEFT_COUNT,
    LOCK,
    MARK,
    MASK,
    MEMBER,
    NONE,
    OCCUPANT,
    P_HOURS,
    P_KIND,
    P_LIMIT,
    P_OTHER,
    P_OTHER_HOURS,
    P_PRICE,
    P_SECOND,
    PAIR,
    PAIR_ROW,
    PRICE,
    R_PRICE,
    RULE,
    RULE_ROW,
    SCRATCH,
    SLOTS,
    STAMP,
    START,
    STRICT,
    TOTAL,
    TRAIL,
    TRAIL_COUNT,
    UNPLACED,
    W_IN,
    W_IN_END,
    W_RULE,
    W_RULE_END,
    W_WISH,
    WATCH,
    WATCH_ROW,
    WEIGHT,
    WIDTH,
    WISH_PRICE,
)
from modules.schedule.solver.placing.measures import pair_units, rule_units

DEAR = 9000  # the price of wishes that a strict search treats as demands as often as their weight says


@compiled
def dice(z: Numbers, sides: int) -> int:
    """A number from 0 to below `sides`."""
    state = z[DICE]
    state ^= (state << 13) & 0xFFFFFFFF
    state ^= state >> 17
    state ^= (state << 5) & 0xFFFFFFFF
    z[DICE] = state
    return state % sides


# ── what must leave ────────────────────────────────────────────────────────────────────────────────────────────────


@compiled
def evict(z: Numbers, block: int, most: int) -> int:
    """Think the block away; 0 when it may not leave, or too many have left."""
    if z[z[MARK] + block] == z[STAMP]:
        return 1
    count = z[EVICTED_COUNT]
    if z[z[LOCK] + block] or count >= most:
        return 0
    z[z[MARK] + block] = z[STAMP]
    z[z[EVICTED] + count] = block
    z[EVICTED_COUNT] = count + 1
    return 1


@compiled
def pair_broken(t: Numbers, z: Numbers, row: int, slot: int, other_slot: int) -> int:
    """By how much a block at `slot` and the other of the row break the row's rule."""
    hours, other_hours = t[row + P_HOURS], t[row + P_OTHER_HOURS]
    if t[row + P_SECOND]:
        return pair_units(t, t[row + P_KIND], t[row + P_LIMIT], other_slot, other_hours, slot, hours)
    return pair_units(t, t[row + P_KIND], t[row + P_LIMIT], slot, hours, other_slot, other_hours)


@compiled
def price_of_rules(t: Numbers, z: Numbers, watch: int, left: int, left_count: int, kept_day: int) -> int:
    """What the broken wishes of a watch cost, its days being those in SCRATCH."""
    row = t[WATCH] + watch * WATCH_ROW
    price = 0
    for rule in range(t[row + W_WISH], t[row + W_RULE_END]):
        units = rule_units(t, z, rule, watch, left, left_count, kept_day)
        price += units * t[t[RULE] + rule * RULE_ROW + R_PRICE]
    return price


@compiled
def breach_of_rules(t: Numbers, z: Numbers, watch: int, left: int, left_count: int, kept_day: int) -> int:
    """By how much a watch's demands are broken, its days being those in SCRATCH."""
    row = t[WATCH] + watch * WATCH_ROW
    units = 0
    for rule in range(t[row + W_RULE], t[row + W_WISH]):
        units += rule_units(t, z, rule, watch, left, left_count, kept_day)
    return units


@compiled
def relieve(
    t: Numbers, z: Numbers, watch: int, left: int, left_count: int, kept_day: int, breach: int, most: int
) -> int:
    """Think blocks of a watch away until its demands hold: each time the one whose leaving helps most. 0: in vain.

    Its days, as they would be, stand in SCRATCH.
    """
    row = t[WATCH] + watch * WATCH_ROW
    width = t[WIDTH]
    while breach > 0:
        if z[EVICTED_COUNT] >= most:
            return 0
        best, best_breach, best_weight, best_hours = NONE, breach, 0, 0
        ties = 1
        for entry in range(t[row + W_IN], t[row + W_IN_END]):
            block, hours = t[t[IN_WATCH] + 2 * entry], t[t[IN_WATCH] + 2 * entry + 1]
            slot = z[z[START] + block]
            if slot < 0 or z[z[LOCK] + block] or z[z[MARK] + block] == z[STAMP]:
                continue
            place = z[SCRATCH] + slot // width
            before = z[place]
            z[place] = before & ~(((1 << hours) - 1) << (slot % width))
            then = breach_of_rules(t, z, watch, left + hours, left_count + 1, kept_day)
            z[place] = before
            if then > best_breach or then >= breach:
                continue
            weight = z[z[WEIGHT] + block]
            if then < best_breach or best == NONE or weight < best_weight:
                ties = 1
            elif weight == best_weight:
                ties += 1
                if dice(z, ties):
                    continue
            else:
                continue
            best, best_breach, best_weight, best_hours = block, then, weight, hours
        if best == NONE or evict(z, best, most) == 0:
            return 0
        slot = z[z[START] + best]
        z[z[SCRATCH] + slot // width] &= ~(((1 << best_hours) - 1) << (slot % width))
        left += best_hours
        left_count += 1
        breach = best_breach
    return 1


@compiled
def hours_in(t: Numbers, z: Numbers, watch: int, block: int) -> int:
    """The hours of a placed block in a watch."""
    slots = t[SLOTS]
    slot = z[z[START] + block]
    hours = 0
    while slot + hours < slots and z[z[OCCUPANT] + watch * slots + slot + hours] == block:
        hours += 1
    return hours


@compiled
def think_away(t: Numbers, z: Numbers, watch: int, first: int) -> int:
    """Take the evicted (from number `first` on) out of a watch's days in SCRATCH; their hours, and their count beside."""
    width, slots = t[WIDTH], t[SLOTS]
    hours_left = blocks_left = 0
    for n in range(first, z[EVICTED_COUNT]):
        block = z[z[EVICTED] + n]
        slot = z[z[START] + block]
        place = z[OCCUPANT] + watch * slots + slot
        hours = 0
        while slot + hours < slots and z[place + hours] == block:
            hours += 1
        if hours:
            z[z[SCRATCH] + slot // width] &= ~(((1 << hours) - 1) << (slot % width))
            hours_left += hours
            blocks_left += 1
    return hours_left * 1024 + blocks_left


@compiled
def runs_in(t: Numbers, z: Numbers, cap: int, slot: int, block: int, hours: int) -> int:
    """Whether a placed block runs in the slot (NONE: in any that the cap counts)."""
    start = z[z[START] + block]
    if slot != NONE:
        return 1 if start <= slot < start + hours else 0
    for hour in range(hours):
        if t[t[CAP_LIMIT] + cap * t[SLOTS] + start + hour] >= 0:
            return 1
    return 0


@compiled
def clear_cap(t: Numbers, z: Numbers, cap: int, slot: int, over: int, most: int) -> int:
    """Think away `over` of those who run in the slot under the cap (NONE: in any that it counts). 0: in vain."""
    row = t[CAP] + cap * CAP_ROW
    first, end = t[row + C_IN], t[row + C_IN_END]
    for n in range(z[EVICTED_COUNT]):
        block = z[z[EVICTED] + n]
        for entry in range(first, end):
            if t[t[IN_CAP] + 2 * entry] == block:
                over -= runs_in(t, z, cap, slot, block, t[t[IN_CAP] + 2 * entry + 1])
    while over > 0:
        best, best_weight, ties = NONE, 0, 1
        for entry in range(first, end):
            block, hours = t[t[IN_CAP] + 2 * entry], t[t[IN_CAP] + 2 * entry + 1]
            if z[z[START] + block] < 0 or z[z[LOCK] + block] or z[z[MARK] + block] == z[STAMP]:
                continue
            if runs_in(t, z, cap, slot, block, hours) == 0:
                continue
            weight = z[z[WEIGHT] + block]
            if best != NONE and weight > best_weight:
                continue
            ties = ties + 1 if best != NONE and weight == best_weight else 1
            if ties == 1 or dice(z, ties) == 0:
                best, best_weight = block, weight
        if best == NONE or evict(z, best, most) == 0:
            return 0
        for entry in range(first, end):
            if t[t[IN_CAP] + 2 * entry] == best:
                over -= runs_in(t, z, cap, slot, best, t[t[IN_CAP] + 2 * entry + 1])
    return 1


@compiled
def own_runs(t: Numbers, block: int, entry: int, slot: int, hour: int) -> int:
    """How many of the block's activities, up to this entry, its cap counts if they begin at `slot` (`hour` NONE: at all)."""
    cap, found = t[t[CAPPED] + 2 * entry], 0
    for other in range(t[t[BLOCK] + block * BLOCK_ROW + B_CAP], entry + 1):
        if t[t[CAPPED] + 2 * other] != cap:
            continue
        hours = t[t[CAPPED] + 2 * other + 1]
        if hour != NONE:
            found += 1 if hour < hours else 0
            continue
        inside = 0
        for one in range(hours):
            inside |= 1 if t[t[CAP_LIMIT] + cap * t[SLOTS] + slot + one] >= 0 else 0
        found += inside
    return found


@compiled
def evict_capped(t: Numbers, z: Numbers, block: int, slot: int, most: int) -> int:
    """Think away who runs at once with the block where only so many may. 0: in vain."""
    slots = t[SLOTS]
    row = t[BLOCK] + block * BLOCK_ROW
    for entry in range(t[row + B_CAP], t[row + B_CAP_END]):
        cap, hours = t[t[CAPPED] + 2 * entry], t[t[CAPPED] + 2 * entry + 1]
        limits, counts = t[CAP_LIMIT] + cap * slots, z[COUNT] + cap * slots
        touch = t[t[CAP] + cap * CAP_ROW + C_TOUCH]
        if touch:
            own = own_runs(t, block, entry, slot, NONE)
            over = z[counts] + own - touch + 1
            if own and over > 0 and clear_cap(t, z, cap, NONE, over, most) == 0:
                return 0
            continue
        for hour in range(hours):
            limit = t[limits + slot + hour]
            over = z[counts + slot + hour] + own_runs(t, block, entry, slot, hour) - limit
            if limit >= 0 and over > 0 and clear_cap(t, z, cap, slot + hour, over, most) == 0:
                return 0
    return 1


@compiled
def evict_paired(t: Numbers, z: Numbers, block: int, slot: int, most: int) -> int:
    """Think away who breaks a rule with the block; dear wishes count as rules as often as the search is strict."""
    row = t[BLOCK] + block * BLOCK_ROW
    for pair in range(t[row + B_PAIR], t[row + B_WISH]):
        at = t[PAIR] + pair * PAIR_ROW
        other_slot = z[z[START] + t[at + P_OTHER]]
        if (
            other_slot >= 0
            and pair_broken(t, z, at, slot, other_slot)
            and evict(z, t[at + P_OTHER], most) == 0
        ):
            return 0
    for pair in range(t[row + B_WISH], t[row + B_PAIR_END]):
        at = t[PAIR] + pair * PAIR_ROW
        other = t[at + P_OTHER]
        other_slot = z[z[START] + other]
        if other_slot < 0 or z[z[MARK] + other] == z[STAMP]:
            continue
        units = pair_broken(t, z, at, slot, other_slot)
        if units == 0:
            continue
        price = t[at + P_PRICE]
        if price >= DEAR and z[STRICT] and dice(z, 10000) < min(price, z[STRICT]):
            if evict(z, other, most) == 0:
                return 0
        else:
            z[DELTA] += units * price
    return 1


@compiled
def conflicts(t: Numbers, z: Numbers, block: int, slot: int, most: int) -> int:
    """How many would have to leave if the (unplaced) block began at `slot`; -1: more than `most`, or it cannot.

    Who: EVICTED. What it would cost in wishes, whatever becomes of those who leave: DELTA.
    """
    days, width, slots = t[DAYS], t[WIDTH], t[SLOTS]
    z[EVICTED_COUNT] = 0
    z[STAMP] += 1
    z[DELTA] = t[t[PRICE] + block * slots + slot]
    row = t[BLOCK] + block * BLOCK_ROW
    first, end = t[row + B_MEMBER], t[row + B_MEMBER_END]
    for entry in range(first, end):
        watch, hours = t[t[MEMBER] + 2 * entry], t[t[MEMBER] + 2 * entry + 1]
        for hour in range(hours):
            other = z[z[OCCUPANT] + watch * slots + slot + hour]
            if other >= 0 and evict(z, other, most) == 0:
                return NONE
    if evict_paired(t, z, block, slot, most) == 0 or evict_capped(t, z, block, slot, most) == 0:
        return NONE
    day, scratch = slot // width, z[SCRATCH]
    for entry in range(first, end):
        watch, hours = t[t[MEMBER] + 2 * entry], t[t[MEMBER] + 2 * entry + 1]
        at = t[WATCH] + watch * WATCH_ROW
        if t[at + W_RULE] == t[at + W_RULE_END]:
            continue
        for d in range(days):
            z[scratch + d] = z[z[MASK] + watch * days + d]
        gone = think_away(t, z, watch, 0)
        left = z[z[LEFT] + watch] + gone // 1024 - hours
        left_count = z[z[LEFT_COUNT] + watch] + gone % 1024 - 1
        z[scratch + day] |= ((1 << hours) - 1) << (slot % width)
        breach = breach_of_rules(t, z, watch, left, left_count, day)
        if breach > 0:
            before = z[EVICTED_COUNT]
            if relieve(t, z, watch, left, left_count, day, breach, most) == 0:
                return NONE
            gone = 0
            for n in range(before, z[EVICTED_COUNT]):
                left_count += 1
                gone += hours_in(t, z, watch, z[z[EVICTED] + n])
            left += gone
        if t[at + W_WISH] < t[at + W_RULE_END]:
            z[DELTA] += price_of_rules(t, z, watch, left, left_count, day) - z[z[WISH_PRICE] + watch]
    return z[EVICTED_COUNT]


# ── placing ────────────────────────────────────────────────────────────────────────────────────────────────────────


@compiled
def price_again(t: Numbers, z: Numbers, watch: int) -> int:
    """Count anew what the broken wishes of a watch cost."""
    days = t[DAYS]
    for day in range(days):
        z[z[SCRATCH] + day] = z[z[MASK] + watch * days + day]
    price = price_of_rules(t, z, watch, z[z[LEFT] + watch], z[z[LEFT_COUNT] + watch], NONE)
    z[TOTAL] += price - z[z[WISH_PRICE] + watch]
    z[z[WISH_PRICE] + watch] = price
    return price


@compiled
def stand(t: Numbers, z: Numbers, block: int, slot: int, sign: int) -> int:
    """Write a block into everything that counts it (sign 1), or out of it (sign -1). Nothing may stand in its way."""
    days, width, slots = t[DAYS], t[WIDTH], t[SLOTS]
    day = slot // width
    row = t[BLOCK] + block * BLOCK_ROW
    for entry in range(t[row + B_MEMBER], t[row + B_MEMBER_END]):
        watch, hours = t[t[MEMBER] + 2 * entry], t[t[MEMBER] + 2 * entry + 1]
        bits = ((1 << hours) - 1) << (slot % width)
        for hour in range(hours):
            z[z[OCCUPANT] + watch * slots + slot + hour] = block if sign > 0 else NONE
        z[z[MASK] + watch * days + day] ^= bits
        z[z[LEFT] + watch] -= sign * hours
        z[z[LEFT_COUNT] + watch] -= sign
        at = t[WATCH] + watch * WATCH_ROW
        if t[at + W_WISH] < t[at + W_RULE_END]:
            price_again(t, z, watch)
    for entry in range(t[row + B_CAP], t[row + B_CAP_END]):
        cap, hours = t[t[CAPPED] + 2 * entry], t[t[CAPPED] + 2 * entry + 1]
        counts = z[COUNT] + cap * slots
        if t[t[CAP] + cap * CAP_ROW + C_TOUCH]:
            inside = 0
            for hour in range(hours):
                inside |= 1 if t[t[CAP_LIMIT] + cap * slots + slot + hour] >= 0 else 0
            z[counts] += sign * inside
        else:
            for hour in range(hours):
                z[counts + slot + hour] += sign
    z[TOTAL] += sign * t[t[PRICE] + block * slots + slot]
    for pair in range(t[row + B_WISH], t[row + B_PAIR_END]):
        at = t[PAIR] + pair * PAIR_ROW
        other_slot = z[z[START] + t[at + P_OTHER]]
        if other_slot >= 0:
            z[TOTAL] += sign * t[at + P_PRICE] * pair_broken(t, z, at, slot, other_slot)
    z[z[START] + block] = slot if sign > 0 else NONE
    z[UNPLACED] -= sign
    return 0


@compiled
def put(t: Numbers, z: Numbers, block: int, slot: int) -> int:
    """Place a block, and remember that it stood nowhere."""
    count = z[TRAIL_COUNT]
    z[z[TRAIL] + 2 * count] = block
    z[z[TRAIL] + 2 * count + 1] = NONE
    z[TRAIL_COUNT] = count + 1
    return stand(t, z, block, slot, 1)


@compiled
def drop(t: Numbers, z: Numbers, block: int) -> int:
    """Take a block away, and remember where it stood."""
    count = z[TRAIL_COUNT]
    slot = z[z[START] + block]
    z[z[TRAIL] + 2 * count] = block
    z[z[TRAIL] + 2 * count + 1] = slot
    z[TRAIL_COUNT] = count + 1
    return stand(t, z, block, slot, -1)


@compiled
def undo(t: Numbers, z: Numbers, count: int) -> int:
    """Take back whatever was done since the trail had `count` steps, and unlock who had been placed."""
    while z[TRAIL_COUNT] > count:
        last = z[TRAIL_COUNT] - 1
        block, slot = z[z[TRAIL] + 2 * last], z[z[TRAIL] + 2 * last + 1]
        if slot == NONE:
            stand(t, z, block, z[z[START] + block], -1)
            if z[z[LOCK] + block] == 1:
                z[z[LOCK] + block] = 0
        else:
            stand(t, z, block, slot, 1)
        z[TRAIL_COUNT] = last
    return 0


@compiled
def keep(z: Numbers, count: int) -> int:
    """Keep what was done since the trail had `count` steps, and unlock who had been placed."""
    for step in range(count, z[TRAIL_COUNT]):
        block = z[z[TRAIL] + 2 * step]
        if z[z[LOCK] + block] == 1:
            z[z[LOCK] + block] = 0
    z[TRAIL_COUNT] = count
    return 0
