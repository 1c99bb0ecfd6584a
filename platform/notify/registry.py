"""Topics and messages. A notification keeps the message's code and values, so each reader sees it in the own language.

Apps declare at import, beside the code that tells:

    NEW_MARK = notify.message("journal.mark", topic="journal", title=_("New mark: {subject}"), icon="notebook")

`values(params)` may turn kept codes into words of the reader's language at the moment of reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.access import Permission

Values = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a person switches on and off as one thing; offered to whoever has the permission, if one is named."""

    code: str
    label: Any
    hint: Any = ""
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class Message:
    code: str
    topic: str
    title: Any
    body: Any = ""
    icon: str = "bell"
    values: Values | None = None

    def say(self, params: Mapping[str, Any]) -> tuple[str, str]:
        """Title and body in the language now active; a value that was not kept leaves its place empty."""
        known = _Lenient(self.values(params) if self.values else params)
        return str(self.title).format_map(known), str(self.body).format_map(known)


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


TOPICS: dict[str, Topic] = {}
MESSAGES: dict[str, Message] = {}


def topic(code: str, label: Any, *, hint: Any = "", permission: Permission | None = None) -> Topic:
    if code in TOPICS:
        raise ValueError(f"topic {code} is declared twice")
    TOPICS[code] = Topic(code, label, hint, permission)
    return TOPICS[code]


def message(
    code: str, *, topic: str, title: Any, body: Any = "", icon: str = "bell", values: Values | None = None
) -> Message:
    """Declare a message of a topic that is already declared."""
    if code in MESSAGES:
        raise ValueError(f"message {code} is declared twice")
    if topic not in TOPICS:
        raise ValueError(f"message {code}: no topic {topic}")
    MESSAGES[code] = Message(code, topic, title, body, icon, values)
    return MESSAGES[code]
