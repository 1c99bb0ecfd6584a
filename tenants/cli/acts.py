"""What each verb is: an act, which the logs tell of, or a look, which changes nothing."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any

import typer

from tenants.cli import frame

if TYPE_CHECKING:
    from kernel.tenancy import TenantRef
    from tenants.journal import Act

Command = Callable[..., None]
_under_way: ContextVar[Act | None] = ContextVar("act", default=None)


def operator() -> str:
    """Who is at the shell: MEKTEP_OPERATOR, else the user of the operating system."""
    return (os.environ.get("MEKTEP_OPERATOR") or getpass.getuser())[:60]


def act(*, action: str) -> Callable[[Command], Command]:
    """Declare a verb that changes something: it is told to the logs, begun and ended, unless it is a dry run.

    What the rules refuse ends the command with the reason on standard error.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> None:
            from tenants import journal

            if kwargs.get("dry_run"):
                _speaking(command, *args, **kwargs)
                return
            with journal.acting(
                action, operator=operator(), code=str(kwargs.get("code") or ""), warn=frame.err.print
            ) as under_way:
                token = _under_way.set(under_way)
                try:
                    _speaking(command, *args, **kwargs)
                except typer.Exit as end:
                    if end.exit_code:
                        under_way.outcome = "refused"
                    raise
                finally:
                    _under_way.reset(token)

        run.action = action  # type: ignore[attr-defined]
        return run

    return decorate


def look(command: Command) -> Command:
    """Declare a verb that only looks."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        _speaking(command, *args, **kwargs)

    run.action = ""  # type: ignore[attr-defined]
    return run


def apart(command: Command) -> Command:
    """Declare a verb that works on files alone, without an installation."""
    command.action = ""  # type: ignore[attr-defined]
    return command


def tell(ref: TenantRef | None = None, **details: Any) -> None:
    """Add to what the logs will say: whom it concerned, codes and counts; never a person's data."""
    under_way = _under_way.get()
    if under_way is not None:
        under_way.about(ref, **details)


def _speaking(command: Command, *args: Any, **kwargs: Any) -> None:
    from django.core.exceptions import ValidationError

    from kernel.errors import DomainError

    try:
        command(*args, **kwargs)
    except ValidationError as refusal:
        frame.fail("; ".join(f"{key}: {' '.join(words)}" for key, words in refusal.message_dict.items()))
    except (DomainError, ValueError) as refusal:
        frame.fail(str(refusal))
