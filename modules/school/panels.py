"""What the module adds to the frame: its menu lines, the start card, its own step and setting."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit
from kernel.access import STAFF, Actor, Role
from kernel.tenancy import Kind
from modules.school import api, permissions, queries, start
from modules.school.data import Look
from tenants import permissions as tenants_permissions
from ui import registry


def _profile(*, actor: Actor) -> Look:
    """The names alone come with the school; the number and the address are the school's own work."""
    known = queries.profile()
    lacking = [
        gettext(label)
        for label, filled in (
            (gettext_noop("the BIN"), known.bin),
            (gettext_noop("the address"), known.address),
            (gettext_noop("the director’s name for papers"), known.director),
            (gettext_noop("the languages of instruction"), known.languages),
        )
        if not filled
    ]
    if lacking:
        return Look(False, gettext("Not filled in yet: {names}").format(names=", ".join(lacking)))
    return Look(bool(known.id), known.name)


def _accounts(*, actor: Actor) -> Look:
    given, used = queries.staff_accounts()
    said = gettext("Logins of employees: {given}; have signed in: {used}").format(given=given, used=used)
    return Look(used > 0, said if given else "")


def _next_step(*, actor: Actor) -> str:
    """Under the report of a load: what comes next, while the school is still starting."""
    steps = start.unfinished(actor=actor)
    return render_to_string("school/_next_step.html", start.card(steps)) if steps else ""


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
registry.menu(
    section="settings",
    label=_("Contract with the vendor"),
    url_name="school:contract",
    permission=tenants_permissions.SEE_CONTRACT,
    icon="file-text",
    order=24,
    kinds={Kind.SCHOOL},
    match="school:contract",
)
registry.action(
    label=_("Print login slips"),
    url_name="school:slips",
    icon="printer",
    permission=identity.permissions.MANAGE_ACCOUNTS,
    order=40,
)

registry.panel("imports.report", _next_step, permission=permissions.EDIT_PROFILE, order=10)
api.step(
    "school.profile",
    _("Fill in the school's profile"),
    "school:edit_profile",
    _profile,
    hint=_("The BIN and the address stand on every paper."),
    order=10,
    permission=permissions.EDIT_PROFILE,
    may_skip=False,
)
api.step(
    "identity.accounts",
    _("Give the staff their logins"),
    "school:slips",
    _accounts,
    hint=_("Login slips can be printed for everybody at once; the step is done when somebody has signed in."),
    order=60,
    permission=identity.permissions.MANAGE_ACCOUNTS,
)
api.declare_setting(
    "school.show_start",
    _("Show the steps of the start on the first page"),
    default=True,
    section=_("First page"),
    hint=_("Those who may change the school's details see them until the first journal."),
    source=_("The product's own choice"),
)
audit.words(
    actions={
        "school.profile.changed": _("School's details changed"),
        "school.setting.changed": _("Rule of the school changed"),
        "school.step.skipped": _("Step of the start found not needed"),
        "school.step.resumed": _("Step of the start taken up again"),
        "school.access.printed": _("Access review printed"),
        "school.access.exported": _("Access review exported"),
    },
    objects={
        "profile": _("school's details"),
        "setting": _("rule of the school"),
        "step": _("step of the start"),
    },
)
audit.naming("setting", queries.setting_labels)
audit.naming("step", start.labels)

for figure in identity.FIGURES:
    api.declare_setting(
        figure.code,
        figure.label,
        default=figure.default,
        minimum=figure.minimum,
        maximum=figure.maximum,
        unit=figure.unit,
        section=_("Sign-in and roles"),
        hint=figure.hint,
        source=figure.source,
        order=90,
    )
for choice in identity.CHOICES:
    api.declare_setting(
        choice.code,
        choice.label,
        default=choice.default,
        choices=choice.choices,
        section=_("Sign-in and roles"),
        hint=choice.hint,
        source=choice.source,
        order=90,
    )
identity.chosen_by(api.setting)
