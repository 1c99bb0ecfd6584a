"""Changes of the load."""

from modules.schedule.load.services.clubs import (
    ClassIsInAlready,
    NotForManyClasses,
    OtherYear,
    add_class,
)
from modules.schedule.load.services.courses import (
    CourseExists,
    CourseHasLessons,
    ReasonWanted,
    UnknownSubject,
    add_course,
    assign,
    change_course,
    change_line,
    drop_course,
)
from modules.schedule.load.services.groups import (
    CannotDivide,
    CannotJoin,
    GroupsInUse,
    divide,
    halve,
    place_pupils,
    set_members,
    undivide,
)
from modules.schedule.load.services.plans import (
    NoTypicalPlan,
    UnknownDirection,
    drop_typical,
    put_typical,
    set_typical_hours,
    take_typical,
)
from modules.schedule.load.services.teachers import TeacherBusy, TooManyHours, hand_over, turn_over

__all__ = [
    "CannotDivide",
    "CannotJoin",
    "ClassIsInAlready",
    "CourseExists",
    "CourseHasLessons",
    "GroupsInUse",
    "NoTypicalPlan",
    "NotForManyClasses",
    "OtherYear",
    "ReasonWanted",
    "TeacherBusy",
    "TooManyHours",
    "UnknownDirection",
    "UnknownSubject",
    "add_class",
    "add_course",
    "assign",
    "change_course",
    "change_line",
    "divide",
    "drop_course",
    "drop_typical",
    "halve",
    "hand_over",
    "place_pupils",
    "put_typical",
    "set_members",
    "set_typical_hours",
    "take_typical",
    "turn_over",
    "undivide",
]
