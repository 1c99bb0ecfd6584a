"""What the pages of signing are told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from documents.models import Signature
from documents.signing import kinds
from documents.signing.data import Revocation, SignatureInfo, Stamp
from documents.signing.kinds import NoIinOfSigner
from kernel.http import path_to

ROUTES: dict[str, Any] = {
    "ncalayer": pgettext_lazy("signed through", "NCALayer"),
    "phone": pgettext_lazy("signed through", "eGov Mobile"),
}
REVOCATIONS: dict[str, Any] = {
    Revocation.GOOD: gettext_lazy("not revoked at the time of signing"),
    Revocation.UNKNOWN: gettext_lazy("not known: no fresh revocation list was at hand"),
}
STAMPS: dict[str, Any] = {
    Stamp.VERIFIED: gettext_lazy("confirmed by a time stamp"),
    Stamp.UNVERIFIED: gettext_lazy("there is a time stamp that could not be verified here"),
    Stamp.ABSENT: gettext_lazy("no time stamp; the time is that of our server"),
}


def sign_props(row: Signature) -> dict[str, Any]:
    """For islands/eds-sign.ts. The signer's own number goes to the signer's own NCALayer, so that it offers only those keys."""
    try:
        iin = kinds.iin_of(row.person_id)
    except NoIinOfSigner:
        iin = ""
    return {
        "ncalayerUrl": settings.NCALAYER_URL,
        "contentUrl": path_to("documents:frozen_file", row.document_id),
        "signUrl": path_to("documents:take_signature", row.pk),
        "iin": iin,
        "locale": "ru" if get_language() == "ru" else "kk",
        "strings": {
            "button": _("Sign with ЭЦП"),
            "again": _("Send once more"),
            "connecting": _("Looking for NCALayer…"),
            "choose": _("Choose your key in the window of NCALayer and type its password."),
            "checking": _("The signature is being verified…"),
            "notRunning": _(
                "NCALayer does not answer. Start it on this computer (its icon stands near the clock) and press again."
                " It is taken free of charge at ncl.pki.gov.kz."
            ),
            "cancelled": _(
                "Nothing is signed: the window of NCALayer was closed, or there is no key of yours for signing in it."
            ),
            "failed": _("Nothing is signed. NCALayer says: {message}"),
            "lost": _("NCALayer was closed in the middle. Nothing is signed: start it and press again."),
            "offline": _("There is no connection. What is signed is not lost: press again when it is back."),
            "signIn": _("You have been signed out. Sign in in another tab, then press again."),
        },
    }


def phone_props(row: Signature) -> dict[str, Any]:
    """For islands/eds-phone.ts."""
    return {
        "showUrl": path_to("documents:show_to_phone", row.pk),
        "stateUrl": path_to("documents:look_at_phone", row.pk),
        "strings": {
            "show": _("Show the QR code"),
            "anew": _("Show a new code"),
            "how": _(
                "Open eGov Mobile on the phone, choose “QR signing” and point the camera at the square."
            ),
            "square": _("QR code for eGov Mobile"),
            "here": _("Open eGov Mobile on this phone"),
            "waiting": _("Waiting for the phone…"),
            "read": _("The phone has read the document: confirm it there."),
            "expired": _("The code has expired. Show a new one."),
            "offline": _("There is no connection. What is signed is not lost: press again when it is back."),
        },
    }


def checks(one: SignatureInfo) -> list[tuple[Any, Any, str]]:
    """What was verified of a signature: the question, the answer, how the answer looks."""
    good, doubt = "success", "warning"
    return [
        (_("The document"), _("has not changed since it was signed"), good),
        (_("The key"), _("belongs to the signer: the IIN is the same"), good),
        (_("The certificate"), _("was in force, and its authority is trusted"), good),
        (_("Revocation"), REVOCATIONS[one.revocation], good if one.revocation == Revocation.GOOD else doubt),
        (_("Time"), STAMPS[one.stamp], good if one.stamp == Stamp.VERIFIED else doubt),
    ]
