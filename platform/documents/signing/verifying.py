"""One question for every route and algorithm: whose signature is under these bytes?"""

from __future__ import annotations

from datetime import datetime

from documents.ports import VERIFIER
from documents.signing import cms, trust
from documents.signing.data import NotVerifiedHere, OtherContent, Verified
from kernel import ports


def verify(signature: bytes, content: bytes, *, at: datetime) -> Verified:
    """RSA and ECDSA by ourselves, GOST by the port. Raises a SignatureRefused."""
    parsed = cms.parse(signature)
    if not parsed.is_gost:
        return cms.verify(parsed, content, trust=trust.configured(), at=at)
    if parsed.content is not None and parsed.content != content:
        raise OtherContent
    try:
        verifier = ports.adapter(VERIFIER)
    except ports.PortClosed:
        raise NotVerifiedHere from None
    verified: Verified = verifier.verify(signature, content, at=at)
    return verified
