"""Where each thing stands in the two flat tables of the compiled search.

`t` says what the problem is and is never written; `z` says what stands where, and holds room to work in. Both are whole
numbers in a row; their first numbers say how many there are of something, or where the part with that name begins. A block is
an activity, or several that must begin together. A watch is whoever cannot be in two places, with the rules about their days.
A cap is a bound on how many blocks may run at once.
"""

from __future__ import annotations

# The head of `t`: how many, then where each part begins.
BLOCKS, DAYS, WIDTH, SLOTS, WATCHES, CAPS = range(6)
(
    BLOCK,  # a row for each block: see below
    DOMAIN,  # slots where the blocks may begin
    PRICE,  # for each block and slot, what the wishes about its start cost there
    MEMBER,  # rows (watch, hours) of the blocks
    PAIR,  # rows of the blocks' rules with others: see below
    WATCH,  # a row for each watch
    IN_WATCH,  # rows (block, hours) of the watches
    RULE,  # rows of the watches' rules
    OPEN,  # for each watch and day, the hours that count, as bits
    INTERVAL,  # for each watch and day, the hours in which work makes it a day with work
    CAP,  # a row for each cap
    CAP_LIMIT,  # for each cap and slot, how many; -1: no bound
    IN_CAP,  # rows (block, hours) of the caps
    CAPPED,  # rows (cap, hours) of the blocks
    BREAK,  # for each slot, whether it is a break
) = range(6, 21)
HEAD = 21

# A row of BLOCK.
B_DOMAIN, B_DOMAIN_END, B_MEMBER, B_MEMBER_END, B_PAIR, B_WISH, B_PAIR_END, B_CAP, B_CAP_END = range(9)
BLOCK_ROW = 9
# A row of PAIR; demands of a block stand before its wishes (from B_WISH on).
P_OTHER, P_KIND, P_LIMIT, P_HOURS, P_OTHER_HOURS, P_SECOND, P_PRICE = range(7)
PAIR_ROW = 7
# A row of WATCH; its demands stand before its wishes (from W_WISH on).
W_IN, W_IN_END, W_RULE, W_WISH, W_RULE_END = range(5)
WATCH_ROW = 5
# A row of RULE.
R_KIND, R_LIMIT, R_FLAG, R_PRICE, R_GAPS_WEEK, R_GAPS_DAY, R_EARLY, R_LEAST, R_LEAST_ALWAYS = range(9)
RULE_ROW = 9
# A row of CAP.
C_IN, C_IN_END, C_TOUCH = range(3)
CAP_ROW = 3

# Kinds of PAIR.
(
    MIN_DAYS,
    BESIDE,
    MAX_DAYS_BETWEEN,
    MIN_GAPS_BETWEEN,
    SAME_START,
    SAME_DAY,
    SAME_HOUR,
    APART,
    CONSECUTIVE,
    GROUPED,
    ORDERED,
    ORDERED_SAME_DAY,
    NEAR,
) = range(13)
# Kinds of RULE. FILL is several demands at once whose breach only later lessons can mend: gaps, beginnings, least hours.
(
    FILL,
    GAPS_WEEK,
    GAPS_DAY,
    EARLY,
    DAYS_MAX,
    DAYS_MIN,
    HOURS_MAX,
    HOURS_MIN,
    CONTINUOUS_MAX,
    SPAN_MAX,
    REST_MIN,
) = range(11)

# The head of `z`: single numbers, then where each part begins.
DICE, TOTAL, UNPLACED, EVICTED_COUNT, DELTA, STAMP, TRAIL_COUNT, NODES, QUEUE_COUNT, STRICT, STEPS, BEST = (
    range(12)
)
(
    START,  # for each block, where it begins; -1: nowhere yet
    LOCK,  # blocks that may not leave now
    MARK,  # blocks that leave in the thought just being thought
    WEIGHT,  # how hard each block has proved to be to place
    TABU,  # for each block and slot, until which step it is not forced to stand there again
    OCCUPANT,  # for each watch and slot, the block; -1: none
    MASK,  # for each watch and day, the hours of work as bits
    LEFT,  # for each watch, hours not yet placed
    LEFT_COUNT,  # blocks not yet placed
    WISH_PRICE,  # what the watch's broken wishes cost
    COUNT,  # for each cap and slot, how many
    EVICTED,  # the blocks that would have to leave
    SCRATCH,  # days of a watch, as they would be
    TRIAL,  # for each day, something to sort
    TRAIL,  # rows (block, where it stood)
    CHOICE,  # for each depth and slot, how good it is to begin there
    CHAIN,  # for each depth, who left
    QUEUE,  # blocks to be placed, the next one last
    KEPT,  # the best arrangement so far
) = range(12, 31)
STATE_HEAD = 31

MOST_EVICTED = 24
DEPTH = 14
NONE = -1
