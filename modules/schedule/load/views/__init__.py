"""Pages of the load."""

from modules.schedule.load.views.assigning import assign, course, lay
from modules.schedule.load.views.curricula import (
    circle,
    circle_add,
    classes,
    divide,
    drop,
    groups,
    halve,
    school_class,
    take,
    undivide,
)
from modules.schedule.load.views.sheet import hours, teachers, typical, vacancies

__all__ = [
    "assign",
    "circle",
    "circle_add",
    "classes",
    "course",
    "divide",
    "drop",
    "groups",
    "halve",
    "hours",
    "lay",
    "school_class",
    "take",
    "teachers",
    "typical",
    "undivide",
    "vacancies",
]
