"""Keys of tenants: a random root of each, kept outside the database, and data keys in generations (decision 0023).

Everything that closes something of a tenant asks here by the schema's name. Destroying the ring destroys what is
closed with it, in the database and in every backup of it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kernel import clock
from kernel.keys.store import KeyChanged, Keyring, KeyStore, KeyUnavailable
from kernel.ports import adapter

__all__ = [
    "KeyChanged",
    "KeyUnavailable",
    "Keyring",
    "cipher",
    "derived",
    "destroy",
    "forget",
    "make",
    "retire",
    "turn",
]

KEPT_SECONDS = 30
"""How long a process remembers a ring: a destroyed one is dead everywhere after that."""


@dataclass(slots=True)
class _Held:
    """A ring as the process remembers it, with what was derived from it."""

    ring: Keyring
    until: float
    derived: dict[str, bytes] = field(default_factory=dict)
    ciphers: dict[int, AESGCM] = field(default_factory=dict)


_held: dict[str, _Held] = {}


def make(schema: str) -> None:
    """Give a new schema its ring. Raises KeyChanged when it has one: an old key is never replaced by a new one."""
    _store().keep(
        schema,
        Keyring(secrets.token_bytes(32), {1: secrets.token_bytes(32)}, clock.now()),
        instead_of=None,
    )


def ring(schema: str) -> Keyring:
    """The tenant's ring as the store has it now. Raises KeyUnavailable."""
    found = _store().load(schema)
    if found is None:
        raise KeyUnavailable(
            f"{schema} has no key in the key store: what was closed with it stays closed. If the tenant was not destroyed, "
            "put its key back from the key store's own backup; no new key opens it."
        )
    return found


def derived(schema: str, purpose: str) -> bytes:
    """The tenant's key for one purpose: the same for ever, and of no use for another. Raises KeyUnavailable."""
    held = _remembered(schema)
    key = held.derived.get(purpose)
    if key is None:
        key = held.derived[purpose] = hmac.digest(held.ring.root, purpose.encode(), hashlib.sha256)
    return key


def cipher(schema: str, generation: int | None = None) -> tuple[int, AESGCM]:
    """What closes with the tenant's data key: the newest, or that of the generation. Raises KeyUnavailable."""
    held = _remembered(schema)
    if generation is not None and generation not in held.ring.data:
        # Another process may have turned the key a moment ago.
        forget(schema)
        held = _remembered(schema)
    number = held.ring.newest if generation is None else generation
    found = held.ciphers.get(number)
    if found is None:
        key = held.ring.data.get(number)
        if key is None:
            raise KeyUnavailable(f"{schema}: generation {number} of the data key is destroyed.")
        found = held.ciphers[number] = AESGCM(key)
    return number, found


def turn(schema: str) -> int:
    """Make a new generation of the data key: what is written from now on is closed with it. Answers its number."""

    def turned(old: Keyring) -> Keyring:
        number = old.newest + 1
        return replace(old, data={**old.data, number: secrets.token_bytes(32)}, turned_at=clock.now())

    return _change(schema, turned).newest


def retire(schema: str) -> list[int]:
    """Destroy all generations but the newest. The caller has made sure that nothing is closed with them."""
    before = ring(schema)
    after = _change(schema, lambda old: replace(old, data={old.newest: old.data[old.newest]}))
    return sorted(before.data.keys() - after.data.keys())


def destroy(schema: str) -> None:
    """Destroy the tenant's ring for good: no digest, token, secret or column of it opens again, in any backup."""
    _store().destroy(schema)
    forget(schema)


def known() -> list[str]:
    """Schemas that have a ring."""
    return _store().schemas()


def forget(schema: str | None = None) -> None:
    """Let this process ask the store anew."""
    if schema is None:
        _held.clear()
    else:
        _held.pop(schema, None)


def _change(schema: str, how: Callable[[Keyring], Keyring]) -> Keyring:
    old = ring(schema)
    new = how(old)
    _store().keep(schema, new, instead_of=old)
    forget(schema)
    return new


def _remembered(schema: str) -> _Held:
    held = _held.get(schema)
    now = time.monotonic()
    if held is None or held.until < now:
        _held.pop(schema, None)
        held = _held[schema] = _Held(ring(schema), now + KEPT_SECONDS)
    return held


def _store() -> KeyStore:
    return cast("KeyStore", adapter("kernel.key_store"))
