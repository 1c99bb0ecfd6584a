"""How points become marks: order 125 as data by school year, and pure functions that read it.

Nothing here knows of pupils or tables, so every worked example of the rules is a plain test.
"""

from modules.journal.rules.formula import (
    Needed,
    Parts,
    Recommendation,
    annual_mark,
    final_with_exam,
    half_up,
    mark_of,
    needed_points,
    recommend,
)
from modules.journal.rules.year import (
    HALVES,
    QUARTERS,
    Outcome,
    Period,
    YearMarks,
    after_work,
    annual_pass,
    failed,
    first_quarter,
    outcome,
    takes_exams,
)
from modules.journal.rules.years import (
    Mode,
    Options,
    PeriodKind,
    Rule,
    daily_soch_limit,
    is_pass_or_fail_here,
    period_kind,
    quarterly_sor_limit,
    rule_for,
    sor_bounds,
)

__all__ = [
    "HALVES",
    "QUARTERS",
    "Mode",
    "Needed",
    "Options",
    "Outcome",
    "Parts",
    "Period",
    "PeriodKind",
    "Recommendation",
    "Rule",
    "YearMarks",
    "after_work",
    "annual_mark",
    "annual_pass",
    "daily_soch_limit",
    "failed",
    "final_with_exam",
    "first_quarter",
    "half_up",
    "is_pass_or_fail_here",
    "mark_of",
    "needed_points",
    "outcome",
    "period_kind",
    "quarterly_sor_limit",
    "recommend",
    "rule_for",
    "sor_bounds",
    "takes_exams",
]
