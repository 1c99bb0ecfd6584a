"""Keyed digests for look-ups and signatures, bound to the tenant so that one school's value says nothing in another."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core import signing

from kernel.tenancy import current


def tenant_key(purpose: str) -> bytes:
    """A key of the current tenant for one purpose, derived from the cell's key."""
    text = f"{purpose}:{current().schema}"
    return hmac.new(settings.CELL_KEY.encode(), text.encode(), hashlib.sha256).digest()


def digest(purpose: str, value: str) -> str:
    """The keyed hash under which a sensitive value is looked up."""
    return hmac.new(tenant_key(purpose), value.encode(), hashlib.sha256).hexdigest()


def signer(purpose: str) -> signing.TimestampSigner:
    """A signer whose tokens mean nothing in another tenant or for another purpose."""
    return signing.TimestampSigner(key=tenant_key(f"sign:{purpose}").hex(), salt=purpose)
