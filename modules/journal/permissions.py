"""Who sees journals and who sets marks. A parent never has these: families see their child through their own page."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, STAFF, Role, Scope, permission

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
    roles={
        Role.TEACHER: Scope.OWN_LESSONS,
        Role.CLASS_TEACHER: Scope.OWN_LESSONS,
        Role.DIRECTOR: Scope.SCHOOL,
        Role.DEPUTY_ACADEMIC: Scope.SCHOOL,
        Role.DEPUTY_UPBRINGING: Scope.SCHOOL,
        Role.DEPUTY_PROFILE: Scope.SCHOOL,
    },
)
SET_MARKS = permission(
    "journal.set_marks",
    _("Set marks and absences"),
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
        Role.DIRECTOR,
        Role.DEPUTY_ACADEMIC,
        Role.DEPUTY_PROFILE,
    },
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
    sensitive=True,
)
