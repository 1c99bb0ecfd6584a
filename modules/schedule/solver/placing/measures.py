"""By how much rules are broken, while some lessons are not yet placed: what these may still mend is not counted.

When everything is placed, this is what the judge counts, but for days with work, where hours are counted to know which to clear.
"""

from __future__ import annotations

from modules.schedule.solver.placing.compiled import Numbers, compiled
from modules.schedule.solver.placing.layout import (
    APART,
    BESIDE,
    BREAK,
    CONSECUTIVE,
    CONTINUOUS_MAX,
    DAYS,
    DAYS_MIN,
    EARLY,
    FILL,
    GAPS_DAY,
    GAPS_WEEK,
    GROUPED,
    HOURS_MAX,
    HOURS_MIN,
    INTERVAL,
    MAX_DAYS_BETWEEN,
    MIN_DAYS,
    MIN_GAPS_BETWEEN,
    NEAR,
    NONE,
    OPEN,
    ORDERED,
    ORDERED_SAME_DAY,
    R_EARLY,
    R_FLAG,
    R_GAPS_DAY,
    R_GAPS_WEEK,
    R_KIND,
    R_LEAST,
    R_LEAST_ALWAYS,
    R_LIMIT,
    REST_MIN,
    RULE,
    RULE_ROW,
    SAME_DAY,
    SAME_HOUR,
    SAME_START,
    SCRATCH,
    SPAN_MAX,
    TRIAL,
    WIDTH,
)

TAKEN = 1 << 20  # more than any number of hours


@compiled
def counted(bits: int) -> int:
    """How many bits are set (of the lowest sixty)."""
    bits = bits - ((bits >> 1) & 0x555555555555555)
    bits = (bits & 0x333333333333333) + ((bits >> 2) & 0x333333333333333)
    bits = (bits + (bits >> 4)) & 0xF0F0F0F0F0F0F0F
    bits = bits + (bits >> 8)
    bits = bits + (bits >> 16)
    return (bits + (bits >> 32)) & 0x7F


@compiled
def filled(bits: int) -> int:
    """All bits up to the highest that is set."""
    bits |= bits >> 1
    bits |= bits >> 2
    bits |= bits >> 4
    bits |= bits >> 8
    bits |= bits >> 16
    return bits | (bits >> 32)


@compiled
def follows(t: Numbers, one: int, hours: int, other: int, width: int) -> int:
    """Whether the other begins directly after the one on the same day; breaks between do not count."""
    if one // width != other // width or other < one + hours:
        return 0
    for slot in range(one + hours, other):
        if t[t[BREAK] + slot] == 0:
            return 0
    return 1


@compiled
def pair_units(t: Numbers, kind: int, limit: int, one: int, hours: int, other: int, other_hours: int) -> int:
    """By how much two blocks that begin there break their rule."""
    width = t[WIDTH]
    day, other_day = one // width, other // width
    if kind == MIN_DAYS:
        return max(0, limit - abs(day - other_day))
    if kind == MAX_DAYS_BETWEEN:
        return max(0, abs(day - other_day) - limit)
    if kind == SAME_START:
        return 1 if one != other else 0
    if kind == SAME_DAY:
        return 1 if day != other_day else 0
    if kind == SAME_HOUR:
        return 1 if one % width != other % width else 0
    if kind == ORDERED:
        return 1 if other < one + hours else 0
    if kind == ORDERED_SAME_DAY:
        return 1 if day == other_day and other < one + hours else 0
    if kind == CONSECUTIVE:
        return 1 - follows(t, one, hours, other, width)
    if kind == GROUPED:
        either = follows(t, one, hours, other, width) + follows(t, other, other_hours, one, width)
        return 0 if either else 1
    gap = other - one - hours if one <= other else one - other - other_hours
    if kind == BESIDE:
        return 1 if day == other_day and gap != 0 else 0
    if kind == MIN_GAPS_BETWEEN:
        return 1 if day == other_day and gap < limit else 0
    if kind == APART:
        return max(0, min(one + hours, other + other_hours) - max(one, other))
    if kind == NEAR:
        return 1 if day != other_day or gap > limit or gap < 0 else 0
    return 0


@compiled
def gaps_of(bits: int, open_hours: int) -> int:
    """Open hours without work between the first and the last hour of work."""
    if bits == 0:
        return 0
    return counted(open_hours & filled(bits) & ~((bits & -bits) - 1) & ~bits)


@compiled
def filling_units(t: Numbers, z: Numbers, row: int, watch: int, left: int) -> int:
    """By how much more than the lessons left would be needed to close gaps, to begin in time and to have hours enough."""
    gaps_week, gaps_day, early = t[row + R_GAPS_WEEK], t[row + R_GAPS_DAY], t[row + R_EARLY]
    least, always = t[row + R_LEAST], t[row + R_LEAST_ALWAYS]
    days, scratch = t[DAYS], z[SCRATCH]
    gaps = crowded = before = seconds = lacking = needed = 0
    counts_gaps = gaps_week >= 0 or gaps_day >= 0
    for day in range(days):
        bits = z[scratch + day]
        if bits == 0:
            if least > 0 and always:
                lacking += least
                needed += least
            continue
        open_hours = t[t[OPEN] + watch * days + day]
        first = 0
        if early >= 0:
            first = counted(open_hours & ((bits & -bits) - 1))
            before += first
            seconds += min(1, first)
        inside = gaps_of(bits, open_hours) if counts_gaps else 0
        gaps += inside
        if gaps_day >= 0:
            crowded += max(0, inside - gaps_day)
            inside = min(inside, gaps_day) if gaps_week < 0 else inside
        short = max(0, least - counted(bits)) if least > 0 else 0
        lacking += short
        needed += max(short, first + inside)
    begun = before - min(max(0, early), seconds)
    over = max(0, gaps - gaps_week) if gaps_week >= 0 else 0
    over = max(over, crowded)
    allowed = min(max(0, early), seconds) + (max(0, gaps_week) if gaps_week >= 0 else days * max(0, gaps_day))
    return max(0, begun + over - left) + max(0, lacking - left) + max(0, needed - allowed - left)


@compiled
def days_max_units(t: Numbers, z: Numbers, watch: int, limit: int, kept_day: int) -> int:
    """The hours on the days that would have to be cleared: the fewest on as many days as there are too many."""
    days, trial = t[DAYS], z[TRIAL]
    over = -limit
    for day in range(days):
        hours = counted(z[z[SCRATCH] + day] & t[t[INTERVAL] + watch * days + day])
        if hours:
            over += 1
        z[trial + day] = hours if hours and day != kept_day else TAKEN
    units = 0
    while over > 0:
        least, chosen = TAKEN, NONE
        for day in range(days):
            if z[trial + day] < least:
                least, chosen = z[trial + day], day
        if chosen == NONE:
            return units + over  # only the kept day is left
        units += least
        z[trial + chosen] = TAKEN
        over -= 1
    return units


@compiled
def rule_units(
    t: Numbers, z: Numbers, rule: int, watch: int, left: int, left_count: int, kept_day: int
) -> int:
    """By how much the days of a watch, as they stand in SCRATCH, break one of its rules.

    `left` hours in `left_count` blocks are not yet placed; `kept_day` is not to be cleared (-1: any may be).
    """
    row = t[RULE] + rule * RULE_ROW
    kind, limit, flag = t[row + R_KIND], t[row + R_LIMIT], t[row + R_FLAG]
    days, width = t[DAYS], t[WIDTH]
    scratch = z[SCRATCH]
    if kind == FILL:
        return filling_units(t, z, row, watch, left)
    units = 0
    if kind == HOURS_MAX:
        for day in range(days):
            units += max(0, counted(z[scratch + day]) - limit)
        return units
    if kind == HOURS_MIN:
        for day in range(days):
            bits = z[scratch + day]
            if bits or not flag:
                units += max(0, limit - counted(bits))
        return max(0, units - left)
    if kind in (GAPS_WEEK, GAPS_DAY):
        allowed = limit if kind == GAPS_DAY else 0
        for day in range(days):
            units += max(0, gaps_of(z[scratch + day], t[t[OPEN] + watch * days + day]) - allowed)
        return max(0, units - left - (limit - allowed))
    if kind == EARLY:
        late = seconds = 0
        for day in range(days):
            bits = z[scratch + day]
            if bits:
                before = counted(t[t[OPEN] + watch * days + day] & ((bits & -bits) - 1))
                seconds += min(1, before)
                late += 1 if before > 1 else 0
        return seconds if limit == 0 else late + max(0, seconds - limit)
    if kind == CONTINUOUS_MAX:
        for day in range(days):
            bits = z[scratch + day]
            row_bits = bits
            for _ in range(limit):
                bits >>= 1
                row_bits &= bits
            units += counted(row_bits)
        return units
    if kind == SPAN_MAX:
        excused = 0
        for day in range(days):
            bits = z[scratch + day]
            if bits:
                span = counted(filled(bits)) - counted((bits & -bits) - 1)
                if span > limit:
                    units += span - limit
                    if span == limit + 1:
                        excused = 1
        return units - excused if flag else units
    if kind == REST_MIN:
        for day in range(days if flag else days - 1):
            today, tomorrow = z[scratch + day], z[scratch + (day + 1) % days]
            if today and tomorrow:
                rest = width - counted(filled(today)) + counted((tomorrow & -tomorrow) - 1)
                units += 1 if rest < limit else 0
        return units
    if kind == DAYS_MIN:
        for day in range(days):
            units += 1 if z[scratch + day] else 0
        return max(0, limit - units - left_count)
    if flag:
        for day in range(days):
            units += 1 if z[scratch + day] & t[t[INTERVAL] + watch * days + day] else 0
        return max(0, units - limit)
    return days_max_units(t, z, watch, limit, kept_day)
