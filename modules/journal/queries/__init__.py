"""Reads of journals: `journals` for those who write them, `figures` for counting, `family` for one child, `choices`
for what the school chose and the rule that follows, `extract` for what goes along to another school and comes from one,
`traces` for those who ask whether somebody stands in a journal.
"""

from modules.journal.queries.attendance import attendance_of
from modules.journal.queries.attested import takes_no_final, why_not_asked
from modules.journal.queries.choices import SETTINGS, rule_of_subject, school_options
from modules.journal.queries.extract import (
    BroughtPeriod,
    BroughtYear,
    CameWith,
    came_with,
    period_label,
    results_of_year,
    schools_in,
)
from modules.journal.queries.family import child_marks, marks_of_years
from modules.journal.queries.figures import attendance_counts, class_standings, mark_counts
from modules.journal.queries.journals import (
    Cell,
    Column,
    Grid,
    Row,
    grid,
    history,
    may_open,
    my_courses,
    names_of,
    open_course,
    parts_of,
    rule_of,
    works_of,
)
from modules.journal.queries.traces import (
    courses_in_journals,
    is_begun,
    lessons_in_journals,
    marked_lessons,
    places_in_journals,
    pupils_in_journals,
    signs_of_lessons,
)
from modules.journal.queries.unfilled import TeachingDay, teaching_day, unfilled_by_course, unfilled_lessons

__all__ = [
    "SETTINGS",
    "BroughtPeriod",
    "BroughtYear",
    "CameWith",
    "Cell",
    "Column",
    "Grid",
    "Row",
    "TeachingDay",
    "attendance_counts",
    "attendance_of",
    "came_with",
    "child_marks",
    "class_standings",
    "courses_in_journals",
    "grid",
    "history",
    "is_begun",
    "lessons_in_journals",
    "mark_counts",
    "marked_lessons",
    "marks_of_years",
    "may_open",
    "my_courses",
    "names_of",
    "open_course",
    "parts_of",
    "period_label",
    "places_in_journals",
    "pupils_in_journals",
    "results_of_year",
    "rule_of",
    "rule_of_subject",
    "school_options",
    "schools_in",
    "signs_of_lessons",
    "takes_no_final",
    "teaching_day",
    "unfilled_by_course",
    "unfilled_lessons",
    "why_not_asked",
    "works_of",
]
