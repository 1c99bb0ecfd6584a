"""Rights over transfers between schools. Names are matched and dossiers opened by the office alone."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, Role, Scope, permission

OFFICE = frozenset({Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.SECRETARY})
_TEACHERS = {Role.TEACHER, Role.CLASS_TEACHER, Role.EDUCATOR}

VIEW = permission(
    "transfers.view",
    _("See transfers of pupils between schools"),
    roles=OFFICE | {Role.DEPUTY_UPBRINGING, Role.SOCIAL_PEDAGOGUE},
    ceiling=LEADERS | OFFICE | {Role.SOCIAL_PEDAGOGUE},
    sensitive=True,
    reading=True,
)
ASK = permission(
    "transfers.ask",
    _("Ask other schools for their pupils and take them in"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE,
    sensitive=True,
)
ANSWER = permission(
    "transfers.answer",
    _("Answer other schools and let pupils go"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE,
    sensitive=True,
)
# Whose lessons and whose class these are, the module that shows the marks decides.
BROUGHT = permission(
    "transfers.brought",
    _("See marks that a pupil brought from another school"),
    roles={
        **dict.fromkeys(OFFICE | {Role.DEPUTY_UPBRINGING, Role.DEPUTY_PROFILE}, Scope.SCHOOL),
        Role.TEACHER: Scope.OWN_LESSONS,
        Role.CLASS_TEACHER: {Scope.OWN_CLASS, Scope.OWN_LESSONS},
        Role.PARENT: Scope.OWN_CHILD,
        Role.PUPIL: Scope.SELF,
    },
    ceiling=LEADERS | OFFICE | _TEACHERS | {Role.PARENT, Role.PUPIL, Role.MENTOR, Role.PSYCHOLOGIST},
    sensitive=True,
)
