"""Reads of the planner: `books` of a quarter, the `desk`, what is lacking (`wishes`), one work (`choice`), the deputy's
`watch` and the `family`'s schedule.
"""

from modules.journal.planner.queries.books import (
    book_of,
    free_lesson,
    kinds_of,
    lesson_of,
    may_plan,
    open_course,
    place_of_work,
    quarter,
)
from modules.journal.planner.queries.choice import Choice, broken_by, choice, new_choice
from modules.journal.planner.queries.desk import Chip, Desk, Line, desk
from modules.journal.planner.queries.family import child_works
from modules.journal.planner.queries.watch import (
    BY_CLASS,
    WatchLine,
    ahead,
    of_class,
    of_quarter,
    watch_lines,
    watch_rows,
)
from modules.journal.planner.queries.wishes import USUAL_SOR, USUAL_SOR_POINTS

__all__ = [
    "BY_CLASS",
    "USUAL_SOR",
    "USUAL_SOR_POINTS",
    "Chip",
    "Choice",
    "Desk",
    "Line",
    "WatchLine",
    "ahead",
    "book_of",
    "broken_by",
    "child_works",
    "choice",
    "desk",
    "free_lesson",
    "kinds_of",
    "lesson_of",
    "may_plan",
    "new_choice",
    "of_class",
    "of_quarter",
    "open_course",
    "place_of_work",
    "quarter",
    "watch_lines",
    "watch_rows",
]
