"""The shared cache, with the tenant in every key. There is no other way to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from django.core.cache import cache as _cache
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent

from kernel.tenancy import current

log = structlog.get_logger(__name__)


def _key(key: str) -> str:
    return f"t:{current().schema}:{key}"


def get(key: str, default: Any = None) -> Any:
    return _cache.get(_key(key), default)


def set(key: str, value: Any, seconds: int) -> None:
    _cache.set(_key(key), value, seconds)


def add(key: str, value: Any, seconds: int) -> bool:
    return _cache.add(_key(key), value, seconds)


def delete(key: str) -> None:
    _cache.delete(_key(key))


def increment(key: str, seconds: int) -> int:
    """Count up from 1; the counter dies `seconds` after its first step."""
    full = _key(key)
    if _cache.add(full, 1, seconds):
        return 1
    try:
        return int(_cache.incr(full))
    except ValueError:  # it died in between
        _cache.set(full, 1, seconds)
        return 1


_CHANGING = "kernel.cache: changing"
_AWAY = (RedisAway, RedisSilent)
_LONGEST_CHANGE = 60  # seconds between the change of a row and its commit


def kept(key: str, make: Callable[[], Any], *, seconds: int) -> Any:
    """What `make` reads from the database, remembered for everybody until `changing` is called with the key.

    While the shared memory is away it is read each time: nothing that is done with it may wait for Redis.
    """
    try:
        found = get(key)
    except _AWAY:
        log.warning("cache.away", key=key)
        return make()
    if found is not None and found != _CHANGING:
        return found
    made = make()
    if found is None:
        with suppress(*_AWAY):
            add(key, made, seconds)  # not set: a change that has begun meanwhile wins
    return made


def changing(key: str) -> None:
    """Say, in the transaction that changes it, that what is kept under the key is changing.

    For a minute nobody keeps what they read: neither a reader who was quicker than the commit nor two changes in
    another order than their commits can leave an old answer behind. Without Redis nothing is changed: it would come
    back with the old answer.
    """
    set(key, _CHANGING, _LONGEST_CHANGE)


def erase(schema: str) -> int:
    """Remove everything that is kept of a tenant; answers how many entries. Redis is walked, a process's memory too."""
    begins = f"t:{schema}:"
    if hasattr(_cache, "_cache") and hasattr(_cache._cache, "get_client"):
        client = _cache._cache.get_client(None, write=True)
        keys = list(client.scan_iter(match=f"{_cache.make_key(begins)}*", count=1000))
        return int(client.delete(*keys)) if keys else 0
    known = [one for one in getattr(_cache, "_cache", {}) if one.startswith(_cache.make_key(begins))]
    for one in known:
        _cache.delete(one.removeprefix(_cache.make_key("")))
    return len(known)
