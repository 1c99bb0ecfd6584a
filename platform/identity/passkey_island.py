"""What the passkey island in the browser is told."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _


def passkey_props(mode: str, next_url: str = "/") -> dict[str, Any]:
    """Addresses and words for `islands/passkey.ts`; mode is "add" or "sign-in"."""
    adding = mode == "add"
    finish = reverse("identity:passkey_add" if adding else "identity:passkey_sign_in")
    return {
        "mode": mode,
        "optionsUrl": reverse(
            "identity:passkey_add_options" if adding else "identity:passkey_sign_in_options"
        ),
        "finishUrl": finish if adding else f"{finish}?{urlencode({'next': next_url})}",
        "strings": {
            "button": _("Add a passkey") if adding else _("Sign in with a passkey"),
            "failed": _("The passkey was not accepted. Try again, or sign in with the password."),
            "cancelled": _("Nothing was done: the device was not unlocked."),
        },
    }
