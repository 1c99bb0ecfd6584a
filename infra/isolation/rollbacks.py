"""One outer transaction on the connection of every tenant that is touched, undone together."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections, transaction

from kernel.db.base import DatabaseWrapper


class Rollbacks:
    """Hung on `kernel.tenancy.on_bound`: whatever is done in any tenant until `undo` is as if it had never been.

    `kept` names the schemas that are left alone.
    """

    def __init__(self, kept: Callable[[str], bool] = lambda schema: False) -> None:
        self.opened: list[tuple[DatabaseWrapper, transaction.Atomic]] = []
        self.kept = kept

    def __call__(self, wrapper: DatabaseWrapper) -> None:
        binding = wrapper.binding
        if binding.as_owner or self.kept(binding.schema) or any(known is wrapper for known, _ in self.opened):
            return
        outer = transaction.Atomic("default", savepoint=True, durable=False)
        outer._from_testcase = True  # type: ignore[attr-defined]
        outer.__enter__()
        self.opened.append((wrapper, outer))

    def undo(self) -> None:
        before = connections["default"]
        for wrapper, outer in reversed(self.opened):
            connections["default"] = wrapper
            wrapper.needs_rollback = True
            outer.__exit__(None, None, None)
        self.opened.clear()
        connections["default"] = before
