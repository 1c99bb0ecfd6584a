"""Words for what the database keeps as codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from identity.data import Account
from kernel.access import Scope

SCOPES: Mapping[str, Any] = {
    Scope.SCHOOL: pgettext_lazy("reach of a right", "everywhere"),
    Scope.OWN_CLASS: pgettext_lazy("reach of a right", "own class"),
    Scope.OWN_LESSONS: pgettext_lazy("reach of a right", "own lessons"),
    Scope.OWN_CHILD: pgettext_lazy("reach of a right", "own child"),
    Scope.SELF: pgettext_lazy("reach of a right", "oneself"),
}

ACTIONS: Mapping[str, Any] = {
    "identity.sign_in": _("Sign-in"),
    "identity.second_step": _("Second step of sign-in"),
    "identity.signed_out": _("Sign-out"),
    "identity.session.ended": _("Device signed out"),
    "identity.sessions.ended": _("All devices signed out"),
    "identity.account.created": _("Account created"),
    "identity.accounts.created": _("Accounts created"),
    "identity.accounts.exported": _("List of accounts exported"),
    "identity.account.blocked": _("Account blocked"),
    "identity.account.restored": _("Account restored"),
    "identity.reset.started": _("Password reset"),
    "identity.password.changed": _("Own password changed"),
    "identity.self.proved": _("Password or second factor shown once more"),
    "identity.phone.followed": _("Phone of the card taken over for sign-in"),
    "identity.language.changed": _("Own language changed"),
    "identity.role.given": _("Role given"),
    "identity.role.asked": _("Role asked for, to be approved by a second person"),
    "identity.role.approved": _("Role approved by the second person and given"),
    "identity.role.refused": _("Role refused by the second person"),
    "identity.role.withdrawn": _("Request for a role withdrawn"),
    "identity.role.taken": _("Role taken away"),
    "identity.role.edited": _("Rights of a role changed"),
    "identity.role.copied": _("Role copied"),
    "identity.role.renamed": _("Role renamed"),
    "identity.role.removed": _("Role removed"),
    "identity.totp.added": _("Codes of an application switched on"),
    "identity.totp.removed": _("Codes of an application switched off"),
    "identity.recovery_codes.made": _("Recovery codes made"),
    "identity.passkey.added": _("Passkey added"),
    "identity.passkey.removed": _("Passkey removed"),
    "identity.factors.dropped": _("Second factors removed by an administrator"),
    "identity.token.issued": _("API token issued"),
    "identity.token.ended": _("API token ended"),
    "identity.visit.opened": _("Support let in by the director"),
    "identity.visit.entered": _("Support came in by the director’s grant"),
    "identity.visit.page": _("Page opened by support"),
    "identity.visit.ended": _("Visit of support ended"),
}

OBJECTS: Mapping[str, Any] = {
    "user": _("account"),
    "session": _("sign-in on a device"),
    "role": _("role"),
    "token": _("API token"),
    "visit": _("visit of support"),
}

# How an act ended, with the kind of badge that says it.
OUTCOMES: Mapping[str, tuple[Any, str]] = {
    "ok": (_("carried out"), "success"),
    "refused": (_("refused"), "warning"),
    "mended": (_("put right"), "info"),
    "begun": (pgettext_lazy("an act", "begun"), "neutral"),
    "failed": (pgettext_lazy("an act", "broke off"), "danger"),
}


_DONE: Mapping[str, Any] = {
    "password": _("The password is changed. You were signed out on your other devices."),
    "language": _("The language is saved for all your devices."),
    "one": _("The device is signed out."),
    "others": _("All other devices are signed out."),
    "totp_removed": _("The codes are switched off."),
    "passkey": _("The passkey is added."),
    "passkey_removed": _("The passkey is removed."),
    "ended": _("The token is worth nothing any more."),
    "blocked": _("The account is blocked and signed out everywhere."),
    "restored": _("The account is open again."),
    "sessions": _("The person is signed out everywhere."),
    "factors": _("The second factors are removed."),
    "given": _("The role is given; it counts at once."),
    "asked": _("The role is asked for. It is given when a second person approves it."),
    "approved": _("The role is approved and given; it counts from its first day."),
    "refused": _("The request is refused."),
    "withdrawn": _("The request is withdrawn."),
    "taken": _("The role is taken away; it counts at once."),
    "saved": _("The rights are saved; they count at once."),
    "copied": _("The copy is made. Now decide what it may do."),
    "renamed": _("The name is saved."),
    "removed": _("The role is removed."),
}


def done(code: str | None) -> Any:
    """The good news that a redirect carries as a code in the address."""
    return _DONE.get(code or "", "")


def state(account: Account) -> str:
    """The account's state in a word."""
    if not account.is_active:
        return gettext("blocked")
    if account.signed_in_at is None:
        return gettext("never signed in")
    if account.must_change_password:
        return gettext("one-time password")
    return gettext("in use")


def tone(account: Account) -> str:
    """The tone of the state's badge."""
    if not account.is_active:
        return "danger"
    if account.signed_in_at is None:
        return "neutral"
    return "warning" if account.must_change_password else "success"
