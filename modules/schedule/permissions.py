"""Who sees the timetable, who fills lessons, who sets the load and the quarters."""

from django.utils.translation import gettext_lazy as _

from kernel.access import STAFF, Role, Scope, permission

VIEW = permission("schedule.view", _("See timetables"), roles=STAFF)
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
ARRANGE = permission(
    "schedule.arrange",
    _("Make variants of the timetable and publish one"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.SECRETARY},
)
SET_PERIODS = permission(
    "schedule.set_periods",
    _("Change, close and reopen quarters"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
)
