"""Why a file is not taken or not given out, in words for who sent it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class WrongEnding(DomainError):
    message = _("Files of this kind are not taken here. Choose one of these: {endings}.")
    code = "wrong_ending"


class Infected(DomainError):
    message = _("The antivirus found a virus in the file: {virus}. The file was not kept.")
    code = "infected"


class AntivirusAway(DomainError):
    message = _("The antivirus does not answer, so the file cannot be looked at. Try again in a few minutes.")
    code = "antivirus_away"
    status = 503
