"""Who sees the timetable, who fills lessons, who sets the load and the quarters."""

from django.utils.translation import gettext_lazy as _

from kernel.access import STAFF, Role, Scope, permission

VIEW = permission("schedule.view", _("See timetables"), roles=STAFF, reading=True)
FILL_LESSON = permission(
    "schedule.fill_lesson",
    _("Write the topic and the homework of a lesson"),
    roles={
        Role.TEACHER: Scope.OWN_LESSONS,
        Role.CLASS_TEACHER: Scope.OWN_LESSONS,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY_ACADEMIC: Scope.SCHOOL,
    },
    ceiling={
        Role.TEACHER,
        Role.CLASS_TEACHER,
        Role.EDUCATOR,
        Role.MENTOR,
        Role.DIRECTOR,
        Role.DEPUTY_ACADEMIC,
        Role.DEPUTY_PROFILE,
        Role.DEPUTY_UPBRINGING,
    },
)
SET_LOAD = permission(
    "schedule.set_load",
    _("Give teachers their load and put lessons into the week"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.SECRETARY},
)
ARRANGE_TIMETABLE = permission(
    "schedule.arrange",
    _("Make variants of the timetable and publish one"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.SECRETARY},
)
SET_PERIODS = permission(
    "schedule.set_periods",
    _("Change the school year: quarters, holidays, days without lessons, bells"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
)
CHANGE_LESSON = permission(
    "schedule.change_lesson",
    _("Cancel, move and add single lessons"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
    ceiling={
        Role.DIRECTOR,
        Role.DEPUTY_ACADEMIC,
        Role.DEPUTY_PROFILE,
        Role.DEPUTY_UPBRINGING,
        Role.SECRETARY,
    },
)
FEED = permission(
    "schedule.feed",
    _("Have one’s own lessons, or one’s child’s, in a calendar of the phone"),
    roles=dict.fromkeys(STAFF, Scope.OWN_LESSONS) | {Role.PARENT: Scope.OWN_CHILD, Role.PUPIL: Scope.SELF},
)
ARRANGE = permission(
    "schedule.arrange_substitutions",
    _("Note absences of teachers and say who takes their lessons"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.SECRETARY},
)
STAND_IN = permission(
    "schedule.stand_in",
    _("Be asked to take lessons of absent colleagues, and answer"),
    roles=dict.fromkeys(
        (
            Role.TEACHER,
            Role.CLASS_TEACHER,
            Role.EDUCATOR,
            Role.DIRECTOR,
            Role.DEPUTY_ACADEMIC,
            Role.DEPUTY_PROFILE,
            Role.DEPUTY_UPBRINGING,
        ),
        Scope.SELF,
    ),
    ceiling=STAFF,
)
SUBSTITUTION_BOOK = permission(
    "schedule.substitution_book",
    _("Read and print the book of substituted lessons and the sheet of hours"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.SECRETARY},
    ceiling={
        Role.DIRECTOR,
        Role.DEPUTY_ACADEMIC,
        Role.DEPUTY_PROFILE,
        Role.DEPUTY_UPBRINGING,
        Role.SECRETARY,
    },
    reading=True,
)
