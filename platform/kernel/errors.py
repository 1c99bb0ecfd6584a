"""Refusals that speak: what a form, a toast and the JSON show are the same sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class NoTenant(RuntimeError):
    """Somebody reached for the database without saying for which school."""

    def __init__(self) -> None:
        super().__init__("No tenant is chosen: wrap the work in kernel.tenancy.use(...).")


class DomainError(Exception):
    """The rules refuse. `message` is translatable and is meant for the reader; `code` for programs.

    Arguments by name fill the placeholders of `message`.
    """

    message: Any = _("This cannot be done.")
    code = "refused"
    status = 422

    def __init__(self, message: Any = None, **values: Any) -> None:
        super().__init__()
        if message is not None:
            self.message = message
        self.values = values

    def __str__(self) -> str:
        text = str(self.message)
        return text.format(**self.values) if self.values else text


class NotAllowed(DomainError):
    """The actor has not the permission."""

    message = _("You may not do this. Ask your school's administrator for the right.")
    code = "not_allowed"
    status = 403


class NotFound(DomainError):
    """There is no such thing here; what belongs to others is not here either."""

    message = _("There is no such page or record.")
    code = "not_found"
    status = 404


class Conflict(DomainError):
    """Somebody else changed it meanwhile."""

    message = _("Somebody changed this meanwhile.")
    code = "conflict"
    status = 409


class ReadOnly(DomainError):
    """The tenant's contract is over or it is being moved: its role may read and nothing else."""

    message = _(
        "The school can only be read at the moment: nothing is saved. What you typed is still here; lists can be saved as files."
    )
    code = "read_only"


class WrongValue(DomainError):
    """A program sent what no form would."""

    message = _("A value does not fit.")
    code = "invalid"


class NotSignedIn(DomainError):
    """A program did not say who it is."""

    message = _("Sign in, or send a token.")
    code = "sign_in"
    status = 401


class TooLarge(DomainError):
    """What was sent is larger than anything that is taken here."""

    message = _("What you are sending is larger than {megabytes} MB. Send it in parts.")
    code = "too_large"
    status = 413


class TooMany(DomainError):
    """A program asks too often."""

    message = _("Too many requests. Wait a minute.")
    code = "too_many"
    status = 429


class Quarantined(DomainError):
    message = _(
        "The file is in quarantine: the antivirus has not looked at it yet. It opens when it has been found clean; you will be told."
    )
    code = "quarantined"
    status = 423


class Unsafe(DomainError):
    """It has two natures, or something in it would act when it is opened."""

    message = _(
        "There is something in the file that may act by itself. It was not kept: save it anew without that."
    )
    code = "unsafe_file"
