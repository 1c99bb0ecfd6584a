"""What identity adds to menus, search and the first page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from identity import finding, labels, permissions, queries, rights
from identity.models import Session
from kernel import audit
from kernel.access import Actor
from ui import registry
from ui.registry import SearchHit, TodayCard

registry.menu(
    section="settings",
    label=_("Accounts"),
    url_name="identity:accounts",
    permission=permissions.MANAGE_ACCOUNTS,
    icon="users",
    order=20,
    match="identity:account",
)
registry.menu(
    section="settings",
    label=_("Roles"),
    url_name="identity:roles",
    permission=(permissions.EDIT_ROLES, permissions.GIVE_ROLES),
    icon="user-shield",
    order=21,
    match="identity:role",
)
registry.menu(
    section="settings",
    label=_("Security log"),
    url_name="identity:security_log",
    permission=permissions.READ_AUDIT,
    icon="shield-check",
    order=22,
    match="identity:security_log",
)
registry.menu(
    section="settings",
    label=_("Rules of protection"),
    url_name="identity:rules",
    permission=permissions.READ_AUDIT,
    icon="shield-lock",
    order=23,
)
registry.account(label=_("My settings"), url_name="identity:own", icon="user-cog", order=10)
registry.account(label=_("My devices"), url_name="identity:devices", icon="devices", order=20)


def find_accounts(query: str, *, actor: Actor, limit: int) -> Iterable[SearchHit]:
    for user in finding.first(query, limit=limit):
        yield SearchHit(
            user.person_name.full, user.username, reverse("identity:account", args=[user.pk]), "user-circle"
        )


def guessed_passwords(*, actor: Actor) -> Iterable[TodayCard]:
    """Tell the person that somebody tried the password since the last visit."""
    data = Session.objects.filter(pk=actor.session_id or 0).values_list("data", flat=True).first() or {}
    failed = data.get("failed", 0)
    if failed:
        text = ngettext(
            "{count} wrong password was typed for your login since your last visit. If it was not you, change the password.",
            "{count} wrong passwords were typed for your login since your last visit. If it was not you, change the password.",
            failed,
        )
        yield TodayCard(
            _("Somebody tried your password"),
            text.format(count=failed),
            reverse("identity:change_password"),
            icon="shield-lock",
            urgency="soon",
            count=failed,
        )


def roles_to_decide(*, actor: Actor) -> Iterable[TodayCard]:
    """Ask the second person for the decision."""
    waiting = queries.to_decide(actor=actor)
    if waiting:
        first = waiting[0]
        yield TodayCard(
            _("A role waits for your approval"),
            f"{first.user.person_name.full}: {rights.label_of(first.role)}",
            reverse("identity:role_requests"),
            icon="user-shield",
            urgency="soon",
            count=len(waiting),
        )


def what_a_role_sees(*, actor: Actor, role_code: str) -> str:
    """The menu and the first page's actions as the role's people have them."""
    base = queries.get_role(role_code).base
    pretended = replace(actor, grants=rights.grants_of([role_code]), roles=frozenset({role_code, base}))
    context = {"sections": registry.menu_for(pretended), "actions": registry.actions_for(pretended)}
    return render_to_string("identity/_sees.html", context)


registry.search(find_accounts, label=_("Accounts"), permission=permissions.MANAGE_ACCOUNTS, order=80)
registry.today(guessed_passwords, order=5)
registry.today(roles_to_decide, permission=permissions.APPROVE_ROLES, order=6)
registry.panel("identity.role", what_a_role_sees, permission=permissions.EDIT_ROLES)
audit.words(actions=labels.ACTIONS, objects=labels.OBJECTS)
audit.naming("user", queries.names_of)
audit.naming("role", queries.role_names)
