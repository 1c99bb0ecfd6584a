"""How the functions of this package are compiled: by numba, once an installation, kept in its home.

With `NUMBA_DISABLE_JIT=1` the same functions run as plain Python, hundreds of times slower.
"""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Callable, MutableSequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numba

HERE = Path(__file__).parent
PROJECT = HERE.parents[3]
COMPILED = ("compiled", "layout", "measures", "moves", "construct", "improve")
SETTINGS: Any = numba.config
IS_COMPILED = not SETTINGS.DISABLE_JIT
Function = TypeVar("Function", bound=Callable[..., int])
# A table as the compiled functions see it. It is an array of 64-bit numbers; to a reader, and to the type checker, a row.
Numbers: TypeAlias = MutableSequence[int]


def cache_folder() -> Path:
    """A folder for each version of the compiled text: numba would take what it compiled from another for this one."""
    text = b"".join((HERE / f"{name}.py").read_bytes() for name in COMPILED)
    home = (PROJECT / os.environ.get("MEKTEP_HOME", "var")).resolve()
    return home / "cache" / f"timetable-{hashlib.sha256(text).hexdigest()[:16]}"


def is_ready() -> bool:
    """Whether nothing has to be compiled before the first search."""
    return not IS_COMPILED or any(cache_folder().rglob("*.nbi"))


def may_keep() -> bool:
    """Whether what is compiled can be kept; where it cannot, each process compiles for itself."""
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(cache_folder(), os.W_OK)


KEEPS = may_keep()
SETTINGS.CACHE_DIR = str(cache_folder())


def compiled(function: Function) -> Function:
    """Compile a function of the tables `t` and `z`, as far as it takes them, and of whole numbers; it returns one."""
    taken = inspect.signature(function).parameters
    signature = ", ".join("int64[::1]" if name in ("t", "z") else "int64" for name in taken)
    options: dict[str, Any] = {"cache": KEEPS, "nogil": True, "error_model": "numpy"}
    return cast("Function", numba.njit(f"int64({signature})", **options)(function))
