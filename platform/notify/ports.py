"""Ways to a person outside the product. None is bound today; settings.PORTS names an adapter as `notify.push`."""

from __future__ import annotations

from typing import Protocol


class Channel(Protocol):
    """Push, e-mail or a messenger. The adapter finds the person's address itself and is idempotent by `key`."""

    def send(self, *, user_id: int, title: str, body: str, url: str, key: str) -> None: ...
