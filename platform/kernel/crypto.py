"""Keyed digests, secrets at rest and sealed envelopes, bound to the tenant so that one school's value says nothing in another.

An envelope is sealed for one reader (HPKE: X25519, HKDF-SHA256, ChaCha20-Poly1305) and signed by its writer
(Ed25519). Whoever sealed it cannot open it again: the key of the envelope is made for it alone and thrown away.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.core import signing

from kernel import keys
from kernel.tenancy import current


def tenant_key(purpose: str) -> bytes:
    """A key of the current tenant for one purpose, derived from its root key. Raises keys.KeyUnavailable."""
    return keys.derived(current().schema, purpose)


def digest(purpose: str, value: str) -> str:
    """The keyed hash under which a sensitive value is looked up."""
    return hmac.new(tenant_key(purpose), value.encode(), hashlib.sha256).hexdigest()


def signer(purpose: str) -> signing.TimestampSigner:
    """A signer whose tokens mean nothing in another tenant or for another purpose."""
    return signing.TimestampSigner(key=tenant_key(f"sign:{purpose}").hex(), salt=purpose)


class Unreadable(Exception):
    """Not for this reader, not by this writer, or altered on the way."""


# --- secrets at rest


def wrap(purpose: str, secret: bytes) -> bytes:
    """Lock the secret with the current tenant's key for the purpose; copied into another tenant it stays locked."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(tenant_key(f"wrap:{purpose}")).encrypt(nonce, secret, purpose.encode())


def unwrap(purpose: str, wrapped: bytes) -> bytes:
    """What was locked. Raises Unreadable when it was locked by another tenant, for another purpose, or altered."""
    try:
        return AESGCM(tenant_key(f"wrap:{purpose}")).decrypt(wrapped[:12], wrapped[12:], purpose.encode())
    except (InvalidTag, ValueError):
        raise Unreadable from None


# --- envelopes

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_FORMAT = b"\x01"
_SIGNATURE = 64
SMALLEST_SEALED = 16 * 1024


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What everybody may know: how to seal for its owner, and how to tell the owner's hand."""

    sealing: bytes
    signing: bytes


def new_keys() -> tuple[bytes, PublicKeys]:
    """A pair of key pairs: the private half to be wrapped, the public half to be published."""
    sealing, signing_key = X25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = PublicKeys(sealing.public_key().public_bytes_raw(), signing_key.public_key().public_bytes_raw())
    return sealing.private_bytes_raw() + signing_key.private_bytes_raw(), public


def seal(content: bytes, *, cover: bytes, to: PublicKeys, by: bytes) -> bytes:
    """Seal the content under its cover for the reader, signed with the writer's private keys.

    The length says little: it is filled up to 16 KiB, 32 KiB, 64 KiB …
    """
    filled = _filled(content)
    closed = _SUITE.encrypt(filled, X25519PublicKey.from_public_bytes(to.sealing), info=cover)
    signature = Ed25519PrivateKey.from_private_bytes(by[32:]).sign(_signed(cover, closed))
    return _FORMAT + signature + closed


def unseal(sealed: bytes, *, cover: bytes, to: bytes, by: PublicKeys) -> bytes:
    """The content, when the cover is the one it was sealed under, the writer's hand is right and the reader is meant.

    Raises Unreadable.
    """
    signature, closed = sealed[1 : 1 + _SIGNATURE], sealed[1 + _SIGNATURE :]
    try:
        if sealed[:1] != _FORMAT:
            raise Unreadable
        Ed25519PublicKey.from_public_bytes(by.signing).verify(signature, _signed(cover, closed))
        filled = _SUITE.decrypt(closed, X25519PrivateKey.from_private_bytes(to[:32]), info=cover)
    except (InvalidSignature, InvalidTag, ValueError):
        raise Unreadable from None
    return filled[4 : 4 + int.from_bytes(filled[:4])]


def _filled(content: bytes) -> bytes:
    size = SMALLEST_SEALED
    while size < len(content) + 4:
        size *= 2
    return (len(content).to_bytes(4) + content).ljust(size, b"\0")


def _signed(cover: bytes, closed: bytes) -> bytes:
    return _FORMAT + len(cover).to_bytes(4) + cover + closed
