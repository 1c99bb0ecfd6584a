"""What the schedule brings to the frame."""

from collections.abc import Iterable
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import LEADERS, STAFF, Actor, Role
from modules.schedule import permissions, queries
from modules.schedule.load import rules
from modules.schedule.substitutions import queries as substitutions
from modules.schedule.substitutions.queries import choices
from modules.schedule.year import queries as year_queries
from modules.school import api as school
from ui import registry
from ui.registry import TodayCard


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


def _vacancies(*, actor: Actor) -> Iterable[TodayCard]:
    """Lines of load that wait for a teacher."""
    vacant = sum(row[2] for row in queries.hours_by_class(year=clock.school_year_of(clock.today())).values())
    if vacant:
        text = ngettext("%(n)s subject has no teacher", "%(n)s subjects have no teacher", vacant)
        yield TodayCard(
            gettext("Vacancies in the load"),
            text % {"n": vacant},
            reverse("schedule:load_vacancies"),
            "user-plus",
            urgency="soon",
            count=vacant,
        )


registry.today(_vacancies, permission=permissions.SET_LOAD)
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
    permission=permissions.ARRANGE_TIMETABLE,
    icon="layout-grid",
    order=55,
    match="schedule:timetable",
)
registry.menu(
    section="study",
    label=_("School year"),
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


def _today(*, actor: Actor) -> Iterable[TodayCard]:
    """Questions to oneself; lessons that nobody has taken, for whoever arranges."""
    if actor.may(permissions.STAND_IN) and (waiting := substitutions.waiting_count(actor=actor)):
        yield TodayCard(
            gettext("Can you take a lesson?"),
            ngettext("{n} question waits", "{n} questions wait", waiting).format(n=waiting),
            reverse("schedule:standing_in"),
            "user-question",
            urgency="now",
            count=waiting,
        )
    if actor.may(permissions.ARRANGE) and (found := substitutions.open_ahead(day=clock.today())):
        day, count = found
        yield TodayCard(
            gettext("Substitutions"),
            ngettext("{n} lesson without a teacher", "{n} lessons without a teacher", count).format(n=count),
            f"{reverse('schedule:board')}?day={day.isoformat()}",
            "user-off",
            urgency="now",
            count=count,
        )


def _on_card(*, actor: Actor, employee_id: UUID, **_more: object) -> str:
    """On an employee's card: to note an absence, and the last ones with their lessons."""
    found = substitutions.absences_of(actor=actor, teacher_id=employee_id)
    context = {
        "employee_id": employee_id,
        "absences": [(one, substitutions.reason_word(one.reason)) for one in found],
    }
    return render_to_string("schedule/_on_card.html", context)


registry.menu(
    section="study",
    label=_("Substitutions"),
    url_name="schedule:board",
    permission=permissions.ARRANGE,
    icon="switch-horizontal",
    order=21,
    match="schedule:board",
    daily={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
)
registry.menu(
    section="study",
    label=_("I take lessons of colleagues"),
    url_name="schedule:standing_in",
    permission=permissions.STAND_IN,
    icon="user-question",
    order=22,
    match="schedule:standing_in",
)
registry.menu(
    section="study",
    label=_("Book of substituted lessons"),
    url_name="schedule:book",
    permission=permissions.SUBSTITUTION_BOOK,
    icon="book-2",
    order=23,
    match="schedule:book",
)
registry.action(
    label=_("Somebody is absent"),
    url_name="schedule:note_absence",
    icon="user-off",
    permission=permissions.ARRANGE,
    order=10,
)
registry.today(_today, permission=(permissions.STAND_IN, permissions.ARRANGE), order=5)
registry.panel("staff.employee", _on_card, permission=permissions.ARRANGE, order=30)

_SUBSTITUTIONS = _("Substitutions")
_OWN = _("The product's own choice: no act says it")
school.declare_setting(
    choices.DAYS,
    _("A substitute writes in the journal for so many days after the lesson"),
    default=1,
    minimum=0,
    maximum=30,
    section=_SUBSTITUTIONS,
    hint=_("Topic, marks and absences of that lesson only. 0: on the day itself."),
    source=_OWN,
    order=80,
)
school.declare_setting(
    choices.OWNER,
    _("The absent teacher writes in a lesson that another held"),
    default="always",
    choices=(
        ("always", _("as in all lessons of the course")),
        ("after", _("when the substitute's days are over")),
        ("never", _("never")),
    ),
    section=_SUBSTITUTIONS,
    source=_OWN,
    order=81,
)
school.declare_setting(
    choices.MINUTES,
    _("A question to take a lesson waits"),
    default=30,
    minimum=5,
    maximum=1440,
    unit=pgettext_lazy("after a number", "minutes"),
    section=_SUBSTITUTIONS,
    hint=_("Never longer than until the lesson begins."),
    source=_OWN,
    order=82,
)
for code, label, hint in (
    (
        choices.TAKEN_PAID,
        _("Hours in a colleague's place are paid"),
        _("For lines that come from now on; each may be changed in the book."),
    ),
    (
        choices.JOINED_PAID,
        _("Hours with two classes or groups at once are paid"),
        _("When a class sits with the one that the teacher has anyway."),
    ),
):
    school.declare_setting(
        code,
        label,
        default=True,
        section=_SUBSTITUTIONS,
        hint=hint,
        source=_("Pay for hours really given; what counts is the school's collective contract"),
        order=83,
    )

audit.words(
    actions={
        "schedule.lesson.corrected": _("Topic or homework written into a closed period"),
        "schedule.absence.noted": _("Absence of a teacher noted"),
        "schedule.absence.changed": _("Absence of a teacher changed"),
        "schedule.absence.cancelled": _("Absence of a teacher cancelled"),
        "schedule.substitution.assigned": _("Lesson given to a substitute"),
        "schedule.substitution.asked": _("Teachers asked to take a lesson"),
        "schedule.substitution.accepted": _("Teacher took a lesson"),
        "schedule.substitution.refused": _("Teacher said no to a lesson"),
        "schedule.substitution.joined": _("Classes joined for a lesson"),
        "schedule.substitution.moved": _("Lesson moved"),
        "schedule.substitution.cancelled": _("Lesson cancelled"),
        "schedule.substitution.withdrawn": _("Lesson left to its teacher"),
        "schedule.substitution.reopened": _("Substitution taken back"),
        "schedule.substitution.corrected": _("Line of the book of substituted lessons corrected"),
        "schedule.substitutions.exported": _("Book of substituted lessons or sheet of hours saved"),
        "schedule.year.opened": _("School year opened"),
        "schedule.period.moved": _("Days of a period changed"),
        "schedule.period.closed": _("Period closed"),
        "schedule.period.reopened": _("Period opened again"),
        "schedule.course.added": _("Line of load added"),
        "schedule.course.changed": _("Line of load changed"),
        "schedule.course.dropped": _("Line of load removed"),
        "schedule.course.handed_over": _("Line of load given to another teacher"),
        "schedule.course.turned_over": _("Planned change of the teacher came true"),
        "schedule.course.divided": _("Class divided into groups"),
        "schedule.course.joined": _("Groups of a class taught together again"),
        "schedule.club.widened": _("Club opened to pupils of another class"),
        "schedule.group.set": _("Pupils placed into groups"),
        "schedule.curriculum.taken": _("Typical curriculum taken for a class"),
        "schedule.typical.loaded": _("Typical curriculum loaded"),
        "schedule.typical.dropped": _("Typical curriculum taken back"),
        "schedule.sheet.exported": _("Load sheet printed or taken out"),
        "schedule.slots.set": _("Places in the week set"),
        "schedule.lessons.generated": _("Lessons of a period made"),
        "schedule.lessons.dropped": _("Lessons of a load taken back"),
        "schedule.special.declared": _("Special days of the year declared"),
        "schedule.special.changed": _("Special days of the year changed"),
        "schedule.special.removed": _("Special days of the year taken back"),
        "schedule.special.restored": _("Special days of the year put in force again"),
        "schedule.bells.set": _("Bells set"),
        "schedule.bells.dropped": _("Bells removed"),
        "schedule.lesson.cancelled": _("Lesson cancelled"),
        "schedule.lesson.restored": _("Cancelled lesson put back"),
        "schedule.lesson.moved": _("Lesson moved"),
        "schedule.lesson.added": _("Extra lesson added"),
        "schedule.feed.made": _("Address of a personal calendar made"),
        "schedule.feed.revoked": _("Address of a personal calendar revoked"),
        "schedule.timetable.made": _("Variant of the timetable made"),
        "schedule.timetable.exported": _("Timetable printed or taken out"),
        "schedule.timetable.loaded": _("Variant of the timetable loaded from a file"),
        "schedule.timetable.matched": _("Variant of the timetable matched with the load"),
        "schedule.timetable.dropped": _("Variant of the timetable thrown away"),
        "schedule.timetable.solved": _("Lessons placed by the search"),
        "schedule.timetable.published": _("Timetable published"),
        "schedule.day_wish.set": _("Day off of a teacher set"),
        "schedule.day_wish.forgotten": _("Day off of a teacher taken back"),
        "schedule.timetable.rooms_given": _("Rooms given to the lessons of a variant"),
        "schedule.room.added": _("Room added"),
        "schedule.room.changed": _("Room changed"),
        "schedule.room.closed": _("Room taken out of use"),
        "schedule.room.opened": _("Room taken into use again"),
        "schedule.rooms.taken": _("Rooms taken over from the timetable"),
        "schedule.rooms.exported": _("List of rooms saved"),
        "schedule.rule.weighed": _("Weight of a rule of the timetable changed"),
        "schedule.subject_wish.set": _("Demands of a subject on the timetable set"),
        "schedule.doubles.set": _("Double lessons of courses set"),
        "schedule.hour_wishes.set": _("Hours at which a teacher does not teach set"),
        "schedule.busy.added": _("Teacher’s hours in another school written"),
        "schedule.busy.dropped": _("Teacher’s hours in another school taken back"),
        "schedule.busy.read": _("Teacher’s hours in another school read from a calendar"),
        "schedule.card.moved": _("Lesson moved in a variant"),
        "schedule.card.pinned": _("Lesson pinned in a variant"),
        "schedule.card.unpinned": _("Lesson unpinned in a variant"),
        "schedule.card.room": _("Room of a lesson changed in a variant"),
        "schedule.card.undone": _("Step in a variant taken back"),
    },
    objects={
        "timetable": _("variant of the timetable"),
        "room": _("room"),
        "rule": _("rule of the timetable"),
        "subject": _("subject"),
        "year": _("school year"),
        "period": _("period"),
        "course": _("line of load"),
        "special_days": _("special days"),
        "bells": _("bells"),
        "lesson": _("lesson"),
        "feed": _("address of a calendar"),
        "absence": _("absence"),
        "substitution": _("substitution"),
    },
)
_LOAD = _("Load")
school.declare_setting(
    "schedule.most_rates",
    _("Most rates of a teacher without an agreement"),
    default=rules.MOST_RATES,
    minimum=1,
    maximum=3,
    section=_LOAD,
    hint=_("Beyond this the load sheet asks to mark that it is agreed."),
    source=_("The law names the hours of one rate and not the most of them. One and a half is the practice."),
    order=60,
)
school.declare_setting(
    "schedule.place",
    _("The school stands in"),
    default="town",
    choices=[("town", _("a town: classes of 24 and more are divided")), ("village", _("a village: from 20"))],
    section=_LOAD,
    source=_("GOSO, order 348, names 24 for towns. For villages we know 20 from practice only."),
    order=61,
)
audit.naming("year", lambda years: {year: year for year in years})
audit.naming("special_days", year_queries.names_of_specials)
