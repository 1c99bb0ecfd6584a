"""Who sees journals and who sets marks. A parent never has these: families see their child through their own page."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, STAFF, Role, Scope, permission

# Who writes in journals: teachers in their own, the leaders of teaching in all. Whoever besides may be given it.
WRITERS = {
    Role.TEACHER: Scope.OWN_LESSONS,
    Role.CLASS_TEACHER: Scope.OWN_LESSONS,
    Role.DIRECTOR: Scope.SCHOOL,
    Role.DEPUTY_ACADEMIC: Scope.SCHOOL,
}
MAY_WRITE = {*WRITERS, Role.EDUCATOR, Role.DEPUTY_PROFILE}
# The other deputies of teaching, who only read.
DEPUTIES = {Role.DEPUTY_UPBRINGING: Scope.SCHOOL, Role.DEPUTY_PROFILE: Scope.SCHOOL}

VIEW = permission(
    "journal.view",
    _("See journals"),
    roles={
        Role.TEACHER: Scope.OWN_LESSONS,
        Role.CLASS_TEACHER: {Scope.OWN_CLASS, Scope.OWN_LESSONS},
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY_ACADEMIC: Scope.SCHOOL,
        Role.DEPUTY_UPBRINGING: Scope.SCHOOL,
        Role.DEPUTY_PROFILE: Scope.SCHOOL,
    },
    ceiling={
        Role.TEACHER,
        Role.CLASS_TEACHER,
        Role.EDUCATOR,
        Role.MENTOR,
        Role.PSYCHOLOGIST,
        Role.SOCIAL_PEDAGOGUE,
        Role.DIRECTOR,
        Role.DEPUTY_ACADEMIC,
        Role.DEPUTY_UPBRINGING,
        Role.DEPUTY_PROFILE,
    },
    reading=True,
)
SIGN = permission(
    "journal.sign",
    _("Sign sheets of one's own journals"),
    roles={Role.TEACHER: Scope.OWN_LESSONS, Role.CLASS_TEACHER: Scope.OWN_LESSONS},
    ceiling={Role.TEACHER, Role.CLASS_TEACHER, Role.EDUCATOR},
)
SHEETS = permission(
    "journal.sheets",
    _("See who has signed sheets of journals"),
    roles={**WRITERS, **DEPUTIES},
    reading=True,
)
PLAN_WORKS = permission(
    "journal.plan_works",
    _("Plan SOR and SOCH over the timetable"),
    roles=WRITERS,
    ceiling=MAY_WRITE,
)
WATCH_WORKS = permission(
    "journal.watch_works",
    _("See days on which SOR and SOCH break the order"),
    roles={Role.DIRECTOR: Scope.SCHOOL, Role.DEPUTY_ACADEMIC: Scope.SCHOOL},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.DEPUTY_UPBRINGING},
    reading=True,
)
YEAR_RESULTS = permission(
    "journal.year_results",
    _("See pupils with a 2 for the year"),
    roles={Role.DIRECTOR: Scope.SCHOOL, Role.DEPUTY_ACADEMIC: Scope.SCHOOL},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_UPBRINGING, Role.DEPUTY_PROFILE},
    reading=True,
)
SET_MARKS = permission(
    "journal.set_marks",
    _("Set marks and absences"),
    roles=WRITERS,
    ceiling=MAY_WRITE,
)
OPENINGS = permission(
    "journal.openings",
    _("Ask for cells of a closed period to be opened, and see what became of it"),
    roles=WRITERS,
    ceiling=MAY_WRITE,
)
OPEN_CELLS = permission(
    "journal.open_cells",
    _("Open cells of a closed period for a teacher"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE},
)
REMARKS = permission(
    "journal.remarks",
    _("See remarks on journals and answer those on one’s own"),
    # The journal of a class is one book: who answers for the class reads what is said of all of it.
    roles={**WRITERS, **DEPUTIES, Role.CLASS_TEACHER: {Scope.OWN_CLASS, Scope.OWN_LESSONS}},
    reading=True,
)
MAKE_REMARKS = permission(
    "journal.make_remarks",
    _("Check journals: make remarks and mark them as put right"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.DEPUTY_UPBRINGING},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.DEPUTY_UPBRINGING},
)
HISTORY = permission(
    "journal.history",
    _("Read who changed which mark, when and why, and save it as a file"),
    roles={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE},
    ceiling={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE, Role.DEPUTY_UPBRINGING},
    reading=True,
)
DEVELOPMENT = permission(
    "journal.development",
    _("Note the development of preschool children"),
    roles={
        Role.EDUCATOR: Scope.OWN_CLASS,
        Role.CLASS_TEACHER: Scope.OWN_CLASS,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY_ACADEMIC: Scope.SCHOOL,
    },
    ceiling={
        Role.EDUCATOR,
        Role.TEACHER,
        Role.CLASS_TEACHER,
        Role.PSYCHOLOGIST,
        Role.DIRECTOR,
        Role.DEPUTY_ACADEMIC,
    },
)
CONTROL = permission(
    "journal.control",
    _("See how journals are filled"),
    roles=dict.fromkeys(LEADERS - {Role.DEPUTY_FACILITIES}, Scope.SCHOOL),
    ceiling=LEADERS,
    reading=True,
)
CONCLUDE = permission(
    "journal.conclude",
    _("Write the conclusion in the class teacher's report"),
    roles={Role.CLASS_TEACHER: Scope.OWN_CLASS},
    ceiling={Role.CLASS_TEACHER},
)
CARDS = permission(
    "journal.cards",
    _("See and print report cards"),
    roles={
        **dict.fromkeys(
            (
                Role.DIRECTOR,
                Role.DEPUTY_ACADEMIC,
                Role.DEPUTY_UPBRINGING,
                Role.DEPUTY_PROFILE,
                Role.SECRETARY,
            ),
            Scope.SCHOOL,
        ),
        **dict.fromkeys((Role.CLASS_TEACHER, Role.TEACHER, Role.EDUCATOR), Scope.OWN_CLASS),
        Role.PARENT: Scope.OWN_CHILD,
        Role.PUPIL: Scope.SELF,
    },
    ceiling=STAFF | {Role.PARENT, Role.PUPIL},
    reading=True,
)
EXPORT = permission(
    "journal.export",
    _("Save whole journals of classes as files"),
    roles={
        **dict.fromkeys(
            (Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_UPBRINGING, Role.DEPUTY_PROFILE), Scope.SCHOOL
        ),
        **dict.fromkeys((Role.CLASS_TEACHER, Role.TEACHER, Role.EDUCATOR), Scope.OWN_CLASS),
    },
    ceiling=LEADERS | {Role.CLASS_TEACHER, Role.TEACHER, Role.EDUCATOR, Role.SECRETARY},
)
