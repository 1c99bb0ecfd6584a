"""What the module adds to the frame: its menu lines, the start card, its own step and setting."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit
from kernel.access import STAFF, Actor, Role
from kernel.tenancy import Kind
from modules.school import api, permissions, queries
from ui import registry


def _profile_filled(*, actor: Actor) -> bool:
    """The names alone come with the school; the number and the address are the school's own work."""
    known = queries.profile()
    return bool(known.id and known.bin and known.address)


def _accounts_given(*, actor: Actor) -> bool:
    return queries.has_accounts()


registry.menu(
    section="today",
    label=_("Today"),
    url_name="school:home",
    permission=None,
    icon="home",
    order=0,
    kinds={Kind.SCHOOL},
    tab=True,
    match="school:home",
)
registry.menu(
    section="school",
    label=_("School profile"),
    url_name="school:profile",
    permission=permissions.VIEW_PROFILE,
    icon="building-community",
    order=80,
    kinds={Kind.SCHOOL},
    daily=STAFF
    - {
        Role.PSYCHOLOGIST,
        Role.SOCIAL_PEDAGOGUE,
        Role.LIBRARIAN,
        Role.NURSE,
        Role.CANTEEN,
        Role.LAB_ASSISTANT,
    },
    match="school:profile",
)
registry.menu(
    section="settings",
    label=_("Rules and settings"),
    url_name="school:settings",
    permission=permissions.EDIT_SETTINGS,
    icon="adjustments",
    order=20,
    kinds={Kind.SCHOOL},
    match="school:settings",
)
registry.menu(
    section="settings",
    label=_("Login slips"),
    url_name="school:slips",
    permission=identity.permissions.MANAGE_ACCOUNTS,
    icon="printer",
    order=21,
    kinds={Kind.SCHOOL},
    match="school:slips",
)
registry.menu(
    section="settings",
    label=_("Access review"),
    url_name="school:access",
    permission=identity.permissions.READ_AUDIT,
    icon="list-check",
    order=23,
    kinds={Kind.SCHOOL},
    match="school:access",
)
registry.action(
    label=_("Print login slips"),
    url_name="school:slips",
    icon="printer",
    permission=identity.permissions.MANAGE_ACCOUNTS,
    order=40,
)

api.step(
    "school.profile",
    _("Fill in the school's profile"),
    "school:edit_profile",
    _profile_filled,
    hint=_("The BIN and the address stand on every paper."),
    order=10,
)
api.step(
    "identity.accounts",
    _("Give the staff their logins"),
    "school:slips",
    _accounts_given,
    hint=_("Login slips can be printed for everybody at once."),
    order=50,
)
api.declare_setting(
    "school.show_start",
    _("Show the steps of the start on the first page"),
    default=True,
    section=_("First page"),
    hint=_("Those who may change the school's details see them until all are done."),
    source=_("The product's own choice"),
)
audit.words(
    actions={
        "school.profile.changed": _("School's details changed"),
        "school.setting.changed": _("Rule of the school changed"),
        "school.access.printed": _("Access review printed"),
        "school.access.exported": _("Access review exported"),
    },
    objects={"profile": _("school's details"), "setting": _("rule of the school")},
)
audit.naming("setting", queries.setting_labels)
