"""Who may read backups, and whose hand made them.

The reader's pair of keys is made by `mektep backup keys`; the public half stands in MEKTEP_BACKUP_READER, the private one is
brought only to restore (MEKTEP_BACKUP_PRIVATE_KEY). A demonstration has a pair derived from its cell's key.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings

from kernel.errors import DomainError

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_INFO = b"mektep backup 1"


class NoReader(DomainError):
    message = "Nobody could read the backup: set MEKTEP_BACKUP_READER (`mektep backup keys` makes a pair)."
    code = "no_reader"


class NotTheReader(DomainError):
    message = "The backup opens with the reader's private key alone: bring it as MEKTEP_BACKUP_PRIVATE_KEY."
    code = "not_the_reader"


def new_pair() -> tuple[str, str]:
    """A private and a public half, in hex."""
    made = X25519PrivateKey.generate()
    return made.private_bytes_raw().hex(), made.public_key().public_bytes_raw().hex()


def seal(key: bytes) -> bytes:
    return _SUITE.encrypt(key, _reader(), info=_INFO)


def unseal(sealed: bytes) -> bytes:
    given = os.environ.get("MEKTEP_BACKUP_PRIVATE_KEY", "")
    try:
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(given)) if given else _of_demo()
        if private is None:
            raise NotTheReader
        return _SUITE.decrypt(sealed, private, info=_INFO)
    except (InvalidTag, ValueError):
        raise NotTheReader from None


def sign(content: bytes) -> bytes:
    return _hand().sign(content)


def check(content: bytes, signature: bytes) -> None:
    """Raises InvalidSignature."""
    _hand().public_key().verify(signature, content)


def _reader() -> X25519PublicKey:
    if settings.BACKUP_READER:
        return X25519PublicKey.from_public_bytes(bytes.fromhex(settings.BACKUP_READER))
    private = _of_demo()
    if private is None:
        raise NoReader
    return private.public_key()


def _of_demo() -> X25519PrivateKey | None:
    """The pair of a demonstration or of tests; a living installation has none by itself."""
    return None if settings.MODE == "live" else X25519PrivateKey.from_private_bytes(_derived("reader"))


def _hand() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_derived("hand"))


def _derived(purpose: str) -> bytes:
    return hmac.new(settings.CELL_KEY.encode(), f"backup:{purpose}".encode(), hashlib.sha256).digest()
