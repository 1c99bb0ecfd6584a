"""The shared cache, with the tenant in every key. There is no other way to it."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache as _cache

from kernel.tenancy import current


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
