"""Rights over orders. Who may draft a kind is the kind's own permission; signing is the director's."""

from django.utils.translation import gettext_lazy as _

from kernel.access import LEADERS, Role, permission
from modules.orders.data import Register

OFFICE = frozenset({Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.SECRETARY})

VIEW_CONTINGENT = permission(
    "orders.view_contingent",
    _("See the book of orders on pupils"),
    roles=OFFICE | {Role.DEPUTY_UPBRINGING},
    ceiling=LEADERS | OFFICE | {Role.SOCIAL_PEDAGOGUE},
    sensitive=True,
    reading=True,
)
VIEW_STAFF = permission(
    "orders.view_staff",
    _("See the book of orders on staff"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE,
    sensitive=True,
    reading=True,
)
VIEW_MAIN = permission(
    "orders.view_main",
    _("See the book of orders on the main activity"),
    roles=LEADERS | OFFICE,
    ceiling=LEADERS | OFFICE | {Role.LIBRARIAN, Role.NURSE, Role.PSYCHOLOGIST, Role.SOCIAL_PEDAGOGUE},
    reading=True,
)
DRAFT = permission(
    "orders.draft",
    _("Draft orders on the main activity and orders that cancel others"),
    roles=OFFICE,
    ceiling=LEADERS | OFFICE,
)
SIGN = permission(
    "orders.sign",
    _("Sign orders"),
    roles={Role.DIRECTOR},
    ceiling={Role.DIRECTOR},
    sensitive=True,
)
TEMPLATES = permission(
    "orders.templates",
    _("Change the texts of orders and begin their numbering"),
    roles={Role.DIRECTOR, Role.SECRETARY},
    ceiling=LEADERS | OFFICE,
)
VIEW = {
    Register.CONTINGENT: VIEW_CONTINGENT,
    Register.STAFF: VIEW_STAFF,
    Register.MAIN: VIEW_MAIN,
}
VIEW_ANY = tuple(VIEW.values())
