"""What the schedule brings to the frame."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import LEADERS, STAFF, Actor, Role
from modules.schedule import permissions, queries
from modules.schedule.timetabling import notices as _notices  # noqa: F401 - declares what teachers are told
from modules.school import api as school
from ui import registry


def _year_ready(*, actor: Actor) -> school.Look:
    year = clock.school_year_of(clock.today())
    found = queries.periods(year=year, kind="quarter")
    days = ", ".join(f"{one.start:%d.%m}–{one.end:%d.%m}" for one in found)
    return school.Look(
        len(found) == 4, gettext("Quarters of {year}: {days}").format(year=year, days=days) if found else ""
    )


def _load_ready(*, actor: Actor) -> school.Look:
    """Done when every class of the year has subjects, the preschool ones apart; vacant subjects are told."""
    year = clock.school_year_of(clock.today())
    hours = queries.hours_by_class(year=year)
    classes = {key: one for key, one in queries.class_names(actor=actor, year=year).items() if one.grade}
    ready = len(classes.keys() & hours.keys())
    if not ready:
        return school.Look(False)
    said = gettext("Classes with a load: {ready} of {all}").format(ready=ready, all=len(classes))
    vacant = sum(one[2] for one in hours.values())
    if vacant:
        said += "; " + ngettext("%(n)s subject has no teacher", "%(n)s subjects have no teacher", vacant) % {
            "n": vacant
        }
    return school.Look(ready == len(classes), said)


def _lessons_ready(*, actor: Actor) -> school.Look:
    """Done when every class with a load has lessons in the running quarter."""
    period = queries.current_period()
    year = clock.school_year_of(clock.today())
    loaded = queries.hours_by_class(year=year).keys()
    ready = len(loaded & queries.classes_with_lessons(period=period)) if period else 0
    if not ready:
        return school.Look(False)
    said = gettext("Classes with lessons this quarter: {ready} of {all}").format(ready=ready, all=len(loaded))
    return school.Look(ready == len(loaded), said)


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
    label=_("Timetable board"),
    url_name="schedule:timetables",
    permission=permissions.ARRANGE,
    icon="layout-grid",
    order=55,
    match="schedule:timetable",
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
school.step(
    "schedule.year",
    _("Look at the quarters of the year"),
    "schedule:periods",
    _year_ready,
    hint=_("They come from the ministry’s calendar; change them if your school’s differ."),
    order=20,
    importer="quarters",
    permission=permissions.SET_PERIODS,
    may_skip=False,
)
school.step(
    "schedule.load",
    _("Give the teachers their load"),
    "schedule:load",
    _load_ready,
    hint=_(
        "Which subjects each class has, how many hours, and who teaches them. Every line becomes a journal."
    ),
    order=70,
    importer="load",
    permission=permissions.SET_LOAD,
    may_skip=False,
)
school.step(
    "schedule.lessons",
    _("Put the lessons into the week"),
    "schedule:load",
    _lessons_ready,
    hint=_("Choose a class, say on which days each subject is, and lay the lessons of the quarter."),
    order=75,
    importer="load",
    permission=permissions.SET_LOAD,
    may_skip=False,
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
        "schedule.lessons.dropped": _("Lessons of a load taken back"),
        "schedule.timetable.made": _("Variant of the timetable made"),
        "schedule.timetable.matched": _("Variant of the timetable matched with the load"),
        "schedule.timetable.dropped": _("Variant of the timetable thrown away"),
        "schedule.timetable.solved": _("Lessons placed by the search"),
        "schedule.timetable.published": _("Timetable published"),
        "schedule.day_wish.set": _("Day off of a teacher set"),
        "schedule.day_wish.forgotten": _("Day off of a teacher taken back"),
        "schedule.card.moved": _("Lesson moved in a variant"),
        "schedule.card.pinned": _("Lesson pinned in a variant"),
        "schedule.card.unpinned": _("Lesson unpinned in a variant"),
        "schedule.card.room": _("Room of a lesson changed in a variant"),
        "schedule.card.undone": _("Step in a variant taken back"),
    },
    objects={
        "timetable": _("variant of the timetable"),
        "year": _("school year"),
        "period": _("period"),
        "course": _("line of load"),
    },
)
audit.naming("year", lambda years: {year: year for year in years})
