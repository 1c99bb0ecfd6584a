"""What the world fills in for documents: whoever verifies signatures that the product cannot verify by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from documents.signing.data import Verified

VERIFIER = "documents.signature_verifier"


class SignatureVerifier(Protocol):
    """Verifies a CMS by Kazakhstan's own algorithms (GOST). settings.PORTS names the adapter; unbound is off."""

    def verify(self, cms: bytes, content: bytes, *, at: datetime) -> Verified:
        """Who signed exactly these bytes. Raises a SignatureRefused, also when the outside service does not answer."""
        ...
