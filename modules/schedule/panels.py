"""What the schedule brings to the frame."""

from django.utils.translation import gettext_lazy as _

from kernel import audit
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
)
registry.menu(
    section="study",
    label=_("Timetables of classes"),
    url_name="schedule:classes",
    permission=permissions.VIEW,
    icon="calendar",
    order=20,
    match="schedule:class",
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
        "schedule.period.moved": _("Days of a quarter changed"),
        "schedule.period.closed": _("Quarter closed"),
        "schedule.period.reopened": _("Quarter opened again"),
        "schedule.course.added": _("Load given to a teacher"),
        "schedule.course.changed": _("Teacher's load changed"),
        "schedule.course.dropped": _("Load taken away"),
        "schedule.slots.set": _("Lessons of the week set"),
    },
    objects={"year": _("school year"), "period": _("quarter"), "course": _("load")},
)
audit.naming("year", lambda years: {year: year for year in years})
