"""Who writes plans, who reads them before the director, who approves them."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, Role, Scope, permission

TEACHING = frozenset({Role.TEACHER, Role.CLASS_TEACHER, Role.EDUCATOR})
APPROVERS = frozenset({Role.DIRECTOR, Role.DEPUTY_ACADEMIC})

VIEW = permission(
    "plans.view",
    _("See approved and shared plans of the school"),
    roles=TEACHING | LEADERS - {Role.DEPUTY_FACILITIES} | {Role.MENTOR},
    ceiling=TEACHING | LEADERS | {Role.MENTOR, Role.PSYCHOLOGIST, Role.SOCIAL_PEDAGOGUE},
    reading=True,
)
WRITE = permission(
    "plans.write",
    _("Make plans of one's subjects and lesson plans"),
    roles=dict.fromkeys((*TEACHING, Role.DEPUTY_UPBRINGING, Role.DEPUTY_PROFILE), Scope.OWN_LESSONS)
    | dict.fromkeys(APPROVERS, Scope.SCHOOL),
    ceiling=TEACHING | LEADERS | {Role.MENTOR},
)
AGREE = permission(
    "plans.agree",
    _("Read plans as the head of a subject team and agree to them"),
    roles=dict.fromkeys(TEACHING, Scope.SELF) | dict.fromkeys(APPROVERS, Scope.SCHOOL),
    ceiling=TEACHING | LEADERS,
)
APPROVE = permission(
    "plans.approve",
    _("Approve plans, and read those that are not approved yet"),
    roles=APPROVERS,
    ceiling=LEADERS,
)
TEAMS = permission(
    "plans.teams",
    _("Say which subject teams there are and who heads them"),
    roles=APPROVERS,
    ceiling=LEADERS,
)
