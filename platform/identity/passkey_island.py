"""What the passkey island in the browser is told."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

_FINISH = {
    "add": "identity:passkey_add",
    "sign-in": "identity:passkey_sign_in",
    "prove": "identity:prove_by_passkey",
}


def passkey_props(mode: str, next_url: str = "") -> dict[str, Any]:
    """Addresses and words for `islands/passkey.ts`; mode is "add", "sign-in" or "prove"."""
    adding, finish = mode == "add", reverse(_FINISH[mode])
    buttons = {
        "add": _("Add a passkey"),
        "sign-in": _("Sign in with a passkey"),
        "prove": _("Show a passkey instead"),
    }
    return {
        "mode": mode,
        "optionsUrl": reverse(
            "identity:passkey_add_options" if adding else "identity:passkey_sign_in_options"
        ),
        "finishUrl": f"{finish}?{urlencode({'next': next_url})}" if next_url else finish,
        "strings": {
            "button": buttons[mode],
            "failed": _("The passkey was not accepted. Try again, or type the password.")
            if mode == "prove"
            else _("The passkey was not accepted. Try again, or sign in with the password."),
            "cancelled": _("Nothing was done: the device was not unlocked."),
        },
    }
