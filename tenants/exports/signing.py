"""The hand of the installation under its exports; whoever gets one compares the public half with what the vendor told."""

from __future__ import annotations

import hashlib
import hmac
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def signature(content: bytes) -> str:
    """What stands in signature.json."""
    hand = _hand()
    return json.dumps(
        {
            "algorithm": "Ed25519",
            "of": "manifest.json",
            "public_key": hand.public_key().public_bytes_raw().hex(),
            "signature": hand.sign(content).hex(),
        },
        indent=1,
    )


def _hand() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(
        hmac.digest(settings.CELL_KEY.encode(), b"export:hand", hashlib.sha256)
    )
