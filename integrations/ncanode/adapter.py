"""documents.ports.SignatureVerifier by NCANode. What NCANode's answer does not prove is proved here (§1.3, its traps)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog

from documents.signing.data import (
    BadSignature,
    Expired,
    KeyForSignIn,
    NotYetValid,
    Revocation,
    Revoked,
    Stamp,
    Unreadable,
    Untrusted,
    Verified,
    VerifierSilent,
)
from integrations.ncanode.client import Client, NcanodeFailed, NcanodeRefused
from kernel.clock import ALMATY

log = structlog.get_logger("ncanode")


class Verifier:
    def __init__(self) -> None:
        self.client = Client()

    def verify(self, cms: bytes, content: bytes, *, at: datetime) -> Verified:
        """The caller has compared the content of an attached CMS, of which NCANode would take no notice."""
        try:
            answer = self.client.verify_cms(cms, content)
            return _verified(answer, at=at)
        except NcanodeRefused:
            raise Unreadable from None
        except (NcanodeFailed, KeyError, ValueError, TypeError, AttributeError) as fault:
            log.warning("ncanode.failed", fault=type(fault).__name__, said=str(fault)[:200])
            raise VerifierSilent from fault


def _verified(answer: dict[str, Any], *, at: datetime) -> Verified:
    signers = answer.get("signers") or []
    # "valid": true of nobody's signature, or of one without its certificate, is what NCANode says of both.
    if len(signers) != 1:
        raise Unreadable
    certificates = signers[0].get("certificates") or signers[0].get("signers") or []
    if not certificates:
        raise Unreadable
    leaf = certificates[0]
    revocation = _revocation(leaf)
    until, since = _moment(leaf["notAfter"]), _moment(leaf["notBefore"])
    if at > until:
        raise Expired(day=f"{until.astimezone(ALMATY):%d.%m.%Y}")
    if at < since:
        raise NotYetValid(day=f"{since.astimezone(ALMATY):%d.%m.%Y}")
    if leaf.get("keyUsage") != "SIGN":
        raise KeyForSignIn
    if answer.get("valid") is not True:
        # A certificate whose revocation nobody told is called invalid too; then neither is said to be good.
        if revocation is Revocation.UNKNOWN and leaf.get("revocations"):
            raise VerifierSilent
        raise BadSignature if leaf.get("valid") is True else Untrusted
    subject, stamp = leaf.get("subject") or {}, signers[0].get("tsp") or {}
    return Verified(
        iin=str(subject.get("iin") or ""),
        bin=str(subject.get("bin") or ""),
        subject=str(subject.get("commonName") or "")[:200],
        issuer=str((leaf.get("issuer") or {}).get("commonName") or "")[:200],
        serial=str(leaf["serialNumber"])[:64],
        algorithm=str(leaf.get("signAlg") or "")[:60],
        valid_until=until.date(),
        revocation=revocation,
        stamp=Stamp.VERIFIED if stamp.get("genTime") else Stamp.ABSENT,
        stamped_at=_moment(stamp["genTime"]) if stamp.get("genTime") else None,
        by="ncanode",
    )


def _revocation(leaf: dict[str, Any]) -> Revocation:
    """Good only when somebody answered and nobody said otherwise. Raises Revoked."""
    said = leaf.get("revocations") or []
    if any(one.get("revoked") for one in said):
        raise Revoked
    return Revocation.GOOD if said and all(one.get("reason") == "OK" for one in said) else Revocation.UNKNOWN


def _moment(text: str) -> datetime:
    """As NCANode writes it: 2026-05-02T08:38:13.000+00:00."""
    return datetime.fromisoformat(text)
