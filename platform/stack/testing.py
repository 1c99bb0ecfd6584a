"""A plugin for pytest: a test run by hand finds its database and queue, started if need be.

`make test` starts them itself and gives their address in the environment; then this does nothing. They are left
running, so that the next run begins at once; `make services-stop` stops them.
"""

from __future__ import annotations

import os

import pytest

from stack import environment
from stack.errors import StackError
from stack.homes import mektep_home


def pytest_addoption() -> None:
    """The first hook that pytest calls, before anything has read the settings."""
    if "MEKTEP_DB_HOST" in os.environ:
        return
    try:
        os.environ.update(environment.up(mektep_home(), "test"))
    except StackError as refusal:
        raise pytest.UsageError(f"{refusal.message} {refusal.advice}") from None
