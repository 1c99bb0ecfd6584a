"""Reads of the load."""

from modules.schedule.load.queries.groups import (
    GroupTable,
    circle,
    closed_to,
    group_table,
    members_between,
    without_group,
)
from modules.schedule.load.queries.hours import held_hours
from modules.schedule.load.queries.lines import (
    first_free_day,
    info_of_line,
    line_of,
    lines,
    subject_title,
    terms_of_teachers,
    year_begins,
)
from modules.schedule.load.queries.plans import (
    ClassCurriculum,
    all_typical,
    curriculum_of,
    direction_of,
    overview,
    own_hours,
    typical_known,
    typical_of,
    wants_direction,
)
from modules.schedule.load.queries.sheet import (
    candidates,
    hours_of,
    hours_with,
    joined,
    most_hours,
    sheet,
    vacancies,
)

__all__ = [
    "ClassCurriculum",
    "GroupTable",
    "all_typical",
    "candidates",
    "circle",
    "closed_to",
    "curriculum_of",
    "direction_of",
    "first_free_day",
    "group_table",
    "held_hours",
    "hours_of",
    "hours_with",
    "info_of_line",
    "joined",
    "line_of",
    "lines",
    "members_between",
    "most_hours",
    "overview",
    "own_hours",
    "sheet",
    "subject_title",
    "terms_of_teachers",
    "typical_known",
    "typical_of",
    "vacancies",
    "wants_direction",
    "without_group",
    "year_begins",
]
