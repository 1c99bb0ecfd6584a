"""How points become marks: order 125 as data by school year, and pure functions that read it.

Nothing here knows of pupils or tables, so every worked example of the rules is a plain test.
"""

from modules.journal.rules.formula import (
    Needed,
    Parts,
    Recommendation,
    annual_mark,
    annual_of,
    final_with_exam,
    half_up,
    mark_of,
    needed_points,
    recommend,
)
from modules.journal.rules.years import (
    Mode,
    Options,
    PeriodKind,
    Rule,
    daily_soch_limit,
    is_pass_or_fail_here,
    mode_in,
    period_kind,
    quarterly_sor_limit,
    rule_for,
    sor_bounds,
)

__all__ = [
    "Mode",
    "Needed",
    "Options",
    "Parts",
    "PeriodKind",
    "Recommendation",
    "Rule",
    "annual_mark",
    "annual_of",
    "daily_soch_limit",
    "final_with_exam",
    "half_up",
    "is_pass_or_fail_here",
    "mark_of",
    "mode_in",
    "needed_points",
    "period_kind",
    "quarterly_sor_limit",
    "recommend",
    "rule_for",
    "sor_bounds",
]
