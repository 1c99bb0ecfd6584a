"""What a verified signature says, and the words for one that is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class State(StrEnum):
    WAITING = "waiting"
    SIGNED = "signed"
    REFUSED = "refused"


STATE_LABELS: dict[str, Any] = {
    State.WAITING: _("waits for the signature"),
    State.SIGNED: _("signed"),
    State.REFUSED: _("signing refused"),
}


class Revocation(StrEnum):
    """What is known of the certificate's withdrawal. Nobody's word is not a good word."""

    GOOD = "good"
    UNKNOWN = "unknown"


class Stamp(StrEnum):
    """What is known of the time of signing."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds, and whose certificate is trusted. The number is compared and not kept."""

    iin: str
    bin: str
    subject: str
    issuer: str
    serial: str
    algorithm: str
    valid_until: date
    revocation: Revocation
    stamp: Stamp = Stamp.ABSENT
    stamped_at: datetime | None = None
    by: str = "mektep"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature a document wants."""

    user_id: int
    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SignatureInfo:
    """A place for a signature under a document, filled or not."""

    id: UUID
    state: str
    signer: str
    decided_at: datetime | None
    reason: str
    subject: str
    issuer: str
    serial: str
    bin: str
    algorithm: str
    revocation: str
    stamp: str
    stamped_at: datetime | None
    route: str
    verified_by: str

    @property
    def label(self) -> Any:
        return STATE_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class FrozenInfo:
    """A version of a document as it was frozen for signing, with its signatures."""

    id: UUID
    kind: str
    subject_id: UUID
    version: int
    title: str
    sha256: str
    content_sha256: str
    frozen_at: datetime
    frozen_by: str
    signatures: tuple[SignatureInfo, ...]

    @property
    def state(self) -> str:
        """Refused when anybody refused, signed when all have signed."""
        states = {one.state for one in self.signatures}
        for one in (State.REFUSED, State.WAITING):
            if one in states:
                return one
        return State.SIGNED

    @property
    def signed_at(self) -> datetime | None:
        """When the last one signed."""
        done = [one.decided_at for one in self.signatures if one.decided_at]
        return max(done) if done and self.state == State.SIGNED else None


class SignatureRefused(DomainError):
    """The signature is not taken. Nothing of the document changes."""

    code = "signature_refused"


class Unreadable(SignatureRefused):
    message = _("What came from the signing program is not a signature. Sign again.")
    code = "unreadable"


class OtherContent(SignatureRefused):
    message = _("Something else was signed, not this document. Open this page again and sign.")
    code = "other_content"


class BadSignature(SignatureRefused):
    message = _("The signature does not hold: it was damaged on the way. Sign again.")
    code = "bad_signature"


class WeakAlgorithm(SignatureRefused):
    message = _("The key's algorithm is too weak to be taken. Get a new key at an ЦОН or on the site of НУЦ.")
    code = "weak_algorithm"


class Untrusted(SignatureRefused):
    message = _("The certificate is not of the National Certification Authority (НУЦ РК).")
    code = "untrusted"


class Expired(SignatureRefused):
    message = _("The certificate was valid until {day}. Get a new key on the site of НУЦ, then sign.")
    code = "expired"


class NotYetValid(SignatureRefused):
    message = _("The certificate is valid from {day} only.")
    code = "not_yet_valid"


class Revoked(SignatureRefused):
    message = _("The certificate was revoked. Get a new key on the site of НУЦ, then sign.")
    code = "revoked"


class KeyForSignIn(SignatureRefused):
    message = _("This is a key for signing in. Choose the file whose name does not begin with AUTH.")
    code = "key_for_sign_in"


class BadStamp(SignatureRefused):
    message = _("The time stamp does not belong to this signature. Sign again.")
    code = "bad_stamp"


class NotVerifiedHere(SignatureRefused):
    message = _("Signatures by GOST keys are not verified here yet. Sign with the RSA key.")
    code = "not_verified_here"


class VerifierSilent(SignatureRefused):
    message = _("The service that verifies GOST signatures does not answer. Try again in a minute.")
    code = "verifier_silent"
    status = 503


class SomebodyElse(SignatureRefused):
    message = _("The certificate is of another person: its IIN is not yours. Choose your own key.")
    code = "somebody_else"


class NoIinOfSigner(SignatureRefused):
    message = _(
        "Your IIN is not written in your card, so your signature cannot be told from another's. Ask the office."
    )
    code = "no_iin_of_signer"


class Outdated(SignatureRefused):
    message = _("The document changed since it was prepared. Prepare it again: the new one is signed.")
    code = "outdated"
    status = 409


class AlreadyDecided(SignatureRefused):
    message = _("This is signed or refused already.")
    code = "already_decided"
    status = 409


class ReasonWanted(SignatureRefused):
    message = _("Write why you do not sign.")
    code = "reason_wanted"


def said_again(kept: Mapping[str, Any]) -> str:
    """The words of a refusal kept as its code and values, in the language of whoever reads it now."""
    kinds: list[type[SignatureRefused]] = SignatureRefused.__subclasses__()
    kind = next((one for one in kinds if one.code == kept["code"]), SignatureRefused)
    return str(kind(**kept["values"]))
