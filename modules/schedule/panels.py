"""What the schedule brings to the frame."""

from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import LEADERS, STAFF, Role
from modules.schedule import permissions
from ui import registry

registry.menu(
    section="study",
    label=_("My timetable"),
    url_name="schedule:mine",
    permission=permissions.VIEW,
    icon="calendar-time",
    order=10,
    tab=True,
    match="schedule:mine",
    daily=LEADERS | {Role.TEACHER, Role.CLASS_TEACHER, Role.EDUCATOR, Role.MENTOR},
)
registry.menu(
    section="study",
    label=_("Timetables of classes"),
    url_name="schedule:classes",
    permission=permissions.VIEW,
    icon="calendar",
    order=20,
    match="schedule:class",
    daily=STAFF - {Role.LIBRARIAN, Role.CANTEEN},
)
registry.menu(
    section="study",
    label=_("Load"),
    url_name="schedule:load",
    permission=permissions.SET_LOAD,
    icon="list-check",
    order=50,
    match="schedule:load",
)
registry.menu(
    section="study",
    label=_("Quarters"),
    url_name="schedule:periods",
    permission=permissions.SET_PERIODS,
    icon="calendar-event",
    order=60,
    match="schedule:period",
)
audit.words(
    actions={
        "schedule.year.opened": _("School year opened"),
        "schedule.period.moved": _("Days of a period changed"),
        "schedule.period.closed": _("Period closed"),
        "schedule.period.reopened": _("Period opened again"),
        "schedule.course.added": _("Line of load added"),
        "schedule.course.changed": _("Line of load changed"),
        "schedule.course.dropped": _("Line of load removed"),
        "schedule.slots.set": _("Places in the week set"),
        "schedule.lessons.generated": _("Lessons of a period made"),
    },
    objects={"year": _("school year"), "period": _("period"), "course": _("line of load")},
)
audit.naming("year", lambda years: {year: year for year in years})
